// SPDX-License-Identifier: Apache-2.0
#include "editing/imagedocument.h"
#include "support/sampletree/sampletree.h"
#include "widgets/common/plain.h"
#include "widgets/tree/imagetreeview.h"

#include <QHeaderView>
#include <QImage>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QTest>

using namespace colophon;
using Model = items::ImageTreeModel;

class TestImageTreeView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void columnsThatFit_data();
    void columnsThatFit();
    void aLongNameRunsIntoTheEmptyMarking();
    void aFrameAsksForWhatIsSeen();
    void everywhereIsSelectedInRanges();
    void theSelectionIsAskedOnce();
};

void TestImageTreeView::columnsThatFit_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("showsDigests");
    QTest::newRow("in a window of 1280") << 706 << true;
    QTest::newRow("in a window of 1024") << 519 << false;
}

void TestImageTreeView::columnsThatFit()
{
    QFETCH(const int, width);
    QFETCH(const bool, showsDigests);
    editing::ImageDocument document(test::vendorReference(), test::vendorImage());
    widgets::ImageTreeView view;
    view.resize(width, 400);
    view.setDocument(&document);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QCOMPARE(!view.isColumnHidden(Model::DigestColumn), showsDigests);
    const QModelIndex root = view.model()->index(0, Model::DigestColumn);
    QCOMPARE(root.data().toString(), document.tree().root().descriptor.digest.shortForm());
    const int room = view.header()->sectionSize(Model::DigestColumn);
    const QFontMetrics fixed(widgets::fixedFont());
    QVERIFY(!showsDigests || room >= fixed.horizontalAdvance(root.data().toString()) + 16); // not cut
    int used = 0;
    for (int column = 0; column < Model::ColumnCount; ++column)
        used += view.header()->sectionSize(column);
    QVERIFY2(used <= view.viewport()->width(), qPrintable(QString::number(used))); // nothing beyond the edge
    view.setDocument(nullptr);
}

void TestImageTreeView::aLongNameRunsIntoTheEmptyMarking()
{
    editing::ImageDocument document(test::vendorReference(), test::imageSaying(QString(120, QLatin1Char('w'))));
    widgets::ImageTreeView view;
    view.resize(519, 400);
    view.setDocument(&document);
    view.clearSelection();
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const auto inkOf = [&](const QModelIndex &index) {
        const QImage cell = view.viewport()->grab(view.visualRect(index).adjusted(4, 6, -4, -6)).toImage();
        for (int x = 0; x < cell.width(); ++x)
            for (int y = 0; y < cell.height(); ++y)
                if (cell.pixelColor(x, y).lightness() < 128)
                    return true;
        return false;
    };
    // The row of the image itself: its platform is as long as can be, and it has no marking.
    const QModelIndex image = view.model()->index(0, Model::MarkingColumn);
    QVERIFY(image.data().toString().isEmpty());
    QVERIFY(image.siblingAtColumn(Model::ImageColumn).data().toString().size() > 60);
    QVERIFY(inkOf(image));
    // The config's name is short: nothing to run on.
    const QModelIndex config = view.model()->index(0, Model::MarkingColumn, view.model()->index(0, 0));
    QVERIFY(config.data().toString().isEmpty());
    QVERIFY(!inkOf(config));
    view.setDocument(nullptr);
}

namespace {
// In place of a column's own: counts the rows that are painted and measured.
class Counting final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *, const QStyleOptionViewItem &, const QModelIndex &) const override { ++painted; }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        ++measured;
        return QStyledItemDelegate::sizeHint(option, index);
    }
    mutable int painted = 0;
    mutable int measured = 0;
};
} // namespace

void TestImageTreeView::aFrameAsksForWhatIsSeen()
{
    editing::ImageDocument document(test::vendorReference(), test::flatImage(10'000));
    widgets::ImageTreeView view;
    auto *counting = new Counting(&view);
    view.setItemDelegateForColumn(Model::SizeColumn, counting);
    view.resize(706, 400);
    view.setDocument(&document);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.expandAll();
    QScrollBar *bar = view.verticalScrollBar();
    QVERIFY(bar->maximum() > 9'000);
    const int seen = view.viewport()->height() / view.visualRect(view.model()->index(0, 0)).height() + 2;
    const auto frame = [&](const auto &step) {
        QCoreApplication::processEvents();
        counting->painted = counting->measured = 0;
        step();
        QCoreApplication::processEvents();
        return counting->painted;
    };
    for (int i = 0; i <= 20; ++i)
        QVERIFY(frame([&] { bar->setValue(int(qint64(bar->maximum()) * i / 20)); }) <= seen);
    QVERIFY(frame([&] { view.selectAll(); }) <= seen);
    const auto done = frame([&] {
        QVERIFY(document.setMarking(document.tree().layers(), true,
                                    QStringList{QStringLiteral("https://downloads.example/a")}));
    });
    QVERIFY(done > 0 && done <= 2 * seen);
    QVERIFY2(counting->measured < 10, qPrintable(QString::number(counting->measured))); // all rows have one height
    view.setDocument(nullptr);
}

void TestImageTreeView::everywhereIsSelectedInRanges()
{
    editing::ImageDocument document(test::vendorReference(), test::flatImage(2000));
    widgets::ImageTreeView view;
    view.setDocument(&document);
    view.expandAll();
    view.selectAll();
    QCOMPARE(view.selectedLayers().size(), 2000);
    view.selectEverywhere();
    QCOMPARE(view.selectedLayers().size(), 2000);
    view.clearSelection();
    view.selectionModel()->select(QItemSelection(view.imageModel()->indexOf({}), view.imageModel()->indexOf({})),
                                  QItemSelectionModel::Clear);
    QVERIFY(view.selectedLayers().isEmpty());
    view.setCurrent(document::NodePath::root().layerAt(7));
    view.selectEverywhere();
    QCOMPARE(view.selectedLayers(), document.tree().layersWithDigest(
                                        document.tree().descriptor(document::NodePath::root().layerAt(7))->digest));
    view.selectAll();
    view.selectEverywhere();
    QVERIFY2(view.selectionModel()->selection().size() < 10,
             qPrintable(QString::number(view.selectionModel()->selection().size())));
    view.setDocument(nullptr);
}

void TestImageTreeView::theSelectionIsAskedOnce()
{
    editing::ImageDocument document(test::vendorReference(), test::vendorImage());
    widgets::ImageTreeView view;
    view.setDocument(&document);
    view.expandAll();
    view.selectAll();
    const QList<document::NodePath> all = view.selectedLayers();
    QVERIFY(all.size() > 3);
    QVERIFY(view.selectedLayers().isSharedWith(all)); // the same list until the selection is another one
    QVERIFY(view.canToggle());
    view.setCurrent(document::NodePath::root().child(0).layerAt(1));
    QCOMPARE(view.selectedLayers(), QList<document::NodePath>{document::NodePath::root().child(0).layerAt(1)});
    view.setPlatforms({*oci::Platform::parse(QStringLiteral("linux/arm64"))});
    for (const document::NodePath &layer : view.selectedLayers())
        QVERIFY(layer.entries == QList<int>{1});
    view.setDocument(nullptr);
    QVERIFY(view.selectedLayers().isEmpty());
}

QTEST_MAIN(TestImageTreeView)
#include "tst_imagetreeview.moc"
