// SPDX-License-Identifier: Apache-2.0
#include "registry/ranges.h"

#include <limits>

namespace colophon::registry {

namespace {

std::optional<qint64> numberIn(const QByteArray &text)
{
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    const bool isPlain = !text.isEmpty() && text.front() >= '0' && text.front() <= '9';
    return isNumber && isPlain ? std::optional(number) : std::nullopt;
}

} // namespace

QByteArray restFrom(qint64 offset) { return "bytes=" + QByteArray::number(offset) + '-'; }

bool isRest(const http::Response &response, qint64 offset, qint64 size)
{
    const QByteArray wanted = "bytes " + QByteArray::number(offset) + '-' + QByteArray::number(size - 1) + '/';
    const QByteArray range = response.headers.value("Content-Range").trimmed();
    const bool fits = range == wanted + QByteArray::number(size) || range == wanted + '*';
    return response.status == 206 && fits && (response.contentLength < 0 || response.contentLength == size - offset);
}

qint64 totalIn(const QByteArray &contentRange)
{
    const qsizetype slash = contentRange.indexOf('/');
    if (slash < 0 || !contentRange.trimmed().startsWith("bytes"))
        return -1;
    return numberIn(contentRange.mid(slash + 1).trimmed()).value_or(-1);
}

QByteArray chunkRange(qint64 offset, qint64 length)
{
    return QByteArray::number(offset) + '-' + QByteArray::number(offset + length - 1);
}

std::optional<qint64> receivedIn(const QByteArray &range)
{
    QByteArray text = range.trimmed();
    if (text.startsWith("bytes="))
        text = text.sliced(6);
    if (!text.startsWith("0-"))
        return {};
    const std::optional<qint64> last = numberIn(text.sliced(2));
    if (!last || *last == std::numeric_limits<qint64>::max())
        return {};
    return *last == 0 ? 0 : *last + 1;
}

} // namespace colophon::registry
