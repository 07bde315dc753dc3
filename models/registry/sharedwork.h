// SPDX-License-Identifier: Apache-2.0
#pragma once

// One piece of work that several coroutines need at the same time: the first does it, the others wait and get the same
// result. So ten parallel requests fetch one token, and a wrong password is tried once.

#include "base/task.h"
#include "registry/http/bell.h"

#include <memory>
#include <optional>
#include <vector>

namespace colophon::registry {

template <class T>
class SharedWork
{
public:
    // `work(stop)` returns Task<Result<T>>; it is called only where nobody is at it. When the one who does it is
    // cancelled, the next of the waiting does it anew.
    template <class Work>
    static base::Task<base::Result<T>> run(std::shared_ptr<SharedWork> self, Work work, std::stop_token stop)
    {
        while (self->m_round) {
            std::shared_ptr<Round> round = self->m_round;
            base::Result<void> waited = co_await wait(round, stop);
            if (!waited)
                co_return base::fail(waited.error());
            if (*round->result || round->result->error().kind != base::ErrorKind::Cancelled)
                co_return base::Result<T>(*round->result); // a copy: QCoro moves out of what is returned
        }
        auto round = std::make_shared<Round>();
        self->m_round = round;
        base::Result<T> result = co_await work(stop);
        self->m_round.reset();
        round->result = result;
        for (http::Bell *each : round->waiting)
            each->ring(); // wakes from the event loop: nobody leaves the list meanwhile
        co_return result;
    }

private:
    struct Round
    {
        std::optional<base::Result<T>> result;
        std::vector<http::Bell *> waiting;
    };

    static base::Task<base::Result<void>> wait(std::shared_ptr<Round> round, std::stop_token stop)
    {
        http::Bell bell;
        http::RingOnStop onStop(stop, bell);
        round->waiting.push_back(&bell);
        while (!round->result && !stop.stop_requested())
            co_await bell.event();
        std::erase(round->waiting, &bell);
        if (!round->result)
            co_return base::cancelled();
        co_return base::Result<void>();
    }

    std::shared_ptr<Round> m_round;
};

} // namespace colophon::registry
