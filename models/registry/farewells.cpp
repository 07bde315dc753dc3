// SPDX-License-Identifier: Apache-2.0
#include "registry/farewells.h"

namespace colophon::registry {

void Farewells::end()
{
    --m_open;
    for (http::Bell *each : m_waiting)
        each->ring();
}

base::Task<void> Farewells::settle(std::shared_ptr<Farewells> self, std::chrono::milliseconds longest)
{
    http::Bell bell;
    const QDeadlineTimer deadline(longest);
    self->m_waiting.push_back(&bell);
    while (self->m_open > 0 && !deadline.hasExpired()) {
        bell.ringAt(deadline); // anew each time: a timer may go off a little early
        co_await bell.event();
    }
    std::erase(self->m_waiting, &bell);
}

} // namespace colophon::registry
