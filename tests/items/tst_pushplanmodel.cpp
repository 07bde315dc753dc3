// SPDX-License-Identifier: Apache-2.0
#include "items/pushplanmodel.h"
#include "support/sampletree/sampletree.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using document::NodePath;
using items::PushPlanModel;
using transfer::Outcome;
using transfer::PlanStep;
using transfer::StepKind;
using Tester = QAbstractItemModelTester;

namespace {
transfer::PushPlan plan()
{
    transfer::PushPlan plan;
    plan.request.original = test::vendorImage();
    plan.request.derived.tree = plan.request.original;
    plan.request.destination = test::vendorReference();
    const auto add = [&](StepKind kind, const NodePath &path, PlanStep::From from, qint64 bytes, Outcome outcome) {
        PlanStep step;
        step.kind = kind;
        step.path = path;
        step.from = from;
        step.bytes = bytes;
        step.outcome = outcome;
        step.descriptor = *plan.request.original.descriptor(path);
        step.reason = QStringLiteral("Because\nof <b>this</b>.");
        plan.steps << step;
    };
    const NodePath amd = NodePath::root().child(0);
    add(StepKind::Blob, amd.layerAt(0), PlanStep::From::Nowhere, 0, Outcome::Skipped);
    add(StepKind::Blob, amd.layerAt(1), PlanStep::From::Source, 1000, Outcome::Planned);
    add(StepKind::Blob, amd.layerAt(2), PlanStep::From::Urls, 3000, Outcome::Planned);
    add(StepKind::Manifest, amd, PlanStep::From::Edit, 500, Outcome::Planned);
    add(StepKind::Tag, NodePath::root(), PlanStep::From::Edit, 0, Outcome::Planned);
    plan.steps.last().tag = QStringLiteral("1.4");
    return plan;
}
} // namespace

class TestPushPlanModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatWillHappen();
    void fillsWithProgress();
    void becomesTheReport();
    void promisesNothingOnceEnded();
    void reasonsSayWhatIsNotSaid();
    void saysWhatMovesFromWhere();
};

