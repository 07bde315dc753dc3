// SPDX-License-Identifier: Apache-2.0
#pragma once

// Wakes one waiting coroutine from the event loop, however many things happened meanwhile. Nothing ever resumes inside
// a socket's signal or a stop callback: those only ring, so that the coroutine may destroy the socket it waits for, and
// stopping two connections of one copy cannot free the second under the first's feet.

#include "base/task.h"

#include <QDeadlineTimer>

#include <functional>
#include <optional>
#include <stop_token>

class QObject;

namespace colophon::registry::http {

class Bell
{
public:
    Bell();
    ~Bell();
    Bell(const Bell &) = delete;
    Bell &operator=(const Bell &) = delete;

    QObject *context() const;             // dies with the Bell; to connect signals to
    void ring();                          // from the Bell's thread
    void ringAt(QDeadlineTimer deadline); // once; a later call replaces it
    void ringNever();                     // takes ringAt() back
    void strike();                        // now, on the caller's stack: its last act
    base::Event &event() { return m_event; }

    // Called instead of waking when nobody is meant to wait (an idle connection). It may destroy the Bell.
    std::function<void()> otherwise;

private:
    friend class RingOnStop;
    class Clapper;
    Clapper *m_clapper;
    base::Event m_event;
};

// Rings when the token is stopped, from whatever thread. The Bell must outlive it.
class RingOnStop
{
public:
    RingOnStop(const std::stop_token &token, const Bell &bell);

private:
    struct Ring
    {
        Bell::Clapper *clapper;
        void operator()() const;
    };
    std::stop_callback<Ring> m_callback;
};

} // namespace colophon::registry::http
