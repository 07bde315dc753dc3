// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/annotationdelegate.h"

#include "items/annotationsmodel.h"
#include "widgets/common/tones.h"

#include <QCompleter>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>

namespace colophon::widgets {

using Model = items::AnnotationsModel;

namespace {
constexpr int editedLines = 5;
}

AnnotationEdit::AnnotationEdit(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setAccessibleName(tr("Value of the annotation"));
    setTabChangesFocus(true);
    setFrameShape(QFrame::Box);
}

void AnnotationEdit::keyPressEvent(QKeyEvent *event)
{
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isReturn && !event->modifiers().testFlag(Qt::ShiftModifier))
        Q_EMIT done();
    else if (isReturn) // not the line separator it would be
        insertPlainText(QStringLiteral("\n"));
    else
        QPlainTextEdit::keyPressEvent(event);
}

QWidget *AnnotationDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    if (index.column() == Model::NameColumn) {
        auto *line = new QLineEdit(parent);
        line->setAccessibleName(tr("Name of the annotation"));
        line->setPlaceholderText(tr("Name"));
        auto *completer = new QCompleter(items::specifiedAnnotations(), line);
        completer->setFilterMode(Qt::MatchContains);
        line->setCompleter(completer);
        return line;
    }
    auto *text = new AnnotationEdit(parent);
    text->setPlaceholderText(tr("Value: Return sets it, Shift+Return begins a new line"));
    auto *self = const_cast<AnnotationDelegate *>(this); // the signals of a delegate are not const
    connect(text, &AnnotationEdit::done, self, [self, text, at = QPersistentModelIndex(index)] {
        // An empty value is one where it was said so, not where somebody went elsewhere.
        if (at.data(Model::StateRole).toInt() == int(Model::State::Draft))
            text->document()->setModified(true);
        Q_EMIT self->commitData(text);
        Q_EMIT self->closeEditor(text);
    });
    return text;
}

void AnnotationDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    const QString text = index.data(Qt::EditRole).toString();
    if (auto *line = qobject_cast<QLineEdit *>(editor)) {
        line->setText(text);
        line->selectAll();
    } else if (auto *edit = qobject_cast<QPlainTextEdit *>(editor)) {
        edit->setPlainText(text);
        edit->selectAll();
    }
}

void AnnotationDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    QString text;
    if (const auto *line = qobject_cast<QLineEdit *>(editor)) {
        text = line->text();
    } else if (const auto *edit = qobject_cast<QPlainTextEdit *>(editor)) {
        // An editor that was only looked at sets nothing: line ends of a kind it does not keep would change.
        if (!edit->document()->isModified())
            return;
        text = edit->toPlainText();
    }
    // When the editor has closed: a row may go or move with its new name, and an editor must not be in it then.
    const auto set = [model, at = QPersistentModelIndex(index), text] {
        if (at.isValid())
            model->setData(at, text);
    };
    QMetaObject::invokeMethod(model, set, Qt::QueuedConnection);
}

void AnnotationDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                                              const QModelIndex &index) const
{
    if (index.column() == Model::NameColumn) {
        editor->setGeometry(option.rect);
        return;
    }
    // Of the whole width and below the row, whose name stays in sight; above it where there is no room.
    const QRect all = editor->parentWidget()->rect();
    const int height = std::min(all.height(), option.fontMetrics.lineSpacing() * editedLines + 12);
    int top = option.rect.bottom() + 1;
    if (top + height > all.bottom())
        top = std::max(0, option.rect.top() - height);
    editor->setGeometry(0, top, all.width(), height);
}

QSize AnnotationDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = SymbolDelegate::sizeHint(option, index);
    size.setHeight(std::max(size.height(), 28));
    return size;
}

void AnnotationDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    SymbolDelegate::initStyleOption(option, index);
    if (index.column() == Model::NameColumn) // many begin alike
        option->textElideMode = Qt::ElideMiddle;
}

void AnnotationDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    SymbolDelegate::paint(painter, option, index);
    if (index.column() == Model::NameColumn && index.data(Model::EditedRole).toBool())
        painter->fillRect(QRect(0, option.rect.top(), 3, option.rect.height()),
                          colorsOf(items::Tone::Edited, option.palette).text);
}

} // namespace colophon::widgets
