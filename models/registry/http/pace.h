// SPDX-License-Identifier: Apache-2.0
#pragma once

// The least pace of a body: a server that moves a byte now and then is as good as gone. Only the time in
// which we wait for the other side counts, so that a slow disk of ours is not held against it.

#include <QDeadlineTimer>
#include <QElapsedTimer>

#include <chrono>

namespace colophon::registry::http {

class Pace
{
public:
    static constexpr qint64 least = 1024; // bytes a second, over each window of waiting

    explicit Pace(std::chrono::milliseconds window)
        : m_window(window)
    {
    }

    // A wait begins; it ends by this at the latest, to be judged.
    QDeadlineTimer wait();
    enum class Verdict { Moving, Slow, Resting };
    // It ended, in vain if it ran out of time, and so many bytes moved in it.
    Verdict judge(qint64 bytes, bool isInVain);

private:
    std::chrono::milliseconds m_window;
    std::chrono::milliseconds m_waited{0}; // in this window
    qint64 m_bytes = 0;
    QElapsedTimer m_wait;
    QDeadlineTimer m_end;
};

} // namespace colophon::registry::http
