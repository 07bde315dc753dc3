// SPDX-License-Identifier: Apache-2.0
#pragma once

// Edits annotations in their rows: a name on one line, with the names of the specification offered; a value of any
// length on several, below its row.

#include "widgets/common/delegates.h"

#include <QPlainTextEdit>

namespace colophon::widgets {

// Return is done, Shift+Return a new line.
class AnnotationEdit final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit AnnotationEdit(QWidget *parent = nullptr);

Q_SIGNALS:
    void done();

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

class AnnotationDelegate final : public SymbolDelegate
{
    Q_OBJECT
public:
    using SymbolDelegate::SymbolDelegate;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace colophon::widgets
