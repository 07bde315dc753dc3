// SPDX-License-Identifier: Apache-2.0
#pragma once

// HTTP header fields in the order they came (RFC 9110 §5): names compare without case, values are bytes.

#include <QByteArray>
#include <QList>

#include <utility>

namespace colophon::registry::http {

class Headers
{
public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<QByteArray, QByteArray>> fields)
        : m_fields(fields)
    {
    }

    void add(QByteArray name, QByteArray value) { m_fields.append({std::move(name), std::move(value)}); }
    void set(const QByteArray &name, QByteArray value); // replaces all of that name
    void remove(const QByteArray &name);
    bool has(const QByteArray &name) const;
    QByteArray value(const QByteArray &name) const;         // the first; empty where there is none
    QList<QByteArray> values(const QByteArray &name) const; // each field line by itself, not split at commas
    const QList<std::pair<QByteArray, QByteArray>> &fields() const { return m_fields; }

private:
    QList<std::pair<QByteArray, QByteArray>> m_fields;
};

} // namespace colophon::registry::http
