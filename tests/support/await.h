// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs a task to its end from a test, on the test's event loop.

#include "base/task.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>

#include <optional>

namespace colophon::test {

// The task's result; fails the program's expectations by asserting when it takes longer than `milliseconds`.
template <class T>
T await(base::Task<T> task, int milliseconds = 30'000)
{
    std::optional<T> result;
    auto collect = [](base::Task<T> inner, std::optional<T> &out) -> base::Task<void> { out.emplace(co_await inner); };
    base::Task<void> collecting = collect(std::move(task), result);
    QDeadlineTimer deadline(milliseconds);
    while (!result && !deadline.hasExpired())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 50);
    if (!result)
        qFatal("A task took longer than %d ms.", milliseconds);
    return std::move(*result);
}

inline void await(base::Task<void> task, int milliseconds = 30'000)
{
    auto whole = [](base::Task<void> inner) -> base::Task<bool> {
        co_await inner;
        co_return true;
    };
    await(whole(std::move(task)), milliseconds);
}

} // namespace colophon::test
