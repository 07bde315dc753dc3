// SPDX-License-Identifier: Apache-2.0
// What a certificate says, read from real and from made ones; and what is none is refused.
#include "signing/certificatechain.h"
#include "signing/certificatepath.h"
#include "signing/fixtures.h"
#include "support/certificates/certificates.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using signing::Certificate;
using signing::CertificateChain;
using test::CertificateWish;
using test::MadeCertificate;
using test::makeCertificate;

namespace {
Certificate read(const MadeCertificate &made)
{
    return Certificate::fromDer(made.der, QStringLiteral("the test")).value();
}
} // namespace

class TestCertificate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCertificateSaysWhoseItIs()
    {
        const MadeCertificate made = makeCertificate(
            {.subject = {{"C", "DE"}, {"ST", "Baden, Württemberg"}, {"O", "Müller + Söhne"}, {"CN", " x"}},
             .names = "email:dev@acme.example,URI:https://ci.example/job/1,DNS:acme.example"});
        const Certificate certificate = read(made);
        QCOMPARE(certificate.subject(), QStringLiteral("CN=\\ x,O=Müller \\+ Söhne,ST=Baden\\, Württemberg,C=DE"));
        QCOMPARE(certificate.issuer(), certificate.subject());
        QCOMPARE(certificate.identity().names,
                 (QStringList{QStringLiteral("dev@acme.example"), QStringLiteral("https://ci.example/job/1"),
                              QStringLiteral("acme.example")}));
        QCOMPARE(certificate.identity().shortForm(), QStringLiteral("dev@acme.example"));
        QCOMPARE(certificate.identity().oidcIssuer, QString());
        QCOMPARE(certificate.subjectAttributes().at(1),
                 (signing::NameAttribute{QStringLiteral("ST"), QStringLiteral("Baden, Württemberg"), true}));
        QCOMPARE(certificate.thumbprint(), oci::Digest::of(made.der).hex());
        QCOMPARE(certificate.version(), 3);
        QVERIFY(certificate.isSelfSigned());
        QCOMPARE(certificate.publicKey()->algorithm(), QStringLiteral("ECDSA P-256"));
    }

    void whoVouchedToFulcioIsRead_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        // As Fulcio has written it since 2022, and as before: "https://accounts.example".
        const QByteArray old = "DER:" + QByteArray("https://old.example").toHex(':');
        const QByteArray now = "ASN1:UTF8String:https://accounts.example";
        QTest::newRow("new") << CertificateWish{.more = {{"1.3.6.1.4.1.57264.1.8", now}}};
        QTest::newRow("both") << CertificateWish{
            .more = {{"1.3.6.1.4.1.57264.1.1", old}, {"1.3.6.1.4.1.57264.1.8", now}}};
        QTest::newRow("old") << CertificateWish{
            .more = {{"1.3.6.1.4.1.57264.1.1", "DER:" + QByteArray("https://accounts.example").toHex(':')}}};
    }
    void whoVouchedToFulcioIsRead()
    {
        QFETCH(CertificateWish, wish);
        wish.subject.clear();
        wish.names = "otherName:1.3.6.1.4.1.57264.1.7;UTF8:somebody!example";
        const Certificate certificate = read(makeCertificate(wish));
        QCOMPARE(certificate.identity().oidcIssuer, QStringLiteral("https://accounts.example"));
        QCOMPARE(certificate.subject(), QString());
        QCOMPARE(certificate.identity().shortForm(), QStringLiteral("somebody!example"));
    }

    void theIssuersNameIsNotEnough()
    {
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate impostor = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate leaf = makeCertificate({}, &root);
        QVERIFY(read(leaf).isIssuedBy(read(root)));
        QVERIFY(!read(leaf).isIssuedBy(read(impostor)));
        QVERIFY(!read(leaf).isSelfSigned());
        QVERIFY(!read(root).isIssuedBy(read(leaf)));
    }

    void whatIsNoCertificateIsRefused_data()
    {
        QTest::addColumn<QByteArray>("der");
        const QByteArray good = makeCertificate({}).der;
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("text") << QByteArray("hello");
        QTest::newRow("cut off") << good.chopped(1);
        QTest::newRow("something behind it") << good + '\0';
        QTest::newRow("an extension twice")
            << makeCertificate({.more = {{"keyUsage", "critical,digitalSignature"}}}).der;
    }
    void whatIsNoCertificateIsRefused()
    {
        QFETCH(QByteArray, der);
        const auto certificate = Certificate::fromDer(der, QStringLiteral("x.crt"));
        QVERIFY(!certificate);
        QCOMPARE(certificate.error().kind, ErrorKind::InvalidData);
        QCOMPARE(certificate.error().message, QStringLiteral("x.crt is no X.509 certificate, or it is damaged."));
    }

    void chainsComeFromFiles()
    {
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate leaf = makeCertificate({}, &root);
        QTemporaryDir folder;
        const auto file = [&folder](const char *name, const QByteArray &bytes) {
            QFile out(folder.filePath(QLatin1String(name)));
            if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
                qFatal("cannot write");
            return out.fileName();
        };
        const QString chain = file("chain.pem", "Subject: x\n" + leaf.pem + leaf.keyPem + "\n# the root\n" + root.pem);
        const auto both = CertificateChain::fromFiles({chain});
        QVERIFY2(both, qPrintable(both ? QString() : both.error().text()));
        QCOMPARE(both->certificates(), (QList<Certificate>{read(leaf), read(root)}));
        const auto apart = CertificateChain::fromFiles({file("leaf.der", leaf.der), file("root.pem", root.pem)});
        QVERIFY(apart);
        QCOMPARE(*apart, *both);
        QCOMPARE(CertificateChain::fromPem(both->toPem(), {}).value(), *both);

        const auto errorOf = [](const QString &path) {
            const auto read = CertificateChain::fromFiles({path});
            return read ? QString() : read.error().message;
        };
        QCOMPARE(errorOf(file("key.pem", leaf.keyPem)), QStringLiteral("There is no certificate in key.pem."));
        QCOMPARE(errorOf(file("cut.pem", leaf.pem + root.pem.chopped(40))),
                 QStringLiteral("cut.pem is damaged: a PEM block in it cannot be read."));
        QCOMPARE(errorOf(file("many.pem", leaf.pem.repeated(1001))),
                 QStringLiteral("There are more than 1000 certificates in many.pem."));
        QVERIFY(errorOf(file("large.pem", QByteArray(1024 * 1024 + 1, ' '))).contains(QLatin1String("is larger than")));
        QVERIFY(errorOf(folder.path()).endsWith(QLatin1String(" is not a file.")));
        QVERIFY(errorOf(folder.filePath(QStringLiteral("none"))).startsWith(QLatin1String("There is no file ")));
    }

    void aHeapIsPutInOrder()
    {
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate middle = makeCertificate(CertificateWish::authority("middle"), &root);
        const MadeCertificate leaf = makeCertificate({}, &middle);
        const MadeCertificate other = makeCertificate(CertificateWish::authority("root"));
        const CertificateChain right({read(leaf), read(middle), read(root)});
        QCOMPARE(CertificateChain({read(leaf), read(other), read(root), read(middle), read(root)}).inOrder(), right);
        QCOMPARE(right.inOrder(), right);
        QCOMPARE(CertificateChain({read(leaf), read(root)}).inOrder(), CertificateChain({read(leaf)}));
        QCOMPARE(CertificateChain({read(root), read(leaf)}).inOrder(), CertificateChain({read(root)}));
        QCOMPARE(CertificateChain().inOrder(), CertificateChain());
    }

    void aPathLeadsToARoot_data()
    {
        QTest::addColumn<CertificateWish>("middle");
        QTest::addColumn<CertificateWish>("leaf");
        QTest::addColumn<QString>(
            "roots");                     // r root, o another of its name, l of another name, i the intermediate itself
        QTest::addColumn<qint64>("when"); // seconds from now
        QTest::addColumn<QString>("reason");
        const CertificateWish good = CertificateWish::authority("middle");
        CertificateWish noAuthority = good;
        noAuthority.constraints = "critical,CA:FALSE";
        CertificateWish noConstraints = good;
        noConstraints.constraints = "";
        CertificateWish sha1 = good;
        sha1.hash = "SHA1";
        CertificateWish brief = good;
        brief.until = 3600;
        const qint64 now = 0;
        const auto row = [](const char *name, const CertificateWish &middle, const CertificateWish &leaf,
                            const char *roots, qint64 when, const char *reason) {
            QTest::newRow(name) << middle << leaf << QString::fromLatin1(roots) << when << QString::fromUtf8(reason);
        };
        row("good", good, {}, "r", now, "");
        row("good among others", good, {}, "ro", now, "");
        row("the same root twice", good, {}, "rr", now, "");
        row("an intermediate is the root", good, {}, "i", now, "");
        row("another root of its name", good, {}, "o", now,
            "“CN=middle,O=Notary,ST=WA,C=US” is not signed by the one that is named as its issuer.");
        row("another root", good, {}, "l", now,
            "“CN=middle,O=Notary,ST=WA,C=US” does not lead to any of the trusted roots.");
        row("no root", good, {}, "", now, "“CN=middle,O=Notary,ST=WA,C=US” does not lead to any of the trusted roots.");
        row("expired", good, {.until = 10}, "r", 20, "“CN=leaf,O=Notary,ST=WA,C=US” was expired at ");
        row("not yet", good, {.from = 10}, "r", now, "“CN=leaf,O=Notary,ST=WA,C=US” was not valid yet at ");
        row("an expired intermediate", brief, {}, "r", 7200, "“CN=middle,O=Notary,ST=WA,C=US” was expired at ");
        row("not a CA", noAuthority, {}, "r", now,
            "“CN=middle,O=Notary,ST=WA,C=US” issued another one, but it is not a CA.");
        row("no basic constraints", noConstraints, {}, "r", now,
            "“CN=middle,O=Notary,ST=WA,C=US” issued another one, but it is not a CA.");
        row("SHA-1", sha1, {}, "r", now, "“CN=middle,O=Notary,ST=WA,C=US” is signed with a hash that can be forged");
        row("a short key", good, {.key = "RSA-1024"}, "r", now,
            "The key of “CN=leaf,O=Notary,ST=WA,C=US” is too short.");
        row("an unknown critical extension", good, {.more = {{"1.2.3.4", "critical,DER:0500"}}}, "r", now,
            "“CN=leaf,O=Notary,ST=WA,C=US” is not accepted: unhandled critical extension.");
    }
    void aPathLeadsToARoot()
    {
        QFETCH(CertificateWish, middle);
        QFETCH(CertificateWish, leaf);
        QFETCH(QString, roots);
        QFETCH(qint64, when);
        QFETCH(QString, reason);
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate between = makeCertificate(middle, &root);
        const MadeCertificate end = makeCertificate(leaf, &between);
        const MadeCertificate other = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate alien = makeCertificate(CertificateWish::authority("alien"));
        QList<Certificate> trusted;
        for (const QChar c : roots)
            trusted.append(read(c == u'r' ? root : c == u'i' ? between : c == u'o' ? other : alien));
        const auto path =
            signing::pathToRoots(read(end), {read(between)}, trusted, QDateTime::currentDateTimeUtc().addSecs(when));
        if (reason.isEmpty()) {
            QVERIFY2(path, qPrintable(path ? QString() : path.error().message));
            const CertificateChain whole({read(end), read(between), read(root)});
            const CertificateChain part({read(end), read(between)});
            QCOMPARE(*path, roots == QLatin1String("i") ? part : whole);
        } else {
            QVERIFY(!path);
            QCOMPARE(path.error().kind, ErrorKind::CheckFailed);
            QVERIFY2(path.error().message.startsWith(reason), qPrintable(path.error().message));
        }
    }
};

QTEST_GUILESS_MAIN(TestCertificate)
#include "tst_certificate.moc"
