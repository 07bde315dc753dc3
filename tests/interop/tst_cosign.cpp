// SPDX-License-Identifier: Apache-2.0
// Signatures between Colophon and the real cosign on a real registry: each verifies the other's, both stand beside each
// other, and neither believes a changed one.

#include "oci/attachmentnames.h"
#include "oci/manifest.h"
#include "registry/client.h"
#include "signing/cosignlegacy.h"
#include "support/await.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/peers.h"
#include "support/programs/programs.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace colophon;
using content::VerifyReport;
using signing::CosignLegacySigner;
using signing::CosignLegacyVerifier;
using signing::PublicKey;
using signing::SigningKey;
using test::await;
using test::Ran;

namespace {
const QString passphrase = QStringLiteral(COLOPHON_FIXTURE_PASSPHRASE);

QString data(const QString &path) { return QStringLiteral(COLOPHON_TEST_DATA "/signing/") + path; }

// An image in a repository of its own.
struct Place
{
    content::TargetPtr target;
    QString name; // registry/repository
    oci::Descriptor image;
    QString reference() const { return name + QLatin1Char('@') + image.digest.toString(); }
};
} // namespace

class TestCosign : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PEER("cosign");
        m_registry = std::make_unique<test::DockerRegistry>();
        QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
        m_client = std::make_unique<registry::Client>();
        for (const char *name : {"k", "other"}) {
            const Ran made = cosign({QStringLiteral("generate-key-pair"), QStringLiteral("--output-key-prefix"),
                                     file(QLatin1String(name))});
            QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        }
    }
    void cleanupTestCase()
    {
        m_client.reset();
        m_registry.reset();
    }

    void ourSignatureVerifiesInCosign_data()
    {
        QTest::addColumn<QString>("key"); // without .key and .pub
        QTest::newRow("cosign's own key") << file(QStringLiteral("k"));
        for (const char *name : {"own-written", "imp-rsa2048", "imp-p384", "imp-p521", "imp-ed25519"})
            QTest::newRow(name) << data(QStringLiteral("keys/") + QLatin1String(name));
    }
    void ourSignatureVerifiesInCosign()
    {
        QFETCH(QString, key);
        const Place place = newImage();
        QVERIFY(sign(place, key));
        const Ran verified = cosignVerify(place, key);
        QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
        QVERIFY(cosignVerify(place, file(QStringLiteral("other"))).exitCode != 0);
        QCOMPARE(verify(place, key).verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(verify(place, file(QStringLiteral("other"))).verdict, VerifyReport::Verdict::Failed);
    }

    void cosignsSignatureVerifiesHere_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("algorithm");
        QTest::newRow("cosign's own key") << file(QStringLiteral("k")) << QStringLiteral("ECDSA P-256, SHA-256");
        const auto row = [](const char *name, const char *algorithm) {
            QTest::newRow(name) << data(QStringLiteral("keys/") + QLatin1String(name))
                                << QString::fromLatin1(algorithm);
        };
        row("imp-rsa2048", "RSA 2048, SHA-256");
        row("imp-p384", "ECDSA P-384, SHA-384");
        row("imp-p521", "ECDSA P-521, SHA-512");
        row("imp-ed25519", "Ed25519, prehashed (Ed25519ph)");
    }
    void cosignsSignatureVerifiesHere()
    {
        QFETCH(QString, key);
        QFETCH(QString, algorithm);
        const Place place = newImage();
        const Ran made = cosignSign(place, key);
        QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        const VerifyReport report = verify(place, key);
        QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
        QCOMPARE(report.signatures.constFirst().algorithm, algorithm);
        QCOMPARE(report.signatures.constFirst().identity, place.name);
        QCOMPARE(verify(place, file(QStringLiteral("other"))).verdict, VerifyReport::Verdict::Failed);
    }

    void aKeyWithoutAPassphraseOpens()
    {
        const Ran made = cosign(
            {QStringLiteral("generate-key-pair"), QStringLiteral("--output-key-prefix"), file(QStringLiteral("open"))},
            QString());
        QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        QCOMPARE(SigningKey::needsPassphrase(file(QStringLiteral("open.key"))).value(), false);
        QCOMPARE(SigningKey::needsPassphrase(file(QStringLiteral("k.key"))).value(), true);
        QCOMPARE(SigningKey::fromFile(file(QStringLiteral("open.key")), {})->publicKey().fingerprint(),
                 PublicKey::fromFile(file(QStringLiteral("open.pub")))->fingerprint());
    }

    void bothSignaturesLiveTogether_data()
    {
        QTest::addColumn<bool>("cosignFirst");
        QTest::newRow("cosign, then we") << true;
        QTest::newRow("we, then cosign") << false;
    }
    void bothSignaturesLiveTogether()
    {
        QFETCH(bool, cosignFirst);
        const Place place = newImage();
        const QString ours = file(QStringLiteral("k"));
        const QString cosigns = file(QStringLiteral("other"));
        for (const bool isCosignsTurn : {cosignFirst, !cosignFirst}) {
            if (isCosignsTurn) {
                const Ran made = cosignSign(place, cosigns, {QStringLiteral("-a"), QStringLiteral("env=prod")});
                QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
            } else {
                QVERIFY(sign(place, ours));
            }
        }
        for (const QString &key : {ours, cosigns}) {
            const VerifyReport report = verify(place, key);
            QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
            QCOMPARE(report.signatures.size(), 2);
            const Ran verified = cosignVerify(place, key);
            QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
        }
        // The annotation that cosign signed is still what it was.
        const Ran annotated = cosignVerify(place, cosigns, {QStringLiteral("-a"), QStringLiteral("env=prod")});
        QVERIFY2(annotated.exitCode == 0, qPrintable(annotated.text()));
    }

    void whatCosignSignedWithOurKeyIsNotSignedAgain()
    {
        const Place place = newImage();
        QVERIFY(cosignSign(place, file(QStringLiteral("k"))).exitCode == 0);
        const auto written = sign(place, file(QStringLiteral("k")));
        QVERIFY(written);
        QCOMPARE(verify(place, file(QStringLiteral("k"))).signatures.size(), 1);
    }

    // What cosign makes of these keys its own verifier refuses: ours beside it is what lets the image pass.
    void whatCosignSignedInAnotherWayIsSignedOnceMore_data()
    {
        QTest::addColumn<QString>("key");
        for (const char *name : {"imp-p384", "imp-p521", "imp-ed25519"})
            QTest::newRow(name) << data(QStringLiteral("keys/") + QLatin1String(name));
    }
    void whatCosignSignedInAnotherWayIsSignedOnceMore()
    {
        QFETCH(QString, key);
        const Place place = newImage();
        QVERIFY(cosignSign(place, key).exitCode == 0);
        QVERIFY(cosignVerify(place, key).exitCode != 0);
        QVERIFY(sign(place, key));
        const Ran verified = cosignVerify(place, key);
        QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
        const VerifyReport report = verify(place, key);
        QCOMPARE(report.signatures.size(), 2);
        for (const auto &check : report.signatures)
            QVERIFY2(check.verdict == content::CheckVerdict::Verified, qPrintable(check.reason));
    }

    void aChangedSignatureIsRefusedByBoth_data()
    {
        QTest::addColumn<bool>("changesPayload"); // else the signature
        QTest::newRow("payload") << true;
        QTest::newRow("signature") << false;
    }
    void aChangedSignatureIsRefusedByBoth()
    {
        QFETCH(bool, changesPayload);
        const Place place = newImage();
        const QString key = file(QStringLiteral("k"));
        const auto written = sign(place, key);
        QVERIFY(written);
        QByteArray manifest = await(place.target->fetchManifest(written->constFirst().manifest, {})).value();
        const oci::Descriptor layer = oci::Manifest::parse(manifest)->layers().constFirst();
        if (changesPayload) {
            auto reader = await(place.target->openBlob(layer, {}));
            QByteArray payload = await(content::readAll(std::move(*reader), layer.size)).value();
            QVERIFY(payload.contains("/vendor/"));
            payload.replace("/vendor/", "/wendor/"); // one bit, and still good JSON
            const oci::Descriptor changed = oci::Descriptor::of(layer.mediaType, payload);
            QVERIFY(await(place.target->pushBlob(changed, content::readerOf(payload), {}, {})));
            manifest.replace(layer.digest.toLatin1(), changed.digest.toLatin1());
        } else {
            const QByteArray text = layer.annotations.value(oci::signatureAnnotation).toLatin1();
            QByteArray signature = QByteArray::fromBase64(text);
            signature[signature.size() - 1] = static_cast<char>(signature.back() ^ 1);
            manifest.replace(text, signature.toBase64());
        }
        const oci::Descriptor changed = oci::Descriptor::of(oci::MediaType::ociManifest(), manifest);
        QVERIFY(await(place.target->tag(changed, manifest, oci::signatureTag(place.image.digest), {})));
        QCOMPARE(verify(place, key).verdict, VerifyReport::Verdict::Failed);
        const Ran verified = cosignVerify(place, key);
        QVERIFY2(verified.exitCode > 0, qPrintable(verified.text()));
    }

    void aSignatureUnderAnotherImageIsRefusedByBoth()
    {
        const Place place = newImage();
        const QString key = file(QStringLiteral("k"));
        const auto written = sign(place, key);
        QVERIFY(written);
        const QByteArray manifest = await(place.target->fetchManifest(written->constFirst().manifest, {})).value();
        Place other = place;
        other.image = pushImage(place.target);
        QVERIFY(await(
            other.target->tag(written->constFirst().manifest, manifest, oci::signatureTag(other.image.digest), {})));
        const VerifyReport report = verify(other, key);
        QVERIFY2(report.reason.contains(QLatin1String("signs another image")), qPrintable(report.reason));
        QVERIFY(cosignVerify(other, key).exitCode > 0);
        QVERIFY(cosignVerify(place, key).exitCode == 0);
    }

    void anIndexAndItsImagesAreSigned()
    {
        Place place = newImage();
        const QByteArray bytes =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)"
            R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":)" +
            oci::jsonString(place.image.digest.toString()) + R"(,"size":)" + QByteArray::number(place.image.size) +
            R"(,"platform":{"os":"linux","architecture":"amd64"}}]})";
        Place index = place;
        index.image = oci::Descriptor::of(oci::MediaType::ociIndex(), bytes);
        QVERIFY(await(place.target->tag(index.image, bytes, QStringLiteral("multi"), {})));
        const QString key = file(QStringLiteral("k"));
        QVERIFY(sign(place, key));
        QVERIFY(cosignVerify(index, key).exitCode > 0);
        QVERIFY(sign(index, key));
        const Ran verified = cosignVerify(index, key);
        QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
        QVERIFY(cosignVerify(place, key).exitCode == 0);
    }