void TestPushPlanModel::saysWhatWillHappen()
{
    PushPlanModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    model.setPlan(plan());
    const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
    QCOMPARE(text(0, PushPlanModel::NodeColumn), QStringLiteral("Layer 0 · linux/amd64"));
    QCOMPARE(text(0, PushPlanModel::OutcomeColumn), QStringLiteral("Leaves it behind"));
    QCOMPARE(text(1, PushPlanModel::OutcomeColumn), QStringLiteral("Copies it"));
    QCOMPARE(text(2, PushPlanModel::OutcomeColumn), QStringLiteral("Fetches it from its addresses"));
    QCOMPARE(text(3, PushPlanModel::OutcomeColumn), QStringLiteral("Uploads it"));
    QCOMPARE(text(4, PushPlanModel::NodeColumn), QStringLiteral("Tag 1.4"));
    QCOMPARE(text(0, PushPlanModel::ReasonColumn), QStringLiteral("Because of <b>this</b>."));
    QVERIFY(
        model.index(0, PushPlanModel::ReasonColumn).data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;b")));
    QCOMPARE(model.index(3, 0).data(items::SymbolRole).toInt(), int(items::Symbol::Image));
    QCOMPARE(model.bytesTotal(), 4500);
}

void TestPushPlanModel::fillsWithProgress()
{
    PushPlanModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    const transfer::PushPlan planned = plan();
    model.setPlan(planned);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    PlanStep step = planned.steps.at(2);
    QCOMPARE(model.index(2, 0).data(items::ProgressRole).toDouble(), -1.0);
    step.outcome = Outcome::Running;
    step.done = 750;
    model.update(2, step);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(model.index(2, 0).data(items::ProgressRole).toDouble(), 0.25);
    QCOMPARE(model.bytesDone(), 750);
    step.outcome = Outcome::Copied;
    model.update(2, step);
    QCOMPARE(model.bytesDone(), 3000);
    QCOMPARE(model.index(2, 1).data(items::ToneRole).toInt(), int(items::Tone::Good));
    model.update(99, step);
    QCOMPARE(changed.size(), 2);
}

void TestPushPlanModel::becomesTheReport()
{
    PushPlanModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    model.setPlan(plan());
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    transfer::PushReport report;
    report.plan = plan();
    for (PlanStep &step : report.plan.steps)
        step.outcome = step.outcome == Outcome::Skipped ? Outcome::Skipped : Outcome::Copied;
    report.plan.steps[1].outcome = Outcome::Failed;
    model.setReport(report);
    QCOMPARE(reset.size(), 0); // the same rows
    QCOMPARE(model.index(4, 1).data().toString(), QStringLiteral("Tagged"));
    QCOMPARE(model.index(1, 1).data(items::ToneRole).toInt(), int(items::Tone::Error));
    report.plan.steps.removeLast();
    model.setReport(report);
    QCOMPARE(reset.size(), 1);
    QCOMPARE(model.rowCount(), 4);
}

void TestPushPlanModel::promisesNothingOnceEnded()
{
    PushPlanModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    model.setPlan(plan());
    transfer::PushReport report;
    report.plan = plan();
    report.plan.steps[1].outcome = Outcome::Failed;
    report.plan.steps[2].outcome = Outcome::Running;
    report.plan.steps[2].done = 750;
    const auto text = [&](int row) { return model.index(row, PushPlanModel::OutcomeColumn).data().toString(); };
    model.setReport(report);
    QCOMPARE(text(0), QStringLiteral("Leaves it behind"));
    QCOMPARE(text(1), QStringLiteral("Failed"));
    QCOMPARE(model.index(2, 0).data(items::ProgressRole).toDouble(), -1.0);
    for (int row = 2; row < 5; ++row) {
        QCOMPARE(text(row), QStringLiteral("Not done"));
        QVERIFY(model.index(row, PushPlanModel::OutcomeColumn).data(items::SymbolRole).toInt() !=
                int(items::Symbol::Waiting));
    }
    model.setReport(report, true);
    QCOMPARE(text(1), QStringLiteral("Cancelled"));
    QVERIFY(model.index(1, PushPlanModel::OutcomeColumn).data(items::ToneRole).toInt() != int(items::Tone::Error));
    QCOMPARE(text(4), QStringLiteral("Not done"));
    report.plan.steps.removeLast(); // other rows: the same rule
    model.setReport(report);
    QCOMPARE(text(3), QStringLiteral("Not done"));
    model.setPlan(plan()); // planned anew
    QCOMPARE(text(3), QStringLiteral("Uploads it"));
}

void TestPushPlanModel::reasonsSayWhatIsNotSaid()
{
    PushPlanModel model;
    transfer::PushPlan some = plan();
    some.steps[0].kind = StepKind::Manifest; // skipped: "Already there"
    some.steps[0].reason = QStringLiteral("Already there.");
    const QString digest = QStringLiteral("sha256:") + QString(64, QLatin1Char('a'));
    some.steps[1].reason = QStringLiteral("`vendor/app:1.4` is %1 now.").arg(digest);
    some.steps[2].reason = QStringLiteral("Signed with k.key · SHA256:082ed783….");
    some.steps[3].reason = QStringLiteral("No. Allow it with --allow-private-urls.");
    model.setPlan(some);
    const auto reason = [&](int row) { return model.index(row, PushPlanModel::ReasonColumn).data().toString(); };
    QCOMPARE(model.index(0, PushPlanModel::OutcomeColumn).data().toString(), QStringLiteral("Already there"));
    QCOMPARE(reason(0), QString());
    QCOMPARE(reason(1), QStringLiteral("“vendor/app:1.4” is sha256:aaaaaaaaaaaa now."));
    QVERIFY(model.index(1, PushPlanModel::ReasonColumn).data(Qt::ToolTipRole).toString().contains(digest));
    QCOMPARE(reason(2), QStringLiteral("Signed with k.key · SHA256:082ed783…"));
    QVERIFY2(!reason(3).contains(QStringLiteral(" --")), qPrintable(reason(3))); // the window has no options
    const QString whole = model.index(3, PushPlanModel::ReasonColumn).data(Qt::ToolTipRole).toString();
    QVERIFY2(!whole.contains(QStringLiteral(" --")), qPrintable(whole));
}

void TestPushPlanModel::saysWhatMovesFromWhere()
{
    PushPlanModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    QCOMPARE(model.summary(), QString());
    transfer::PushPlan planned = plan();
    planned.request.source = test::vendorReference();
    // What is fetched comes from addresses that were there before the edit or are there after it.
    planned.steps[2].descriptor = *planned.request.original.descriptor(planned.steps[2].path);
    model.setPlan(planned);
    const auto source = [&](int row) {
        return model.index(row, PushPlanModel::BytesColumn).data(Qt::AccessibleTextRole).toString();
    };
    QCOMPARE(source(0), QString());
    QVERIFY2(source(1).endsWith(planned.request.source.name()), qPrintable(source(1)));
    QVERIFY2(source(3).endsWith(QStringLiteral("made by the edits")), qPrintable(source(3)));
    const QString summary = model.summary();
    QVERIFY2(summary.startsWith(QStringLiteral("Moves 1 kB from ") + planned.request.source.name()),
             qPrintable(summary));
    QVERIFY2(summary.contains(QStringLiteral("500 bytes made by the edits")), qPrintable(summary));
    QVERIFY2(summary.endsWith(QStringLiteral("1 blob need not move.")), qPrintable(summary));

    transfer::PushReport report;
    report.plan = planned;
    for (PlanStep &step : report.plan.steps)
        step.outcome = step.outcome == Outcome::Skipped ? Outcome::Skipped : Outcome::Copied;
    model.setReport(report);
    QVERIFY2(model.summary().startsWith(QStringLiteral("Moved 1 kB from ")), qPrintable(model.summary()));
    report.plan.steps[2].outcome = Outcome::Failed;
    report.plan.steps[2].done = 300;
    model.setReport(report);
    QCOMPARE(model.summary(), QStringLiteral("2 kB of 5 kB were moved."));
    planned.steps.erase(planned.steps.begin() + 1, planned.steps.begin() + 4);
    model.setPlan(planned);
    QVERIFY2(model.summary().startsWith(QStringLiteral("No bytes move.")), qPrintable(model.summary()));
}

QTEST_GUILESS_MAIN(TestPushPlanModel)
#include "tst_pushplanmodel.moc"
