// SPDX-License-Identifier: Apache-2.0
// Who made a signature: one of the keys, or whoever a certificate names; which is shown, but believed only where it
// leads to a root.
#include "signing/evp.h"
#include "signing/keyless.h"
#include "signing/pem.h"
#include "signing/trust.h"

#include <QTest>

using namespace colophon;
using content::SignatureCheck;
using signing::Certificate;
using signing::SigningKey;
using signing::Trust;
using test::CertificateWish;
using test::MadeCertificate;
using Verdict = content::CheckVerdict;

namespace {
SigningKey keyOf(const MadeCertificate &certificate)
{
    return SigningKey::fromBytes(base::Secret(QByteArray(certificate.keyPem.constData(), certificate.keyPem.size())),
                                 {}, QStringLiteral("leaf.key"))
        .value();
}

Certificate parsed(const MadeCertificate &certificate)
{
    return Certificate::fromDer(certificate.der, QStringLiteral("test")).value();
}

struct Chain
{
    MadeCertificate root;
    MadeCertificate middle;
    MadeCertificate leaf;

    explicit Chain(const CertificateWish &wish = test::keylessWish(),
                   const CertificateWish &rootWish = CertificateWish::authority("root"),
                   const CertificateWish &middleWish = CertificateWish::authority("middle"))
        : root(test::makeCertificate(rootWish))
        , middle(test::makeCertificate(middleWish, &root))
        , leaf(test::makeCertificate(wish, &middle))
    {
    }
    signing::SignedBytes signedBytes() const
    {
        const QByteArray message = "what is signed";
        return {message, test::await(keyOf(leaf).sign(message, {})).value(), {leaf.der, middle.der}};
    }
};

SignatureCheck checked(const signing::SignedBytes &bytes, const Trust &trust)
{
    return signing::madeBy(SignatureCheck(), bytes, trust);
}

// These identities, vouched for by that chain's root.
Trust trusting(const Chain &chain, const QStringList &identities, const QStringList &issuers = {})
{
    return {{}, {parsed(chain.root)}, {}, {identities, issuers}};
}

const QString dev = QStringLiteral("dev@example.org");
} // namespace

