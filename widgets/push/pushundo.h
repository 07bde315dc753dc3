// SPDX-License-Identifier: Apache-2.0
#pragma once

// The way back from the last push of a window: puts the tag back to the digest it had, unless somebody moved it since.

#include "content/connector.h"
#include "oci/reference.h"
#include "transfer/pushplan.h"

#include <QObject>

#include <memory>
#include <optional>

namespace colophon::transfer {
class RestoreTag;
}

namespace colophon::widgets {

class PushUndo final : public QObject
{
    Q_OBJECT
public:
    enum class State {
        Nothing,    // nothing was pushed, or it changed nothing
        Impossible, // why() says it
        Possible,
        Running,
        Undone,
        Failed, // error() says why; it can be tried again
    };
    explicit PushUndo(content::Connector &connector, QObject *parent = nullptr);
    ~PushUndo() override;

    // False where the push changed nothing: the one before it is still the one to undo.
    bool remember(const transfer::PushReport &report);
    State state() const { return m_state; }
    bool canUndo() const { return m_state == State::Possible || m_state == State::Failed; }
    const oci::Reference &tag() const { return m_tag; }
    const oci::Digest &before() const { return m_before; } // what the tag goes back to
    const oci::Digest &pushed() const { return m_pushed; }
    QString why() const;
    const std::optional<base::Error> &error() const { return m_error; }
    QString note() const { return m_note; } // of what was undone; mostly empty

    void undo();
    void cancel();

Q_SIGNALS:
    void stateChanged();
    void activityChanged(const QString &activity);
    void signInWanted(const QString &registry, const colophon::base::Error &error);

private:
    void setState(State state);
    void finish();

    content::Connector &m_connector;
    State m_state = State::Nothing;
    oci::Reference m_tag;
    oci::Digest m_before;
    oci::Digest m_pushed;
    std::optional<base::Error> m_error;
    QString m_note;
    std::unique_ptr<transfer::RestoreTag> m_restoring;
};

} // namespace colophon::widgets
