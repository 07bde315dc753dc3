// SPDX-License-Identifier: Apache-2.0
#include "pushfixture.h"

#include <QSignalSpy>

using namespace colophon;
using namespace colophon::transfer;
using base::ErrorKind;
using test::layerPath;

class TestPreparePush : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { fixture = std::make_unique<test::PushFixture>(); }

    void asksWithoutChanging()
    {
        fixture->addIndexedImage();
        fixture->open();
        fixture->mark(layerPath({0}, 0), true, {fixture->address});
        const PushPlan plan = fixture->prepare();
        QCOMPARE(plan.tagBefore, fixture->before());
        const QStringList journal = fixture->from->journal();
        QVERIFY(
            std::ranges::all_of(journal, [](const QString &line) { return line.startsWith(QStringLiteral("HEAD ")); }));
        // The layer that leaves the image is not asked for, every other blob once.
        QCOMPARE(journal.filter(QStringLiteral("HEAD blob")).size(), 3 + 3);
        QVERIFY(!journal.contains(QLatin1String("HEAD blob ") + fixture->layerDigest(layerPath({0}, 0)).toString()));
        QCOMPARE(journal.filter(QStringLiteral("HEAD manifest")).size(), 1 + 4);
        QCOMPARE(fixture->from->tagged(QStringLiteral("1.4")), fixture->before());
        QVERIFY(fixture->urls->journal().isEmpty());
    }
    void adviceStandsWithTheFindings()
    {
        fixture->addIndexedImage();
        fixture->open();
        fixture->mark(layerPath({0}, 0), true, {fixture->address});
        document::Finding advice;
        advice.severity = document::Finding::Severity::Warn;
        advice.message = QStringLiteral("A registry that sends nothing.");
        int asked = 0;
        fixture->request.advise = [&](const content::ServerFields &fields) {
            asked += fields.isEmpty() ? 1 : 0; // a store in memory says nothing of itself
            return QList<document::Finding>{advice};
        };
        const PushPlan plan = fixture->prepare();
        QCOMPARE(asked, 1);
        QCOMPARE(plan.findings.size(), document::findingsOf(plan.request.original, plan.request.derived).size() + 1);
        QVERIFY(plan.findings.contains(advice));
        QVERIFY(std::ranges::is_sorted(plan.findings, std::ranges::greater(), &document::Finding::severity));
    }
    void asksTheSourceForWhatIsAbsent()
    {
        fixture->addIndexedImage();
        fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->into->addBlob(test::layerBytes(QStringLiteral("base")));
        fixture->open();
        const PushPlan plan = fixture->prepare();
        QVERIFY(!fixture->from->journal().contains(QLatin1String("HEAD blob ") +
                                                   fixture->layerDigest(layerPath({0}, 0)).toString()));
        QVERIFY(fixture->from->journal().contains(QLatin1String("HEAD blob ") +
                                                  fixture->layerDigest(layerPath({0}, 1)).toString()));
        QCOMPARE(plan.steps.first().outcome, Outcome::Skipped);
        QVERIFY(plan.tagBefore.isNull());
    }
    void tellsWhichSideFailed_data()
    {
        QTest::addColumn<bool>("isSource");
        QTest::newRow("source") << true;
        QTest::newRow("destination") << false;
    }
    void tellsWhichSideFailed()
    {
        QFETCH(bool, isSource);
        fixture->addIndexedImage();
        fixture->into = test::storeOf(QStringLiteral("other.example"), QStringLiteral("copy/app"));
        fixture->open();
        base::Error broken;
        broken.kind = ErrorKind::Network;
        broken.message = QStringLiteral("The connection broke.");
        (isSource ? fixture->from : fixture->into)->failNext(QStringLiteral("HEAD blob"), broken);
        PreparePush preparing(std::make_shared<test::FakeTarget>(fixture->from),
                              std::make_shared<test::FakeTarget>(fixture->into), fixture->request);
        QVERIFY(test::finish(preparing));
        QCOMPARE(preparing.error()->kind, ErrorKind::Network);
        QCOMPARE(preparing.error()->side, isSource ? base::Side::Source : base::Side::Destination);
        QVERIFY(!preparing.error()->operation.isEmpty());
    }
    void endsWherever_data()
    {
        QTest::addColumn<bool>("isDestroyed");
        QTest::newRow("cancelled") << false;
        QTest::newRow("destroyed") << true;
    }
    void endsWherever()
    {
        QFETCH(bool, isDestroyed);
        fixture->addIndexedImage();
        fixture->open();
        for (int k = 1;; ++k) {
            auto target = std::make_shared<test::FakeTarget>(fixture->from);
            target->setAsynchronous(true);
            target->hangAt(k);
            auto preparing = std::make_unique<PreparePush>(target, target, fixture->request);
            QSignalSpy finished(preparing.get(), &Operation::finished);
            preparing->start();
            test::settle();
            if (target->calls() < k) {
                QCOMPARE(k, 1 + 1 + 7 + 4);
                break;
            }
            if (isDestroyed) {
                preparing.reset();
                test::settle();
            } else {
                preparing->cancel();
                QVERIFY(QTest::qWaitFor([&] { return finished.size() == 1; }));
                QCOMPARE(preparing->error()->kind, ErrorKind::Cancelled);
            }
            QCOMPARE(target->open(), 0);
        }
    }

private:
    std::unique_ptr<test::PushFixture> fixture;
};

QTEST_GUILESS_MAIN(TestPreparePush)
#include "tst_preparepush.moc"
