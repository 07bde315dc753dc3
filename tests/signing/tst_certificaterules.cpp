// SPDX-License-Identifier: Apache-2.0
// Who may sign with a certificate and who may not: every rule broken alone, and the sentence that says so.
#include "signing/certificatepath.h"
#include "signing/certificaterules.h"
#include "signing/fixtures.h"
#include "support/certificates/certificates.h"

#include <QTest>

using namespace colophon;
using signing::CertificateChain;
using test::CertificateWish;
using test::MadeCertificate;
using test::makeCertificate;

namespace {
CertificateChain chainOf(const QList<MadeCertificate> &made)
{
    QList<QByteArray> all;
    for (const MadeCertificate &each : made)
        all.append(each.der);
    return CertificateChain::fromDer(all, QStringLiteral("the test")).value();
}

CertificateChain alone(const CertificateWish &wish) { return chainOf({makeCertificate(wish)}); }

using Extension = QPair<QByteArray, QByteArray>;

const QString subject = QStringLiteral("“CN=leaf,O=Notary,ST=WA,C=US”");
} // namespace

class TestCertificateRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aGoodLeafHasNoProblem_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        for (const char *key : {"P-256", "P-384", "P-521", "RSA-2048", "RSA-3072"})
            QTest::newRow(key) << CertificateWish{.key = key};
        QTest::newRow("no extended key usage") << CertificateWish{.purposes = ""};
        QTest::newRow("non-repudiation too") << CertificateWish{.keyUsage = "critical,digitalSignature,nonRepudiation"};
        QTest::newRow("no basic constraints") << CertificateWish{.constraints = ""};
        QTest::newRow("a common name alone") << CertificateWish{.subject = {{"CN", "leaf"}}};
        QTest::newRow("signed with SHA-384") << CertificateWish{.hash = "SHA384"};
    }
    void aGoodLeafHasNoProblem()
    {
        QFETCH(CertificateWish, wish);
        QCOMPARE(signing::chainProblems(alone(wish)), QStringList());
    }

    void eachBrokenRuleIsSaid_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        QTest::addColumn<QStringList>("sentences"); // %1: the certificate
        const auto row = [](const char *name, const CertificateWish &wish, const char *sentence) {
            QTest::newRow(name) << wish << QStringList{QString::fromUtf8(sentence)};
        };
        row("no key usage", {.keyUsage = ""}, "%1 may not sign code: it has no key usage.");
        row("key usage not critical", {.keyUsage = "digitalSignature"},
            "%1 may not sign code: its key usage is not marked critical.");
        row("key usage without digitalSignature", {.keyUsage = "critical,nonRepudiation"},
            "%1 may not sign code: its key usage lacks digitalSignature.");
        row("key usage with more", {.keyUsage = "critical,digitalSignature,keyEncipherment,keyAgreement"},
            "%1 may not sign code: its key usage must be digitalSignature alone, but has keyEncipherment, keyAgreement "
            "as "
            "well.");
        row("decipherOnly", {.keyUsage = "critical,digitalSignature,decipherOnly"},
            "%1 may not sign code: its key usage must be digitalSignature alone, but has decipherOnly as well.");
        row("serverAuth", {.purposes = "serverAuth"},
            "%1 is for TLS servers (extended key usage serverAuth), not for signing code.");
        row("clientAuth beside codeSigning", {.purposes = "codeSigning,clientAuth"},
            "%1 is for TLS clients (extended key usage clientAuth), not for signing code.");
        row("emailProtection", {.purposes = "emailProtection"},
            "%1 is for e-mail (extended key usage emailProtection), not for signing code.");
        row("timeStamping", {.purposes = "critical,timeStamping"},
            "%1 is for time stamps (extended key usage timeStamping), not for signing code.");
        row("OCSPSigning", {.purposes = "OCSPSigning"},
            "%1 is for answers about revocation (extended key usage OCSPSigning), not for signing code.");
        row("a CA", {.constraints = "critical,CA:TRUE"}, "%1 is a CA, and a CA may not sign code.");
        row("short RSA", {.key = "RSA-1024"},
            "The RSA key of %1 is of 1024 bits, which is too short: at least 2048 are needed.");
        row("odd RSA", {.key = "RSA-2560"},
            "The Notary Project has no algorithm for the key of %1: RSA of 2048, 3072 or 4096 bits, P-256, P-384 or "
            "P-521 is needed.");
        row("another curve", {.key = "secp256k1"},
            "The Notary Project has no algorithm for the key of %1: RSA of 2048, 3072 or 4096 bits, P-256, P-384 or "
            "P-521 is needed.");
        row("short curve", {.key = "P-224"},
            "The elliptic-curve key of %1 is of 224 bits, which is too short: at least 256 are needed.");
        row("SHA-1", {.hash = "SHA1"},
            "%1 is signed with SHA-1, which is not accepted: SHA-256, SHA-384 or SHA-512 is needed.");
        row("an unknown critical extension", {.more = {{"1.2.3.4", "critical,DER:0500"}}},
            "%1 has a critical extension that is not understood: 1.2.3.4.");
        row("version 1", {.version = 1},
            "%1 is an X.509 version 1 certificate, which cannot say what it may be used for: version 3 with a key "
            "usage "
            "is needed.");
        QTest::newRow("Ed25519")
            << CertificateWish{.key = "ED25519"}
            << QStringList{QStringLiteral("The key of %1 is neither RSA nor on an elliptic curve of NIST's."),
                           QStringLiteral("%1 is signed with an unknown hash, which is not accepted: "
                                          "SHA-256, SHA-384 or SHA-512 is needed.")};
        QTest::newRow("two at once") << CertificateWish{.keyUsage = "", .purposes = "serverAuth"}
                                     << QStringList{
                                            QStringLiteral("%1 may not sign code: it has no key usage."),
                                            QStringLiteral("%1 is for TLS servers (extended key usage serverAuth), not "
                                                           "for signing code.")};
    }
    void eachBrokenRuleIsSaid()
    {
        QFETCH(CertificateWish, wish);
        QFETCH(QStringList, sentences);
        for (QString &each : sentences)
            each = each.arg(subject);
        QCOMPARE(signing::chainProblems(alone(wish)), sentences);
    }

    // Made by openssl, and tried with notation-go: what it accepts has no problem here, what it refuses has this one.
    void theCertificatesOfTheFixtures_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *file, const char *sentence) {
            QTest::newRow(file) << QString::fromLatin1(file) << QString::fromUtf8(sentence);
        };
        row("bad1.crt", "“CN=bad-noku,O=x,C=US” may not sign code: it has no key usage.");
        row("bad2.crt",
            "“CN=bad-eku,O=x,C=US” is for TLS servers (extended key usage serverAuth), not for signing code.");
        row("bad3.crt", "“CN=bad-ca,O=x,C=US” is a CA, and a CA may not sign code.");
        row("good4.crt", "");
        row("bad5.crt", ""); // despite its name
        row("bad6.crt", "“CN=v1,O=x,C=US” is an X.509 version 1 certificate, which cannot say what it may be used for: "
                        "version 3 with a key usage is needed.");
        row("chain.pem", "");
        row("leaf256.crt", "The chain does not end in a self-signed root: “CN=signer,O=Acme” was issued by "
                           "“CN=test-ca,O=Notary,ST=WA,C=US”.");
    }
    void theCertificatesOfTheFixtures()
    {
        QFETCH(QString, file);
        QFETCH(QString, sentence);
        const auto chain =
            CertificateChain::fromFiles({test::signingData(QStringLiteral("notation-certificates/") + file)});
        QVERIFY2(chain, qPrintable(chain ? QString() : chain.error().text()));
        QCOMPARE(signing::chainProblems(*chain).value(0), sentence);
    }

    void aChainMustBeWhole_data()
    {
        QTest::addColumn<QString>("order"); // l leaf, i intermediate, r root, o another root
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *order, const char *sentence) {
            QTest::newRow(order) << QString::fromLatin1(order) << QString::fromUtf8(sentence);
        };
        row("lir", "");
        row("l", "The chain does not end in a self-signed root: “CN=leaf,O=Notary,ST=WA,C=US” was issued by "
                 "“CN=middle,O=Notary,ST=WA,C=US”.");
        row("li", "The chain does not end in a self-signed root: “CN=middle,O=Notary,ST=WA,C=US” was issued by "
                  "“CN=root,O=Notary,ST=WA,C=US”.");
        row("lri",
            "The certificates are not in order from leaf to root: “CN=leaf,O=Notary,ST=WA,C=US” was not issued by "
            "“CN=root,O=Notary,ST=WA,C=US”, which follows it.");
        row("ril", "The certificates are not in order from leaf to root: “CN=root,O=Notary,ST=WA,C=US” is self-signed, "
                   "but others follow it.");
        row("lirr",
            "The certificates are not in order from leaf to root: “CN=root,O=Notary,ST=WA,C=US” is self-signed, "
            "but others follow it.");
        row("lio",
            "The certificates are not in order from leaf to root: “CN=middle,O=Notary,ST=WA,C=US” was not issued "
            "by “CN=root,O=Notary,ST=WA,C=US”, which follows it.");
    }
    void aChainMustBeWhole()
    {
        QFETCH(QString, order);
        QFETCH(QString, sentence);
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate middle = makeCertificate(CertificateWish::authority("middle"), &root);
        const MadeCertificate leaf = makeCertificate({}, &middle);
        const MadeCertificate impostor = makeCertificate(CertificateWish::authority("root"));
        QList<MadeCertificate> made;
        for (const QChar c : order)
            made.append(c == u'l' ? leaf : c == u'i' ? middle : c == u'r' ? root : impostor);
        const QStringList problems = signing::chainProblems(chainOf(made));
        if (sentence.isEmpty())
            QCOMPARE(problems, QStringList());
        else
            QCOMPARE(problems.value(0), sentence);
    }

    void anAuthorityMustBeOne_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        QTest::addColumn<QStringList>("sentences");
        const CertificateWish good = CertificateWish::authority("middle");
        const auto row = [&good](const char *name, const auto &change, const QStringList &sentences) {
            CertificateWish wish = good;
            change(wish);
            QTest::newRow(name) << wish << sentences;
        };
        const QString middle = QStringLiteral("“CN=middle,O=Notary,ST=WA,C=US”");
        row("not a CA", [](CertificateWish &w) { w.constraints = "critical,CA:FALSE"; },
            {middle + QStringLiteral(" issued the one before it, but it is not a CA.")});
        row("constraints not critical", [](CertificateWish &w) { w.constraints = "CA:TRUE"; },
            {middle + QStringLiteral(" is a CA, but its basic constraints are not marked critical.")});
        row("no key usage", [](CertificateWish &w) { w.keyUsage = ""; },
            {middle + QStringLiteral(" may not issue certificates: it has no key usage.")});
        row("key usage not critical", [](CertificateWish &w) { w.keyUsage = "keyCertSign"; },
            {middle + QStringLiteral(" may not issue certificates: its key usage is not marked critical.")});
        row("no keyCertSign", [](CertificateWish &w) { w.keyUsage = "critical,digitalSignature"; },
            {middle + QStringLiteral(" may not issue certificates: its key usage lacks keyCertSign.")});
        row("short RSA", [](CertificateWish &w) { w.key = "RSA-1024"; },
            {QStringLiteral("The RSA key of %1 is of 1024 bits, which is too short: at least 2048 are needed.")
                 .arg(middle)});
        row("SHA-1", [](CertificateWish &w) { w.hash = "SHA1"; },
            {middle +
             QStringLiteral(" is signed with SHA-1, which is not accepted: SHA-256, SHA-384 or SHA-512 is needed.")});
        row("unknown critical", [](CertificateWish &w) { w.more = {{"1.2.3.4", "critical,DER:0500"}}; },
            {middle + QStringLiteral(" has a critical extension that is not understood: 1.2.3.4.")});
        row("good", [](CertificateWish &) {}, {});
    }
    void anAuthorityMustBeOne()
    {
        QFETCH(CertificateWish, wish);
        QFETCH(QStringList, sentences);
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate middle = makeCertificate(wish, &root);
        const MadeCertificate leaf = makeCertificate({}, &middle);
        QCOMPARE(signing::chainProblems(chainOf({leaf, middle, root})), sentences);
    }

    void aPathLengthIsKept()
    {
        CertificateWish wish = CertificateWish::authority("root");
        wish.constraints = "critical,CA:TRUE,pathlen:0";
        const MadeCertificate root = makeCertificate(wish);
        const MadeCertificate middle = makeCertificate(CertificateWish::authority("middle"), &root);
        QCOMPARE(signing::chainProblems(chainOf({makeCertificate({}, &middle), middle, root})),
                 QStringList{QStringLiteral("“CN=root,O=Notary,ST=WA,C=US” allows 0 CAs below it, but there are 1.")});
        QCOMPARE(signing::chainProblems(chainOf({makeCertificate({}, &root), root})), QStringList());
    }

    // Critical or not: what an authority is constrained to is kept, not passed by.
    void constraintsAreKept_data()
    {
        QTest::addColumn<QList<Extension>>("authority");
        QTest::addColumn<QByteArray>("names"); // of the leaf
        QTest::addColumn<QString>("sentence");
        const QString names =
            QStringLiteral("“%1” has a name that its issuers may not vouch for, by their name constraints.");
        const Extension mail{"nameConstraints", "critical,permitted;email:acme.example"};
        const QString subjectOf = QStringLiteral("CN=leaf,O=Notary,ST=WA,C=US");
        QTest::newRow("a permitted name") << QList{mail} << QByteArray("email:dev@acme.example") << QString();
        QTest::newRow("a name that is not permitted")
            << QList{mail} << QByteArray("email:dev@evil.example") << names.arg(QStringLiteral("dev@evil.example"));
        QTest::newRow("an excluded name")
            << QList{Extension{"nameConstraints", "critical,excluded;DNS:evil.example"}}
            << QByteArray("DNS:build.evil.example") << names.arg(QStringLiteral("build.evil.example"));
        QTest::newRow("not marked critical")
            << QList{Extension{"nameConstraints", "permitted;email:acme.example"}}
            << QByteArray("email:dev@evil.example") << names.arg(QStringLiteral("dev@evil.example"));
        QTest::newRow("a policy that is missing")
            << QList{Extension{"policyConstraints", "critical,requireExplicitPolicy:0"}} << QByteArray()
            << QStringLiteral("The issuers of “%1” ask for a certificate policy that it does not have.").arg(subjectOf);
    }
    void constraintsAreKept()
    {
        QFETCH(QList<Extension>, authority);
        QFETCH(QByteArray, names);
        QFETCH(QString, sentence);
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        CertificateWish wish = CertificateWish::authority("middle");
        wish.more = authority;
        const MadeCertificate middle = makeCertificate(wish, &root);
        const MadeCertificate leaf = makeCertificate({.names = names}, &middle);
        const CertificateChain chain = chainOf({leaf, middle, root});
        QCOMPARE(signing::chainProblems(chain), sentence.isEmpty() ? QStringList() : QStringList{sentence});
        // cosign's certificates are judged by the same.
        const auto path = signing::pathToRoots(chain.leaf(), {chain.certificates().at(1)}, {chain.certificates().at(2)},
                                               QDateTime::currentDateTimeUtc());
        QCOMPARE(path ? QString() : path.error().message, sentence);
    }

    void aChainHasAnEnd()
    {
        QCOMPARE(signing::chainProblems({}), QStringList{QStringLiteral("There is no certificate.")});
        const MadeCertificate one = makeCertificate({});
        QCOMPARE(signing::chainProblems(chainOf(QList<MadeCertificate>(17, one))),
                 QStringList{QStringLiteral("There are 17 certificates in the chain; more than 16 are not read.")});
    }

    void validityIsAskedForAMoment()
    {
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const CertificateChain chain = chainOf({makeCertificate({.from = -7200, .until = -3600}, &root), root});
        const signing::Certificate &leaf = chain.leaf();
        QCOMPARE(signing::validityProblems(chain, leaf.validUntil().addSecs(1)),
                 QStringList{QStringLiteral("%1 expired on %2 UTC.")
                                 .arg(subject, leaf.validUntil().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")))});
        // The root is newer than the leaf: at the leaf's time it was not valid yet.
        QCOMPARE(signing::validityProblems(chain, leaf.validUntil()).size(), 0);
        const QDateTime root0 = chain.certificates().at(1).validFrom();
        QCOMPARE(signing::validityProblems(chain, root0.addSecs(-1)),
                 QStringList{QStringLiteral("“CN=root,O=Notary,ST=WA,C=US” is not valid before %1 UTC.")
                                 .arg(root0.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")))});
    }
};

QTEST_GUILESS_MAIN(TestCertificateRules)
#include "tst_certificaterules.moc"
