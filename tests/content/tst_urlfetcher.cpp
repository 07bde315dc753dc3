// SPDX-License-Identifier: Apache-2.0
#include "content/urlfetcher.h"

#include <QTest>

using namespace colophon;
using content::UrlProbe;

class TestUrlFetcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void meaning_data()
    {
        QTest::addColumn<int>("verdict");
        QTest::addColumn<int>("reach");
        QTest::addColumn<QString>("meaning");
        const auto row = [](const char *name, UrlProbe::Verdict verdict, UrlProbe::Reach reach, const char *meaning) {
            QTest::newRow(name) << static_cast<int>(verdict) << static_cast<int>(reach) << QString::fromLatin1(meaning);
        };
        using Verdict = UrlProbe::Verdict;
        using Reach = UrlProbe::Reach;
        row("all may have it", Verdict::Reachable, Reach::Public, "Customers can fetch the layer here.");
        row("here only", Verdict::Reachable, Reach::Loopback,
            "It is on this machine: from elsewhere this address is another machine, or nothing.");
        row("inside only", Verdict::Reachable, Reach::Private,
            "It is in a private network: customers outside of it do not reach it.");
        row("who knows", Verdict::Reachable, Reach::Unknown, "");
        row("inside and refused", Verdict::Refused, Reach::Private,
            "It was not asked: whether customers get the layer here is not known. It is in a private network: "
            "customers outside of it do not reach it.");
        row("nobody there", Verdict::Failed, Reach::Unknown,
            "Pulls fail here: containerd and skopeo do not try another address.");
    }
    void meaning()
    {
        QFETCH(int, verdict);
        QFETCH(int, reach);
        UrlProbe probe;
        probe.verdict = static_cast<UrlProbe::Verdict>(verdict);
        probe.reach = static_cast<UrlProbe::Reach>(reach);
        QTEST(content::meaningOf(probe).join(QLatin1Char(' ')), "meaning");
    }
    // Each thing that stands in the way is a sentence of its own.
    void everythingThatIsToBeKnown()
    {
        UrlProbe probe;
        probe.verdict = UrlProbe::Verdict::Reachable;
        probe.reach = UrlProbe::Reach::Public;
        probe.isPlain = true;
        probe.answeredBy = QStringLiteral("cdn.example:8080");
        const QStringList meaning = content::meaningOf(probe);
        QCOMPARE(meaning.size(), 3);
        QVERIFY(meaning[1].contains(probe.answeredBy));
        QVERIFY(meaning[2].startsWith(QStringLiteral("It is plain http: ")));
    }
};

QTEST_GUILESS_MAIN(TestUrlFetcher)
#include "tst_urlfetcher.moc"
