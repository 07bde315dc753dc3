// SPDX-License-Identifier: Apache-2.0
// Signatures between Colophon and notation-go, the library that the notation command is made of, on a registry that
// lists referrers and on one that does not: each verifies the other's, both stand beside each other, and both refuse
// the same things.

#include "demo/demoregistry.h"
#include "registry/client.h"
#include "signing/notationfixtures.h"
#include "signing/notationsigner.h"
#include "signing/notationverifier.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/peers.h"
#include "support/programs/programs.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace colophon;
using content::SignatureCheck;
using content::VerifyReport;
using signing::CertificateChain;
using test::await;
using test::CertificateWish;
using test::EnvelopeWish;
using test::MadeCertificate;
using test::makeCertificate;
using test::Ran;
using test::TrustFolder;

namespace {
struct Place
{
    content::TargetPtr target;
    QString name; // registry/repository
    oci::Descriptor image;
    QString reference() const { return name + QLatin1Char('@') + image.digest.toString(); }
};

// A key with its certificates, leaf first.
struct Identity
{
    MadeCertificate leaf;
    QList<MadeCertificate> chain;
    const MadeCertificate &root() const { return chain.constLast(); }
};

Identity identityOf(const CertificateWish &wish, bool hasAuthority)
{
    // Older than any leaf of a test.
    CertificateWish authority = CertificateWish::authority("root");
    authority.from = -86400;
    const MadeCertificate root = makeCertificate(authority);
    const MadeCertificate leaf = makeCertificate(wish, hasAuthority ? &root : nullptr);
    return {leaf, hasAuthority ? QList<MadeCertificate>{leaf, root} : QList<MadeCertificate>{leaf}};
}
} // namespace

