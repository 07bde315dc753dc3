// SPDX-License-Identifier: Apache-2.0
#pragma once

// How rows are painted: text from outside is painted, never interpreted; symbols and colours come from the roles in
// items/appearance.h, so that one delegate serves every model.

#include "items/appearance.h"

#include <QStyledItemDelegate>

namespace colophon::widgets {

// What an edit took away (GoneRole) is struck through and grey.
void strikeIfGone(QStyleOptionViewItem *option, const QModelIndex &index);

// Symbol (SymbolRole) and text in the row's tone; a bar at the left where EditedRole says so, greyed where KnownRole is
// false.
class SymbolDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit SymbolDelegate(QObject *parent = nullptr);
    // Rows of the tree: the bar of edited rows and the grey of unknown ones.
    void setImageTree(bool tree) { m_imageTree = tree; }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

public:
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    bool m_imageTree = false;
};

// Symbol and word in the colours of their tone, on their background: markings, outcomes, severities, verdicts.
class BadgeDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit BadgeDelegate(QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

// A symbol and two lines: the name, and below it what is said of it (the text of one role, in the tone of another).
class TwoLineDelegate : public SymbolDelegate
{
    Q_OBJECT
public:
    TwoLineDelegate(int secondLineRole, int secondToneRole, QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    int m_secondLineRole;
    int m_secondToneRole;
};

// A size, right-aligned, with a bar before it: the share named by `shareRole` (a double, 0…1; negative: no bar).
class SizeBarDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit SizeBarDelegate(int shareRole, QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    int m_shareRole;
};

} // namespace colophon::widgets
