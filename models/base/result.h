// SPDX-License-Identifier: Apache-2.0
#pragma once

// A value or an Error: what every fallible function of Colophon returns. No exception crosses a module's border.

#include "base/error.h"

#include <expected>
#include <utility>

namespace colophon::base {

template <class T>
using Result = std::expected<T, Error>;

// `return fail(ErrorKind::NotFound, tr("…"));` in any function that returns a Result.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, QString message, QString hint = {})
{
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    error.hint = std::move(hint);
    return std::unexpected(std::move(error));
}

[[nodiscard]] inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

} // namespace colophon::base
