// SPDX-License-Identifier: Apache-2.0
#include "items/probewords.h"

#include <QTest>

using namespace colophon;
using Verdict = content::UrlProbe::Verdict;
using Reach = content::UrlProbe::Reach;
using items::Tone;

class TestProbeWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatItMeansAndWhatToDo_data();
    void saysWhatItMeansAndWhatToDo();
    void wordsAndTones();
};

void TestProbeWords::saysWhatItMeansAndWhatToDo_data()
{
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<QString>("says");
    const qint64 unknown = -1;
    QTest::newRow("credentials") << Verdict::NeedsCredentials << unknown << QStringLiteral("take another address");
    QTest::newRow("size") << Verdict::WrongSize << qint64(5) << QStringLiteral("Save layer");
    QTest::newRow("digest") << Verdict::WrongDigest << qint64(5) << QStringLiteral("Save layer");
    QTest::newRow("not found") << Verdict::NotFound << unknown << QStringLiteral("Save layer");
    QTest::newRow("not asked") << Verdict::Refused << unknown << QStringLiteral("not asked");
    QTest::newRow("failed") << Verdict::Failed << unknown << QStringLiteral("Pulls fail here");
    QTest::newRow("no size") << Verdict::Reachable << unknown << QStringLiteral("Verify content");
}

void TestProbeWords::saysWhatItMeansAndWhatToDo()
{
    QFETCH(const Verdict, verdict);
    QFETCH(const qint64, size);
    QFETCH(const QString, says);
    content::UrlProbe probe;
    probe.verdict = verdict;
    probe.size = size;
    probe.reason = QStringLiteral("This is what was found.");
    const QString help = items::appearanceOf(probe).help;
    QVERIFY2(help.startsWith(probe.reason), qPrintable(help));
    for (const QString &sentence : content::meaningOf(probe))
        QVERIFY2(help.contains(sentence), qPrintable(help));
    QVERIFY2(help.contains(says), qPrintable(help));
    probe.reason = QStringLiteral("No. Allow it with --allow-private-urls.");
    QVERIFY2(!items::appearanceOf(probe).help.contains(QStringLiteral(" --")), "the window has no options");
}

void TestProbeWords::wordsAndTones()
{
    content::UrlProbe probe;
    probe.verdict = Verdict::Reachable;
    probe.size = 5;
    probe.reach = Reach::Public;
    QCOMPARE(items::appearanceOf(probe).word, QStringLiteral("Reachable"));
    QCOMPARE(items::appearanceOf(probe).tone, Tone::Good);
    probe.answeredBy = QStringLiteral("cdn.example");
    QCOMPARE(items::appearanceOf(probe).tone, Tone::Good); // which is how many serve them
    QVERIFY(items::appearanceOf(probe).help.contains(QStringLiteral("cdn.example")));
    probe.digest = oci::Digest::of("x");
    QCOMPARE(items::appearanceOf(probe).word, QStringLiteral("Content verified"));
    probe.isPlain = true;
    QCOMPARE(items::appearanceOf(probe).tone, Tone::Warning);
    probe.isPlain = false;
    for (const Reach reach : {Reach::Private, Reach::Loopback}) {
        probe.reach = reach;
        QCOMPARE(items::appearanceOf(probe).tone, Tone::Warning);
    }
    probe.verdict = Verdict::NotFound;
    QCOMPARE(items::appearanceOf(probe).tone, Tone::Error);
}

QTEST_GUILESS_MAIN(TestProbeWords)
#include "tst_probewords.moc"
