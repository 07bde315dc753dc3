// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/pushundo.h"

#include "transfer/restoretag.h"
#include "widgets/common/retire.h"

namespace colophon::widgets {

PushUndo::PushUndo(content::Connector &connector, QObject *parent)
    : QObject(parent)
    , m_connector(connector)
{
}

PushUndo::~PushUndo() = default;

void PushUndo::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

bool PushUndo::remember(const transfer::PushReport &report)
{
    const transfer::PushPlan &plan = report.plan;
    if (!report.pushed || plan.tagBefore == plan.after || plan.changesNothing())
        return false;
    retire(m_restoring);
    m_error.reset();
    m_note.clear();
    m_tag = plan.request.destination;
    m_before = plan.tagBefore;
    m_pushed = plan.after;
    setState(m_tag.tag().isEmpty() || m_before.isNull() ? State::Impossible : State::Possible);
    return true;
}

QString PushUndo::why() const
{
    if (m_tag.tag().isEmpty())
        return tr("There is nothing to put back: the image was pushed by its digest alone, and no tag was moved.");
    return tr("There is nothing to put back: %1 did not exist before this push. Colophon deletes no tags; who may do "
              "that can use the registry's own pages, or “regctl tag delete %1”.")
        .arg(m_tag.toString());
}

void PushUndo::undo()
{
    if (!canUndo())
        return;
    m_error.reset();
    m_restoring = std::make_unique<transfer::RestoreTag>(
        m_connector.target(m_tag), transfer::RestoreTag::Request{m_tag, m_before, m_pushed, false});
    connect(m_restoring.get(), &transfer::Operation::activityChanged, this, &PushUndo::activityChanged);
    connect(m_restoring.get(), &transfer::Operation::finished, this, &PushUndo::finish);
    setState(State::Running);
    m_restoring->start();
}

void PushUndo::finish()
{
    m_error = m_restoring->error();
    m_note = m_restoring->outcome().note;
    retire(m_restoring);
    setState(m_error ? State::Failed : State::Undone);
    if (m_error && m_error->kind == base::ErrorKind::Unauthorized)
        Q_EMIT signInWanted(m_tag.registry(), *m_error);
}

void PushUndo::cancel()
{
    if (m_restoring)
        m_restoring->cancel();
}

} // namespace colophon::widgets
