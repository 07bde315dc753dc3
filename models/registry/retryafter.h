// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Retry-After field (RFC 9110 §10.2.3): how long a server asks us to wait, in seconds or until a moment.

#include <QByteArray>
#include <QDateTime>

#include <chrono>
#include <optional>

namespace colophon::registry {

// From `now` on, never negative: a moment that has passed is no wait. Nothing where the field is neither a number of
// seconds nor an HTTP date. It is not yet judged: a server may ask for years.
std::optional<std::chrono::seconds> retryAfter(const QByteArray &field, const QDateTime &now);

} // namespace colophon::registry
