// SPDX-License-Identifier: Apache-2.0
#pragma once

// The time that waiting goes by, as a seam: tests give a clock of their own, on which five minutes take none. It never
// jumps with the clock on the wall, which is asked only for what a server says of moments.

#include "base/task.h"

#include <QDateTime>

#include <chrono>
#include <stop_token>

namespace colophon::registry::retry {

class Clock
{
public:
    using Point = std::chrono::steady_clock::time_point;

    Clock() = default;
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;
    virtual ~Clock() = default;

    virtual Point now() const { return std::chrono::steady_clock::now(); }
    virtual QDateTime today() const { return QDateTime::currentDateTimeUtc(); }
    // 0 ≤ x < 1, for waits that shall not all be alike.
    virtual double chance();
    // Ends early where it is stopped.
    virtual base::Task<void> sleep(std::chrono::milliseconds time, std::stop_token stop);
};

} // namespace colophon::registry::retry
