// SPDX-License-Identifier: Apache-2.0
// Names as policies write them and as certificates have them: the same where they mean the same, and nothing is
// guessed.
#include "signing/certificatename.h"
#include "signing/notationfixtures.h"

#include <QTest>

using namespace colophon;
using signing::NameMap;

class TestCertificateName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<NameMap>("name");
        const auto row = [](const char *text, const QList<std::pair<const char *, const char *>> &parts) {
            NameMap name;
            for (const auto &[type, value] : parts)
                name.insert(QString::fromUtf8(type), QString::fromUtf8(value));
            QTest::newRow(text) << QString::fromUtf8(text) << name;
        };
        row("C=US", {{"C", "US"}});
        row(" C=US, ST=WA , O=acme", {{"C", "US"}, {"ST", "WA"}, {"O", "acme"}});
        row("c=US,S=WA", {{"C", "US"}, {"ST", "WA"}});
        row("O=Müller \\+ Söhne\\, KG", {{"O", "Müller + Söhne, KG"}});
        row("O=M\\C3\\BCller", {{"O", "Müller"}});
        row("O=\\ a \\ ", {{"O", " a  "}});
        row("O=a b", {{"O", "a b"}});
        row("O=", {{"O", ""}});
        row("O=a#b", {{"O", "a#b"}});
        row("O=\\#b\\\\", {{"O", "#b\\"}});
        row("O=🙂", {{"O", "🙂"}});
        row("1.2.3=x,emailAddress=a@b.example", {{"1.2.3", "x"}, {"EMAILADDRESS", "a@b.example"}});
    }
    void namesAreRead()
    {
        QFETCH(QString, text);
        QFETCH(NameMap, name);
        const auto read = signing::parseName(text);
        QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
        QCOMPARE(*read, name);
    }

    void whatIsNoNameIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        const QString none = QStringLiteral("“%1” is no name such as “C=US, ST=WA, O=acme, CN=signer”.");
        for (const char *text : {"", "US", "C=US,", "C=US,,O=x", "=x", "C US=x", "1=x"})
            QTest::newRow(text) << QString::fromLatin1(text) << none.arg(QLatin1String(text));
        const auto row = [](const char *text, const char *message) {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromUtf8(message);
        };
        row("C=US,C=DE", "The name has C twice, so it cannot be compared.");
        row("S=a,ST=b", "The name has ST twice, so it cannot be compared.");
        row("CN=a+OU=b", "The name “CN=a+OU=b” joins attributes by +, which cannot be compared.");
        row("O=#0c0161", "In the name “O=#0c0161” there is a # without a \\ before it.");
        row("O=\"x\"", "In the name “O=\"x\"” there is a \" without a \\ before it.");
        row("O=a;C=b", "In the name “O=a;C=b” there is a ; without a \\ before it.");
        row("O=a\\", "In the name “O=a\\” a \\ has nothing behind it that it could stand for.");
        row("O=\\zz", "In the name “O=\\zz” a \\ has nothing behind it that it could stand for.");
    }
    void whatIsNoNameIsRefused()
    {
        QFETCH(QString, text);
        QFETCH(QString, message);
        const auto read = signing::parseName(text);
        QVERIFY(!read);
        QCOMPARE(read.error().kind, base::ErrorKind::InvalidData);
        QCOMPARE(read.error().message, message);
    }

    // What a certificate's own text says is read back as what is in the certificate.
    void aCertificatesTextIsItsName()
    {
        const auto made = test::makeCertificate({.subject = {{"C", "DE"},
                                                             {"ST", "Baden, Württemberg"},
                                                             {"O", " #1 <\"a\"; b+c=d\\> "},
                                                             {"CN", "x🙂"},
                                                             {"emailAddress", "a@b.example"}}});
        const auto certificate = signing::Certificate::fromDer(made.der, QStringLiteral("x")).value();
        const auto name = signing::nameMapOf(certificate.subjectAttributes());
        QVERIFY(name);
        QCOMPARE(name->size(), 5);
        QCOMPARE(name->value(QStringLiteral("O")), QStringLiteral(" #1 <\"a\"; b+c=d\\> "));
        QCOMPARE(signing::parseName(certificate.subject()).value(), *name);
    }

    void onePartIsEnough()
    {
        const NameMap whole = signing::parseName(QStringLiteral("C=US,ST=WA,O=acme,CN=x")).value();
        const auto isPart = [&whole](const char *text) {
            return signing::isPartOf(signing::parseName(QLatin1String(text)).value(), whole);
        };
        QVERIFY(isPart("O=acme,C=US"));
        QVERIFY(isPart("C=US,ST=WA,O=acme,CN=x"));
        QVERIFY(!isPart("O=acme,C=DE"));
        QVERIFY(!isPart("O=acme,OU=x"));
        QVERIFY(!isPart("O=Acme"));
    }

    void attributesThatAreJoinedCannotBeCompared()
    {
        QVERIFY(!signing::nameMapOf(
            {{QStringLiteral("CN"), QStringLiteral("a"), false}, {QStringLiteral("O"), QStringLiteral("b"), false}}));
    }
};

QTEST_GUILESS_MAIN(TestCertificateName)
#include "tst_certificatename.moc"
