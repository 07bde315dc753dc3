// SPDX-License-Identifier: Apache-2.0
#include "registry/retryafter.h"

#include <QLocale>
#include <QTimeZone>

namespace colophon::registry {

namespace {

// More digits than a server can mean: as long as anybody waits.
constexpr qsizetype mostDigits = 9;
constexpr std::chrono::seconds longest{999'999'999};

// The three forms a date may have (RFC 9110 §5.6.7); all of them are UTC. English, whatever the language here.
QDateTime httpDate(const QString &text)
{
    const QLocale english = QLocale::c();
    QString rest = text;
    bool isObsolete = false; // two digits of the year
    if (const qsizetype comma = rest.indexOf(u','); comma > 0) {
        if (!rest.endsWith(QLatin1String(" GMT")))
            return {};
        rest = rest.mid(comma + 1, rest.size() - comma - 5).trimmed();
        isObsolete = rest.contains(u'-');
    } else {
        rest = rest.mid(4).simplified(); // "Sun Nov  6 08:49:37 1994"
    }
    QDateTime date;
    if (isObsolete)
        date = english.toDateTime(rest, QStringLiteral("dd-MMM-yy HH:mm:ss"));
    else if (text.contains(u','))
        date = english.toDateTime(rest, QStringLiteral("dd MMM yyyy HH:mm:ss"));
    else
        date = english.toDateTime(rest, QStringLiteral("MMM d HH:mm:ss yyyy"));
    if (!date.isValid())
        return {};
    date.setTimeSpec(Qt::UTC);
    if (isObsolete && date.date().year() < 1970) // Qt takes two digits for the last century
        date = date.addYears(100);
    return date;
}

} // namespace

std::optional<std::chrono::seconds> retryAfter(const QByteArray &field, const QDateTime &now)
{
    const QByteArray text = field.trimmed();
    if (text.isEmpty() || text.size() > 64)
        return {};
    if (std::all_of(text.cbegin(), text.cend(), [](char c) { return c >= '0' && c <= '9'; }))
        return text.size() > mostDigits ? longest : std::chrono::seconds(text.toLongLong());
    const QDateTime date = httpDate(QString::fromLatin1(text));
    if (!date.isValid())
        return {};
    return std::chrono::seconds(std::max<qint64>(0, now.secsTo(date)));
}

} // namespace colophon::registry