private:
    QString file(const QString &name) const { return m_home.filePath(name); }

    Ran cosign(const QStringList &arguments, const QString &phrase = passphrase) const
    {
        QProcessEnvironment environment = test::plainEnvironment(m_home.path());
        environment.insert(QStringLiteral("COSIGN_PASSWORD"), phrase);
        // Nothing but loopback, which Go never asks a proxy for, can be reached.
        environment.insert(QStringLiteral("HTTP_PROXY"), QStringLiteral("http://127.0.0.1:9"));
        environment.insert(QStringLiteral("HTTPS_PROXY"), QStringLiteral("http://127.0.0.1:9"));
        return test::run(test::peer(QStringLiteral("cosign")), arguments, environment);
    }
    Ran cosignSign(const Place &place, const QString &key, const QStringList &more = {}) const
    {
        return cosign(QStringList{QStringLiteral("sign"), QStringLiteral("--key"), key + QStringLiteral(".key"),
                                  QStringLiteral("--tlog-upload=false"), QStringLiteral("-y")} +
                      more + QStringList{place.reference()});
    }
    // The empty trusted root and the ignored log keep it off the network.
    Ran cosignVerify(const Place &place, const QString &key, const QStringList &more = {}) const
    {
        return cosign(QStringList{QStringLiteral("verify"), QStringLiteral("--key"), key + QStringLiteral(".pub"),
                                  QStringLiteral("--trusted-root"), data(QStringLiteral("trusted-root-empty.json")),
                                  QStringLiteral("--insecure-ignore-tlog")} +
                      more + QStringList{place.reference()});
    }

    static base::Result<QList<content::SignatureWritten>> sign(const Place &place, const QString &key)
    {
        const auto opened = SigningKey::fromFile(key + QStringLiteral(".key"), base::Secret(passphrase.toUtf8()));
        if (!opened)
            return base::fail(opened.error());
        CosignLegacySigner signer(*opened);
        auto written = await(signer.sign(place.target, place.name, place.image, {}));
        if (!written)
            qWarning("%s", qPrintable(written.error().text()));
        return written;
    }
    static VerifyReport verify(const Place &place, const QString &key)
    {
        CosignLegacyVerifier verifier({{PublicKey::fromFile(key + QStringLiteral(".pub")).value()}, {}, {}});
        return await(verifier.verify(place.target, place.image, {})).value();
    }

    oci::Descriptor pushImage(const content::TargetPtr &target)
    {
        const QByteArray layer = "layer " + QByteArray::number(++m_made);
        const QByteArray config = R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[)" +
                                  oci::jsonString(oci::Digest::of(layer).toString()) + "]}}";
        const auto push = [&target](const oci::MediaType &type, const QByteArray &bytes) {
            const oci::Descriptor blob = oci::Descriptor::of(type, bytes);
            const auto pushed = await(target->pushBlob(blob, content::readerOf(bytes), {}, {}));
            if (!pushed)
                qFatal("%s", qPrintable(pushed.error().text()));
            return R"({"mediaType":)" + oci::jsonString(type.toString()) + R"(,"digest":)" +
                   oci::jsonString(blob.digest.toString()) + R"(,"size":)" + QByteArray::number(blob.size) + "}";
        };
        const QByteArray bytes =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
            push(oci::MediaType::ociConfig(), config) + R"(,"layers":[)" + push(oci::MediaType::ociLayerTar(), layer) +
            "]}";
        const oci::Descriptor image = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
        const auto pushed = await(target->tag(image, bytes, QStringLiteral("v%1").arg(m_made), {}));
        if (!pushed)
            qFatal("%s", qPrintable(pushed.error().text()));
        return image;
    }
    Place newImage()
    {
        Place place;
        place.name = m_registry->host() + QStringLiteral("/vendor/app%1").arg(++m_made);
        place.target = m_client->target(oci::Reference::parse(place.name).value());
        place.image = pushImage(place.target);
        return place;
    }

    QTemporaryDir m_home;
    std::unique_ptr<test::DockerRegistry> m_registry;
    std::unique_ptr<registry::Client> m_client;
    int m_made = 0;
};

QTEST_GUILESS_MAIN(TestCosign)
#include "tst_cosign.moc"
