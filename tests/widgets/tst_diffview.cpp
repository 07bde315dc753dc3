// SPDX-License-Identifier: Apache-2.0
#include "document/selection.h"
#include "support/sampletree/sampletree.h"
#include "widgets/push/diffview.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTest>
#include <QThreadPool>

using namespace colophon;
using document::NodePath;
using widgets::DiffView;

namespace {
document::DerivedImage marked(const document::ImageTree &tree, const QList<NodePath> &layers)
{
    return *document::apply(
        tree, document::EditSet().with(*document::markingEdits(tree, layers, true, [](const oci::Descriptor &layer) {
            return base::Result<QStringList>(
                QStringList{QStringLiteral("https://downloads.example/") + layer.digest.hex()});
        })));
}
} // namespace

class TestDiffView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSmallDocumentIsComparedAtOnce();
    void aLargeOneDoesNotHoldTheWindowUp();
    void theLastOneCounts();
    void survivesNotBeingWaitedFor();
};

void TestDiffView::aSmallDocumentIsComparedAtOnce()
{
    const document::ImageTree tree = test::vendorImage();
    DiffView view;
    view.setChanges(tree, marked(tree, {NodePath::root().child(0).layerAt(1)}));
    QVERIFY(view.choice()->count() > 1);
    QVERIFY(view.text().contains(QStringLiteral("foreign.")));
    QVERIFY(view.text().contains(QStringLiteral("bytes the same")));
}

void TestDiffView::aLargeOneDoesNotHoldTheWindowUp()
{
    const document::ImageTree tree = test::flatImage(3000);
    const document::DerivedImage derived = marked(tree, tree.layers());
    DiffView view;
    auto *text = view.findChild<QPlainTextEdit *>();
    int most = 0;
    int slices = 0;
    connect(text->document(), &QTextDocument::contentsChange, &view, [&](int, int, int added) {
        most = std::max(most, added);
        ++slices;
    });
    view.setChanges(tree, derived);
    QVERIFY(view.text().isEmpty());                                  // it is compared elsewhere
    QCOMPARE(QThreadPool::globalInstance()->activeThreadCount(), 0); // and not where Qt paints
    const QString last =
        QStringLiteral("https://downloads.example/") + tree.descriptor(NodePath::root().layerAt(2999))->digest.hex();
    QTRY_VERIFY(view.text().contains(last));
    QVERIFY(slices > 20);
    QVERIFY(most < 70'000);
    QCOMPARE(view.text().count(QStringLiteral("nondistributable.")), 3000);
}

void TestDiffView::theLastOneCounts()
{
    const document::ImageTree large = test::flatImage(3000);
    const document::ImageTree small = test::vendorImage();
    DiffView view;
    view.setChanges(large, marked(large, large.layers()));
    view.setChanges(small, marked(small, {NodePath::root().child(0).layerAt(1)}));
    const QString shown = view.text();
    QVERIFY(shown.contains(QStringLiteral("foreign.")));
    view.setChanges(large, marked(large, large.layers()));
    QTRY_VERIFY(view.text().contains(QStringLiteral("downloads.example")));
    view.setChanges(small, marked(small, {NodePath::root().child(0).layerAt(1)})); // while the other comes
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
    QCOMPARE(view.text(), shown);
}

void TestDiffView::survivesNotBeingWaitedFor()
{
    const document::ImageTree tree = test::flatImage(3000);
    auto view = std::make_unique<DiffView>();
    view->setChanges(tree, marked(tree, tree.layers()));
    view.reset();
    QCoreApplication::processEvents();
}

QTEST_MAIN(TestDiffView)
#include "tst_diffview.moc"
