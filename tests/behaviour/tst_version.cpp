// SPDX-License-Identifier: Apache-2.0
#include "behaviour/version.h"

#include <QTest>

using colophon::behaviour::Version;

class TestVersion : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void compares_data()
    {
        QTest::addColumn<QString>("smaller");
        QTest::addColumn<QString>("greater");
        QTest::newRow("number by number") << "0.9" << "0.10";
        QTest::newRow("longer is later") << "28" << "28.0.1";
        QTest::newRow("first counts most") << "2.9.9" << "10.0";
        QTest::newRow("years are numbers") << "1.13" << "17.06";
        QTest::newRow("last number") << "0.21.5" << "0.21.6";
    }
    void compares()
    {
        QFETCH(QString, smaller);
        QFETCH(QString, greater);
        const auto a = Version::read(smaller);
        const auto b = Version::read(greater);
        QVERIFY(a && b);
        QVERIFY(*a < *b);
        QVERIFY(!(*b < *a));
        QVERIFY(*a != *b);
    }
    void theNextBeginsInAnotherWay()
    {
        QCOMPARE(Version::read(u"4")->next().toString(), QStringLiteral("5"));
        QCOMPARE(Version::read(u"4.9")->next().toString(), QStringLiteral("4.10"));
        QVERIFY(Version().next() == Version());
    }
    void zerosAtTheEndAreNothing() { QVERIFY(*Version::read(u"28") == *Version::read(u"28.0.0")); }
    void reads_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("read");
        QTest::newRow("plain") << "1.6.20" << "1.6.20";
        QTest::newRow("with a v") << "v0.22.1" << "0.22.1";
        QTest::newRow("of Debian") << "1.6.20~ds1" << "1.6.20";
        QTest::newRow("with a build") << "29.0.0 (moby v2.0.0-beta.24)" << "29.0.0";
        QTest::newRow("with a point at the end") << "28." << "28";
        QTest::newRow("not a number") << "latest" << "";
        QTest::newRow("empty") << "" << "";
        QTest::newRow("longer than a number") << "123456789012" << "12345678";
        QTest::newRow("digits of other scripts") << QStringLiteral("٢٨") << "";
    }
    void reads()
    {
        QFETCH(QString, text);
        QFETCH(QString, read);
        const auto version = Version::read(text);
        QCOMPARE(version ? version->toString() : QString(), read);
    }
    void strictlyTakesNumbersAlone()
    {
        QVERIFY(Version::readStrictly(u"1.6.20"));
        for (const char16_t *text : {u"v1", u"1.", u"1.6~", u"", u"1 ", u"1.2.3.4.5.6.7.8.9", u"123456789"})
            QVERIFY2(!Version::readStrictly(QStringView(text)), qPrintable(QString::fromUtf16(text)));
    }
};

QTEST_GUILESS_MAIN(TestVersion)
#include "tst_version.moc"
