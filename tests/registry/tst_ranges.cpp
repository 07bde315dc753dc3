// SPDX-License-Identifier: Apache-2.0
// The fields that say which bytes.

#include "registry/ranges.h"

#include <QTest>

using namespace colophon;

class TestRanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writes()
    {
        QCOMPARE(registry::restFrom(5), QByteArray("bytes=5-"));
        QCOMPARE(registry::chunkRange(0, 10), QByteArray("0-9"));
        QCOMPARE(registry::chunkRange(68719476735, 1), QByteArray("68719476735-68719476735"));
    }

    void received_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<qint64>("received"); // -1: it does not say
        QTest::newRow("ten") << QByteArray("0-9") << qint64(10);
        QTest::newRow("with a unit") << QByteArray("bytes=0-9") << qint64(10);
        QTest::newRow("spaces") << QByteArray(" 0-9 ") << qint64(10);
        QTest::newRow("just begun") << QByteArray("0-0") << qint64(0);
        QTest::newRow("large") << QByteArray("0-68719476735") << qint64(68719476736);
        for (const char *text : {"", "0", "0-", "1-9", "0--1", "0-+1", "0-x", "0-9,12-13", "0-9999999999999999999",
                                 "0-9223372036854775807"})
            QTest::newRow(qPrintable(QStringLiteral("\"%1\"").arg(QLatin1String(text))))
                << QByteArray(text) << qint64(-1);
    }

    void received()
    {
        QFETCH(QByteArray, range);
        QTEST(registry::receivedIn(range).value_or(-1), "received");
    }

    void total_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<qint64>("total");
        QTest::newRow("said") << QByteArray("bytes 0-0/1234") << qint64(1234);
        QTest::newRow("unsatisfied") << QByteArray("bytes */1234") << qint64(1234);
        QTest::newRow("unknown") << QByteArray("bytes 0-0/*") << qint64(-1);
        QTest::newRow("no unit") << QByteArray("0-0/1234") << qint64(-1);
        QTest::newRow("negative") << QByteArray("bytes 0-0/-5") << qint64(-1);
        QTest::newRow("nothing") << QByteArray() << qint64(-1);
    }

    void total()
    {
        QFETCH(QByteArray, range);
        QTEST(registry::totalIn(range), "total");
    }
};

QTEST_GUILESS_MAIN(TestRanges)
#include "tst_ranges.moc"
