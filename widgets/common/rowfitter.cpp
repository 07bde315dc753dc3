// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/rowfitter.h"

#include <QAbstractItemModel>
#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>

namespace colophon::widgets {

RowFitter::RowFitter(QTableView *table)
    : QObject(table)
    , m_table(table)
{
    // Right before they are painted: whatever brought them into view.
    table->viewport()->installEventFilter(this);
    connect(table->model(), &QAbstractItemModel::modelReset, this, &RowFitter::refit);
    connect(table->horizontalHeader(), &QHeaderView::sectionResized, this, &RowFitter::refit);
    connect(table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        // The end is where the last row is seen, also after those above it have grown.
        if (!m_isScrolling && value > 0 && value == m_table->verticalScrollBar()->maximum())
            scrollTo(m_table->model()->index(m_table->model()->rowCount() - 1, 0));
    });
}

void RowFitter::refit()
{
    m_isFitted.clear();
    m_table->viewport()->update();
}

void RowFitter::scrollTo(const QModelIndex &index)
{
    m_isFitted.resize(m_table->model()->rowCount());
    int above = 0;
    for (int row = index.row(); row >= 0 && above < m_table->viewport()->height(); --row) {
        fit(row);
        above += m_table->rowHeight(row);
    }
    m_isScrolling = true;
    m_table->doItemsLayout(); // how far one can scroll has changed
    m_table->scrollTo(index);
    m_isScrolling = false;
}

bool RowFitter::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Paint)
        fitSeen();
    return QObject::eventFilter(watched, event);
}

void RowFitter::fitSeen()
{
    const int rows = m_table->model()->rowCount();
    const int bottom = m_table->viewport()->height();
    m_isFitted.resize(rows);
    for (int row = std::max(0, m_table->rowAt(0)); row < rows && m_table->rowViewportPosition(row) < bottom; ++row)
        fit(row);
}

void RowFitter::fit(int row)
{
    if (m_isFitted.testBit(row))
        return;
    m_isFitted.setBit(row);
    m_table->resizeRowToContents(row);
    // Sentences of several lines do not touch those of the next row.
    if (m_table->rowHeight(row) > m_table->verticalHeader()->defaultSectionSize() + 4)
        m_table->setRowHeight(row, m_table->rowHeight(row) + 8);
}

} // namespace colophon::widgets