class TestSigningTrust : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKeyIsEnough()
    {
        const Chain chain;
        const auto key = keyOf(chain.leaf).publicKey();
        SignatureCheck check = checked(chain.signedBytes(), {{key}, {}, {}});
        QCOMPARE(check.verdict, Verdict::Verified);
        QCOMPARE(check.key, key.description());
        QCOMPARE(check.algorithm, QStringLiteral("ECDSA P-256, SHA-256"));
        signing::SignedBytes without = chain.signedBytes();
        without.certificates.clear();
        check = checked(without, {{keyOf(chain.root).publicKey()}, {}, {}});
        QCOMPARE(check.verdict, Verdict::Failed);
        check = checked(without, {{}, {parsed(chain.root)}, {}});
        QCOMPARE(check.verdict, Verdict::NotChecked);
        QCOMPARE(check.reason, QStringLiteral("Not checked: it was made with a key, and none was given."));
    }

    void aCertificateWithoutRootsIsShownAlone()
    {
        const Chain chain;
        for (const QList<signing::PublicKey> &keys :
             {QList<signing::PublicKey>(), QList<signing::PublicKey>{keyOf(chain.root).publicKey()}}) {
            const SignatureCheck check = checked(chain.signedBytes(), {keys, {}, {}});
            QCOMPARE(check.verdict, Verdict::NotChecked);
            QCOMPARE(check.reason,
                     QStringLiteral("Its certificate names dev@example.org (vouched for by "
                                    "https://accounts.example.org), which was not verified against a log."));
            QVERIFY(check.key.isEmpty());
            QCOMPARE(check.certificate->identity, QStringLiteral("dev@example.org"));
            QCOMPARE(check.certificate->issuer, QStringLiteral("https://accounts.example.org"));
            QCOMPARE(check.certificate->thumbprint, parsed(chain.leaf).thumbprint());
            QVERIFY(check.certificate->validFrom < check.certificate->validUntil);
        }
    }

    void aSignatureThatIsNotTheCertificatesFails()
    {
        const Chain chain;
        signing::SignedBytes bytes = chain.signedBytes();
        bytes.message += '.';
        QCOMPARE(checked(bytes, {}).verdict, Verdict::Failed);
        QVERIFY(checked(bytes, {}).reason.startsWith(QLatin1String("The signature was not made by the key of its")));
        bytes = chain.signedBytes();
        bytes.certificates = {chain.middle.der};
        QCOMPARE(checked(bytes, {}).verdict, Verdict::Failed);
        bytes.certificates = {"no certificate"};
        QCOMPARE(checked(bytes, {}).verdict, Verdict::Failed);
        bytes = chain.signedBytes();
        bytes.certificates += QList<QByteArray>(20, chain.middle.der);
        QVERIFY(checked(bytes, {}).reason.contains(QLatin1String("22 certificates; more than 16 are not read")));
    }

    void aCertificateThatLeadsToARootIsBelieved()
    {
        const Chain chain;
        const SignatureCheck check = checked(chain.signedBytes(), trusting(chain, {dev}));
        QVERIFY2(check.verdict == Verdict::Verified, qPrintable(check.reason));
        QVERIFY(check.key.startsWith(QStringLiteral("dev@example.org · ECDSA P-256 · SHA256:")));
        QVERIFY(check.reason.endsWith(QLatin1String("leads to a trusted root; no log says when it signed.")));
    }

    // Public roots vouch for everybody: they alone verify nothing.
    void rootsAloneBelieveNobody()
    {
        const Chain chain;
        for (const QStringList &issuers :
             {QStringList(), QStringList{QStringLiteral("https://accounts.example.org")}}) {
            const SignatureCheck check = checked(chain.signedBytes(), trusting(chain, {}, issuers));
            QCOMPARE(check.verdict, Verdict::NotChecked);
            QCOMPARE(check.reason,
                     QStringLiteral("Signed by a certificate these roots vouch for: dev@example.org (vouched for by "
                                    "https://accounts.example.org). Not verified, because nobody is named who may "
                                    "sign, and they may vouch for anybody."));
            QVERIFY(check.key.isEmpty());
        }
        // Whoever means that says so, and is told what it means.
        const SignatureCheck check = checked(chain.signedBytes(), trusting(chain, {QStringLiteral("*")}));
        QCOMPARE(check.verdict, Verdict::Verified);
        QVERIFY2(check.reason.contains(QLatin1String("for: dev@example.org")) &&
                     check.reason.contains(QLatin1String("Anybody they vouch for passes")),
                 qPrintable(check.reason));
    }

    void whoSignedIsComparedLetterByLetter_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        QTest::addColumn<QStringList>("identities");
        QTest::addColumn<QStringList>("issuers");
        QTest::addColumn<QString>("matched"); // empty: refused
        CertificateWish wish = test::keylessWish();
        const auto row = [&wish](const char *name, const QStringList &identities, const QStringList &issuers,
                                 const char *matched) {
            QTest::newRow(name) << wish << identities << issuers << QString::fromLatin1(matched);
        };
        const QString other = QStringLiteral("other@example.org");
        const QString provider = QStringLiteral("https://accounts.example.org");
        row("its mail address", {dev}, {}, "dev@example.org");
        row("one of several", {other, dev}, {}, "dev@example.org");
        row("another", {other}, {}, "");
        row("other case", {dev.toUpper()}, {}, "");
        row("a part", {QStringLiteral("dev@example.or")}, {}, "");
        row("a longer one", {dev + QLatin1Char('x')}, {}, "");
        row("no pattern", {QStringLiteral("*@example.org")}, {}, "");
        row("nothing", {QString()}, {}, "");
        row("with its provider", {dev}, {provider}, "dev@example.org");
        row("with one of several providers", {dev}, {QStringLiteral("https://x"), provider}, "dev@example.org");
        row("with another provider", {dev}, {QStringLiteral("https://evil.example")}, "");
        row("with its authority instead of the provider", {dev}, {QStringLiteral("CN=middle,O=Notary,ST=WA,C=US")}, "");
        row("anybody of its provider", {QStringLiteral("*")}, {provider}, "dev@example.org");
        row("anybody of another", {QStringLiteral("*")}, {QStringLiteral("https://evil.example")}, "");
        wish.names = "email:dev@example.org,URI:https://git.example/w.yml@refs/tags/v1,DNS:build.example.org";
        row("a URI", {QStringLiteral("https://git.example/w.yml@refs/tags/v1")}, {},
            "https://git.example/w.yml@refs/tags/v1");
        row("a host name", {QStringLiteral("build.example.org")}, {}, "build.example.org");
        wish.subject = {{"O", "Acme"}, {"CN", "other@example.org"}};
        row("a common name beside other names", {other}, {}, "");
        row("a subject beside other names", {QStringLiteral("CN=other@example.org,O=Acme")}, {}, "");
        wish.names = {};
        wish.more = {};
        row("an address for a common name", {other}, {}, "");
        row("a subject alone", {QStringLiteral("CN=other@example.org,O=Acme")}, {}, "CN=other@example.org,O=Acme");
        row("a part of the subject", {QStringLiteral("Acme")}, {}, "");
        wish.subject = {{"O", "Acme"}, {"CN", "https://git.example/w.yml"}};
        row("a URI for a common name", {QStringLiteral("https://git.example/w.yml")}, {}, "");
        const QString releases = QStringLiteral("Acme Releases");
        wish.subject = {{"O", "Acme"}, {"CN", "Acme Releases"}};
        row("a common name alone", {releases}, {}, "Acme Releases");
        row("its authority", {releases}, {QStringLiteral("CN=middle,O=Notary,ST=WA,C=US")}, "Acme Releases");
        row("another authority", {releases}, {QStringLiteral("CN=other,O=Notary,ST=WA,C=US")}, "");
        wish.names = "IP:192.0.2.1";
        row("a common name beside a name that is not shown", {releases}, {}, "");
        wish.names = {};
        wish.subject = {{"CN", "Acme Releases"}, {"CN", "Acme"}};
        row("one of two common names", {releases}, {}, "");
    }
    void whoSignedIsComparedLetterByLetter()
    {
        QFETCH(CertificateWish, wish);
        QFETCH(QStringList, identities);
        QFETCH(QStringList, issuers);
        QFETCH(QString, matched);
        const Chain chain(wish);
        const SignatureCheck check = checked(chain.signedBytes(), trusting(chain, identities, issuers));
        if (matched.isEmpty()) {
            QCOMPARE(check.verdict, Verdict::Failed);
            QVERIFY2(check.reason.startsWith(QLatin1String("Signed by a certificate these roots vouch for, but not of "
                                                           "one who may sign: ")),
                     qPrintable(check.reason));
            QVERIFY(check.key.isEmpty());
            return;
        }
        QVERIFY2(check.verdict == Verdict::Verified, qPrintable(check.reason));
        QCOMPARE(check.certificate->identity, matched);
        QVERIFY2(check.key.startsWith(matched + QStringLiteral(" · ")), qPrintable(check.key));
    }

    void asWrittenByBelievesNoOtherWay()
    {
        const auto key = SigningKey::fromBytes(
            base::Secret(test::makeCertificate(CertificateWish{.key = "P-384"}).keyPem), {}, QStringLiteral("k"));
        const QByteArray message = "what is signed";
        for (const auto hash : {signing::HashKind::Sha256, signing::HashKind::Sha384}) {
            const signing::SignedBytes bytes{message, test::await(key->signAs({hash}, message, {})).value(), {}};
            const bool isOurs = hash == signing::HashKind::Sha256;
            QCOMPARE(signing::isBelieved(bytes, Trust::asWrittenBy(key->publicKey())), isOurs);
            QCOMPARE(checked(bytes, Trust::asWrittenBy(key->publicKey())).verdict,
                     isOurs ? Verdict::Verified : Verdict::Failed);
            QVERIFY(signing::isBelieved(bytes, {{key->publicKey()}, {}}));
        }
    }

    void aCertificateThatMayNotIsNotBelieved_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const CertificateWish &wish, const char *says) {
            QTest::newRow(name) << wish << QString::fromLatin1(says);
        };
        CertificateWish wish = test::keylessWish();
        wish.purposes = "serverAuth";
        row("for servers", wish, "is for TLS servers");
        wish.purposes = {};
        row("for nothing", wish, "its extended key usage lacks codeSigning");
        wish = test::keylessWish();
        wish.keyUsage = "critical,keyEncipherment";
        row("may not sign", wish, "lacks digitalSignature");
        wish = test::keylessWish();
        wish.until = -60;
        row("expired", wish, "it is not proven that it signed before");
        wish = test::keylessWish();
        wish.from = 3600;
        row("not yet valid", wish, "was not valid yet");
    }
    void aCertificateThatMayNotIsNotBelieved()
    {
        QFETCH(CertificateWish, wish);
        QFETCH(QString, says);
        const Chain chain(wish);
        const SignatureCheck check = checked(chain.signedBytes(), trusting(chain, {dev}));
        QCOMPARE(check.verdict, Verdict::Failed);
        QVERIFY2(check.reason.contains(says), qPrintable(check.reason));
        QVERIFY(check.key.isEmpty());
    }

    // An authority that is there for servers, say, vouches for no code, whatever it issues.
    void anAuthorityVouchesForItsPurposesAlone_data()
    {
        QTest::addColumn<QByteArray>("root");
        QTest::addColumn<QByteArray>("middle");
        QTest::addColumn<QString>("who"); // empty: believed
        const auto row = [](const char *name, const char *root, const char *middle, const char *who) {
            QTest::newRow(name) << QByteArray(root) << QByteArray(middle) << QString::fromLatin1(who);
        };
        row("any", "", "", "");
        row("an authority for code", "", "codeSigning", "");
        row("for code and servers", "serverAuth,codeSigning", "serverAuth,codeSigning", "");
        row("for anything that is", "anyExtendedKeyUsage", "serverAuth,anyExtendedKeyUsage", "");
        row("an authority for servers", "", "serverAuth", "CN=middle,O=Notary,ST=WA,C=US");
        row("an authority for time stamps", "codeSigning", "timeStamping", "CN=middle,O=Notary,ST=WA,C=US");
        row("a root for servers", "serverAuth", "codeSigning", "CN=root,O=Notary,ST=WA,C=US");
    }
    void anAuthorityVouchesForItsPurposesAlone()
    {
        QFETCH(QByteArray, root);
        QFETCH(QByteArray, middle);
        QFETCH(QString, who);
        CertificateWish rootWish = CertificateWish::authority("root");
        rootWish.purposes = root;
        CertificateWish middleWish = CertificateWish::authority("middle");
        middleWish.purposes = middle;
        const Chain chain(test::keylessWish(), rootWish, middleWish);
        const SignatureCheck check = checked(chain.signedBytes(), trusting(chain, {dev}));
        QVERIFY2((check.verdict == Verdict::Verified) == who.isEmpty(), qPrintable(check.reason));
        if (who.isEmpty())
            return;
        QCOMPARE(check.verdict, Verdict::Failed);
        QCOMPARE(check.reason,
                 QStringLiteral("“%1” may not issue certificates that sign code: its extended key usage lacks "
                                "codeSigning.")
                     .arg(who));
        QVERIFY(check.key.isEmpty());
    }

    void anotherRootIsNone()
    {
        const Chain chain;
        const Chain other(test::keylessWish(), CertificateWish::authority("another root"));
        const SignatureCheck check = checked(chain.signedBytes(), {{}, {parsed(other.root)}, {}});
        QCOMPARE(check.verdict, Verdict::Failed);
        QVERIFY2(check.reason.contains(QLatin1String("does not lead to any of the trusted roots")),
                 qPrintable(check.reason));
    }

    void textFromOutsideIsMadeVisible()
    {
        CertificateWish wish = test::keylessWish();
        wish.more = {{"1.3.6.1.4.1.57264.1.8", "ASN1:UTF8String:https://x\x1b[31m.example"}};
        const SignatureCheck check = checked(Chain(wish).signedBytes(), {});
        QVERIFY2(!check.reason.contains(QChar(0x1b)), qPrintable(check.reason));
    }
};

QTEST_GUILESS_MAIN(TestSigningTrust)
#include "tst_signingtrust.moc"
