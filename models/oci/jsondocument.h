// SPDX-License-Identifier: Apache-2.0
#pragma once

// Strict JSON (RFC 8259) that knows where everything stands: each value with its byte range in the original, so that an
// edit is a few splices and everything else stays as it was, byte for byte. UTF-8 only, depth and size capped.
// Duplicate member names are reported: a document that has them may be viewed but not edited (image-spec
// considerations.md).

#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace colophon::oci {

struct Span
{
    qsizetype begin = 0; // byte offset of the first byte
    qsizetype end = 0;   // byte offset behind the last byte
    qsizetype size() const { return end - begin; }
    bool operator==(const Span &) const = default;
};

// Replaces the bytes of `span` (which may be empty: an insertion) by `bytes`.
struct Splice
{
    Span span;
    QByteArray bytes;
    bool operator==(const Splice &) const = default;
};

// Applies splices over the original, in any order given; they may not overlap (a programming error). Several insertions
// at one place keep the order of the list.
QByteArray spliced(const QByteArray &original, QList<Splice> splices);

class JsonValue;

class JsonDocument
{
public:
    // InvalidData with line, column and what was expected; TooLarge beyond `longest` bytes.
    static base::Result<JsonDocument> parse(QByteArray bytes, qint64 longest);
    static base::Result<JsonDocument> parse(QByteArray bytes); // the cap of a manifest

    const QByteArray &bytes() const { return m_bytes; }
    JsonValue root() const;
    // The names that occur twice in one object, as JSON pointers (RFC 6901); a repeated name is matched after
    // unescaping.
    const QStringList &duplicates() const { return m_duplicates; }
    // The innermost value whose span holds the byte at `offset`.
    JsonValue at(qsizetype offset) const;

private:
    friend class JsonValue;
    friend class JsonScanner;
    struct Node
    {
        std::uint8_t kind = 0;
        Span span; // of the value
        Span key;  // of the member's name with its quotes; empty in arrays and at the root
        std::int32_t parent = -1;
        std::int32_t firstChild = -1;
        std::int32_t nextSibling = -1;
        std::int32_t childCount = 0;
    };
    QByteArray m_bytes;
    std::vector<Node> m_nodes;
    QStringList m_duplicates;
};

// A light handle on one value of a document; it must not outlive the document. An absent value is a valid handle that
// isAbsent(), so that chains like root()["config"]["digest"].string() need no checks in between.
class JsonValue
{
public:
    enum class Kind { Absent, Object, Array, String, Number, True, False, Null };

    JsonValue() = default;

    Kind kind() const;
    bool isAbsent() const { return kind() == Kind::Absent; }
    bool isObject() const { return kind() == Kind::Object; }
    bool isArray() const { return kind() == Kind::Array; }
    bool isString() const { return kind() == Kind::String; }
    Span span() const;    // of the value
    Span keySpan() const; // of its member name with quotes; empty outside objects
    QByteArrayView raw() const;
    QString key() const; // unescaped
    // Whether that is its key(), found out without making a text of it.
    bool isNamed(QLatin1String ascii) const;
    bool isNamed(QStringView name) const;
    QString pointer() const; // RFC 6901

    qsizetype size() const;                         // members or elements
    JsonValue operator[](QLatin1String name) const; // the last member of that name; absent where there is none
    JsonValue operator[](const char *name) const { return (*this)[QLatin1String(name)]; }
    JsonValue at(qsizetype index) const; // of an array or object; O(index)
    JsonValue firstChild() const;
    JsonValue nextSibling() const;
    JsonValue parent() const;
    QList<JsonValue> children() const;

    std::optional<QString> string() const; // unescaped; nothing where it is no string
    std::optional<qint64> integer() const; // only an integer literal that fits; nothing for 1.0, 1e3, 2^63
    std::optional<bool> boolean() const;
    bool operator==(const JsonValue &) const = default; // the same value of the same document
    const QByteArray &documentBytes() const;            // of the document it is in; not for an absent value
    // For a string: the byte offset in the document at which the decoded UTF-16 position stands.
    qsizetype byteOffsetOf(qsizetype decodedPosition) const;

private:
    friend class JsonDocument;
    friend class JsonScanner;
    QByteArrayView escapedKey() const;
    JsonValue(const JsonDocument *document, std::int32_t node)
        : m_document(document)
        , m_node(node)
    {
    }
    const JsonDocument *m_document = nullptr;
    std::int32_t m_node = -1;
};

// Text as a JSON string literal with its quotes, escaped as little as RFC 8259 allows.
QByteArray jsonString(QStringView text);

// Splices that set or remove a member of an object, made so that the one undoes the other byte for byte: a new member
// goes behind the last one, in the white space its neighbour came with.
QList<Splice> memberInserted(const JsonValue &object, QLatin1String name, const QByteArray &rawValue);
QList<Splice> memberRemoved(const JsonValue &member);
// How the array of strings `values` would be written as a new member of `object`: on one line, or in the indentation
// the document uses.
QByteArray rawStringArray(const JsonValue &object, const QStringList &values);

} // namespace colophon::oci
