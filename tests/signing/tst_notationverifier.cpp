// SPDX-License-Identifier: Apache-2.0
// Notation signatures, checked by a trust policy: what notation wrote verifies, and whatever is not exactly right fails
// at the step that is wrong.
#include "base/limits.h"
#include "signing/notationfixtures.h"
#include "signing/notationverifier.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::MemoryStore;
using content::SignatureCheck;
using content::VerifyReport;
using signing::CertificateChain;
using signing::NotationTrust;
using signing::NotationVerifier;
using test::CertificateWish;
using test::EnvelopeWish;
using test::MadeCertificate;
using test::makeCertificate;
using test::PolicyWish;
using test::TrustFolder;

namespace {
base::Result<VerifyReport> outcome(const std::shared_ptr<MemoryStore> &store, std::optional<NotationTrust> trust,
                                   std::stop_token stop = {})
{
    NotationVerifier verifier(std::move(trust));
    return test::await(verifier.verify(store, test::image(), stop));
}

// What becomes of one envelope in a repository, by a policy that trusts `authority`.
SignatureCheck checked(const QByteArray &envelope, const CertificateChain &chain, const MadeCertificate &authority,
                       const PolicyWish &policy = {})
{
    const auto store = test::storeWithImage();
    test::attachEnvelope(store, envelope, chain);
    const VerifyReport report = outcome(store, TrustFolder({authority.pem}, policy).read().value()).value();
    if (report.signatures.size() != 1)
        qFatal("%lld signatures instead of one", static_cast<long long>(report.signatures.size()));
    return report.signatures.constFirst();
}

QByteArray utc(qint64 secondsFromNow)
{
    return QDateTime::currentDateTimeUtc()
        .addSecs(secondsFromNow)
        .toString(QStringLiteral("\"yyyy-MM-ddTHH:mm:ssZ\""))
        .toLatin1();
}

const QString rightByAll = QStringLiteral(
    "Signature, digest and certificate are right by statement “all”. It names the image by its digest alone, "
    "so that it is as good in any other repository. Revocation was not checked.");
} // namespace

