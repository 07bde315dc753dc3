// SPDX-License-Identifier: Apache-2.0
#include "registry/retry/pacer.h"

#include "registry/http/bell.h"

#include <algorithm>

namespace colophon::registry::retry {

using std::chrono::milliseconds;

base::Task<base::Result<Pacer::Pass>> Pacer::enter(std::shared_ptr<Pacer> self, QString host, bool mayLead,
                                                   std::stop_token stop)
{
    http::Bell bell;
    const http::RingOnStop onStop(stop, bell);
    for (;;) {
        if (stop.stop_requested())
            co_return base::cancelled();
        const Gate gate = self->m_gates.value(host);
        const auto shut = std::chrono::ceil<milliseconds>(gate.opens - self->m_options.clock->now());
        if (gate.isTired && shut.count() > 0) {
            co_await self->m_options.clock->sleep(shut, stop);
            continue;
        }
        if (!gate.isTired || !gate.isLed) {
            const bool leads = gate.isTired && mayLead;
            if (leads)
                self->m_gates[host].isLed = true;
            co_return Pass{host, leads};
        }
        self->m_waiting.push_back(&bell);
        co_await bell.event();
        std::erase(self->m_waiting, &bell);
    }
}

void Pacer::wentWell(const Pass &pass)
{
    Gate &gate = m_gates[pass.host];
    gate.hasAnswered = true;
    // Who came through before the host got tired says nothing of how it is now.
    if (gate.isTired && (pass.leads || gate.opens <= m_options.clock->now()))
        gate.isTired = false;
    leave(pass);
}

void Pacer::leave(const Pass &pass)
{
    if (pass.leads)
        m_gates[pass.host].isLed = false;
    wake();
}

// Everybody looks again; those who may not pass yet wait on.
void Pacer::wake()
{
    for (http::Bell *each : m_waiting)
        each->ring();
}

std::optional<milliseconds> Pacer::pause(int attempt, const Setback &setback) const
{
    if (attempt >= (setback.isBroken ? m_options.brokenTries : m_options.tries))
        return {};
    if (setback.asked)
        return *setback.asked <= m_options.longestAsked ? setback.asked : std::nullopt;
    // Full jitter: anything up to the limit, so that those who failed together do not come back together.
    const int doublings = std::min(attempt - 1, 20);
    const milliseconds limit = std::min(m_options.longest, milliseconds(m_options.first * (qint64(1) << doublings)));
    return milliseconds(static_cast<qint64>(m_options.clock->chance() * static_cast<double>(limit.count())));
}

base::Task<bool> Pacer::waitAfter(std::shared_ptr<Pacer> self, Pass pass, int attempt, Setback setback,
                                  std::stop_token stop)
{
    const auto time = self->pause(attempt, setback);
    if (!setback.isBroken)
        self->m_gates[pass.host].hasAnswered = true;
    if (!time || stop.stop_requested()) {
        self->leave(pass);
        co_return false;
    }
    Gate &gate = self->m_gates[pass.host];
    gate.isTired = true;
    gate.opens = std::max(gate.opens, self->m_options.clock->now() + *time);
    self->leave(pass); // the next one leads, when the time has come
    if (self->m_options.waiting)
        self->m_options.waiting({pass.host, setback.reason, *time, attempt});
    co_await self->m_options.clock->sleep(*time, stop);
    if (self->m_options.waiting)
        self->m_options.waiting({pass.host, setback.reason, {}, attempt});
    co_return !stop.stop_requested();
}

} // namespace colophon::registry::retry
