// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work a person waits for and may cancel. Made, connected to, started; finished() comes exactly once, also after
// cancel(). Destroying a running Operation cancels it silently.

#include "base/error.h"
#include "base/task.h"

#include <QObject>

#include <optional>
#include <stop_token>

namespace colophon::transfer {

class Operation : public QObject
{
    Q_OBJECT
public:
    explicit Operation(QObject *parent = nullptr);
    ~Operation() override;

    void start();  // once; finished() never comes from inside start()
    void cancel(); // any time, from the same thread
    bool isRunning() const { return m_state == State::Running; }
    bool isFinished() const { return m_state == State::Finished; }
    // Why it did not succeed; nothing while it runs and after success.
    const std::optional<base::Error> &error() const { return m_error; }

Q_SIGNALS:
    // What is awaited now, one short phrase.
    void activityChanged(const QString &activity);
    // Bytes, of all transfers together.
    void progressChanged(qint64 done, qint64 total);
    void finished();

protected:
    // The work itself. It may touch this object until it returns: the destructor waits for nothing, so results are kept in
    // state the coroutine shares, and handed over by complete().
    virtual base::Task<base::Result<void>> run(std::stop_token stop) = 0;
    std::stop_token stopToken() const { return m_stop.get_token(); }

private:
    enum class State { Ready, Running, Finished };
    State m_state = State::Ready;
    std::stop_source m_stop;
    std::optional<base::Error> m_error;
};

} // namespace colophon::transfer
