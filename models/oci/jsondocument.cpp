// SPDX-License-Identifier: Apache-2.0
#include "oci/jsondocument.h"

#include "base/bytesize.h"
#include "base/limits.h"
#include "oci/jsonscanner.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::oci {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(JsonDocument)
};

// One step through a string literal's inside: how many bytes the next character takes, and what it stands for.
struct Piece
{
    qsizetype bytes = 0;
    char32_t point = 0;
};

char32_t hexAt(QByteArrayView inner, qsizetype at)
{
    return static_cast<char32_t>(QByteArray(inner.sliced(at, 4).data(), 4).toUInt(nullptr, 16));
}

Piece pieceAt(QByteArrayView inner, qsizetype at)
{
    const auto byte = static_cast<unsigned char>(inner[at]);
    if (byte == '\\') {
        switch (inner[at + 1]) {
        case 'b':
            return {2, U'\b'};
        case 'f':
            return {2, U'\f'};
        case 'n':
            return {2, U'\n'};
        case 'r':
            return {2, U'\r'};
        case 't':
            return {2, U'\t'};
        case 'u': {
            const char32_t unit = hexAt(inner, at + 2);
            if (!QChar::isHighSurrogate(unit))
                return {6, unit};
            return {12,
                    QChar::surrogateToUcs4(static_cast<char16_t>(unit), static_cast<char16_t>(hexAt(inner, at + 8)))};
        }
        default:
            return {2, static_cast<char32_t>(inner[at + 1])};
        }
    }
    if (byte < 0x80)
        return {1, byte};
    const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    char32_t point = byte & (0x3Fu >> more);
    for (int i = 1; i <= more; ++i)
        point = (point << 6) | (static_cast<unsigned char>(inner[at + i]) & 0x3Fu);
    return {more + 1, point};
}

qsizetype unitsOf(char32_t point) { return QChar::requiresSurrogates(point) ? 2 : 1; }
} // namespace

QString unescaped(QByteArrayView inner)
{
    if (!inner.contains('\\'))
        return QString::fromUtf8(inner);
    QString text;
    text.reserve(inner.size());
    for (qsizetype at = 0; at < inner.size();) {
        const Piece piece = pieceAt(inner, at);
        text += QChar::fromUcs4(piece.point);
        at += piece.bytes;
    }
    return text;
}

QByteArray spliced(const QByteArray &original, QList<Splice> splices)
{
    std::stable_sort(splices.begin(), splices.end(),
                     [](const Splice &a, const Splice &b) { return a.span.begin < b.span.begin; });
    QByteArray result;
    qsizetype at = 0;
    for (const Splice &splice : std::as_const(splices)) {
        Q_ASSERT(splice.span.begin >= at && splice.span.end >= splice.span.begin && splice.span.end <= original.size());
        result += QByteArrayView(original).sliced(at, splice.span.begin - at);
        result += splice.bytes;
        at = splice.span.end;
    }
    result += QByteArrayView(original).sliced(at);
    return result;
}

base::Result<JsonDocument> JsonDocument::parse(QByteArray bytes, qint64 longest)
{
    if (bytes.size() > longest) {
        return base::fail(base::ErrorKind::TooLarge, Text::tr("The document is %1 long; at most %2 are read.")
                                                         .arg(base::humanSize(bytes.size()), base::humanSize(longest)));
    }
    JsonDocument document;
    document.m_bytes = std::move(bytes);
    if (auto scanned = JsonScanner(document).scan(); !scanned)
        return base::fail(scanned.error());
    return document;
}

base::Result<JsonDocument> JsonDocument::parse(QByteArray bytes)
{
    return parse(std::move(bytes), base::limits::manifest);
}

JsonValue JsonDocument::root() const { return {this, m_nodes.empty() ? -1 : 0}; }

JsonValue JsonDocument::at(qsizetype offset) const
{
    JsonValue found = root();
    const auto holds = [offset](const JsonValue &value) {
        const qsizetype begin = value.keySpan().size() > 0 ? value.keySpan().begin : value.span().begin;
        return begin <= offset && offset < value.span().end;
    };
    for (JsonValue child = found.firstChild(); !child.isAbsent();) {
        if (holds(child)) {
            found = child;
            child = found.firstChild();
        } else {
            child = child.nextSibling();
        }
    }
    return found;
}

const QByteArray &JsonValue::documentBytes() const { return m_document->m_bytes; }

JsonValue::Kind JsonValue::kind() const
{
    return m_node < 0 ? Kind::Absent : static_cast<Kind>(m_document->m_nodes[static_cast<std::size_t>(m_node)].kind);
}

Span JsonValue::span() const
{
    return m_node < 0 ? Span{} : m_document->m_nodes[static_cast<std::size_t>(m_node)].span;
}

Span JsonValue::keySpan() const
{
    return m_node < 0 ? Span{} : m_document->m_nodes[static_cast<std::size_t>(m_node)].key;
}

QByteArrayView JsonValue::raw() const
{
    return m_node < 0 ? QByteArrayView() : QByteArrayView(m_document->m_bytes).sliced(span().begin, span().size());
}

QString JsonValue::key() const { return unescaped(escapedKey()); }

