// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads RFC 8259 strictly into the flat nodes of a JsonDocument. Private to jsondocument.cpp and its fuzz target's
// oracle: everybody else calls JsonDocument::parse.

#include "oci/jsondocument.h"

namespace colophon::oci {

class JsonScanner
{
public:
    explicit JsonScanner(JsonDocument &document);
    base::Result<void> scan();

private:
    bool value(int depth, std::int32_t parent, Span key, std::int32_t &index);
    bool object(int depth, std::int32_t self);
    bool array(int depth, std::int32_t self);
    bool string();
    bool escape();
    bool utf8();
    bool hex4(char32_t &unit);
    bool number();
    bool literal(const char *word);
    void skipSpace();
    bool refuse(const QString &why);
    void link(std::int32_t parent, std::int32_t &last, std::int32_t child);
    char peek() const { return m_at < m_size ? m_data[m_at] : '\0'; }

    JsonDocument &m_document;
    const char *m_data;
    qsizetype m_size;
    qsizetype m_at = 0;
    QString m_error;
};

// The text of a string literal, given without its quotes and already known to be well formed.
QString unescaped(QByteArrayView inner);

} // namespace colophon::oci
