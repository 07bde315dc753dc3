// SPDX-License-Identifier: Apache-2.0
// Who made a signature: one of the keys, or whoever a certificate names; which is shown, but believed only where it
// leads to a root.
#include "signing/evp.h"
#include "signing/pem.h"
#include "signing/trust.h"
#include "support/await.h"
#include "support/certificates/certificates.h"

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
// As Fulcio makes them: no subject, the identity among the names, who vouched for it in an extension.
CertificateWish keylessWish()
{
    CertificateWish wish;
    wish.subject = {};
    wish.names = "email:dev@example.org";
    wish.more = {{"1.3.6.1.4.1.57264.1.8", "ASN1:UTF8String:https://accounts.example.org"}};
    return wish;
}

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

    explicit Chain(const CertificateWish &wish = keylessWish(), const QByteArray &rootName = "root")
        : root(test::makeCertificate(CertificateWish::authority(rootName)))
        , middle(test::makeCertificate(CertificateWish::authority("middle"), &root))
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
        const SignatureCheck check = checked(chain.signedBytes(), {{}, {parsed(chain.root)}, {}});
        QVERIFY2(check.verdict == Verdict::Verified, qPrintable(check.reason));
        QVERIFY(check.key.startsWith(QStringLiteral("dev@example.org · ECDSA P-256 · SHA256:")));
        QVERIFY(check.reason.endsWith(QLatin1String("leads to a trusted root; no log says when it signed.")));
    }

    void aCertificateThatMayNotIsNotBelieved_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const CertificateWish &wish, const char *says) {
            QTest::newRow(name) << wish << QString::fromLatin1(says);
        };
        CertificateWish wish = keylessWish();
        wish.purposes = "serverAuth";
        row("for servers", wish, "is for TLS servers");
        wish.purposes = {};
        row("for nothing", wish, "its extended key usage lacks codeSigning");
        wish = keylessWish();
        wish.keyUsage = "critical,keyEncipherment";
        row("may not sign", wish, "lacks digitalSignature");
        wish = keylessWish();
        wish.until = -60;
        row("expired", wish, "it is not proven that it signed before");
        wish = keylessWish();
        wish.from = 3600;
        row("not yet valid", wish, "was not valid yet");
    }
    void aCertificateThatMayNotIsNotBelieved()
    {
        QFETCH(CertificateWish, wish);
        QFETCH(QString, says);
        const Chain chain(wish);
        const SignatureCheck check = checked(chain.signedBytes(), {{}, {parsed(chain.root)}, {}});
        QCOMPARE(check.verdict, Verdict::Failed);
        QVERIFY2(check.reason.contains(says), qPrintable(check.reason));
        QVERIFY(check.key.isEmpty());
    }

    void anotherRootIsNone()
    {
        const Chain chain;
        const Chain other(keylessWish(), "another root");
        const SignatureCheck check = checked(chain.signedBytes(), {{}, {parsed(other.root)}, {}});
        QCOMPARE(check.verdict, Verdict::Failed);
        QVERIFY2(check.reason.contains(QLatin1String("does not lead to any of the trusted roots")),
                 qPrintable(check.reason));
    }

    void textFromOutsideIsMadeVisible()
    {
        CertificateWish wish = keylessWish();
        wish.more = {{"1.3.6.1.4.1.57264.1.8", "ASN1:UTF8String:https://x\x1b[31m.example"}};
        const SignatureCheck check = checked(Chain(wish).signedBytes(), {});
        QVERIFY2(!check.reason.contains(QChar(0x1b)), qPrintable(check.reason));
    }
};

QTEST_GUILESS_MAIN(TestSigningTrust)
#include "tst_signingtrust.moc"
