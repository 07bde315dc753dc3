// SPDX-License-Identifier: Apache-2.0
#pragma once

// A consequence on as many lines as it takes: who and what, the outcome as a badge (with the one before an edit), the
// sentence, and how well it is known. The current row says why too, once that is wanted.

#include <QPersistentModelIndex>
#include <QStyledItemDelegate>

class QTreeView;

namespace colophon::widgets {

class ConsequencesDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit ConsequencesDelegate(QTreeView *view);
    void setExplaining(bool explains) { m_explains = explains; }
    bool isExplaining() const { return m_explains; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    int draw(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, const QRect &room) const;
    int drawConsequence(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index,
                        const QRect &room) const;
    QTreeView *m_view;
    bool m_explains = false;
};

} // namespace colophon::widgets