class TestNotationVerifier : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatNotationWroteVerifies_data()
    {
        QTest::addColumn<QString>("fixture");
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("certificate");
        const auto row = [](const char *fixture, const char *algorithm, const char *certificate) {
            QTest::newRow(fixture) << QString::fromLatin1(fixture) << QString::fromLatin1(algorithm)
                                   << QString::fromLatin1(certificate);
        };
        row("notation-rsa", "RSA 2048, PS256", "CN=test-rsa,O=Notary,L=Seattle,ST=WA,C=US");
        row("notation-ec", "ECDSA P-256, ES256", "CN=test-ec,O=Notary,L=Seattle,ST=WA,C=US");
        row("notation-chain", "ECDSA P-384, ES384", "CN=test-leaf,O=Notary,ST=WA,C=US");
        row("notation-own-rsa", "RSA 2048, PS256", "CN=test-rsa,O=Notary,L=Seattle,ST=WA,C=US");
        row("notation-own-ec", "ECDSA P-256, ES256", "CN=test-ec,O=Notary,L=Seattle,ST=WA,C=US");
        row("notation-own-both", "ECDSA P-256, ES256", "CN=test-ec,O=Notary,L=Seattle,ST=WA,C=US"); // beside a bundle
        row("notation-own-chain", "ECDSA P-384, ES384", "CN=test-leaf,O=Notary,ST=WA,C=US");
    }
    void whatNotationWroteVerifies()
    {
        QFETCH(QString, fixture);
        QFETCH(QString, algorithm);
        QFETCH(QString, certificate);
        const VerifyReport report = outcome(test::storeOfNotation(fixture), fixtureTrust()).value();
        QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
        QCOMPARE(report.reason, QStringLiteral("Verified with %1.").arg(report.signatures.value(0).key));
        QCOMPARE(report.subject, test::image());
        QCOMPARE(report.signatures.size(), 1);
        const SignatureCheck &check = report.signatures.constFirst();
        QCOMPARE(check.verdict, SignatureCheck::Verdict::Verified);
        QCOMPARE(check.form, QStringLiteral("notation"));
        QCOMPARE(check.algorithm, algorithm);
        QCOMPARE(check.certificate->identity, certificate);
        QCOMPARE(check.identity, certificate);
        QCOMPARE(check.subject, test::image().digest);
        QVERIFY(check.key.startsWith(certificate));
        QVERIFY(check.signingTime.isValid());
        QVERIFY(!check.digest.isNull());
        QCOMPARE(check.reason, rightByAll);
    }

    void aCoseEnvelopeIsPresentAndNotVerified_data()
    {
        QTest::addColumn<QString>("fixture");
        QTest::newRow("alone") << QStringLiteral("notation-cose");
        QTest::newRow("with a chain") << QStringLiteral("notation-cose-chain");
    }
    void aCoseEnvelopeIsPresentAndNotVerified()
    {
        QFETCH(QString, fixture);
        const VerifyReport report = outcome(test::storeOfNotation(fixture), fixtureTrust()).value();
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QCOMPARE(report.signatures.size(), 1);
        QCOMPARE(report.signatures.constFirst().verdict, SignatureCheck::Verdict::NotChecked);
        QCOMPARE(report.reason, QStringLiteral("A COSE envelope: present, not verified."));
        QCOMPARE(report.signatures.constFirst().lack, SignatureCheck::Lack::Reader);
    }

    void withoutSomebodyToTrustNothingIsVerified_data()
    {
        QTest::addColumn<QByteArray>("policy"); // empty: none at all
        QTest::addColumn<QString>("why");
        QTest::newRow("no policy") << QByteArray() << QStringLiteral("no trust policy was given.");
        QTest::newRow("no statement") << PolicyWish{.scopes = R"(["r.example/other"])"}.json()
                                      << QStringLiteral("the trust policy has no statement for r.example/app.");
        QTest::newRow("skip") << PolicyWish{.level = "skip", .identities = "[]", .stores = "[]"}.json()
                              << QStringLiteral("statement “all” of the trust policy skips it.");
    }
    void withoutSomebodyToTrustNothingIsVerified()
    {
        QFETCH(QByteArray, policy);
        QFETCH(QString, why);
        std::optional<NotationTrust> trust;
        if (!policy.isEmpty()) {
            const TrustFolder folder({makeCertificate({}).pem});
            folder.setPolicy(policy);
            trust = folder.read().value();
        }
        const VerifyReport report = outcome(test::storeOfNotation(QStringLiteral("notation-ec")), trust).value();
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QCOMPARE(report.signatures.constFirst().verdict, SignatureCheck::Verdict::NotChecked);
        QCOMPARE(report.reason,
                 QStringLiteral("Signature and digest are right; whether to trust the certificate was not checked: ") +
                     why);
        QCOMPARE(report.signatures.constFirst().lack, SignatureCheck::Lack::Policy);
        // What is broken is said to be, whoever is trusted.
        const MadeCertificate leaf = makeCertificate({});
        const auto store = test::storeWithImage();
        test::attachEnvelope(store, test::flipped(test::envelopeOf({}, leaf, test::chainOf({leaf})), "signature"),
                             test::chainOf({leaf}));
        QCOMPARE(outcome(store, trust)->signatures.constFirst().verdict, SignatureCheck::Verdict::Failed);
    }

    void anUnsignedImageIsUnsigned()
    {
        const VerifyReport report = outcome(test::storeWithImage(), fixtureTrust()).value();
        QCOMPARE(report.verdict, VerifyReport::Verdict::Unsigned);
        QCOMPARE(report.signatures.size(), 0);
        // An attachment of another kind is no signature.
        const auto store = test::storeWithImage();
        test::attach(store,
                     QByteArray(test::contentOf(test::signingData(QStringLiteral("notation-ec/manifest.json"))))
                         .replace("application/vnd.cncf.notary.signature", "application/vnd.example.sbom"),
                     {});
        QCOMPARE(outcome(store, fixtureTrust())->verdict, VerifyReport::Verdict::Unsigned);
    }

    void eachPartMustBeRight_data()
    {
        QTest::addColumn<EnvelopeWish>("wish");
        QTest::addColumn<QString>("reason"); // empty: verified
        const auto row = [](const char *name, const EnvelopeWish &wish, const char *reason) {
            QTest::newRow(name) << wish << QString::fromUtf8(reason);
        };
        row("all right", {}, "");
        row("not yet expired",
            {.critical = R"(["io.cncf.notary.signingScheme","io.cncf.notary.expiry"])",
             .more = R"(,"io.cncf.notary.expiry":)" + utc(3600)},
            "");
        row("time with a zone", {.time = utc(-60).replace("Z", "+00:00")}, "");
        row("an attribute that is not critical", {.more = R"(,"example.note":"x")"}, "");
        row("alg none", {.algorithm = "none"},
            "The envelope's algorithm is “none”, but the key of its certificate signs with ES256.");
        row("another algorithm", {.algorithm = "HS256"},
            "The envelope's algorithm is “HS256”, but the key of its certificate signs with ES256.");
        row("another key's algorithm", {.algorithm = "PS256"},
            "The envelope's algorithm is “PS256”, but the key of its certificate signs with ES256.");
        row("nothing critical", {.critical = "[]"}, "The envelope does not say which of its attributes are critical.");
        row("scheme not critical",
            {.critical = R"(["io.cncf.notary.expiry"])", .more = R"(,"io.cncf.notary.expiry":)" + utc(9)},
            "The envelope's io.cncf.notary.signingScheme is not marked critical.");
        row("expiry not critical", {.more = R"(,"io.cncf.notary.expiry":)" + utc(3600)},
            "The envelope's io.cncf.notary.expiry is not marked critical.");
        row("an unknown critical attribute",
            {.critical = R"(["io.cncf.notary.signingScheme","io.cncf.notary.verificationPlugin"])",
             .more = R"(,"io.cncf.notary.verificationPlugin":"x")"},
            "The envelope has a critical attribute that is not understood: “io.cncf.notary.verificationPlugin”.");
        row("a critical attribute twice",
            {.critical = R"(["io.cncf.notary.signingScheme","io.cncf.notary.signingScheme"])"},
            "The envelope has a critical attribute that is not understood: “io.cncf.notary.signingScheme”.");
        row("another scheme", {.scheme = R"("notary.x509.signingAuthority")"},
            "The envelope's signing scheme “notary.x509.signingAuthority” is not understood; only notary.x509 is.");
        row("an authority's time", {.more = R"(,"io.cncf.notary.authenticSigningTime":)" + utc(0)},
            "The envelope has io.cncf.notary.authenticSigningTime, which does not go with its signing scheme.");
        row("another payload type", {.type = R"("text/plain")"},
            "The envelope's payload is of type “text/plain”, not a notation payload.");
        row("no time", {.time = "null"}, "The envelope's io.cncf.notary.signingTime is missing or no time.");
        row("a time that is none", {.time = R"("2026-13-01T00:00:00Z")"},
            "The envelope's io.cncf.notary.signingTime is missing or no time.");
        row("expired before it was signed",
            {.critical = R"(["io.cncf.notary.signingScheme","io.cncf.notary.expiry"])",
             .more = R"(,"io.cncf.notary.expiry":)" + utc(-3600)},
            "The envelope expires before it was signed.");
        row("an attribute twice", {.more = R"(,"alg":"ES256")"}, "The envelope's protected part has /alg twice.");
        row("signed before the certificate", {.time = R"("2020-01-01T00:00:00Z")"},
            "It says to be signed on 2020-01-01 00:00:00 UTC. “CN=leaf,O=Notary,ST=WA,C=US” is not valid before ");
        row("payload of nothing", {.payload = "{}"}, "The envelope's payload does not say what is signed.");
        row("payload no JSON", {.payload = "hello"}, "The envelope's payload is no JSON: ");
        row("payload twice", {.payload = R"({"targetArtifact":{},"targetArtifact":{}})"},
            "The envelope's payload has /targetArtifact twice.");
        oci::Descriptor other = test::image();
        other.size += 1;
        row("another size", {.payload = R"({"targetArtifact":)" + other.toJson() + '}'},
            "It signs this digest with another type or size: application/vnd.oci.image.manifest.v1+json, 402 bytes.");
        other = test::image();
        other.mediaType = oci::MediaType::dockerManifest();
        row("another type", {.payload = R"({"targetArtifact":)" + other.toJson() + '}'},
            "It signs this digest with another type or size: application/vnd.docker.distribution.manifest.v2+json, 401 "
            "bytes.");
        other = test::image();
        other.digest = oci::Digest::of("another");
        row("another digest", {.payload = R"({"targetArtifact":)" + other.toJson() + '}'},
            "It signs another image: sha256:");
    }
    void eachPartMustBeRight()
    {
        QFETCH(EnvelopeWish, wish);
        QFETCH(QString, reason);
        const MadeCertificate leaf = makeCertificate({});
        const CertificateChain chain = test::chainOf({leaf});
        const SignatureCheck check = checked(test::envelopeOf(wish, leaf, chain), chain, leaf);
        if (reason.isEmpty()) {
            QVERIFY2(check.verdict == SignatureCheck::Verdict::Verified, qPrintable(check.reason));
        } else {
            QCOMPARE(check.verdict, SignatureCheck::Verdict::Failed);
            QVERIFY2(check.reason.startsWith(reason), qPrintable(check.reason));
        }
    }

    void noBitMayBeChanged_data()
    {
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QString>("reason"); // of one of two kinds: it may be no JSON any more
        const QString changed =
            QStringLiteral("The signature was not made by the key of its certificate, or what it signs was changed.");
        QTest::newRow("payload") << QByteArray("payload") << changed;
        QTest::newRow("signature") << QByteArray("signature") << changed;
        QTest::newRow("protected") << QByteArray("protected")
                                   << QStringLiteral(
                                          "The envelope's io.cncf.notary.signingTime is missing or no time.");
    }
    void noBitMayBeChanged()
    {
        QFETCH(QByteArray, member);
        QFETCH(QString, reason);
        const MadeCertificate leaf = makeCertificate({});
        const CertificateChain chain = test::chainOf({leaf});
        // In the payload it is a digit of the size that becomes another.
        const SignatureCheck check = checked(test::flipped(test::envelopeOf({}, leaf, chain), member), chain, leaf);
        QCOMPARE(check.verdict, SignatureCheck::Verdict::Failed);
        QCOMPARE(check.reason, reason);
        // A protected part that still reads well, but is not the one that was signed.
        const QByteArray before = test::envelopeOf({.time = R"("2026-01-01T00:00:00Z")"}, leaf, chain);
        const QByteArray after = test::EnvelopeWish{.time = R"("2026-01-01T00:00:01Z")"}.signedBytes();
        QByteArray swapped = before;
        swapped.replace(test::EnvelopeWish{.time = R"("2026-01-01T00:00:00Z")"}.signedBytes().split('.').at(0),
                        after.split('.').at(0));
        QVERIFY(swapped != before);
        QVERIFY(checked(swapped, chain, leaf).reason.startsWith(QLatin1String("The signature was not made by")));
    }

    void theEnvelopeIsReadStrictly_data()
    {
        // No raw strings: moc loses its way in such as these.
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, const char *from, const char *to, const char *reason) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromUtf8(reason);
        };
        row("one member more", "{\"payload\"", "{\"x\":1,\"payload\"",
            "The envelope has “x”, which no such envelope has.");
        row("two signatures", "\"signature\":\"", "\"signatures\":\"",
            "The envelope has “signatures”, which no such envelope has.");
        row("no payload", "\"payload\":\"", "\"payload\":1,\"y\":\"",
            "The envelope has “y”, which no such envelope has.");
        row("twice", "{\"payload\"", "{\"payload\":\"\",\"payload\"", "The envelope has /payload twice.");
        row("padding", "\",\"header\"", "=\",\"header\"", "The envelope's protected is missing or no base64url.");
        row("no certificates", "\"x5c\":[", "\"x5c\":[],\"y\":[", "The envelope has no certificates (x5c).");
        row("no base64", "\"x5c\":[\"", "\"x5c\":[\"*", "A certificate in the envelope is no base64.");
        row("no certificate", "\"x5c\":[\"", "\"x5c\":[\"AAAA\",\"",
            "Certificate 1 in the envelope is no X.509 certificate");
        row("no JSON", "{\"payload\"", "[\"payload\"", "The envelope is no JSON: ");
    }
    void theEnvelopeIsReadStrictly()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, reason);
        const MadeCertificate leaf = makeCertificate({});
        const CertificateChain chain = test::chainOf({leaf});
        QByteArray envelope = test::envelopeOf({}, leaf, chain);
        QVERIFY(envelope.contains(from));
        const SignatureCheck check = checked(envelope.replace(from, to), chain, leaf);
        QCOMPARE(check.verdict, SignatureCheck::Verdict::Failed);
        QVERIFY2(check.reason.startsWith(reason), qPrintable(check.reason));
    }

    void certificatesMustBeRight_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        QTest::addColumn<QString>("order"); // l leaf, r root; empty: self-signed
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, const CertificateWish &wish, const char *order, const char *reason) {
            QTest::newRow(name) << wish << QString::fromLatin1(order) << QString::fromUtf8(reason);
        };
        row("good chain", {}, "lr", "");
        row("good leaf", {}, "", "");
        row("no key usage", {.keyUsage = ""}, "lr",
            "“CN=leaf,O=Notary,ST=WA,C=US” may not sign code: it has no key usage.");
        row("serverAuth", {.purposes = "serverAuth"}, "",
            "“CN=leaf,O=Notary,ST=WA,C=US” is for TLS servers (extended key usage serverAuth), not for signing code.");
        row("a CA", {.constraints = "critical,CA:TRUE"}, "",
            "“CN=leaf,O=Notary,ST=WA,C=US” is a CA, and a CA may not sign code.");
        row("version 1", {.version = 1}, "", "“CN=leaf,O=Notary,ST=WA,C=US” is an X.509 version 1 certificate, ");
        row("SHA-1", {.hash = "SHA1"}, "lr", "“CN=leaf,O=Notary,ST=WA,C=US” is signed with SHA-1, ");
        row("wrong order", {}, "rl",
            "The signature was not made by the key of its certificate, or what it signs was changed.");
        row("no root", {}, "l", "The chain does not end in a self-signed root: ");
        row("expired", {.from = -7200, .until = -3600}, "lr", "“CN=leaf,O=Notary,ST=WA,C=US” expired on ");
    }
    void certificatesMustBeRight()
    {
        QFETCH(CertificateWish, wish);
        QFETCH(QString, order);
        QFETCH(QString, reason);
        CertificateWish authority = CertificateWish::authority("root");
        authority.from = -86400;
        const MadeCertificate root = makeCertificate(authority);
        const MadeCertificate leaf = order.isEmpty() ? makeCertificate(wish) : makeCertificate(wish, &root);
        QList<MadeCertificate> made;
        for (const QChar c : order)
            made.append(c == u'l' ? leaf : root);
        const CertificateChain chain = test::chainOf(made.isEmpty() ? QList<MadeCertificate>{leaf} : made);
        const EnvelopeWish envelope{.time = wish.until < 0 ? utc(-5000) : QByteArray()};
        const TrustFolder folder(order.isEmpty() && wish.version == 3 ? QList<QByteArray>{leaf.pem}
                                                                      : QList<QByteArray>{root.pem});
        const auto store = test::storeWithImage();
        test::attachEnvelope(store, test::envelopeOf(envelope, leaf, chain), chain);
        const SignatureCheck check = outcome(store, folder.read().value())->signatures.constFirst();
        if (reason.isEmpty()) {
            QVERIFY2(check.verdict == SignatureCheck::Verdict::Verified, qPrintable(check.reason));
        } else {
            QCOMPARE(check.verdict, SignatureCheck::Verdict::Failed);
            QVERIFY2(check.reason.contains(reason), qPrintable(check.reason));
        }
    }

    void theKeyMustBeTheLeafs()
    {
        const MadeCertificate leaf = makeCertificate({});
        const MadeCertificate other = makeCertificate({});
        const CertificateChain chain = test::chainOf({leaf});
        QCOMPARE(
            checked(test::envelopeOf({}, other, chain), chain, leaf).reason,
            QStringLiteral("The signature was not made by the key of its certificate, or what it signs was changed."));
    }

    void aSignatureCopiedToAnotherImageIsRefused()
    {
        const MadeCertificate leaf = makeCertificate({});
        const CertificateChain chain = test::chainOf({leaf});
        oci::Descriptor other = test::image();
        other.digest = oci::Digest::of("another");
        const QByteArray envelope =
            test::envelopeOf({.payload = R"({"targetArtifact":)" + other.toJson() + '}'}, leaf, chain);
        // With the subject rewritten, as `regctl image mod` does.
        QCOMPARE(checked(envelope, chain, leaf).reason,
                 QStringLiteral("It signs another image: %1.").arg(other.digest.toString()));
        // Only listed.
        const auto store = test::storeWithImage();
        const oci::Descriptor blob = oci::Descriptor::of(signing::joseEnvelopeType(), envelope);
        test::attach(store, signing::notationManifest(blob, other, chain, QDateTime::currentDateTimeUtc()),
                     {envelope, "{}"});
        QCOMPARE(outcome(store, fixtureTrust())->reason,
                 QStringLiteral("The signature's manifest is attached to another image."));
    }

    void oneGoodSignatureAmongOthersVerifies()
    {
        const MadeCertificate leaf = makeCertificate({});
        const MadeCertificate stranger = makeCertificate(CertificateWish().named("stranger"));
        const auto store = test::storeOfNotation(QStringLiteral("notation-cose"));
        for (const MadeCertificate &each : {stranger, leaf})
            test::attachEnvelope(store, test::envelopeOf({}, each, test::chainOf({each})), test::chainOf({each}));
        const VerifyReport report = outcome(store, TrustFolder({leaf.pem}).read().value()).value();
        QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(report.signatures.size(), 3);
        QCOMPARE(report.signatures.at(1).reason,
                 QStringLiteral("None of its certificates is in a trust store of statement “all”."));
        QCOMPARE(outcome(store, TrustFolder({makeCertificate({}).pem}).read().value())->reason,
                 QStringLiteral("None of the 3 signatures verifies."));
    }

    void thePolicyDecides_data()
    {
        QTest::addColumn<PolicyWish>("policy");
        QTest::addColumn<QString>("situation"); // expired, old, stranger, revocable; empty: all is well
        QTest::addColumn<SignatureCheck::Verdict>("verdict");
        QTest::addColumn<QString>("reason"); // begins with it
        QTest::addColumn<QString>("caveat"); // begins with it
        const auto row = [](const char *name, const PolicyWish &policy, const char *situation,
                            SignatureCheck::Verdict verdict, const char *reason, const char *caveat = "") {
            QTest::newRow(name) << policy << QString::fromLatin1(situation) << verdict << QString::fromUtf8(reason)
                                << QString::fromUtf8(caveat);
        };
        const auto verified = SignatureCheck::Verdict::Verified;
        const auto failed = SignatureCheck::Verdict::Failed;
        const char *right = "Signature, digest and certificate are right by statement “all”. It names the image by its "
                            "digest alone, so "
                            "that it is as good in any other repository. Revocation was not checked.";
        const char *logged = "Signature, digest and certificate are right by statement “all”. It only logs: ";
        const char *stranger = "None of its certificates is in a trust store of statement “all”.";
        const PolicyWish permissive{.level = "permissive"};
        const PolicyWish audit{.level = "audit"};
        row("strict", {}, "", verified, right);
        row("permissive", permissive, "", verified, right);
        row("audit", audit, "", verified, right);
        row("strict, expired", {}, "expired", failed, "The signature expired on ");
        row("permissive, expired", permissive, "expired", verified, logged, "expired on ");
        row("strict but for expiry", {.override = R"({"expiry":"log"})"}, "expired", verified, logged, "expired on ");
        row("audit but for expiry", {.level = "audit", .override = R"({"expiry":"enforce"})"}, "expired", failed,
            "The signature expired on ");
        row("strict, old certificate", {}, "old", failed, "“CN=leaf,O=Notary,ST=WA,C=US” expired on ");
        const char *old = "its certificate is not valid now";
        row("permissive, old certificate", permissive, "old", verified, logged, old);
        row("strict but for time stamps", {.override = R"({"authenticTimestamp":"log"})"}, "old", verified, logged,
            old);
        row("signed before its certificate was valid", permissive, "early", verified, logged,
            "its certificate was not valid when it was signed");
        row("strict, stranger", {}, "stranger", failed, stranger);
        row("permissive, stranger", permissive, "stranger", failed, stranger);
        row("audit, stranger", audit, "stranger", SignatureCheck::Verdict::NotChecked,
            "Signature and digest are right, but nobody vouches for the certificate; statement “all” only logs that: "
            "None "
            "of its certificates is in a trust store of statement “all”. Revocation was not checked.");
        row("strict, revocable", {}, "revocable", failed,
            "Statement “all” asks whether “CN=leaf,O=Notary,ST=WA,C=US” was revoked, and that is not checked here; it "
            "has "
            "to log or skip revocation.");
        row("strict, asks an OCSP server", {}, "ocsp", failed, "Statement “all” asks whether ");
        row("permissive, revocable", permissive, "revocable", verified, right);
        row("strict but for revocation", {.override = R"({"revocation":"skip"})"}, "revocable", verified, right);
        row("a time stamp is asked for", {.stores = R"(["ca:test","tsa:x"])"}, "", failed,
            "Statement “all” asks for a time stamp, and time stamps are not checked here.");
        row("a time stamp is asked for later",
            {.stores = R"(["ca:test","tsa:x"])", .more = R"(,"verifyTimestamp":"afterCertExpiry")"}, "", verified,
            right);
        row("later is now", {.stores = R"(["ca:test","tsa:x"])", .more = R"(,"verifyTimestamp":"afterCertExpiry")"},
            "old", failed, "Statement “all” asks for a time stamp, and time stamps are not checked here.");
        row("this identity", {.identities = R"(["x509.subject: C=US, ST=WA, O=Notary"])"}, "", verified, right);
        row("one of two",
            {.identities = R"(["x509.subject:C=DE,ST=BW,O=Notary","x509.subject:CN=leaf,O=Notary,S=WA,C=US"])"}, "",
            verified, right);
        row("another identity", {.identities = R"(["x509.subject: C=US, ST=WA, O=Notary, CN=other"])"}, "", failed,
            "“CN=leaf,O=Notary,ST=WA,C=US” is none of the identities that statement “all” trusts.");
        row("an attribute it lacks", {.identities = R"(["x509.subject: C=US, ST=WA, O=Notary, OU=Dev"])"}, "", failed,
            "“CN=leaf,O=Notary,ST=WA,C=US” is none of the identities that statement “all” trusts.");
        row("somebody's plugin", {.identities = R"(["com.example:role"])"}, "", failed,
            "“CN=leaf,O=Notary,ST=WA,C=US” is none of the identities that statement “all” trusts.");
        row("a name that says it twice", {.identities = R"(["x509.subject: C=US, ST=WA, O=Notary"])"}, "twice", failed,
            "The name has O twice, so it cannot be compared.");
        row("this repository", {.scopes = R"(["r.example/other","r.example/app"])"}, "", verified, right);
    }
    void thePolicyDecides()
    {
        QFETCH(PolicyWish, policy);
        QFETCH(QString, situation);
        QFETCH(SignatureCheck::Verdict, verdict);
        QFETCH(QString, reason);
        CertificateWish leaf;
        EnvelopeWish envelope{.time = utc(-1800)};
        QFETCH(QString, caveat);
        if (situation == QLatin1String("early"))
            envelope.time = utc(-40LL * 365 * 24 * 3600);
        if (situation == QLatin1String("expired")) {
            envelope.critical = R"(["io.cncf.notary.signingScheme","io.cncf.notary.expiry"])";
            envelope.more = R"(,"io.cncf.notary.expiry":)" + utc(-60);
        } else if (situation == QLatin1String("old")) {
            leaf.until = -60;
        } else if (situation == QLatin1String("revocable")) {
            leaf.more = {{"crlDistributionPoints", "URI:http://crl.example/x"}};
        } else if (situation == QLatin1String("ocsp")) {
            leaf.more = {{"authorityInfoAccess", "OCSP;URI:http://ocsp.example/"}};
        } else if (situation == QLatin1String("twice")) {
            leaf.subject.append(qMakePair(QByteArray("O"), QByteArray("Notary")));
        }
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate signer = makeCertificate(leaf, &root);
        const CertificateChain chain = test::chainOf({signer, root});
        const MadeCertificate authority =
            situation == QLatin1String("stranger") ? makeCertificate(CertificateWish::authority("root")) : root;
        const SignatureCheck check = checked(test::envelopeOf(envelope, signer, chain), chain, authority, policy);
        QVERIFY2(check.reason.startsWith(reason), qPrintable(check.reason));
        QCOMPARE(check.verdict, verdict);
        QCOMPARE(check.caveat.left(caveat.size()), caveat);
        QCOMPARE(check.caveat.isEmpty(), caveat.isEmpty());
        if (verdict == SignatureCheck::Verdict::Verified)
            QVERIFY(check.reason.endsWith(QLatin1String("Revocation was not checked.")));
    }

    void tooMuchIsNotRead()
    {
        const MadeCertificate leaf = makeCertificate({});
        const CertificateChain chain = test::chainOf({leaf});
        QByteArray envelope = test::envelopeOf({}, leaf, chain);
        envelope.replace(R"({"payload")", '{' + QByteArray(2 * 1024 * 1024, ' ') + R"("payload")");
        const auto store = test::storeWithImage();
        test::attachEnvelope(store, envelope, chain);
        store->clearJournal();
        const VerifyReport large = outcome(store, TrustFolder({leaf.pem}).read().value()).value();
        QCOMPARE(large.reason, QStringLiteral("The envelope is larger than the 1.0 MB that are read."));
        QVERIFY(store->journal().filter(QStringLiteral("GET blob")).isEmpty());

        QByteArrayList entries;
        oci::Descriptor entry = oci::Descriptor::of(oci::MediaType::ociManifest(), "x");
        entry.artifactType = signing::notationSignatureType().toString();
        for (int i = 0; i <= base::limits::signatures; ++i) {
            entry.digest = oci::Digest::of(QByteArray::number(i));
            entries.append(entry.toJson());
        }
        const auto many = test::storeWithImage();
        many->addManifest(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
                              entries.join(',') + "]}",
                          oci::MediaType::ociIndex(), content::referrersTag(test::image().digest));
        const VerifyReport report = outcome(many, fixtureTrust()).value();
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(report.reason.contains(QLatin1String("1000")), qPrintable(report.reason));
        QVERIFY(many->journal().filter(QStringLiteral("GET manifest sha256:")).size() <= 1);
    }

    // One that is called a signature and is larger than any manifest is not passed over.
    void aLargeManifestIsASignatureThatFailed()
    {
        for (const bool isCalledOne : {true, false}) {
            oci::Descriptor entry = oci::Descriptor::of(oci::MediaType::ociManifest(), "x");
            entry.size = base::limits::manifest + 1;
            if (isCalledOne)
                entry.artifactType = signing::notationSignatureType().toString();
            const auto store = test::storeWithImage();
            store->addManifest(
                R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
                    entry.toJson() + "]}",
                oci::MediaType::ociIndex(), content::referrersTag(test::image().digest));
            const VerifyReport report = outcome(store, fixtureTrust()).value();
            QCOMPARE(report.verdict, isCalledOne ? VerifyReport::Verdict::Failed : VerifyReport::Verdict::Unsigned);
            QVERIFY(!report.isCut); // it is about that one alone
            if (isCalledOne)
                QCOMPARE(report.reason,
                         QStringLiteral("The signature's manifest is larger than the 4.2 MB that are read."));
        }
    }

    void whatCannotBeReadIsSaid()
    {
        const QString fixture = QStringLiteral("notation-ec");
        const test::Signatures all = test::signaturesOf(fixture);
        const oci::Digest manifest = oci::Digest::of(all.manifest);
        const auto changed = test::storeOfNotation(fixture);
        changed->replaceManifest(manifest, all.manifest + ' ');
        const VerifyReport report = outcome(changed, fixtureTrust()).value();
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(report.reason.startsWith(QLatin1String("The signature's manifest cannot be read: ")),
                 qPrintable(report.reason));
        const auto gone = test::storeOfNotation(fixture);
        for (const QByteArray &blob : all.blobs)
            gone->removeBlob(oci::Digest::of(blob));
        QVERIFY(outcome(gone, fixtureTrust())->reason.startsWith(QLatin1String("The envelope cannot be read: ")));

        const auto twoLayers = test::storeWithImage();
        test::attach(twoLayers,
                     QByteArray(all.manifest).replace("\"layers\":[", "\"layers\":[" + test::image().toJson() + ','),
                     all.blobs);
        QCOMPARE(outcome(twoLayers, fixtureTrust())->reason,
                 QStringLiteral("The signature's manifest has 2 envelopes instead of one."));
        const auto otherType = test::storeWithImage();
        test::attach(otherType, QByteArray(all.manifest).replace("application/jose+json", "text/plain"), all.blobs);
        QCOMPARE(outcome(otherType, fixtureTrust())->reason,
                 QStringLiteral("The envelope is of type text/plain, which is not notation's."));

        const auto broken = test::storeOfNotation(fixture);
        base::Error network;
        network.kind = ErrorKind::Network;
        for (const char *request : {"GET manifest ", "GET blob "}) {
            broken->failNext(QLatin1String(request), network);
            const auto failed = outcome(broken, fixtureTrust());
            QVERIFY(!failed);
            QCOMPARE(failed.error().kind, ErrorKind::Network);
        }
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(outcome(broken, fixtureTrust(), stop.get_token()).error().kind, ErrorKind::Cancelled);
    }

    void aTrustStoreThatIsMissingIsAnError()
    {
        const TrustFolder folder({}, {.stores = R"(["ca:missing"])"});
        const auto failed = outcome(test::storeOfNotation(QStringLiteral("notation-ec")), folder.read().value());
        QVERIFY(!failed);
        QCOMPARE(failed.error().kind, ErrorKind::Usage);
        QVERIFY(failed.error().message.startsWith(QLatin1String("There is no trust store ")));
    }

private:
    static NotationTrust fixtureTrust()
    {
        const QString folder = test::signingData(QStringLiteral("notation-trust"));
        return NotationTrust::read(folder, folder + QStringLiteral("/trustpolicy.json")).value();
    }
};

QTEST_GUILESS_MAIN(TestNotationVerifier)
#include "tst_notationverifier.moc"
