// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text area of JsonView: line numbers at its left, and light colours for the lines that are on screen only. Neither
// the size of a document nor that of an edit keeps the window waiting: where little changed, only that is replaced, and
// what is long comes in slices.

#include "widgets/common/slices.h"
#include "widgets/inspector/jsontext.h"

#include <QPlainTextEdit>

#include <memory>

class QTextBlock;

namespace colophon::widgets {

class JsonEdit final : public QPlainTextEdit
{
    Q_OBJECT
public:
    using Text = std::shared_ptr<const JsonText>;

    explicit JsonEdit(QWidget *parent = nullptr);
    // Another document, or the same one after an edit: then the place stays, and until all of the new text is there the
    // old one is seen.
    void showText(const Text &text, bool isSameDocument);
    // Marks from the one position to the other, as soon as the text is there; equal: no mark. `isRevealed`: scrolls to
    // it, too.
    void setMark(int from, int to, bool isRevealed);
    // Does now what is left to be done: all of the text is there.
    void complete();

    void paintNumbers(QPaintEvent *event);
    int numbersWidth() const;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    QMimeData *createMimeDataFromSelection() const override;

private:
    bool replaceLittle(const Text &text);
    bool fill(const Text &text, bool isSameDocument);
    void take(const Text &text, bool isSameDocument);
    void mark();
    void color(const QTextBlock &block);
    void place();
    void recolor();

    Text m_text; // what is shown of it: all, or its beginning
    Slices m_slices;
    std::unique_ptr<QTextDocument> m_next; // is being filled and not shown yet
    qsizetype m_filled = 0;                // characters that are there, in m_next where there is one
    QWidget *m_numbers;
    int m_from = 0;
    int m_to = 0;
    bool m_isMarked = false;
    bool m_isRevealed = false;
    int m_generation = 1; // of the colours; a block's userState says with which it was coloured
};

} // namespace colophon::widgets
