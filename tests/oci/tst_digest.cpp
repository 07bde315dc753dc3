// SPDX-License-Identifier: Apache-2.0
#include "oci/digest.h"

#include <QTest>

using namespace colophon;
using oci::Digest;

class TestDigest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parses()
    {
        const QString text = QStringLiteral("sha256:") + QString(64, u'a');
        const auto digest = Digest::parse(text);
        QVERIFY(digest);
        QCOMPARE(digest->toString(), text);
        QCOMPARE(digest->algorithmName(), QStringLiteral("sha256"));
        QCOMPARE(digest->hex(), QString(64, u'a'));
        QCOMPARE(digest->shortForm(), QStringLiteral("sha256:aaaaaaaaaaaa"));
        QVERIFY(Digest::parse(QStringLiteral("sha512:") + QString(128, u'0')));
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        const QString good = QString(64, u'a');
        QTest::newRow("empty") << QString();
        QTest::newRow("no colon") << good;
        QTest::newRow("no digits") << QStringLiteral("sha256:");
        QTest::newRow("63 digits") << QStringLiteral("sha256:") + good.left(63);
        QTest::newRow("65 digits") << QStringLiteral("sha256:") + good + u'a';
        QTest::newRow("upper case") << QStringLiteral("sha256:") + good.toUpper();
        QTest::newRow("upper-case name") << QStringLiteral("SHA256:") + good;
        QTest::newRow("no hex") << QStringLiteral("sha256:") + good.left(63) + u'g';
        QTest::newRow("path") << QStringLiteral("sha256:../../x");
        QTest::newRow("NUL") << QStringLiteral("sha256:") + good.left(63) + QChar(0);
        QTest::newRow("full-width digit") << QStringLiteral("sha256:") + good.left(63) + QChar(0xFF11);
        QTest::newRow("md5") << QStringLiteral("md5:") + good.left(32);
        QTest::newRow("sha512 with 64") << QStringLiteral("sha512:") + good;
        QTest::newRow("space") << QStringLiteral(" sha256:") + good;
    }
    void refuses()
    {
        QFETCH(QString, text);
        const auto digest = Digest::parse(text);
        QVERIFY(!digest);
        QCOMPARE(digest.error().kind, base::ErrorKind::InvalidData);
        QVERIFY(!digest.error().message.contains(QChar(0)));
    }

    void hashes()
    {
        QCOMPARE(Digest::of("").toString(),
                 QStringLiteral("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(Digest::of("{}").toString(),
                 QStringLiteral("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
        QVERIFY(Digest::of("abc", Digest::Algorithm::Sha512)
                    .toString()
                    .startsWith(QLatin1String("sha512:ddaf35a193617aba")));
    }

    void hashesInBlocks()
    {
        oci::Hasher hasher;
        hasher.add("{");
        hasher.add("");
        hasher.add("}");
        QCOMPARE(hasher.finish(), Digest::of("{}"));
    }

    void compares()
    {
        QVERIFY(Digest().isNull());
        QVERIFY(Digest::of("a") != Digest::of("b"));
        QVERIFY((Digest::of("a") < Digest::of("b")) == (Digest::of("a").toString() < Digest::of("b").toString()));
    }
};

QTEST_GUILESS_MAIN(TestDigest)
#include "tst_digest.moc"
