// SPDX-License-Identifier: Apache-2.0
#pragma once

// A clock on which waiting takes no time: it only moves on, and remembers how far. Several sleepers wake in the order
// of their times, as they would by a real one.

#include "registry/http/bell.h"
#include "registry/retry/clock.h"

#include <QList>

#include <map>

namespace colophon::test {

class VirtualClock final : public registry::retry::Clock
{
public:
    explicit VirtualClock(double chance = 1.0)
        : m_chance(chance)
    {
    }
    Point now() const override { return m_now; }
    QDateTime today() const override
    {
        return m_start.addMSecs(std::chrono::duration_cast<std::chrono::milliseconds>(m_now - Point{}).count());
    }
    double chance() override { return m_chance; }
    base::Task<void> sleep(std::chrono::milliseconds time, std::stop_token stop) override
    {
        slept.append(time);
        const Point end = m_now + time;
        registry::http::Bell bell;
        const registry::http::RingOnStop onStop(stop, bell);
        const auto own = m_sleepers.emplace(end, &bell);
        // By way of the event loop, so that whoever else is about to sleep does so first.
        while (!stop.stop_requested()) {
            bell.ring();
            co_await bell.event();
            if (m_sleepers.begin() == own)
                break;
        }
        m_sleepers.erase(own);
        if (!stop.stop_requested())
            m_now = std::max(m_now, end);
    }

    QList<std::chrono::milliseconds> slept; // in the order they were asked for
    // As if so much time had gone by, or had been taken back.
    void pass(std::chrono::milliseconds time) { m_now += time; }
    // The wall clock at the beginning; it may be set to jump.
    void setToday(const QDateTime &today) { m_start = today; }

private:
    Point m_now{};
    double m_chance;
    QDateTime m_start = QDateTime(QDate(2026, 11, 25), QTime(12, 0), Qt::UTC);
    std::multimap<Point, registry::http::Bell *> m_sleepers;
};

} // namespace colophon::test
