// SPDX-License-Identifier: Apache-2.0
#include "oci/jsonscanner.h"

#include "base/limits.h"

#include <QCoreApplication>
#include <QSet>
#include <QVarLengthArray>

#include <algorithm>
#include <cstring>

namespace colophon::oci {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(JsonDocument)
};

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isHighSurrogate(char32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool isLowSurrogate(char32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// The member names of one object. Most objects have a handful, and a manifest has ten thousand objects: so few are
// compared as they stand in the document, without a copy.
class Names
{
public:
    // Whether it is a new one; a name is what it means, not how it is escaped.
    bool insert(QByteArrayView inner)
    {
        const QByteArray name =
            inner.contains('\\') ? unescaped(inner).toUtf8() : QByteArray::fromRawData(inner.data(), inner.size());
        if (m_many.isEmpty() && std::find(m_few.begin(), m_few.end(), name) != m_few.end())
            return false;
        if (m_few.size() < fewest) {
            m_few.append(name);
            return true;
        }
        if (m_many.isEmpty())
            m_many = QSet<QByteArray>(m_few.begin(), m_few.end());
        const qsizetype before = m_many.size();
        m_many.insert(name);
        return m_many.size() > before;
    }

private:
    static constexpr qsizetype fewest = 16;
    QVarLengthArray<QByteArray, fewest> m_few;
    QSet<QByteArray> m_many; // all of them, once there are more
};
} // namespace

JsonScanner::JsonScanner(JsonDocument &document)
    : m_document(document)
    , m_data(document.m_bytes.constData())
    , m_size(document.m_bytes.size())
{
}

base::Result<void> JsonScanner::scan()
{
    std::int32_t root = -1;
    bool good = true;
    if (m_size >= 3 && std::memcmp(m_data, "\xEF\xBB\xBF", 3) == 0) {
        good = refuse(Text::tr("it begins with a byte order mark"));
    } else {
        skipSpace();
        good = value(0, -1, {}, root);
        skipSpace();
        if (good && m_at != m_size)
            good = refuse(Text::tr("something follows the end of the document"));
    }
    if (good)
        return {};
    const QByteArrayView before(m_data, m_at);
    const qsizetype line = before.count('\n') + 1;
    const qsizetype column = m_at - before.lastIndexOf('\n');
    return base::fail(
        base::ErrorKind::InvalidData,
        Text::tr("This is not valid JSON: %1, at line %2, column %3.").arg(m_error).arg(line).arg(column));
}

bool JsonScanner::refuse(const QString &why)
{
    if (m_error.isEmpty())
        m_error = why;
    return false;
}

void JsonScanner::skipSpace()
{
    while (m_at < m_size && isSpace(m_data[m_at]))
        ++m_at;
}

void JsonScanner::link(std::int32_t parent, std::int32_t &last, std::int32_t child)
{
    auto &nodes = m_document.m_nodes;
    if (last < 0)
        nodes[static_cast<std::size_t>(parent)].firstChild = child;
    else
        nodes[static_cast<std::size_t>(last)].nextSibling = child;
    last = child;
    ++nodes[static_cast<std::size_t>(parent)].childCount;
}

bool JsonScanner::value(int depth, std::int32_t parent, Span key, std::int32_t &index)
{
    if (depth > base::limits::jsonDepth)
        return refuse(Text::tr("it is nested deeper than %1 levels").arg(base::limits::jsonDepth));
    index = static_cast<std::int32_t>(m_document.m_nodes.size());
    m_document.m_nodes.push_back({});
    JsonDocument::Node node;
    node.parent = parent;
    node.key = key;
    node.span.begin = m_at;
    const auto kindIs = [&](JsonValue::Kind kind) {
        node.kind = static_cast<std::uint8_t>(kind);
        m_document.m_nodes[static_cast<std::size_t>(index)] = node;
    };
    bool good = false;
    switch (peek()) {
    case '{':
        kindIs(JsonValue::Kind::Object);
        good = object(depth, index);
        break;
    case '[':
        kindIs(JsonValue::Kind::Array);
        good = array(depth, index);
        break;
    case '"':
        kindIs(JsonValue::Kind::String);
        good = string();
        break;
    case 't':
        kindIs(JsonValue::Kind::True);
        good = literal("true");
        break;
    case 'f':
        kindIs(JsonValue::Kind::False);
        good = literal("false");
        break;
    case 'n':
        kindIs(JsonValue::Kind::Null);
        good = literal("null");
        break;
    default:
        kindIs(JsonValue::Kind::Number);
        good = m_at < m_size && (peek() == '-' || isDigit(peek())) ? number() : refuse(Text::tr("a value is missing"));
    }
    m_document.m_nodes[static_cast<std::size_t>(index)].span.end = m_at;
    return good;
}

bool JsonScanner::object(int depth, std::int32_t self)
{
    ++m_at;
    skipSpace();
    if (peek() == '}') {
        ++m_at;
        return true;
    }
    Names names;
    std::int32_t last = -1;
    for (;;) {
        if (peek() != '"')
            return refuse(Text::tr("a member name in quotes is missing"));
        Span key{m_at, m_at};
        if (!string())
            return false;
        key.end = m_at;
        skipSpace();
        if (peek() != ':')
            return refuse(Text::tr("a colon is missing"));
        ++m_at;
        skipSpace();
        std::int32_t child = -1;
        if (!value(depth + 1, self, key, child))
            return false;
        link(self, last, child);
        // A hundred are enough to refuse the document; finding the place of each costs time.
        if (!names.insert(QByteArrayView(m_data + key.begin + 1, key.size() - 2)) &&
            m_document.m_duplicates.size() < 100)
            m_document.m_duplicates.append(JsonValue(&m_document, child).pointer());
        skipSpace();
        const char next = peek();
        if (next != ',' && next != '}')
            return refuse(Text::tr("a comma or closing brace is missing"));
        ++m_at;
        if (next == '}')
            return true;
        skipSpace();
    }
}

bool JsonScanner::array(int depth, std::int32_t self)
{
    ++m_at;
    skipSpace();
    if (peek() == ']') {
        ++m_at;
        return true;
    }
    std::int32_t last = -1;
    for (;;) {
        std::int32_t child = -1;
        if (!value(depth + 1, self, {}, child))
            return false;
        link(self, last, child);
        skipSpace();
        const char next = peek();
        if (next != ',' && next != ']')
            return refuse(Text::tr("a comma or closing bracket is missing"));
        ++m_at;
        if (next == ']')
            return true;
        skipSpace();
    }
}

bool JsonScanner::string()
{
    ++m_at;
    while (m_at < m_size) {
        const auto byte = static_cast<unsigned char>(m_data[m_at]);
        if (byte == '"') {
            ++m_at;
            return true;
        }
        if (byte < 0x20)
            return refuse(Text::tr("a control character stands unescaped in a string"));
        if (byte == '\\') {
            if (!escape())
                return false;
        } else if (byte < 0x80) {
            ++m_at;
        } else if (!utf8()) {
            return refuse(Text::tr("a string is not valid UTF-8"));
        }
    }
    return refuse(Text::tr("a string does not end"));
}

bool JsonScanner::hex4(char32_t &unit)
{
    unit = 0;
    for (int i = 0; i < 4; ++i, ++m_at) {
        const char c = peek();
        int digit = -1;
        if (isDigit(c))
            digit = c - '0';
        else if (c >= 'a' && c <= 'f')
            digit = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F')
            digit = c - 'A' + 10;
        if (digit < 0)
            return refuse(Text::tr("\\u needs four hexadecimal digits"));
        unit = unit * 16 + static_cast<char32_t>(digit);
    }
    return true;
}

bool JsonScanner::escape()
{
    ++m_at;
    const char c = peek();
    if (c != '\0' && std::strchr("\"\\/bfnrt", c)) {
        ++m_at;
        return true;
    }
    if (c != 'u')
        return refuse(Text::tr("a backslash is followed by nothing it may escape"));
    ++m_at;
    char32_t unit = 0;
    if (!hex4(unit))
        return false;
    if (isLowSurrogate(unit))
        return refuse(Text::tr("half of a surrogate pair stands alone"));
    if (!isHighSurrogate(unit))
        return true;
    char32_t low = 0;
    if (m_size - m_at < 6 || m_data[m_at] != '\\' || m_data[m_at + 1] != 'u')
        return refuse(Text::tr("half of a surrogate pair stands alone"));
    m_at += 2;
    if (!hex4(low))
        return false;
    return isLowSurrogate(low) || refuse(Text::tr("half of a surrogate pair stands alone"));
}

bool JsonScanner::utf8()
{
    const auto lead = static_cast<unsigned char>(m_data[m_at]);
    int more = 0;
    char32_t point = 0;
    char32_t smallest = 0;
    if ((lead & 0xE0) == 0xC0) {
        more = 1;
        point = lead & 0x1F;
        smallest = 0x80;
    } else if ((lead & 0xF0) == 0xE0) {
        more = 2;
        point = lead & 0x0F;
        smallest = 0x800;
    } else if ((lead & 0xF8) == 0xF0) {
        more = 3;
        point = lead & 0x07;
        smallest = 0x10000;
    } else {
        return false;
    }
    if (m_size - m_at <= more)
        return false;
    for (int i = 1; i <= more; ++i) {
        const auto next = static_cast<unsigned char>(m_data[m_at + i]);
        if ((next & 0xC0) != 0x80)
            return false;
        point = (point << 6) | (next & 0x3F);
    }
    if (point < smallest || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return false;
    m_at += more + 1;
    return true;
}

bool JsonScanner::number()
{
    const auto digits = [this] {
        const qsizetype first = m_at;
        while (isDigit(peek()))
            ++m_at;
        return m_at > first;
    };
    if (peek() == '-')
        ++m_at;
    if (peek() == '0')
        ++m_at;
    else if (!digits())
        return refuse(Text::tr("a number has no digits"));
    if (peek() == '.') {
        ++m_at;
        if (!digits())
            return refuse(Text::tr("a number has no digits behind its point"));
    }
    if (peek() == 'e' || peek() == 'E') {
        ++m_at;
        if (peek() == '+' || peek() == '-')
            ++m_at;
        if (!digits())
            return refuse(Text::tr("a number has no digits in its exponent"));
    }
    return true;
}

bool JsonScanner::literal(const char *word)
{
    const auto length = static_cast<qsizetype>(std::strlen(word));
    if (m_size - m_at < length || std::memcmp(m_data + m_at, word, static_cast<std::size_t>(length)) != 0)
        return refuse(Text::tr("a value is missing"));
    m_at += length;
    return true;
}

} // namespace colophon::oci
