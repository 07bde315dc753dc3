// SPDX-License-Identifier: Apache-2.0
#include "content/certificates.h"

#include <QTest>

using namespace colophon;
using content::CertificateException;

namespace {
const QString hex = QStringLiteral("a1").repeated(32);
const QString shown = QStringLiteral("SHA256:") + QStringLiteral("A1:").repeated(31) + QStringLiteral("A1");
} // namespace

class TestCertificates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsFingerprints_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isOne");
        QTest::newRow("as shown") << shown << true;
        QTest::newRow("digits") << hex << true;
        QTest::newRow("upper case") << hex.toUpper() << true;
        QTest::newRow("lower-case word") << QStringLiteral("sha256:") + hex << true;
        QTest::newRow("colons alone") << shown.mid(7) << true;
        QTest::newRow("short") << hex.mid(2) << false;
        QTest::newRow("other letters") << hex.chopped(1) + u'g' << false;
        QTest::newRow("SHA-1") << QStringLiteral("SHA1:") + hex.left(40) << false;
        QTest::newRow("nothing") << QString() << false;
    }

    void readsFingerprints()
    {
        QFETCH(QString, text);
        QFETCH(bool, isOne);
        const auto fingerprint = content::fingerprintIn(text);
        QCOMPARE(fingerprint.has_value(), isOne);
        if (isOne)
            QCOMPARE(content::fingerprintText(*fingerprint), shown);
        else
            QCOMPARE(fingerprint.error().kind, base::ErrorKind::Usage);
    }

    void readsExceptions_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("server"); // empty: refused
        const QString tail = u'=' + shown;
        QTest::newRow("host") << QStringLiteral("Registry.Example") + tail << QStringLiteral("registry.example:443");
        QTest::newRow("port") << QStringLiteral("localhost:5000") + tail << QStringLiteral("localhost:5000");
        QTest::newRow("IPv6") << QStringLiteral("[::1]:5000") + tail << QStringLiteral("[::1]:5000");
        QTest::newRow("other script") << QStringLiteral("bücher.example") + tail
                                      << QStringLiteral("xn--bcher-kva.example:443");
        for (const char *wrong : {"", "=", "a/b", "u@a", "https://a", "*"}) {
            const QString text = QString::fromLatin1(wrong);
            QTest::newRow(qPrintable(u'"' + text)) << text + (text.contains(u'=') ? QString() : tail) << QString();
        }
        QTest::newRow("no fingerprint") << QStringLiteral("registry.example=SHA256:") << QString();
        QTest::newRow("no equals sign") << QStringLiteral("registry.example ") + shown << QString();
    }

    void readsExceptions()
    {
        QFETCH(QString, text);
        QFETCH(QString, server);
        const auto exception = CertificateException::parse(text);
        QCOMPARE(exception ? exception->server() : QString(), server);
        if (!exception) {
            QCOMPARE(exception.error().kind, base::ErrorKind::Usage);
            QVERIFY(!exception.error().hint.isEmpty());
            return;
        }
        const auto again = CertificateException::parse(exception->toString());
        QVERIFY(again);
        QCOMPARE(*again, *exception);
    }
};

QTEST_GUILESS_MAIN(TestCertificates)
#include "tst_certificates.moc"
