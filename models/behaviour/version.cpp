// SPDX-License-Identifier: Apache-2.0
#include "behaviour/version.h"

#include <QStringList>

namespace colophon::behaviour {

namespace {
constexpr qsizetype mostParts = 8;
constexpr qsizetype mostDigits = 8; // of one number: an int holds it

// The numbers the text begins with, and how many characters they take.
std::pair<QList<int>, qsizetype> numbersOf(QStringView text)
{
    QList<int> parts;
    qsizetype at = 0;
    qsizetype read = 0;
    while (parts.size() < mostParts) {
        qsizetype end = at;
        while (end < text.size() && end - at < mostDigits && text[end] >= u'0' && text[end] <= u'9')
            ++end;
        if (end == at)
            break;
        parts.append(text.sliced(at, end - at).toInt());
        read = end;
        if (end >= text.size() || text[end] != u'.')
            break;
        at = end + 1;
    }
    return {parts, read};
}
} // namespace

std::optional<Version> Version::read(QStringView text)
{
    text = text.trimmed();
    if (text.startsWith(u'v'))
        text = text.sliced(1);
    Version version;
    version.m_parts = numbersOf(text).first;
    return version.m_parts.isEmpty() ? std::nullopt : std::optional(version);
}

std::optional<Version> Version::readStrictly(QStringView text)
{
    const auto [parts, length] = numbersOf(text);
    if (parts.isEmpty() || length != text.size())
        return std::nullopt;
    Version version;
    version.m_parts = parts;
    return version;
}

QString Version::toString() const
{
    QStringList parts;
    for (const int part : m_parts)
        parts.append(QString::number(part));
    return parts.join(u'.');
}

Version Version::next() const
{
    Version version = *this;
    if (!version.m_parts.isEmpty())
        ++version.m_parts.last();
    return version;
}

std::strong_ordering Version::operator<=>(const Version &other) const
{
    for (qsizetype i = 0; i < std::max(m_parts.size(), other.m_parts.size()); ++i) {
        const int mine = m_parts.value(i);
        const int theirs = other.m_parts.value(i);
        if (mine != theirs)
            return mine <=> theirs;
    }
    return std::strong_ordering::equal;
}

} // namespace colophon::behaviour
