// SPDX-License-Identifier: Apache-2.0
// Both of cosign's forms between Colophon, cosign 2, cosign 3 and the policies of containers/image, on a registry that
// lists referrers and on one that does not: each verifies the other's, nobody's signatures get lost, and an attestation
// is no signature.

#include "interop/signingplaces.h"
#include "oci/attachmentnames.h"
#include "oci/manifest.h"
#include "signing/allforms.h"
#include "signing/cosignlegacy.h"
#include "signing/keypair.h"
#include "support/canary/canary.h"

#include <QFile>
#include <QTest>

using namespace colophon;
using content::VerifyReport;
using signing::PublicKey;
using signing::SigningKey;
using test::await;
using test::Place;
using test::Ran;

namespace {
const QString passphrase = QStringLiteral(COLOPHON_FIXTURE_PASSPHRASE);
const QString cosign2 = QStringLiteral("cosign");
const QString cosign3 = QStringLiteral("cosign3");
const QString legacy = QStringLiteral("cosign-legacy");
const QString bundle = QStringLiteral("cosign-bundle");

const char *const noSignature = "no signature exists"; // containers/image's words
QString data(const QString &path) { return QStringLiteral(COLOPHON_TEST_DATA "/signing/") + path; }
} // namespace

class TestCosignBundle : public QObject
{
    Q_OBJECT

private:
    test::SigningPlaces m_places;

    QString ours() const { return m_places.file(QStringLiteral("k")); }
    QString others() const { return m_places.file(QStringLiteral("other")); }

