// SPDX-License-Identifier: Apache-2.0
#include "demo/byterange.h"

#include <QByteArray>

#include <algorithm>

namespace colophon::demo {

std::optional<ByteRange> rangeIn(const std::string &field, qint64 size)
{
    const QByteArray text = QByteArray::fromStdString(field);
    const qsizetype dash = text.indexOf('-');
    if (!text.startsWith("bytes=") || dash < 0 || text.contains(','))
        return std::nullopt;
    const QByteArray from = text.mid(6, dash - 6);
    const QByteArray to = text.mid(dash + 1);
    bool fromIsNumber = false;
    bool toIsNumber = false;
    const qint64 first = from.toLongLong(&fromIsNumber);
    const qint64 last = to.toLongLong(&toIsNumber);
    if (from.isEmpty())
        return toIsNumber && last > 0 ? std::optional(ByteRange{std::max<qint64>(0, size - last), size - 1})
                                      : std::optional(ByteRange{});
    if (!fromIsNumber || (!to.isEmpty() && !toIsNumber))
        return std::nullopt;
    if (first >= size)
        return ByteRange{};
    return ByteRange{first, to.isEmpty() ? size - 1 : std::min(last, size - 1)};
}

} // namespace colophon::demo
