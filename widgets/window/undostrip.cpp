// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/undostrip.h"

#include "widgets/push/pushundo.h"

#include <QPushButton>

namespace colophon::widgets {

using items::Symbol;
using items::Tone;
using State = PushUndo::State;

UndoStrip::UndoStrip(PushUndo &undo, QWidget *parent)
    : NoticeStrip(parent)
    , m_undo(undo)
{
    setObjectName(QStringLiteral("undoStrip"));
    connect(&m_undo, &PushUndo::stateChanged, this, [this] {
        // A new push has its own report; what was asked about the one before is void.
        if (m_undo.state() == State::Possible || m_undo.state() == State::Impossible)
            hide();
        else if (isVisible())
            tell();
    });
}

void UndoStrip::ask() { tell(); }

void UndoStrip::tell()
{
    const QString tag = m_undo.tag().toString();
    const QList<Fact> facts{{tr("Pushed"), m_undo.pushed().shortForm(), m_undo.pushed().toString()},
                            {tr("Before"), m_undo.before().shortForm(), m_undo.before().toString()}};
    const auto offer = [this](const QString &text) {
        connect(addButton(QStringLiteral("undoPushNow"), text, Symbol::Undo), &QPushButton::clicked, &m_undo,
                &PushUndo::undo);
    };
    switch (m_undo.state()) {
    case State::Nothing:
        say({{}, {}, Tone::Edited, Symbol::Information}, tr("Nothing was pushed from this window."));
        break;
    case State::Impossible:
        say({{}, {}, Tone::Edited, Symbol::Information}, m_undo.why());
        break;
    case State::Possible:
        say({{}, {}, Tone::Warning, Symbol::Undo}, tr("Let %1 name again what it named before your push?").arg(tag),
            facts);
        offer(tr("&Undo the push"));
        break;
    case State::Running:
        say({{}, {}, Tone::Edited, Symbol::Waiting}, tr("Putting %1 back…").arg(tag), facts);
        connect(addButton(QStringLiteral("cancelUndo"), tr("&Cancel")), &QPushButton::clicked, &m_undo,
                &PushUndo::cancel);
        setBusy(true);
        break;
    case State::Undone: {
        say({{}, {}, Tone::Good, Symbol::Ok},
            tr("The push is undone: %1 names %2 again. What was pushed is still there by its digest.")
                .arg(tag, m_undo.before().shortForm()),
            {facts.first()});
        const oci::Reference reference = m_undo.tag();
        connect(addButton(QStringLiteral("openUndone"), tr("&Open it"), Symbol::Open), &QPushButton::clicked, this,
                [this, reference] {
                    hide();
                    Q_EMIT openRequested(reference);
                });
        break;
    }
    case State::Failed:
        say({{}, {}, Tone::Error, Symbol::Failed}, tr("The push was not undone. %1").arg(m_undo.error()->text()));
        offer(tr("&Try again"));
        break;
    }
}

} // namespace colophon::widgets