QString JsonValue::pointer() const
{
    const JsonValue above = parent();
    if (above.isAbsent())
        return QString();
    QString step;
    if (above.isObject()) {
        step = key().replace(QLatin1Char('~'), QLatin1String("~0")).replace(QLatin1Char('/'), QLatin1String("~1"));
    } else {
        qsizetype index = 0;
        for (JsonValue each = above.firstChild(); !each.isAbsent() && each.m_node != m_node; each = each.nextSibling())
            ++index;
        step = QString::number(index);
    }
    return above.pointer() + QLatin1Char('/') + step;
}

qsizetype JsonValue::size() const
{
    return m_node < 0 ? 0 : m_document->m_nodes[static_cast<std::size_t>(m_node)].childCount;
}

QByteArrayView JsonValue::escapedKey() const
{
    const Span key = keySpan();
    return key.size() < 2 ? QByteArrayView()
                          : QByteArrayView(m_document->m_bytes).sliced(key.begin + 1, key.size() - 2);
}

bool JsonValue::isNamed(QLatin1String ascii) const
{
    const QByteArrayView inner = escapedKey();
    if (inner.size() <= ascii.size()) // an escape is longer than what it stands for
        return inner == QByteArrayView(ascii.data(), ascii.size());
    return inner.contains('\\') && unescaped(inner) == ascii;
}

bool JsonValue::isNamed(QStringView name) const
{
    const QByteArrayView inner = escapedKey();
    return inner.contains('\\') ? unescaped(inner) == name
                                : QAnyStringView::equal(QUtf8StringView(inner.data(), inner.size()), name);
}

JsonValue JsonValue::operator[](QLatin1String name) const
{
    JsonValue found;
    if (!isObject())
        return found;
    for (JsonValue member = firstChild(); !member.isAbsent(); member = member.nextSibling()) {
        if (member.isNamed(name))
            found = member;
    }
    return found;
}

JsonValue JsonValue::at(qsizetype index) const
{
    if (index < 0)
        return {};
    JsonValue child = firstChild();
    while (index-- > 0 && !child.isAbsent())
        child = child.nextSibling();
    return child;
}

JsonValue JsonValue::firstChild() const
{
    return m_node < 0 ? JsonValue()
                      : JsonValue(m_document, m_document->m_nodes[static_cast<std::size_t>(m_node)].firstChild);
}

JsonValue JsonValue::nextSibling() const
{
    return m_node < 0 ? JsonValue()
                      : JsonValue(m_document, m_document->m_nodes[static_cast<std::size_t>(m_node)].nextSibling);
}

JsonValue JsonValue::parent() const
{
    return m_node < 0 ? JsonValue()
                      : JsonValue(m_document, m_document->m_nodes[static_cast<std::size_t>(m_node)].parent);
}

QList<JsonValue> JsonValue::children() const
{
    QList<JsonValue> all;
    all.reserve(size());
    for (JsonValue child = firstChild(); !child.isAbsent(); child = child.nextSibling())
        all.append(child);
    return all;
}

std::optional<QString> JsonValue::string() const
{
    if (!isString())
        return std::nullopt;
    const QByteArrayView literal = raw();
    return unescaped(literal.sliced(1, literal.size() - 2));
}

std::optional<qint64> JsonValue::integer() const
{
    if (kind() != Kind::Number)
        return std::nullopt;
    const QByteArrayView literal = raw();
    if (literal.contains('.') || literal.contains('e') || literal.contains('E'))
        return std::nullopt;
    bool fits = false;
    const qint64 value = QByteArray(literal.data(), literal.size()).toLongLong(&fits);
    return fits ? std::optional(value) : std::nullopt;
}

std::optional<bool> JsonValue::boolean() const
{
    if (kind() == Kind::True)
        return true;
    if (kind() == Kind::False)
        return false;
    return std::nullopt;
}

qsizetype JsonValue::byteOffsetOf(qsizetype decodedPosition) const
{
    const QByteArrayView literal = raw();
    const QByteArrayView inner = literal.sliced(1, literal.size() - 2);
    const bool isPlain =
        std::all_of(inner.begin(), inner.end(), [](char c) { return c != '\\' && static_cast<signed char>(c) >= 0; });
    if (isPlain)
        return span().begin + 1 + std::min(decodedPosition, inner.size());
    qsizetype at = 0;
    for (qsizetype unit = 0; unit < decodedPosition && at < inner.size();) {
        const Piece piece = pieceAt(inner, at);
        unit += unitsOf(piece.point);
        at += piece.bytes;
    }
    return span().begin + 1 + at;
}

QByteArray jsonString(QStringView text)
{
    const QByteArray utf8 = text.toUtf8();
    QByteArray literal;
    literal.reserve(utf8.size() + 2);
    literal += '"';
    for (const char c : utf8) {
        if (c == '"' || c == '\\')
            literal += QByteArray(1, '\\') + c;
        else if (static_cast<unsigned char>(c) < 0x20)
            literal += "\\u" + QByteArray::number(static_cast<unsigned char>(c), 16).rightJustified(4, '0');
        else
            literal += c;
    }
    return literal + '"';
}

} // namespace colophon::oci
