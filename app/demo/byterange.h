// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of a body that is asked for (RFC 9110 §14): one range of bytes.

#include <QtGlobal>

#include <optional>
#include <string>

namespace colophon::demo {

struct ByteRange
{
    qint64 first = 0;
    qint64 last = -1;
};

// Of a body of `size` bytes. Nothing: not one we read, and then the whole is sent; last < first: unsatisfiable.
std::optional<ByteRange> rangeIn(const std::string &field, qint64 size);

} // namespace colophon::demo
