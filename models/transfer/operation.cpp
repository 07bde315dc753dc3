// SPDX-License-Identifier: Apache-2.0
#include "transfer/operation.h"

#include <QMetaObject>

namespace colophon::transfer {

Operation::Operation(QObject *parent)
    : QObject(parent)
    , m_voice(std::make_shared<Voice>())
{
    m_voice->m_operation = this;
}

Operation::~Operation()
{
    // Mute first: stopping may resume the work right here.
    m_voice->m_operation = nullptr;
    m_stop.request_stop();
}

void Operation::start()
{
    if (m_state != State::Ready)
        return;
    m_state = State::Running;
    if (m_stop.stop_requested()) {
        complete(base::cancelled());
        return;
    }
    // The work begins right here, and what it says may lead to this object's end: hold what is needed afterwards.
    const std::shared_ptr<Voice> held = m_voice;
    base::Task<base::Result<void>> work = run(m_stop.get_token());
    drive(held, std::move(work));
}

void Operation::cancel()
{
    // A copy, because what this resumes may lead to this object's end.
    std::stop_source stop = m_stop;
    stop.request_stop();
}

base::Detached Operation::drive(std::shared_ptr<Voice> voice, base::Task<base::Result<void>> work)
{
    base::Result<void> result = co_await work;
    if (voice->m_operation)
        voice->m_operation->complete(std::move(result));
}

void Operation::complete(base::Result<void> result)
{
    QMetaObject::invokeMethod(
        this,
        [this, result = std::move(result)] {
            if (!result)
                m_error = result.error();
            m_state = State::Finished;
            Q_EMIT finished();
        },
        Qt::QueuedConnection);
}

void Operation::Voice::activity(const QString &what) const
{
    if (m_operation)
        Q_EMIT m_operation->activityChanged(what);
}

void Operation::Voice::progress(qint64 done, qint64 total) const
{
    if (m_operation)
        Q_EMIT m_operation->progressChanged(done, total);
}

} // namespace colophon::transfer
