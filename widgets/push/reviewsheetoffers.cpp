// SPDX-License-Identifier: Apache-2.0
// What the review sheet offers beside the push: ways out where it cannot go on, the push as commands of other programs,
// and the way back.
#include "widgets/common/errorstrip.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/push/backupchoice.h"
#include "widgets/push/destinationchoice.h"
#include "widgets/push/remedystrip.h"
#include "widgets/push/reviewsheet.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QPushButton>

namespace colophon::widgets {

using State = PushController::State;

void ReviewSheet::connectOffers()
{
    connect(&m_look, &TagLook::changed, this, &ReviewSheet::showRemedies);
    connect(m_remedies, &RemedyStrip::reopenRequested, this, [this] {
        m_push.leave();
        Q_EMIT reopenRequested();
    });
    connect(m_remedies, &RemedyStrip::otherTagRequested, this, [this](const QString &tag) {
        m_destination->setDestination(m_push.destination().withTag(tag));
        takeDestination();
    });
    connect(m_remedies, &RemedyStrip::replaceRequested, this, [this] {
        // Theirs keeps a name, unless the person takes that back.
        m_backup->choose();
        m_push.replaceAnyway();
    });
    connect(m_remedies, &RemedyStrip::withoutProbesRequested, this, [this] { m_push.setProbing(false); });

    const auto addTool = [this](transfer::CommandTool tool, const QString &name, const QString &text) {
        QAction *action = m_commandsMenu->addAction(text);
        action->setObjectName(name);
        connect(action, &QAction::triggered, this, [this, tool, name] { copyCommands(tool, name); });
    };
    addTool(transfer::CommandTool::Curl, QStringLiteral("curl"), tr("For &curl"));
    addTool(transfer::CommandTool::Regctl, QStringLiteral("regctl"), tr("For &regctl"));

    connect(m_back, &QPushButton::clicked, &m_undo, &PushUndo::undo);
    connect(&m_undo, &PushUndo::stateChanged, this, &ReviewSheet::followUndo);
    connect(&m_undo, &PushUndo::activityChanged, m_activity, &ElidedLabel::setFullText);
}

void ReviewSheet::goOn()
{
    if (m_push.state() == State::Done)
        m_undo.undo();
    else
        m_push.retry();
}

void ReviewSheet::showRemedies()
{
    session::Draft edits;
    if (m_document)
        edits = session::Draft::of(m_document->reference(), m_document->original(), m_document->edits());
    m_remedies->follow(m_push, m_look, edits);
}

void ReviewSheet::copyCommands(transfer::CommandTool tool, const QString &name)
{
    const QStringList lines = transfer::commandsOf(m_push.plan(), tool);
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')) + QLatin1Char('\n'));
    Q_EMIT said(m_push.plan().request.signingKeys.isEmpty()
                    ? tr("Copied the push as commands for %1").arg(name)
                    : tr("Copied the push as commands for %1; the signatures are not among them").arg(name));
}

bool ReviewSheet::isUndone() const { return m_isUndoable && m_undo.state() == PushUndo::State::Undone; }

bool ReviewSheet::isUndoing() const { return m_isUndoable && m_undo.state() == PushUndo::State::Running; }

void ReviewSheet::followUndo()
{
    if (m_undo.state() == PushUndo::State::Undone)
        Q_EMIT undone();
    if (m_push.state() != State::Done || !m_isUndoable)
        return;
    m_activity->setFullText({});
    const auto &error = m_undo.error();
    if (error && error->kind != base::ErrorKind::Cancelled)
        m_errors->showError(*error);
    else
        m_errors->clear();
    showState();
    Q_EMIT said(headline());
}

void ReviewSheet::showButtonsAfterPush()
{
    const bool isPossible = m_undo.state() != PushUndo::State::Impossible;
    m_back->setEnabled(isPossible);
    m_back->setText(m_undo.state() == PushUndo::State::Failed ? tr("&Undo the push again") : tr("&Undo the push"));
    m_back->setToolTip(isPossible ? tr("Let %1 name %2 again").arg(m_undo.tag().toString(), m_undo.before().shortForm())
                                  : items::toolTip(m_undo.why()));
    m_go->setVisible(!isUndone());
    m_go->setText(tr("&Open what was pushed"));
    m_go->setIcon(symbolIcon(items::Symbol::Open));
    m_go->setEnabled(!isUndone() && !isUndoing());
    m_go->setToolTip(tr("Read it again from the registry (Ctrl+Return)"));
    m_leave->setText(isUndoing() ? tr("&Cancel") : isUndone() ? tr("&Back to the image") : tr("&Close"));
    m_leave->setToolTip(isUndoing() ? tr("Stop; the tag stays on what was pushed (Esc)")
                                    : tr("Back to the image (Esc)"));
}

} // namespace colophon::widgets
