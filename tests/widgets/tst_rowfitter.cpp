// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/rowfitter.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QStringListModel>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTest>

using colophon::widgets::RowFitter;

namespace {
constexpr int rows = 10'000;

// Counts how often a row is asked for its height.
class Counting final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        ++asked;
        return QStyledItemDelegate::sizeHint(option, index);
    }
    mutable int asked = 0;
};
} // namespace

class TestRowFitter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_table.reset(); }
    void onlyWhatIsSeen();
    void whatComesIntoView();
    void afterTheColumnsChanged();
    void afterTheModelWasReset();

private:
    int height(int row) const { return m_table->rowHeight(row); }
    void shown() const
    {
        QCoreApplication::processEvents();
        m_table->viewport()->repaint();
    }
    std::unique_ptr<QTableView> m_table;
    QStringListModel m_model;
    Counting *m_delegate = nullptr;
};

void TestRowFitter::init()
{
    QStringList texts;
    for (int i = 0; i < rows; ++i)
        texts << (i % 2 ? QStringLiteral("short") : QStringLiteral("a sentence of many words ").repeated(12));
    m_model.setStringList(texts);
    m_table = std::make_unique<QTableView>();
    m_table->setModel(&m_model);
    m_table->setWordWrap(true);
    m_table->verticalHeader()->setMinimumSectionSize(28);
    m_table->verticalHeader()->setDefaultSectionSize(28);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_delegate = new Counting(m_table.get());
    m_table->setItemDelegate(m_delegate);
    new RowFitter(m_table.get());
    m_table->resize(400, 500);
    m_table->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_table.get()));
    shown();
}

void TestRowFitter::onlyWhatIsSeen()
{
    QVERIFY(height(0) > 2 * 28);
    QCOMPARE(height(1), 28);
    QCOMPARE(height(rows - 2), 28); // would want more, when it is seen
    QVERIFY2(m_delegate->asked < 100, qPrintable(QString::number(m_delegate->asked)));
    const int before = m_delegate->asked;
    shown();
    QCOMPARE(m_delegate->asked, before); // once is enough
}

void TestRowFitter::whatComesIntoView()
{
    QScrollBar *bar = m_table->verticalScrollBar();
    bar->setValue(bar->maximum());
    shown();
    QVERIFY(height(rows - 2) > 2 * 28);
    QCOMPARE(height(rows / 2), 28);
    const auto isSeen = [&](int row) {
        return m_table->viewport()->rect().contains(m_table->visualRect(m_model.index(row, 0)));
    };
    QVERIFY(isSeen(rows - 1)); // those above it grew, and it is the last one still
    QCOMPARE(bar->value(), bar->maximum());
    auto *fitter = m_table->findChild<RowFitter *>();
    fitter->scrollTo(m_model.index(rows / 2, 0));
    QVERIFY(isSeen(rows / 2));
    shown();
    QVERIFY(isSeen(rows / 2));
    QVERIFY(height(rows / 2) > 2 * 28);
    QVERIFY2(m_delegate->asked < 200, qPrintable(QString::number(m_delegate->asked)));
}

void TestRowFitter::afterTheColumnsChanged()
{
    const int narrow = height(0);
    m_table->resize(1200, 500);
    shown();
    shown();
    QVERIFY(height(0) < narrow);
    QVERIFY(m_delegate->asked < 200);
}

void TestRowFitter::afterTheModelWasReset()
{
    m_model.setStringList({QStringLiteral("short"), QStringLiteral("a sentence of many words ").repeated(12)});
    shown();
    QCOMPARE(height(0), 28);
    QVERIFY(height(1) > 2 * 28);
}

QTEST_MAIN(TestRowFitter)
#include "tst_rowfitter.moc"