class TestNotation : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<test::DockerRegistry> m_docker;
    std::unique_ptr<demo::DemoRegistry> m_demo;
    std::unique_ptr<registry::Client> m_client;
    int m_made = 0;

    static void push(const content::TargetPtr &target, const oci::Descriptor &content, const QByteArray &bytes)
    {
        if (const auto pushed = await(target->pushBlob(content, content::readerOf(bytes), {}, {})); !pushed)
            qFatal("%s", qPrintable(pushed.error().text()));
    }
    oci::Descriptor pushImage(const content::TargetPtr &target)
    {
        const QByteArray layer = "layer " + QByteArray::number(++m_made);
        const QByteArray config = R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[)" +
                                  oci::jsonString(oci::Digest::of(layer).toString()) + "]}}";
        const auto layerOf = oci::Descriptor::of(oci::MediaType::ociLayerTar(), layer);
        const auto configOf = oci::Descriptor::of(oci::MediaType::ociConfig(), config);
        push(target, layerOf, layer);
        push(target, configOf, config);
        const QByteArray bytes =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
            configOf.toJson() + R"(,"layers":[)" + layerOf.toJson() + "]}";
        const oci::Descriptor image = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
        if (const auto pushed = await(target->pushManifest(image, bytes, {})); !pushed)
            qFatal("%s", qPrintable(pushed.error().text()));
        return image;
    }
    Place newImage(bool api)
    {
        Place place;
        place.name = QStringLiteral("%1/vendor/app%2").arg(api ? m_demo->host() : m_docker->host()).arg(++m_made);
        place.target = m_client->target(oci::Reference::parse(place.name).value());
        place.image = pushImage(place.target);
        return place;
    }
    // A signature as any client would attach it, however wrong it is.
    static void attach(const Place &place, const QByteArray &envelope, const CertificateChain &chain)
    {
        const oci::Descriptor blob = oci::Descriptor::of(signing::joseEnvelopeType(), envelope);
        push(place.target, blob, envelope);
        push(place.target, oci::Descriptor::of(signing::notationSignatureType(), "{}"), "{}");
        const QByteArray bytes = signing::notationManifest(blob, place.image, chain, QDateTime::currentDateTimeUtc());
        const oci::Descriptor manifest = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
        if (const auto pushed = await(place.target->pushReferrer(manifest, bytes, place.image, {})); !pushed)
            qFatal("%s", qPrintable(pushed.error().text()));
    }

    Ran notation(const QStringList &arguments) const
    {
        QProcessEnvironment environment = test::plainEnvironment(m_folder.path());
        // Nothing but loopback, which Go never asks a proxy for, can be reached.
        environment.insert(QStringLiteral("HTTP_PROXY"), QStringLiteral("http://127.0.0.1:9"));
        environment.insert(QStringLiteral("HTTPS_PROXY"), QStringLiteral("http://127.0.0.1:9"));
        return test::run(test::peer(QStringLiteral("notahelp")), arguments, environment);
    }
    Ran notationSigns(const Place &place, const Identity &by, const QString &envelope = QStringLiteral("jws")) const
    {
        const QString key = m_folder.filePath(QStringLiteral("key.pem"));
        const QString chain = m_folder.filePath(QStringLiteral("chain.pem"));
        test::writeFile(key, by.leaf.keyPem);
        test::writeFile(chain, test::chainOf(by.chain).toPem());
        return notation({QStringLiteral("sign"), place.reference(), key, chain, envelope});
    }
    Ran notationVerifies(const Place &place, const TrustFolder &trust) const
    {
        return notation({QStringLiteral("verify"), place.reference(), trust.path()});
    }
    static base::Result<QList<content::SignatureWritten>> weSign(const Place &place, const Identity &by)
    {
        const auto signer = signing::NotationSigner::create(test::keyOf(by.leaf), test::chainOf(by.chain));
        if (!signer)
            return base::fail(signer.error());
        return await((*signer)->sign(place.target, place.name, place.image, {}));
    }
    static VerifyReport weVerify(const Place &place, const TrustFolder &trust)
    {
        signing::NotationVerifier verifier(trust.read().value());
        return await(verifier.verify(place.target, place.image, {})).value();
    }

    static void registriesAndKeys()
    {
        QTest::addColumn<bool>("api");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<bool>("hasAuthority");
        for (const bool api : {false, true})
            for (const char *key : {"P-256", "P-384", "P-521", "RSA-2048", "RSA-3072"})
                for (const bool hasAuthority : {false, true})
                    QTest::addRow("%s, %s, %s", api ? "demo registry" : "docker-registry", key,
                                  hasAuthority ? "issued" : "self-signed")
                        << api << QByteArray(key) << hasAuthority;
    }

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PEER("notahelp");
        m_docker = std::make_unique<test::DockerRegistry>();
        QVERIFY2(m_docker->isRunning(), qPrintable(m_docker->problem()));
        m_demo = std::make_unique<demo::DemoRegistry>();
        QVERIFY(m_demo->start());
        m_client = std::make_unique<registry::Client>();
    }
    void cleanupTestCase() { m_client.reset(); }

    void ourSignatureVerifiesInNotation_data() { registriesAndKeys(); }
    void ourSignatureVerifiesInNotation()
    {
        QFETCH(bool, api);
        QFETCH(QByteArray, key);
        QFETCH(bool, hasAuthority);
        const Place place = newImage(api);
        const Identity by = identityOf({.key = key}, hasAuthority);
        const auto written = weSign(place, by);
        QVERIFY2(written, qPrintable(written ? QString() : written.error().text()));
        const TrustFolder trust({by.root().pem});
        const Ran verified = notationVerifies(place, trust);
        QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
        QCOMPARE(weVerify(place, trust).verdict, VerifyReport::Verdict::Verified);
        const TrustFolder stranger({makeCertificate(CertificateWish::authority("root")).pem});
        QCOMPARE(notationVerifies(place, stranger).exitCode, 1);
        QCOMPARE(weVerify(place, stranger).verdict, VerifyReport::Verdict::Failed);
    }

    void notationsSignatureVerifiesHere_data() { registriesAndKeys(); }
    void notationsSignatureVerifiesHere()
    {
        QFETCH(bool, api);
        QFETCH(QByteArray, key);
        QFETCH(bool, hasAuthority);
        const Place place = newImage(api);
        const Identity by = identityOf({.key = key}, hasAuthority);
        const Ran made = notationSigns(place, by);
        QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        const VerifyReport report = weVerify(place, TrustFolder({by.root().pem}));
        QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
        QCOMPARE(report.signatures.constFirst().certificate->identity, QStringLiteral("CN=leaf,O=Notary,ST=WA,C=US"));
        QCOMPARE(weVerify(place, TrustFolder({makeCertificate({}).pem})).verdict, VerifyReport::Verdict::Failed);
        // It is enough: we do not sign with the same certificate again.
        QVERIFY(weSign(place, by));
        QCOMPARE(weVerify(place, TrustFolder({by.root().pem})).signatures.size(), 1);
    }

    void signaturesLiveTogether_data()
    {
        QTest::addColumn<bool>("api");
        QTest::newRow("docker-registry") << false;
        QTest::newRow("demo registry") << true;
    }
    void signaturesLiveTogether()
    {
        QFETCH(bool, api);
        const Place place = newImage(api);
        const Identity ours = identityOf({}, true);
        const Identity theirs = identityOf({.key = "P-384"}, true);
        const Identity cose = identityOf({.key = "RSA-2048"}, false);
        QVERIFY(notationSigns(place, cose, QStringLiteral("cose")).exitCode == 0);
        QVERIFY(weSign(place, ours));
        QVERIFY(notationSigns(place, theirs).exitCode == 0);
        for (const Identity &each : {ours, theirs, cose}) {
            const TrustFolder trust({each.root().pem});
            const Ran verified = notationVerifies(place, trust);
            QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
            const VerifyReport report = weVerify(place, trust);
            QCOMPARE(report.signatures.size(), 3);
            const bool isCose = each.leaf.der == cose.leaf.der;
            QCOMPARE(report.verdict, isCose ? VerifyReport::Verdict::Failed : VerifyReport::Verdict::Verified);
            const auto isPresent = [](const SignatureCheck &check) {
                return check.verdict == SignatureCheck::Verdict::NotChecked &&
                       check.reason == QLatin1String("A COSE envelope: present, not verified.");
            };
            QCOMPARE(std::count_if(report.signatures.cbegin(), report.signatures.cend(), isPresent), 1);
        }
    }

    void bothJudgeCertificatesAlike_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        QTest::addColumn<QString>("order"); // l leaf, r root; empty: self-signed
        QTest::addColumn<bool>("isGood");
        const auto row = [](const char *name, const CertificateWish &wish, const char *order, bool isGood) {
            QTest::newRow(name) << wish << QString::fromLatin1(order) << isGood;
        };
        row("issued", {}, "lr", true);
        row("self-signed", {}, "", true);
        row("no extended key usage", {.purposes = ""}, "", true);
        row("a common name alone", {.subject = {{"CN", "leaf"}}}, "lr", true);
        row("no key usage", {.keyUsage = ""}, "", false);
        row("key usage not critical", {.keyUsage = "digitalSignature"}, "lr", false);
        row("key usage with more", {.keyUsage = "critical,digitalSignature,keyAgreement"}, "lr", false);
        row("serverAuth", {.purposes = "serverAuth"}, "", false);
        row("clientAuth too", {.purposes = "codeSigning,clientAuth"}, "lr", false);
        row("a CA", {.constraints = "critical,CA:TRUE"}, "", false);
        row("version 1", {.version = 1}, "", false);
        row("SHA-1", {.hash = "SHA1"}, "lr", false);
        row("expired", {.from = -7200, .until = -60}, "lr", false);
        row("wrong order", {}, "rl", false);
        row("no root", {}, "l", false);
        row("the root twice", {}, "lrr", false);
    }
    void bothJudgeCertificatesAlike()
    {
        QFETCH(CertificateWish, wish);
        QFETCH(QString, order);
        QFETCH(bool, isGood);
        const Identity by = identityOf(wish, !order.isEmpty());
        QList<MadeCertificate> made;
        for (const QChar c : order)
            made.append(c == u'l' ? by.leaf : by.root());
        const CertificateChain chain = test::chainOf(made.isEmpty() ? by.chain : made);
        const Place place = newImage(true);
        const QByteArray time = QDateTime::currentDateTimeUtc()
                                    .addSecs(-600)
                                    .toString(QStringLiteral("\"yyyy-MM-ddTHH:mm:ssZ\""))
                                    .toLatin1();
        const EnvelopeWish envelope{.time = time, .payload = R"({"targetArtifact":)" + place.image.toJson() + '}'};
        attach(place, test::envelopeOf(envelope, by.leaf, chain), chain);
        const TrustFolder trust({by.root().pem});
        const Ran theirs = notationVerifies(place, trust);
        QVERIFY2(theirs.exitCode == (isGood ? 0 : 1), qPrintable(theirs.text()));
        // A certificate of version 1 says nothing of being a CA; self-signed it may be trusted all the same.
        const VerifyReport ours = weVerify(place, trust);
        QVERIFY2(ours.verdict == (isGood ? VerifyReport::Verdict::Verified : VerifyReport::Verdict::Failed),
                 qPrintable(ours.reason));
    }

    void bothRefuseWhatIsChanged_data()
    {
        QTest::addColumn<QString>("change");
        for (const char *change :
             {"nothing", "payload", "signature", "protected", "alg none", "another key", "another image", "expired"})
            QTest::newRow(change) << QString::fromLatin1(change);
    }
    void bothRefuseWhatIsChanged()
    {
        QFETCH(QString, change);
        const Place place = newImage(false);
        const Identity by = identityOf({}, true);
        const CertificateChain chain = test::chainOf(by.chain);
        EnvelopeWish wish;
        wish.payload = R"({"targetArtifact":)" + place.image.toJson() + '}';
        if (change == QLatin1String("alg none"))
            wish.algorithm = "none";
        else if (change == QLatin1String("another image"))
            wish.payload = R"({"targetArtifact":)" + pushImage(place.target).toJson() + '}';
        else if (change == QLatin1String("expired")) {
            const auto at = [](qint64 seconds) {
                return QDateTime::currentDateTimeUtc()
                    .addSecs(seconds)
                    .toString(QStringLiteral("\"yyyy-MM-ddTHH:mm:ssZ\""))
                    .toLatin1();
            };
            wish.time = at(-600);
            wish.critical = R"(["io.cncf.notary.signingScheme","io.cncf.notary.expiry"])";
            wish.more = R"(,"io.cncf.notary.expiry":)" + at(-60);
        }
        QByteArray envelope =
            test::envelopeOf(wish, change == QLatin1String("another key") ? makeCertificate({}) : by.leaf, chain);
        for (const char *member : {"payload", "signature", "protected"})
            if (change == QLatin1String(member))
                envelope = test::flipped(envelope, member);
        attach(place, envelope, chain);
        const bool isGood = change == QLatin1String("nothing");
        const TrustFolder trust({by.root().pem});
        const Ran theirs = notationVerifies(place, trust);
        QVERIFY2(theirs.exitCode == (isGood ? 0 : 1), qPrintable(theirs.text()));
        const VerifyReport ours = weVerify(place, trust);
        QVERIFY2(ours.verdict == (isGood ? VerifyReport::Verdict::Verified : VerifyReport::Verdict::Failed),
                 qPrintable(ours.reason));
    }

    void anIndexIsSignedToo()
    {
        Place place = newImage(true);
        const QByteArray bytes =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
            place.image.toJson() + "]}";
        place.image = oci::Descriptor::of(oci::MediaType::ociIndex(), bytes);
        QVERIFY(await(place.target->pushManifest(place.image, bytes, {})));
        const Identity by = identityOf({}, true);
        const auto written = weSign(place, by);
        QVERIFY2(written, qPrintable(written ? QString() : written.error().text()));
        const Ran verified = notationVerifies(place, TrustFolder({by.root().pem}));
        QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
    }
};

QTEST_GUILESS_MAIN(TestNotation)
#include "tst_notation.moc"
