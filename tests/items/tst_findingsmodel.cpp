// SPDX-License-Identifier: Apache-2.0
#include "editing/imagedocument.h"
#include "items/findingsmodel.h"
#include "items/instruction.h"
#include "support/sampletree/sampletree.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace colophon;
using document::Finding;
using document::NodePath;
using items::FindingsModel;
using Tester = QAbstractItemModelTester;

class TestFindingsModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theGravestComeFirst();
    void followsADocument();
    void namesPlaces();
    void readsInstructions_data();
    void readsInstructions();
};

void TestFindingsModel::theGravestComeFirst()
{
    Finding note;
    note.severity = Finding::Severity::Inform;
    note.message = QStringLiteral("Note <b>.");
    Finding block;
    block.severity = Finding::Severity::Block;
    block.code = Finding::Code::PartialMarking;
    block.path = NodePath::root().child(0).layerAt(1);
    block.message = QStringLiteral("Blocks.");
    block.repair = {document::SetMarking{block.path, true, {}}};
    FindingsModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    model.setFindings({note, block}, test::vendorImage());
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.finding(0), block);
    QCOMPARE(model.index(0, FindingsModel::WhereColumn).data().toString(), QStringLiteral("Layer 1 · linux/amd64"));
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("Blocks"));
    QVERIFY(model.index(0, 0).data(FindingsModel::RepairableRole).toBool());
    QVERIFY(!model.index(1, 0).data(FindingsModel::RepairableRole).toBool());
    QCOMPARE(model.index(0, 0).data(items::NodePathRole).value<NodePath>(), block.path);
    QVERIFY(model.index(1, 1).data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;b&gt;")));
    QCOMPARE(model.count(Finding::Severity::Block), 1);
}

void TestFindingsModel::followsADocument()
{
    editing::ImageDocument document(test::vendorReference(), test::vendorImage());
    FindingsModel model;
    Tester tester(&model, Tester::FailureReportingMode::QtTest);
    model.setFindings(document.findings(), document.tree());
    const int before = model.rowCount();
    int mendable = -1;
    for (int i = 0; i < before; ++i) {
        if (!model.finding(i).repair.isEmpty())
            mendable = i;
    }
    QVERIFY(mendable >= 0); // the half-marked layer
    QVERIFY(document.edit(model.finding(mendable).repair, QStringLiteral("Mend")));
    model.setFindings(document.findings(), document.tree());
    document.undoStack()->undo();
    model.setFindings(document.findings(), document.tree());
    QCOMPARE(model.rowCount(), before);
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setFindings(document.findings(), document.tree());
    QCOMPARE(reset.size(), 0); // the same: the selection stays
}

void TestFindingsModel::namesPlaces()
{
    const document::ImageTree index = test::vendorImage();
    QCOMPARE(items::placeInWords(index, NodePath::root()), QStringLiteral("Index"));
    QCOMPARE(items::placeInWords(index, NodePath::root().child(1)), QStringLiteral("linux/arm64"));
    QCOMPARE(items::placeInWords(index, NodePath::root().child(1).config()), QStringLiteral("Config · linux/arm64"));
    QCOMPARE(items::placeInWords(index, NodePath::root().child(9).layerAt(2)), QStringLiteral("Layer 2"));
    QCOMPARE(items::placeInWords({}, NodePath::root()), NodePath::root().toString());
}

void TestFindingsModel::readsInstructions_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("read");
    const auto row = [](const char *written, const char *read) {
        QTest::newRow(written) << QString::fromUtf8(written) << QString::fromUtf8(read);
    };
    row("/bin/sh -c #(nop) ADD file:1f2e in / ", "ADD file:1f2e in /");
    row("/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD [\"bash\"]");
    row("/bin/sh -c apt-get update  &&  apt-get upgrade", "RUN apt-get update && apt-get upgrade");
    row("|1 VERSION=3 /bin/sh -c make", "RUN make");
    row("RUN /bin/sh -c make # buildkit", "RUN make");
    row("RUN |2 A=1 B=2 /bin/sh -c make all # buildkit", "RUN make all");
    row("RUN /bin/bash -c make # buildkit", "RUN make");
    row("COPY app /app # buildkit", "COPY app /app");
    row("cmd /S /C #(nop) COPY dir:1 in C:", "COPY dir:1 in C:");
    row("cmd /S /C powershell -Command x", "RUN powershell -Command x");
    row("Apply image 10.0.17763.1", "Apply image 10.0.17763.1");
    row("bazel build ...", "bazel build ...");
    row("", "");
}

void TestFindingsModel::readsInstructions()
{
    QFETCH(QString, written);
    QFETCH(QString, read);
    QCOMPARE(items::readableInstruction(written), read);
}

QTEST_GUILESS_MAIN(TestFindingsModel)
#include "tst_findingsmodel.moc"
