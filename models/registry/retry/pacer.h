// SPDX-License-Identifier: Apache-2.0
#pragma once

// When a request may be sent again, and when not before. One gate for each host: when a server says that
// it is busy everybody waits, one asks again, and the others follow once that went well. So ten transfers that were
// refused together do not come back ten times.

#include "registry/retry/clock.h"

#include <QHash>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace colophon::registry::http {
class Bell;
}

namespace colophon::registry::retry {

// Somebody waits before asking a host again, and why: to be shown with a countdown. Told again when that is over.
struct Waiting
{
    QString host;
    QString reason;                    // a clause: "registry.example is busy (429)"
    std::chrono::milliseconds time{0}; // 0: it is over, also where it was cancelled
    int attempt = 1;                   // that failed
};

struct PacerOptions
{
    std::shared_ptr<Clock> clock = std::make_shared<Clock>();
    int tries = 6;       // of one request, where the server answers that it cannot now
    int brokenTries = 3; // where there is no answer, from a host that has answered before
    std::chrono::milliseconds first{500};
    std::chrono::milliseconds longest{60'000};
    std::chrono::milliseconds longestAsked{300'000}; // of what a server asks for by Retry-After
    std::function<void(const Waiting &)> waiting = {};
};

// Why a request shall be sent again.
struct Setback
{
    QString reason;                                 // as in Waiting
    std::optional<std::chrono::milliseconds> asked; // Retry-After
    bool isBroken = false;                          // no answer came
};

class Pacer
{
public:
    explicit Pacer(PacerOptions options)
        : m_options(std::move(options))
    {
    }

    // Waits until the host may be asked. Every pass is given back by one of the three below. `mayLead`: the request is
    // short enough to find out for others whether the host is well again. Cancelled.
    struct Pass
    {
        QString host;
        bool leads = false;
    };
    static base::Task<base::Result<Pass>> enter(std::shared_ptr<Pacer> self, QString host, bool mayLead,
                                                std::stop_token stop);
    void wentWell(const Pass &pass);
    void leave(const Pass &pass); // neither well nor to be repeated
    // Waits as long as it takes before attempt number `attempt` + 1; false: it is to be given up, and the pass is back.
    static base::Task<bool> waitAfter(std::shared_ptr<Pacer> self, Pass pass, int attempt, Setback setback,
                                      std::stop_token stop);

    // Whether the host has answered anything yet: one that never did is more likely misspelt than tired.
    bool hasAnswered(const QString &host) const { return m_gates.value(host).hasAnswered; }
    const std::shared_ptr<Clock> &clock() const { return m_options.clock; }

private:
    struct Gate
    {
        Clock::Point opens{};
        bool isTired = false; // since it refused; until something goes well
        bool isLed = false;   // one is asking for all
        bool hasAnswered = false;
    };
    std::optional<std::chrono::milliseconds> pause(int attempt, const Setback &setback) const;
    void wake();

    PacerOptions m_options;
    QHash<QString, Gate> m_gates;
    std::vector<http::Bell *> m_waiting;
};

} // namespace colophon::registry::retry
