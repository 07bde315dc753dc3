// SPDX-License-Identifier: Apache-2.0
#include "registry/retryafter.h"

#include <QTest>

using colophon::registry::retryAfter;

class TestRetryAfter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<qint64>("seconds"); // -1: none
        const auto row = [](const QByteArray &field, qint64 seconds) {
            QTest::newRow(field.isEmpty() ? "empty" : field.constData()) << field << seconds;
        };
        row("0", 0);
        row("120", 120);
        row(" 7 ", 7);
        row("99999999999999999999", 999'999'999);
        // Now is Sun, 06 Nov 1994 08:49:37 GMT.
        row("Sun, 06 Nov 1994 08:50:37 GMT", 60);
        row("Sunday, 06-Nov-94 08:50:37 GMT", 60);
        row("Sunday, 06-Nov-24 08:49:37 GMT", 946'771'200); // of this century
        row("Sun Nov  6 08:50:37 1994", 60);
        row("Sun, 06 Nov 1994 08:49:30 GMT", 0);
        row("Wed, 21 Oct 1970 07:28:00 GMT", 0);
        row("", -1);
        row("-1", -1);
        row("1.5", -1);
        row("1e3", -1);
        row("soon", -1);
        row("Sun, 06 Nov 1994 08:50:37", -1);
        row("Sun, 06 Nov 1994 08:50:37 CET", -1);
        row("Sun, 36 Nov 1994 08:50:37 GMT", -1);
        row("So, 06 Novembre 1994 08:50:37 GMT", -1);
        row(QByteArray(10'000, '1'), -1);
        row("120, 240", -1);
    }

    void reads()
    {
        QFETCH(QByteArray, field);
        QFETCH(qint64, seconds);
        const QDateTime now(QDate(1994, 11, 6), QTime(8, 49, 37), Qt::UTC);
        const auto wait = retryAfter(field, now);
        QCOMPARE(wait ? wait->count() : -1, seconds);
    }

    // Whatever the language of this computer, dates in answers are English.
    void dependsOnNoLanguage()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German));
        const QDateTime now(QDate(2026, 5, 3), QTime(0, 0), Qt::UTC);
        const auto wait = retryAfter("Sun, 03 May 2026 00:00:05 GMT", now);
        QLocale::setDefault(before);
        QVERIFY(wait);
        QCOMPARE(wait->count(), 5);
    }
};

QTEST_GUILESS_MAIN(TestRetryAfter)
#include "tst_retryafter.moc"
