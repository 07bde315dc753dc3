// SPDX-License-Identifier: Apache-2.0
#include "registry/http/headers.h"

#include <algorithm>

namespace colophon::registry::http {

namespace {
bool isSame(const QByteArray &one, const QByteArray &other)
{
    return one.size() == other.size() && one.compare(other, Qt::CaseInsensitive) == 0;
}
} // namespace

void Headers::set(const QByteArray &name, QByteArray value)
{
    remove(name);
    add(name, std::move(value));
}

void Headers::remove(const QByteArray &name)
{
    m_fields.removeIf([&name](const auto &field) { return isSame(field.first, name); });
}

bool Headers::has(const QByteArray &name) const
{
    return std::any_of(m_fields.cbegin(), m_fields.cend(), [&name](const auto &f) { return isSame(f.first, name); });
}

QByteArray Headers::value(const QByteArray &name) const
{
    for (const auto &[key, value] : m_fields) {
        if (isSame(key, name))
            return value;
    }
    return {};
}

QList<QByteArray> Headers::values(const QByteArray &name) const
{
    QList<QByteArray> all;
    for (const auto &[key, value] : m_fields) {
        if (isSame(key, name))
            all.append(value);
    }
    return all;
}

} // namespace colophon::registry::http
