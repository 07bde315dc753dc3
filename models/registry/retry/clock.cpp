// SPDX-License-Identifier: Apache-2.0
#include "registry/retry/clock.h"

#include "registry/http/bell.h"

#include <QRandomGenerator>

namespace colophon::registry::retry {

double Clock::chance() { return QRandomGenerator::global()->generateDouble(); }

base::Task<void> Clock::sleep(std::chrono::milliseconds time, std::stop_token stop)
{
    http::Bell bell;
    const http::RingOnStop onStop(stop, bell);
    const QDeadlineTimer deadline(time, Qt::PreciseTimer);
    while (!deadline.hasExpired() && !stop.stop_requested()) {
        bell.ringAt(deadline); // anew each time: a timer may go off a little early
        co_await bell.event();
    }
}

} // namespace colophon::registry::retry
