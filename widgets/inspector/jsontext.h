// SPDX-License-Identifier: Apache-2.0
#pragma once

// A JSON document as text to read: as written or indented, control and bidirectional characters made visible, over-long
// lines broken; and for every byte where it went, so that a span can be highlighted. Pure.

#include "oci/jsondocument.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <cstdint>
#include <vector>

namespace colophon::widgets {

class JsonText
{
public:
    enum class Layout { AsWritten, Indented };

    JsonText() = default;
    JsonText(const QByteArray &bytes, Layout layout);

    const QString &text() const { return m_text; }
    int lineCount() const { return m_line + 1; }
    // Where the byte at `offset` begins in text(); the end of the text for offsets behind the last.
    int positionOf(qsizetype offset) const;
    // The first and the last + 1 position of a span.
    std::pair<int, int> rangeOf(oci::Span span) const;
    // Lines (0-based, of text()) that only continue the one before: broken because a view cannot lay out endless lines.
    bool isContinuation(int line) const;
    // Whether such a line begins inside of a string; for colours.
    bool beginsInString(int line) const;
    // The number (from 1) of the line as it was written.
    int numberOf(int line) const;
    // text() between two positions without the line breaks that are only ours.
    QString shown(int from, int to) const;
    // Whether reading it indented is better: a line longer than a screen.
    static bool isMinified(const QByteArray &bytes);

private:
    void writeAsWritten(const QByteArray &bytes);
    void writeIndented(const QByteArray &bytes);
    qsizetype append(const QByteArray &bytes, qsizetype offset);
    qsizetype appendPlain(const QByteArray &bytes, qsizetype offset);
    void breakLine(bool ours);

    QString m_text;
    std::vector<std::int32_t> m_positions; // of each byte, and of the end
    std::vector<int> m_continuations;      // line numbers, ascending
    std::vector<int> m_insideStrings;      // those of them that begin inside of a string
    std::vector<int> m_breaks;             // positions of our own line breaks, ascending
    bool m_inString = false;
    bool m_escaped = false;
    int m_line = 0;
    int m_column = 0;
};

} // namespace colophon::widgets
