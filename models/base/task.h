// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one idiom for asynchrony: coroutines that return Task<Result<T>> and stop by std::stop_token.
//
// Five rules, each paid for by a crash: (1) wait as on a condition variable, `while (!ready) co_await event;`, and
// touch nothing after notify(); (2) never await a Qt signal that can fire twice (QCoro 0.8); (3) parallel work is
// forEachLimited(), which joins every lane; (4) a coroutine takes its parameters by value and holds no `this`, and a
// lambda that is a coroutine captures nothing; (5) QCoro 0.8 moves out of what is given to co_return, even an lvalue:
// return an explicit copy of anything that others still use.

#include "base/result.h"

#include <QCoroTask>

#include <algorithm>
#include <coroutine>
#include <exception>
#include <functional>
#include <stop_token>
#include <utility>
#include <vector>

// QCoro 0.8 compares a handle with nullptr; where T is constructible from nullptr (QByteArray) the comparison finds
// std::expected's friend operator== and does not compile. This overload is the better match.
namespace QCoro::detail {
template <class Promise>
constexpr bool operator==(std::coroutine_handle<TaskPromise<Promise>> handle, std::nullptr_t) noexcept
{
    return !handle;
}
} // namespace QCoro::detail

namespace colophon::base {

template <class T>
using Task = QCoro::Task<T>;

// Wakes the one coroutine that waits for it. Holds no state of its own: the waiter checks its condition in a loop.
class Event
{
public:
    Event() = default;
    Event(const Event &) = delete;
    Event &operator=(const Event &) = delete;

    // Resumes the waiter, if there is one. The waiter may destroy this Event: touch nothing afterwards.
    void notify()
    {
        if (auto handle = std::exchange(m_waiter, {}))
            handle.resume();
    }

    auto operator co_await() noexcept
    {
        struct Awaiter
        {
            Event &event;
            bool await_ready() const noexcept { return false; }
            void await_suspend(std::coroutine_handle<> handle) noexcept
            {
                Q_ASSERT(!event.m_waiter);
                event.m_waiter = handle;
            }
            void await_resume() const noexcept {}
        };
        return Awaiter{*this};
    }

private:
    std::coroutine_handle<> m_waiter;
};

// The error of work that was stopped by its token.
[[nodiscard]] inline std::unexpected<Error> cancelled()
{
    return fail(ErrorKind::Cancelled, QStringLiteral("Cancelled."));
}

// A coroutine nobody awaits: it runs to its end by itself. Only for the outermost frame of an Operation.
struct Detached
{
    struct promise_type
    {
        Detached get_return_object() noexcept { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() noexcept { std::terminate(); }
    };
};

namespace detail {
struct LaneState
{
    int next = 0;
    Result<void> first{};
};

template <class Job>
Task<void> lane(LaneState &state, int count, Job &job, std::stop_source all)
{
    while (state.next < count && !all.stop_requested()) {
        Result<void> done = co_await job(state.next++, all.get_token());
        if (!done) {
            if (state.first)
                state.first = std::move(done);
            all.request_stop();
        }
    }
}
} // namespace detail

// Runs job(i, stop) for every i in [0, count) on at most `limit` lanes. The first error stops the rest; every lane has
// ended when this returns. `job` returns Task<Result<void>>; it is kept alive here, so that it may capture.
template <class Job>
Task<Result<void>> forEachLimited(int count, int limit, Job job, std::stop_token parent)
{
    std::stop_source all;
    std::stop_callback<std::function<void()>> link(parent, [all]() mutable { all.request_stop(); });
    detail::LaneState state;
    std::vector<Task<void>> lanes;
    lanes.reserve(static_cast<std::size_t>(std::max(1, limit)));
    for (int i = 0; i < std::min(std::max(1, limit), count); ++i)
        lanes.push_back(detail::lane(state, count, job, all));
    for (auto &each : lanes)
        co_await each;
    if (state.first && all.stop_requested())
        co_return cancelled();
    co_return std::move(state.first);
}

} // namespace colophon::base
