// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work a person waits for and may cancel. Made, connected to, started; finished() comes exactly once, also after
// cancel(). Destroying a running Operation cancels it silently.

#include "base/error.h"
#include "base/task.h"

#include <QObject>

#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>

namespace colophon::transfer {

class Operation : public QObject
{
    Q_OBJECT
public:
    explicit Operation(QObject *parent = nullptr);
    ~Operation() override;

    void start();  // once; finished() always comes from the event loop, never from inside start() or cancel()
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
    // What the work holds of its Operation instead of a pointer to it: it says what happens as long as the Operation is
    // there, and nothing to nobody afterwards. A slot may destroy the Operation: after a call, look again.
    class Voice
    {
    public:
        void activity(const QString &what) const;
        void progress(qint64 done, qint64 total) const;
        // Calls a signal of the derived class.
        template <class Derived, class... Arguments>
        void emitOf(void (Derived::*signal)(Arguments...), std::type_identity_t<Arguments>... arguments) const
        {
            if (m_operation)
                (static_cast<Derived *>(m_operation)->*signal)(arguments...);
        }

    private:
        friend class Operation;
        Operation *m_operation = nullptr;
    };
    using VoicePtr = std::shared_ptr<const Voice>;
    VoicePtr voice() const { return m_voice; }

    // The work itself. Not a coroutine but what calls one: that takes state by shared_ptr and a Voice, never `this`,
    // for the destructor waits for nothing and the work ends when it likes.
    virtual base::Task<base::Result<void>> run(std::stop_token stop) = 0;

private:
    enum class State { Ready, Running, Finished };
    static base::Detached drive(std::shared_ptr<Voice> voice, base::Task<base::Result<void>> work);
    void complete(base::Result<void> result);

    State m_state = State::Ready;
    std::stop_source m_stop;
    std::optional<base::Error> m_error;
    std::shared_ptr<Voice> m_voice;
};

} // namespace colophon::transfer
