// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/jsonedit.h"

#include "base/limits.h"
#include "widgets/common/plain.h"
#include "widgets/common/tones.h"

#include <QMimeData>
#include <QPainter>
#include <QPlainTextDocumentLayout>
#include <QPointer>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>

#include <algorithm>

namespace colophon::widgets {

namespace {
constexpr qsizetype slice = 64 * base::limits::KiB; // characters: a few milliseconds

class Numbers final : public QWidget
{
public:
    explicit Numbers(JsonEdit *edit)
        : QWidget(edit)
        , m_edit(edit)
    {
    }
    QSize sizeHint() const override { return {m_edit->numbersWidth(), 0}; }

protected:
    void paintEvent(QPaintEvent *event) override { m_edit->paintNumbers(event); }

private:
    JsonEdit *m_edit;
};
} // namespace

JsonEdit::JsonEdit(QWidget *parent)
    : QPlainTextEdit(parent)
    , m_numbers(new Numbers(this))
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setFont(fixedFont());
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect &rect, int dy) {
        if (dy != 0)
            m_numbers->scroll(0, dy);
        else
            m_numbers->update(0, rect.y(), m_numbers->width(), rect.height());
    });
}

void JsonEdit::showText(const Text &text, bool isSameDocument)
{
    m_slices.stop();
    m_next.reset();
    setMark(0, 0, false);
    if (isSameDocument && replaceLittle(text))
        return;
    m_next = std::make_unique<QTextDocument>();
    m_next->setDocumentLayout(new QPlainTextDocumentLayout(m_next.get()));
    m_next->setDefaultFont(font());
    m_next->setUndoRedoEnabled(false);
    m_filled = 0;
    m_slices.run([this, text, isSameDocument] { return fill(text, isSameDocument); });
}

// The lines around an edit, in the text that is there.
bool JsonEdit::replaceLittle(const Text &text)
{
    if (!m_text || document()->characterCount() - 1 != m_text->text().size())
        return false;
    const QString &was = m_text->text();
    const QString &now = text->text();
    const qsizetype shorter = std::min(was.size(), now.size());
    qsizetype front = std::mismatch(was.begin(), was.begin() + shorter, now.begin()).first - was.begin();
    if (front > 0 && was.at(front - 1).isHighSurrogate())
        --front;
    const auto backEnd = was.rbegin() + (shorter - front);
    qsizetype back = std::mismatch(was.rbegin(), backEnd, now.rbegin()).first - was.rbegin();
    if (back > 0 && was.at(was.size() - back).isLowSurrogate())
        --back;
    if (std::max(was.size(), now.size()) - front - back > slice)
        return false;
    QTextCursor cursor(document());
    cursor.setPosition(static_cast<int>(front));
    cursor.setPosition(static_cast<int>(was.size() - back), QTextCursor::KeepAnchor);
    cursor.insertText(now.mid(front, now.size() - back - front));
    m_text = text;
    m_filled = now.size();
    for (QTextBlock block = document()->findBlock(static_cast<int>(front));
         block.isValid() && block.position() <= now.size() - back; block = block.next())
        block.setUserState(0); // no generation: to be coloured
    place();
    return true;
}

// One slice, up to the end of its last line; whether there are more.
bool JsonEdit::fill(const Text &text, bool isSameDocument)
{
    const QString &all = text->text();
    qsizetype end = m_filled + slice < all.size() ? all.indexOf(QLatin1Char('\n'), m_filled + slice) + 1 : 0;
    if (end <= 0)
        end = all.size();
    QTextCursor cursor(m_next ? m_next.get() : document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(all.mid(m_filled, end - m_filled));
    m_filled = end;
    const bool isComplete = end == all.size();
    if (m_next && (isComplete || !isSameDocument))
        take(text, isSameDocument);
    mark();
    return !isComplete;
}

void JsonEdit::take(const Text &text, bool isSameDocument)
{
    const QPointer<QTextDocument> old = document();
    const int top = isSameDocument ? firstVisibleBlock().blockNumber() : 0;
    m_text = text;
    m_next->setParent(this);
    setDocument(m_next.release());
    delete old; // where it was not the widget's own first one, which went with that
    place();
    verticalScrollBar()->setValue(document()->findBlockByNumber(top).firstLineNumber());
}

void JsonEdit::complete() { m_slices.finish(); }

void JsonEdit::setMark(int from, int to, bool isRevealed)
{
    m_from = from;
    m_to = to;
    m_isMarked = false;
    m_isRevealed = isRevealed;
    setExtraSelections({});
    mark();
}

void JsonEdit::mark()
{
    if (m_isMarked || m_from >= m_to || m_to > m_filled || m_next)
        return;
    m_isMarked = true;
    QTextEdit::ExtraSelection selection;
    selection.cursor = QTextCursor(document());
    selection.cursor.setPosition(m_from);
    selection.cursor.setPosition(m_to, QTextCursor::KeepAnchor);
    selection.format.setBackground(colorsOf(items::Tone::Edited, palette()).background);
    setExtraSelections({selection});
    if (!m_isRevealed)
        return;
    // The end first, then the beginning: as much of the mark as fits, and never less than its first line.
    for (const int position : {m_to, m_from}) {
        QTextCursor cursor(document());
        cursor.setPosition(position);
        setTextCursor(cursor);
        ensureCursorVisible();
    }
}

int JsonEdit::numbersWidth() const
{
    int digits = 2;
    for (int lines = m_text ? m_text->lineCount() : 1; lines >= 100; lines /= 10) // of all of it, also while it comes
        ++digits;
    return digits * fontMetrics().horizontalAdvance(QLatin1Char('9')) + 12;
}

void JsonEdit::place()
{
    setViewportMargins(numbersWidth(), 0, 0, 0);
    const QRect inside = contentsRect();
    m_numbers->setGeometry(inside.left(), inside.top(), numbersWidth(), inside.height());
}

void JsonEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    place();
}

void JsonEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationPaletteChange)
        recolor();
    else if (event->type() == QEvent::FontChange && m_numbers)
        place();
}

void JsonEdit::recolor()
{
    ++m_generation;
    setMark(m_from, m_to, false);
    viewport()->update();
    m_numbers->update();
}

void JsonEdit::paintEvent(QPaintEvent *event)
{
    // Colours do not change the layout of a line, so that they may be set right before it is drawn.
    const int bottom = event->rect().bottom();
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        if (blockBoundingGeometry(block).translated(contentOffset()).top() > bottom)
            break;
        if (block.userState() != m_generation)
            color(block);
    }
    QPlainTextEdit::paintEvent(event);
}

void JsonEdit::color(const QTextBlock &given)
{
    QTextBlock block = given;
    block.setUserState(m_generation);
    const QString line = block.text();
    const QPalette &around = palette();
    QTextCharFormat name;
    name.setForeground(colorsOf(items::Tone::Edited, around).text);
    QTextCharFormat value;
    value.setForeground(colorsOf(items::Tone::Good, around).text);
    QTextCharFormat literal;
    literal.setForeground(colorsOf(items::Tone::NonDistributable, around).text);
    QTextCharFormat mark;
    mark.setForeground(colorsOf(items::Tone::Muted, around).text);

    QList<QTextLayout::FormatRange> ranges;
    bool inside = m_text && m_text->beginsInString(block.blockNumber());
    for (int i = 0; i < line.size();) {
        const QChar c = line.at(i);
        int end = inside ? i : i + 1;
        QTextCharFormat format;
        if (inside || c == QLatin1Char('"')) {
            inside = false;
            while (end < line.size() && line.at(end) != QLatin1Char('"'))
                end += line.at(end) == QLatin1Char('\\') ? 2 : 1;
            end = std::min<int>(end + 1, int(line.size()));
            int after = end;
            while (after < line.size() && line.at(after).isSpace())
                ++after;
            format = after < line.size() && line.at(after) == QLatin1Char(':') ? name : value;
        } else if (c.isLetterOrNumber() || c == QLatin1Char('-')) {
            while (end < line.size() &&
                   (line.at(end).isLetterOrNumber() || QStringLiteral("+-.").contains(line.at(end))))
                ++end;
            format = literal;
        } else if (c.isSpace()) {
            ++i;
            continue;
        } else {
            format = mark;
        }
        ranges.append({i, end - i, format});
        i = end;
    }
    block.layout()->setFormats(ranges);
}

void JsonEdit::paintNumbers(QPaintEvent *event)
{
    QPainter painter(m_numbers);
    painter.fillRect(event->rect(), palette().color(QPalette::Base));
    painter.setPen(colorsOf(items::Tone::Muted, palette()).text);
    painter.setFont(font());
    QTextBlock block = firstVisibleBlock();
    for (; block.isValid(); block = block.next()) {
        const QRectF line = blockBoundingGeometry(block).translated(contentOffset());
        if (line.top() > event->rect().bottom())
            break;
        const int number = block.blockNumber();
        const QString text = !m_text                          ? QString()
                             : m_text->isContinuation(number) ? QStringLiteral("\u21B3") // broken by us
                                                              : QString::number(m_text->numberOf(number));
        painter.drawText(QRectF(0, line.top(), m_numbers->width() - 6, fontMetrics().height()),
                         Qt::AlignRight | Qt::AlignVCenter, text);
    }
}

QMimeData *JsonEdit::createMimeDataFromSelection() const
{
    // What is shown, without the line breaks that are only ours; the exact bytes have a button of their
    // own.
    auto *mime = new QMimeData;
    const QTextCursor selected = textCursor();
    mime->setText(m_text ? m_text->shown(selected.selectionStart(), selected.selectionEnd()) : QString());
    return mime;
}

} // namespace colophon::widgets
