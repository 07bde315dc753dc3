// SPDX-License-Identifier: Apache-2.0
#include "oci/platform.h"

#include <QTest>

using namespace colophon;
using oci::Platform;

class TestPlatform : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roundTrip_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text :
             {"linux/amd64", "linux/arm/v7", "windows(10.0.17763)/amd64", "windows(10.0.20348.2700)/arm64/v8"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void roundTrip()
    {
        QFETCH(QString, text);
        const auto platform = Platform::parse(text);
        QVERIFY(platform);
        QCOMPARE(platform->toString(), text);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"", "linux", "linux/", "/amd64", "linux/amd64/", "linux amd64", "windows(10.0/amd64",
                                 "windows()/amd64", "a/b/c/d", "linux/am d64"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void refuses()
    {
        QFETCH(QString, text);
        const auto platform = Platform::parse(text);
        QVERIFY(!platform);
        QCOMPARE(platform.error().kind, base::ErrorKind::Usage);
    }

    void picks_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("actual");
        QTest::addColumn<bool>("picked");
        const auto row = [](const char *typed, const char *actual, bool picked) {
            QTest::addRow("%s %s", typed, actual)
                << QString::fromLatin1(typed) << QString::fromLatin1(actual) << picked;
        };
        row("linux/amd64", "linux/amd64", true);
        row("linux/arm", "linux/arm/v7", true);
        row("linux/arm/v6", "linux/arm/v7", false);
        row("windows/amd64", "windows(10.0.17763.1)/amd64", true);
        row("windows(10.0.17763)/amd64", "windows(10.0.17763.1)/amd64", true);
        row("windows(10.0.1776)/amd64", "windows(10.0.17763.1)/amd64", false);
        row("windows(10.0.17763)/amd64", "windows(10.0.20348.1)/amd64", false);
        row("linux/amd64", "windows/amd64", false);
    }
    void picks()
    {
        QFETCH(QString, typed);
        QFETCH(QString, actual);
        QTEST(Platform::parse(typed)->picks(*Platform::parse(actual)), "picked");
    }
};

QTEST_GUILESS_MAIN(TestPlatform)
#include "tst_platform.moc"
