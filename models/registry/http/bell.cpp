// SPDX-License-Identifier: Apache-2.0
#include "registry/http/bell.h"

#include <QBasicTimer>
#include <QCoreApplication>
#include <QEvent>
#include <QObject>
#include <QTimerEvent>

namespace colophon::registry::http {

// The part that events are sent to. It outlives the Bell until it is back in the event loop.
class Bell::Clapper final : public QObject
{
public:
    static constexpr auto rung = QEvent::Type(QEvent::User + 1);

    Bell *bell = nullptr;
    bool isPosted = false;
    QBasicTimer timer;

protected:
    bool event(QEvent *event) override
    {
        if (event->type() == rung) {
            isPosted = false;
        } else if (event->type() == QEvent::Timer && static_cast<QTimerEvent *>(event)->timerId() == timer.timerId()) {
            timer.stop();
        } else {
            return QObject::event(event);
        }
        if (bell)
            bell->strike();
        return true;
    }
};

Bell::Bell()
    : m_clapper(new Clapper)
{
    m_clapper->bell = this;
}

Bell::~Bell()
{
    m_clapper->bell = nullptr;
    m_clapper->timer.stop();
    m_clapper->deleteLater();
}

QObject *Bell::context() const { return m_clapper; }

void Bell::ring()
{
    if (!std::exchange(m_clapper->isPosted, true))
        QCoreApplication::postEvent(m_clapper, new QEvent(Clapper::rung));
}

void Bell::ringAt(QDeadlineTimer deadline)
{
    if (deadline.isForever())
        m_clapper->timer.stop();
    else
        m_clapper->timer.start(static_cast<int>(std::min<qint64>(deadline.remainingTime(), 3'600'000)), m_clapper);
}

void Bell::ringNever() { m_clapper->timer.stop(); }

void Bell::strike()
{
    if (otherwise) {
        const auto call = otherwise; // it may replace or destroy what it is stored in
        call();
        return;
    }
    m_event.notify();
}

RingOnStop::RingOnStop(const std::stop_token &token, const Bell &bell)
    : m_callback(token, Ring{bell.m_clapper})
{
}

void RingOnStop::Ring::operator()() const { QCoreApplication::postEvent(clapper, new QEvent(Bell::Clapper::rung)); }

} // namespace colophon::registry::http
