// SPDX-License-Identifier: Apache-2.0
#include "editing/imagedocument.h"
#include "support/sampletree/sampletree.h"
#include "widgets/common/plain.h"
#include "widgets/tree/imagetreeview.h"

#include <QHeaderView>
#include <QImage>
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

QTEST_MAIN(TestImageTreeView)
#include "tst_imagetreeview.moc"
