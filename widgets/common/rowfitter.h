// SPDX-License-Identifier: Apache-2.0
#pragma once

// Makes the rows of a table as high as what they hold, but only those that are seen: of thousands of rows nobody waits
// for the rest.

#include <QBitArray>
#include <QObject>

class QTableView;

namespace colophon::widgets {

class RowFitter final : public QObject
{
    Q_OBJECT
public:
    // The table must have its model already.
    explicit RowFitter(QTableView *table);
    void refit(); // contents have changed: every row, when it is seen next
    void scrollTo(const QModelIndex &index);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fitSeen();
    void fit(int row);

    QTableView *m_table;
    QBitArray m_isFitted; // by row
    bool m_isScrolling = false;
};

} // namespace colophon::widgets
