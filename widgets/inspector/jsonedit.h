// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text area of JsonView: line numbers at its left, and light colours for the lines that are on screen only, so that
// the size of the document does not matter.

#include "widgets/inspector/jsontext.h"

#include <QPlainTextEdit>

class QTextBlock;

namespace colophon::widgets {

class JsonEdit final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit JsonEdit(QWidget *parent = nullptr);
    // `text` must stay alive and unchanged until the next call.
    void showText(const JsonText *text);
    // From, to: positions in the text; equal: no mark.
    void setMark(int from, int to);
    void paintNumbers(QPaintEvent *event);
    int numbersWidth() const;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    QMimeData *createMimeDataFromSelection() const override;

private:
    void color(const QTextBlock &block);
    void place();
    void recolor();

    const JsonText *m_text = nullptr;
    QWidget *m_numbers;
    int m_from = 0;
    int m_to = 0;
    int m_generation = 1; // of the colours; a block's userState says with which it was coloured
};

} // namespace colophon::widgets
