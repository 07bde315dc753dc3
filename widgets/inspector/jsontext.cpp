// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/jsontext.h"

#include "base/plaintext.h"

#include <algorithm>
#include <numeric>

namespace colophon::widgets {

namespace {
constexpr int longestLine = 2000;   // a view lays out a line as a whole
constexpr qsizetype readable = 400; // beyond that nobody reads a line

// Bytes of the UTF-8 sequence that begins here; 1 where none does.
qsizetype sequenceLength(const QByteArray &bytes, qsizetype offset)
{
    const auto at = [&](qsizetype i) { return static_cast<unsigned char>(bytes.at(i)); };
    const unsigned char first = at(offset);
    const qsizetype length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
    for (qsizetype i = 1; i < length; ++i) {
        if (offset + i >= bytes.size() || (at(offset + i) & 0xC0) != 0x80)
            return 1;
    }
    return length;
}
} // namespace

bool JsonText::isMinified(const QByteArray &bytes)
{
    qsizetype begin = 0;
    while (begin < bytes.size()) {
        qsizetype end = bytes.indexOf('\n', begin);
        if (end < 0)
            end = bytes.size();
        if (end - begin > readable)
            return true;
        begin = end + 1;
    }
    return false;
}

JsonText::JsonText(const QByteArray &bytes, Layout layout)
{
    m_positions.reserve(static_cast<std::size_t>(bytes.size()) + 1);
    m_text.reserve(bytes.size() + bytes.size() / 4);
    if (layout == Layout::AsWritten)
        writeAsWritten(bytes);
    else
        writeIndented(bytes);
    m_positions.push_back(static_cast<std::int32_t>(m_text.size()));
}

// One character (a whole UTF-8 sequence) as it is shown; returns the offset behind it.
qsizetype JsonText::append(const QByteArray &bytes, qsizetype offset)
{
    if (m_column >= longestLine)
        breakLine(true);
    const auto position = static_cast<std::int32_t>(m_text.size());
    const qsizetype length = sequenceLength(bytes, offset);
    if (length == 1) {
        const char c = bytes.at(offset);
        if (c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F))
            m_text += QLatin1Char(c);
        else if (static_cast<unsigned char>(c) >= 0x80)
            m_text += QChar(QChar::ReplacementCharacter);
        else
            m_text += base::visible(QString(QLatin1Char(c)));
    } else {
        m_text += base::visible(QString::fromUtf8(bytes.constData() + offset, length));
    }
    if (const char c = bytes.at(offset); m_inString && m_escaped)
        m_escaped = false;
    else if (m_inString && c == '\\')
        m_escaped = true;
    else if (c == '"')
        m_inString = !m_inString;
    m_column += static_cast<int>(m_text.size()) - position;
    m_positions.insert(m_positions.end(), static_cast<std::size_t>(length), position);
    return offset + length;
}

// As many characters at once as stand for themselves; the offset behind them, which may be the one given.
qsizetype JsonText::appendPlain(const QByteArray &bytes, qsizetype offset)
{
    if (m_escaped || m_column >= longestLine)
        return offset;
    const char *const begin = bytes.constData() + offset;
    const char *const last = begin + std::min<qsizetype>(bytes.size() - offset, longestLine - m_column);
    const char *const end =
        std::find_if(begin, last, [](char c) { return c < 0x20 || c == 0x7F || c == '"' || c == '\\'; });
    const qsizetype count = end - begin;
    const auto before = m_positions.size();
    m_positions.resize(before + static_cast<std::size_t>(count));
    std::iota(m_positions.begin() + static_cast<std::ptrdiff_t>(before), m_positions.end(),
              static_cast<std::int32_t>(m_text.size()));
    m_text += QLatin1String(begin, count);
    m_column += static_cast<int>(count);
    return offset + count;
}

void JsonText::breakLine(bool ours)
{
    if (ours) {
        m_breaks.push_back(static_cast<int>(m_text.size()));
        m_continuations.push_back(m_line + 1);
        if (m_inString)
            m_insideStrings.push_back(m_line + 1);
    }
    m_text += QLatin1Char('\n');
    ++m_line;
    m_column = 0;
}

