// SPDX-License-Identifier: Apache-2.0
#include "items/probewords.h"

#include <QTest>

using namespace colophon;
using Verdict = content::UrlProbe::Verdict;
using items::Tone;

class TestProbeWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void privateHosts_data();
    void privateHosts();
    void meanings_data();
    void meanings();
    void wordsAndTones();
};

void TestProbeWords::privateHosts_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("isPrivate");
    for (const auto *host :
         {"localhost", "x.localhost", "build.local", "store.internal", "intranet", "127.0.0.1", "10.1.2.3",
          "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.1.1", "::1", "fd00::1", "fe80::1"})
        QTest::newRow(host) << QString::fromLatin1(host) << true;
    for (const auto *host : {"dl.vendor.example", "172.32.0.1", "11.0.0.1", "8.8.8.8", "2001:4860::1", "10.example.com",
                             "fd.example.com", "local.example.com", "300.168.1.1.example"})
        QTest::newRow(host) << QString::fromLatin1(host) << false;
}

void TestProbeWords::privateHosts()
{
    QFETCH(const QString, host);
    QFETCH(const bool, isPrivate);
    QCOMPARE(items::isPrivateHost(host), isPrivate);
}

void TestProbeWords::meanings_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<int>("redirects");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<QString>("says");
    const QString good = QStringLiteral("https://dl.example/x");
    QTest::newRow("credentials") << good << Verdict::NeedsCredentials << 0 << qint64(-1)
                                 << QStringLiteral("Pulling the image fails");
    QTest::newRow("size") << good << Verdict::WrongSize << 0 << qint64(5) << QStringLiteral("Save layer");
    QTest::newRow("digest") << good << Verdict::WrongDigest << 0 << qint64(5)
                            << QStringLiteral("not what the manifest names");
    QTest::newRow("not found") << good << Verdict::NotFound << 0 << qint64(-1)
                               << QStringLiteral("until the layer's blob is put");
    QTest::newRow("not asked") << good << Verdict::Refused << 0 << qint64(-1) << QStringLiteral("did not ask");
    QTest::newRow("failed") << good << Verdict::Failed << 0 << qint64(-1) << QStringLiteral("as long as");
    QTest::newRow("redirects") << good << Verdict::Reachable << 2 << qint64(5) << QStringLiteral("redirects");
    QTest::newRow("plain http") << QStringLiteral("http://dl.example/x") << Verdict::Reachable << 0 << qint64(5)
                                << QStringLiteral("plain http");
    QTest::newRow("private") << QStringLiteral("https://10.0.0.7/x") << Verdict::Reachable << 0 << qint64(5)
                             << QStringLiteral("same network");
    QTest::newRow("no size") << good << Verdict::Reachable << 0 << qint64(-1) << QStringLiteral("Verify content");
}

void TestProbeWords::meanings()
{
    QFETCH(const QString, url);
    QFETCH(const Verdict, verdict);
    QFETCH(const int, redirects);
    QFETCH(const qint64, size);
    QFETCH(const QString, says);
    content::UrlProbe probe;
    probe.url = url;
    probe.verdict = verdict;
    probe.redirects = redirects;
    probe.size = size;
    probe.reason = QStringLiteral("It was asked.");
    const QString meaning = items::meaningOf(probe);
    QVERIFY2(meaning.startsWith(probe.reason), qPrintable(meaning));
    QVERIFY2(meaning.contains(says), qPrintable(meaning));
    QCOMPARE(items::appearanceOf(probe).help, meaning);
}

void TestProbeWords::wordsAndTones()
{
    content::UrlProbe probe;
    probe.url = QStringLiteral("https://dl.example/x");
    probe.verdict = Verdict::Reachable;
    probe.size = 5;
    QCOMPARE(items::appearanceOf(probe).word, QStringLiteral("Reachable"));
    QCOMPARE(items::appearanceOf(probe).tone, Tone::Good);
    probe.digest = oci::Digest::of("x");
    QCOMPARE(items::appearanceOf(probe).word, QStringLiteral("Content verified"));
    probe.url = QStringLiteral("HTTP://dl.example/x");
    QCOMPARE(items::appearanceOf(probe).tone, Tone::Warning);
    probe.verdict = Verdict::NotFound;
    QCOMPARE(items::appearanceOf(probe).tone, Tone::Error);
}

QTEST_GUILESS_MAIN(TestProbeWords)
#include "tst_probewords.moc"