    static base::Result<void> weSign(const Place &place, const QString &key, const QStringList &formats = {})
    {
        const auto opened = SigningKey::fromFile(key + QStringLiteral(".key"), base::Secret(passphrase.toUtf8()));
        if (!opened)
            return base::fail(opened.error());
        const content::Signers signers = signing::signersFor(*opened, signing::formsMeant(formats).value()).value();
        auto done = await(content::signWith(signers, place.target, place.name, place.image, {}));
        if (!done)
            qWarning("%s", qPrintable(done.error().text()));
        return done;
    }
    static VerifyReport weVerify(const Place &place, const QString &key)
    {
        const signing::Trust trust{{PublicKey::fromFile(key + QStringLiteral(".pub")).value()}, {}, {}};
        return await(signing::verifierOf(trust)->verify(place.target, place.image, {})).value();
    }
    Ran signs(const QString &cosign, const Place &place, const QString &key, const QString &form) const
    {
        QStringList arguments{QStringLiteral("sign"), QStringLiteral("--key"), key + QStringLiteral(".key"),
                              QStringLiteral("--tlog-upload=false"), QStringLiteral("-y")};
        if (cosign == cosign3)
            arguments += QStringLiteral("--use-signing-config=false");
        arguments += QStringLiteral("--new-bundle-format=") +
                     (form == bundle ? QStringLiteral("true") : QStringLiteral("false"));
        return m_places.run(cosign, arguments + QStringList{place.reference()}, passphrase);
    }
    // Looks for this form alone; cosign 3 with an empty form for whatever is there.
    Ran verifies(const QString &cosign, const Place &place, const QString &key, const QString &form) const
    {
        QStringList arguments{QStringLiteral("verify"), QStringLiteral("--key"), key + QStringLiteral(".pub"),
                              QStringLiteral("--insecure-ignore-tlog")};
        if (cosign == cosign2)
            arguments += {QStringLiteral("--trusted-root"), data(QStringLiteral("trusted-root-empty.json"))};
        if (!form.isEmpty())
            arguments += QStringLiteral("--new-bundle-format=") +
                         (form == bundle ? QStringLiteral("true") : QStringLiteral("false"));
        return m_places.run(cosign, arguments + QStringList{place.reference()});
    }
    // What podman, skopeo and CRI-O would do with a policy that asks for this key.
    Ran policyAllows(const Place &place, const QString &key) const
    {
        const QString host = place.name.section(QLatin1Char('/'), 0, 0);
        const QString folder = m_places.file(QStringLiteral("registries.d"));
        if (!QDir().mkpath(folder))
            qFatal("mkpath");
        write(folder + QStringLiteral("/here.yaml"),
              "docker:\n  " + host.toUtf8() + ":\n    use-sigstore-attachments: true\n");
        const QString policy = m_places.file(QStringLiteral("policy.json"));
        write(policy, R"({"default":[{"type":"reject"}],"transports":{"docker":{")" + host.toUtf8() +
                          R"(":[{"type":"sigstoreSigned","keyPath":)" + oci::jsonString(key + QStringLiteral(".pub")) +
                          R"(,"signedIdentity":{"type":"matchRepository"}}]}}})");
        return m_places.run(QStringLiteral("polcheck"), {policy, folder, place.reference()});
    }
    // A refusal proves something only for the reason it gives.
    static bool isRefused(const Ran &ran, const char *why)
    {
        if (ran.exitCode > 0 && ran.err.contains(why))
            return true;
        qWarning("%s", qPrintable(ran.text()));
        return false;
    }
    static void write(const QString &path, const QByteArray &bytes)
    {
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(path));
    }

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PEER("cosign");
        COLOPHON_NEED_PEER("cosign3");
        COLOPHON_NEED_PEER("polcheck");
        const QString problem = m_places.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        for (const QString &prefix : {ours(), others()})
            QVERIFY(signing::createKeyPair(prefix, base::Secret(passphrase.toUtf8())));
    }
    void cleanupTestCase() { m_places.stop(); }

    void oursVerifiesEverywhere_data()
    {
        QTest::addColumn<bool>("api");
        QTest::addColumn<QString>("key"); // without .key and .pub
        for (const bool api : {false, true}) {
            const char *place = api ? "demo registry" : "docker-registry";
            QTest::addRow("%s, a new pair", place) << api << ours();
            for (const char *name : {"imp-rsa2048", "imp-p384", "imp-p521", "imp-ed25519"})
                QTest::addRow("%s, %s", place, name) << api << data(QStringLiteral("keys/") + QLatin1String(name));
        }
    }
    void oursVerifiesEverywhere()
    {
        QFETCH(bool, api);
        QFETCH(QString, key);
        const Place place = m_places.newImage(api);
        QVERIFY(weSign(place, key));
        for (const Ran &verified : {verifies(cosign2, place, key, bundle), verifies(cosign3, place, key, bundle),
                                    verifies(cosign3, place, key, legacy), verifies(cosign3, place, key, {}),
                                    verifies(cosign2, place, key, {}), policyAllows(place, key)})
            QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
        QVERIFY(isRefused(verifies(cosign3, place, others(), {}), "failed to verify"));
        QVERIFY(isRefused(policyAllows(place, others()), "cryptographic signature verification failed"));
        const VerifyReport report = weVerify(place, key);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(report.signatures.size(), 2);
        QCOMPARE(weVerify(place, others()).verdict, VerifyReport::Verdict::Failed);
    }

    void oneFormAlone_data()
    {
        QTest::addColumn<bool>("api");
        QTest::addColumn<QString>("form");
        for (const bool api : {false, true})
            for (const QString &form : {legacy, bundle})
                QTest::addRow("%s, %s", api ? "demo registry" : "docker-registry", qPrintable(form)) << api << form;
    }
    void oneFormAlone()
    {
        QFETCH(bool, api);
        QFETCH(QString, form);
        const Place place = m_places.newImage(api);
        QVERIFY(isRefused(policyAllows(place, ours()), noSignature)); // not signed yet
        QVERIFY(weSign(place, ours(), {form}));
        for (const QString &cosign : {cosign2, cosign3}) {
            const Ran verified = verifies(cosign, place, ours(), form);
            QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
        }
        const Ran found = verifies(cosign3, place, ours(), {});
        QVERIFY2(found.exitCode == 0, qPrintable(found.text()));
        // Why both are written: containers/image reads the tag form alone.
        const Ran policy = policyAllows(place, ours());
        QVERIFY2(form == legacy ? policy.exitCode == 0 : isRefused(policy, noSignature), qPrintable(policy.text()));
        QCOMPARE(weVerify(place, ours()).signatures.constFirst().form, form);
    }

    void theirsVerifiesHere_data()
    {
        QTest::addColumn<bool>("api");
        QTest::addColumn<QString>("cosign");
        QTest::addColumn<QString>("form");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("algorithm");
        for (const bool api : {false, true}) {
            const char *place = api ? "demo registry" : "docker-registry";
            for (const QString &cosign : {cosign2, cosign3})
                for (const QString &form : {legacy, bundle})
                    QTest::addRow("%s, %s, %s", place, qPrintable(cosign), qPrintable(form))
                        << api << cosign << form << ours() << QStringLiteral("ECDSA P-256, SHA-256");
        }
        const auto row = [](const char *name, const char *algorithm) {
            QTest::newRow(name) << true << cosign3 << bundle << data(QStringLiteral("keys/") + QLatin1String(name))
                                << QString::fromLatin1(algorithm);
        };
        row("imp-rsa2048", "RSA 2048, SHA-256");
        row("imp-p384", "ECDSA P-384, SHA-384");
        row("imp-p521", "ECDSA P-521, SHA-512");
        row("imp-ed25519", "Ed25519, prehashed (Ed25519ph)");
    }
    void theirsVerifiesHere()
    {
        QFETCH(bool, api);
        QFETCH(QString, cosign);
        QFETCH(QString, form);
        QFETCH(QString, key);
        QFETCH(QString, algorithm);
        const Place place = m_places.newImage(api);
        const Ran made = signs(cosign, place, key, form);
        QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        const VerifyReport report = weVerify(place, key);
        QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
        QCOMPARE(report.signatures.size(), 1);
        QCOMPARE(report.signatures.constFirst().form, form);
        QCOMPARE(report.signatures.constFirst().algorithm, algorithm);
        QCOMPARE(weVerify(place, others()).verdict, VerifyReport::Verdict::Failed);
    }

    // cosign's signatures with another key come before ours and after; all of them stay, and all verify.
    void allLiveTogether_data()
    {
        QTest::addColumn<bool>("api");
        QTest::newRow("demo registry") << true;
        QTest::newRow("docker-registry") << false;
    }
    void allLiveTogether()
    {
        QFETCH(bool, api);
        const Place place = m_places.newImage(api);
        QVERIFY(signs(cosign3, place, others(), bundle).exitCode == 0);
        QVERIFY(signs(cosign2, place, others(), legacy).exitCode == 0);
        QVERIFY(weSign(place, ours()));
        QVERIFY(weSign(place, ours())); // adds nothing
        const QString third = data(QStringLiteral("keys/cosign-v2"));
        QVERIFY(signs(cosign2, place, third, bundle).exitCode == 0);
        QVERIFY(signs(cosign3, place, third, legacy).exitCode == 0);
        for (const QString &key : {ours(), others(), third}) {
            const VerifyReport report = weVerify(place, key);
            QCOMPARE(report.signatures.size(), 6);
            QCOMPARE(std::ranges::count(report.signatures, content::CheckVerdict::Verified,
                                        &content::SignatureCheck::verdict),
                     2);
            for (const Ran &verified :
                 {verifies(cosign3, place, key, {}), verifies(cosign3, place, key, legacy), policyAllows(place, key)})
                QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
        }
    }

    void anAttestationIsNoSignature()
    {
        const Place place = m_places.newImage(true);
        const QString predicate = m_places.file(QStringLiteral("predicate.json"));
        write(predicate, R"({"buildDefinition":{},"runDetails":{}})");
        const Ran made =
            m_places.run(cosign3,
                         {QStringLiteral("attest"), QStringLiteral("--key"), ours() + QStringLiteral(".key"),
                          QStringLiteral("--use-signing-config=false"), QStringLiteral("--tlog-upload=false"),
                          QStringLiteral("-y"), QStringLiteral("--predicate"), predicate, QStringLiteral("--type"),
                          QStringLiteral("slsaprovenance1"), place.reference()},
                         passphrase);
        QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        VerifyReport report = weVerify(place, ours());
        QCOMPARE(report.verdict, VerifyReport::Verdict::Unsigned);
        QCOMPARE(report.attestations.size(), 1);
        QCOMPARE(report.attestations.constFirst().predicateType, QStringLiteral("https://slsa.dev/provenance/v1"));
        QCOMPARE(report.attestations.constFirst().verdict, content::CheckVerdict::Verified);
        // Beside it the signature is found by everybody.
        QVERIFY(weSign(place, ours()));
        report = weVerify(place, ours());
        QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(report.attestations.size(), 1);
        for (const Ran &verified : {verifies(cosign2, place, ours(), bundle), verifies(cosign3, place, ours(), {}),
                                    policyAllows(place, ours())})
            QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
    }

    // The tag form binds to the repository. cosign does not mind; containers/image and we do.
    void aCopyInAnotherRepositoryIsRefused()
    {
        const Place place = m_places.newImage(false);
        QVERIFY(weSign(place, ours(), {legacy}));
        Place copy = place;
        copy.name = place.name + QStringLiteral("-copy");
        copy.target = m_places.target(copy.name);
        const auto take = [&](const oci::Descriptor &manifest, const QString &tag) {
            const QByteArray bytes = await(place.target->fetchManifest(manifest, {})).value();
            const auto parsed = oci::Manifest::parse(bytes, manifest.mediaType);
            for (const oci::Descriptor &blob : parsed->layers() + QList<oci::Descriptor>{parsed->config()})
                QVERIFY(await(copy.target->mountBlob(blob, place.target->repository(), {})).value());
            QVERIFY(await(copy.target->tag(manifest, bytes, tag, {})));
        };
        const QString tag = oci::signatureTag(place.image.digest);
        take(place.image, QStringLiteral("v1"));
        take(await(place.target->resolve(tag, {})).value(), tag);
        QVERIFY(isRefused(policyAllows(copy, ours()), "is not accepted"));
        const VerifyReport report = weVerify(copy, ours());
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(report.reason.contains(QLatin1String("for another repository")), qPrintable(report.reason));
        QVERIFY(policyAllows(place, ours()).exitCode == 0);
    }
};

QTEST_GUILESS_MAIN(TestCosignBundle)
#include "tst_cosignbundle.moc"