void JsonText::writeAsWritten(const QByteArray &bytes)
{
    for (qsizetype i = 0; i < bytes.size();) {
        if (bytes.at(i) == '\n') {
            m_positions.push_back(static_cast<std::int32_t>(m_text.size()));
            breakLine(false);
            ++i;
        } else if (bytes.at(i) == '\r' && i + 1 < bytes.size() && bytes.at(i + 1) == '\n') {
            // A view has one kind of line end; the pair is one.
            m_positions.push_back(static_cast<std::int32_t>(m_text.size()));
            ++i;
        } else {
            const qsizetype plain = appendPlain(bytes, i);
            i = plain > i ? plain : append(bytes, i);
        }
    }
}

void JsonText::writeIndented(const QByteArray &bytes)
{
    int depth = 0;
    const auto skip = [&](qsizetype count) { // bytes that are not shown stand where the next one will
        m_positions.insert(m_positions.end(), static_cast<std::size_t>(count),
                           static_cast<std::int32_t>(m_text.size()));
    };
    const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    const auto newLine = [&] {
        breakLine(false);
        m_column = 2 * std::min(depth, 64);
        m_text += QString(m_column, QLatin1Char(' '));
    };
    for (qsizetype i = 0; i < bytes.size();) {
        const char c = bytes.at(i);
        if (isSpace(c)) {
            skip(1);
            ++i;
        } else if (c == '"') {
            i = append(bytes, i);
            while ((i = appendPlain(bytes, i)) < bytes.size()) {
                const char inner = bytes.at(i);
                i = append(bytes, i);
                if (inner == '\\' && i < bytes.size())
                    i = append(bytes, i);
                else if (inner == '"')
                    break;
            }
        } else if (c == '{' || c == '[') {
            i = append(bytes, i);
            qsizetype next = i;
            while (next < bytes.size() && isSpace(bytes.at(next)))
                ++next;
            if (next < bytes.size() && (bytes.at(next) == '}' || bytes.at(next) == ']')) {
                skip(next - i);
                i = append(bytes, next);
            } else {
                ++depth;
                newLine();
            }
        } else if (c == '}' || c == ']') {
            depth = std::max(0, depth - 1);
            newLine();
            i = append(bytes, i);
        } else if (c == ',') {
            i = append(bytes, i);
            newLine();
        } else if (c == ':') {
            i = append(bytes, i);
            m_text += QLatin1Char(' ');
            ++m_column;
        } else {
            i = append(bytes, i);
        }
    }
}

int JsonText::positionOf(qsizetype offset) const
{
    if (m_positions.empty())
        return 0;
    const qsizetype last = static_cast<qsizetype>(m_positions.size()) - 1;
    return m_positions[static_cast<std::size_t>(std::clamp<qsizetype>(offset, 0, last))];
}

std::pair<int, int> JsonText::rangeOf(oci::Span span) const
{
    const int begin = positionOf(span.begin);
    if (span.size() <= 0)
        return {begin, begin};
    // Behind the last byte of the span stands white space that is only ours; its own last character says where it ends.
    const int last = positionOf(span.end - 1);
    int end = positionOf(span.end);
    while (end > last + 1 && m_text.at(end - 1).isSpace())
        --end;
    return {begin, end};
}

bool JsonText::isContinuation(int line) const { return std::ranges::binary_search(m_continuations, line); }

bool JsonText::beginsInString(int line) const { return std::ranges::binary_search(m_insideStrings, line); }

int JsonText::numberOf(int line) const
{
    const auto ours = std::ranges::upper_bound(m_continuations, line) - m_continuations.begin();
    return line + 1 - static_cast<int>(ours);
}

QString JsonText::shown(int from, int to) const
{
    from = std::clamp<int>(from, 0, int(m_text.size()));
    to = std::clamp<int>(to, from, int(m_text.size()));
    QString result;
    int begin = from;
    for (auto it = std::ranges::lower_bound(m_breaks, from); it != m_breaks.end() && *it < to; ++it) {
        result += QStringView(m_text).sliced(begin, *it - begin);
        begin = *it + 1;
    }
    result += QStringView(m_text).sliced(begin, std::max(0, to - begin));
    return result;
}

} // namespace colophon::widgets
