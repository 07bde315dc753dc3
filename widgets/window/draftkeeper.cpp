// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/draftkeeper.h"

namespace colophon::widgets {

namespace {
bool isSameImage(const oci::Reference &a, const oci::Reference &b)
{
    return a.name() == b.name() && a.tag() == b.tag() && (!a.tag().isEmpty() || a.digest() == b.digest());
}
} // namespace

DraftKeeper::DraftKeeper(session::DraftStore store, QObject *parent)
    : QObject(parent)
    , m_store(std::move(store))
{
    lookAgain();
}

DraftKeeper::~DraftKeeper() = default;

bool DraftKeeper::isOpen(const oci::Reference &reference) const
{
    return m_document && isSameImage(m_document->reference(), reference);
}

void DraftKeeper::follow(editing::ImageDocument *document, bool keepsDrafts)
{
    m_recorder.reset(); // writes what is pending, and lets go of its place
    m_document = document;
    m_sent.reset();
    m_saidElsewhere = m_isFirstSaved = false;
    Q_EMIT documentChanged();
    if (document && keepsDrafts) {
        m_recorder = std::make_unique<session::DraftRecorder>(m_store, document->reference(), document->original());
        connect(document, &editing::ImageDocument::changed, m_recorder.get(),
                [this] { m_recorder->record(hasUnsentEdits() ? m_document->edits() : document::EditSet()); });
        connect(m_recorder.get(), &session::DraftRecorder::failed, this, &DraftKeeper::reportOnce);
        connect(m_recorder.get(), &session::DraftRecorder::saved, this, [this] {
            m_lastProblem.clear();
            if (hasUnsentEdits() && !std::exchange(m_isFirstSaved, true))
                lookElsewhere(m_store.list().drafts, 1);
            Q_EMIT saved();
        });
    }
    lookAgain();
    lookElsewhere(m_found, 0);
    if (!document || !m_wanted)
        return;
    const Wanted wanted = *std::exchange(m_wanted, std::nullopt);
    if (isOpen(wanted.draft.reference))
        putBack(wanted);
}

bool DraftKeeper::hasUnsentEdits() const
{
    return m_document && m_document->isEdited() && m_document->edits() != m_sent;
}

void DraftKeeper::lookAgain()
{
    const session::StoredDrafts found = m_store.list();
    m_found = found.drafts;
    m_problems = found.problems;
    Q_EMIT offersChanged();
}

QList<session::StoredDraft> DraftKeeper::offers() const
{
    QList<session::StoredDraft> offers = m_found;
    offers.removeIf([this](const session::StoredDraft &each) {
        return each.isOpen || m_putOff.contains(each.id) || (m_document && !isOpen(each.draft.reference));
    });
    return offers;
}

// In the folder a draft that is being edited is one like another: `ours` of them are.
void DraftKeeper::lookElsewhere(QList<session::StoredDraft> drafts, qsizetype ours)
{
    drafts.removeIf([this](const session::StoredDraft &each) { return !each.isOpen || !isOpen(each.draft.reference); });
    if (m_saidElsewhere || drafts.size() <= ours)
        return;
    m_saidElsewhere = true;
    Q_EMIT foundElsewhere(drafts.last().draft); // the newest is ours
}

void DraftKeeper::putOff(const QString &id)
{
    m_putOff.insert(id);
    Q_EMIT offersChanged();
}

void DraftKeeper::putOffNothing()
{
    m_putOff.clear();
    lookAgain();
}

void DraftKeeper::restore(const session::StoredDraft &stored)
{
    if (isOpen(stored.draft.reference))
        putBack({stored.draft, stored.id});
    else
        m_wanted = Wanted{stored.draft, stored.id};
}

void DraftKeeper::carryOver()
{
    [[maybe_unused]] const base::Result<void> kept = keepEdits(); // they are in our hands too
    m_wanted = Wanted{session::Draft::of(m_document->reference(), m_document->original(), m_document->edits()), {}};
}

void DraftKeeper::putBack(Wanted wanted)
{
    if (wanted.id.isEmpty()) {
        const auto same = std::ranges::find_if(m_found, [&](const session::StoredDraft &each) {
            return !each.isOpen && each.draft.opened == wanted.draft.opened && each.draft.edits == wanted.draft.edits;
        });
        wanted.id = same == m_found.end() ? QString() : same->id;
    }
    const session::Rebased rebase = session::rebased(wanted.draft, m_document->original());
    const base::Result<void> done = rebase.kept.isEmpty() ? base::Result<void>() : putBack(rebase.kept, wanted.id);
    lookAgain();
    if (done)
        Q_EMIT restored(wanted.draft, rebase);
    else
        Q_EMIT failed(done.error());
}

base::Result<void> DraftKeeper::putBack(const document::EditSet &edits, const QString &id)
{
    // Edits made meanwhile may stand against them: then the draft is left as it is.
    const auto both = document::apply(m_document->original(), m_document->edits().with(edits.edits()));
    if (!both)
        return base::fail(both.error());
    if (m_recorder && !id.isEmpty()) {
        if (base::Result<void> resumed = m_recorder->resume(id); !resumed)
            return resumed;
    }
    return m_document->edit(edits.edits(), tr("Restore unsent edits"));
}

void DraftKeeper::discard(const session::StoredDraft &stored)
{
    if (const base::Result<void> removed = m_store.remove(stored.id); !removed) {
        Q_EMIT failed(removed.error());
    } else {
        m_discarded = stored.draft;
        Q_EMIT discarded(stored.draft);
    }
    lookAgain();
}

void DraftKeeper::undoDiscard()
{
    if (!m_discarded)
        return;
    const session::Draft draft = *std::exchange(m_discarded, std::nullopt);
    base::Result<session::DraftSlot> slot = m_store.claim(draft.reference, draft.opened);
    const base::Result<void> saved = slot ? slot->save(draft) : base::fail(slot.error());
    if (!saved)
        Q_EMIT failed(saved.error());
    slot = base::fail(base::Error{}); // lets go of it: nobody edits it here
    lookAgain();
}

base::Result<void> DraftKeeper::keepEdits() { return m_recorder ? m_recorder->flush() : base::Result<void>(); }

void DraftKeeper::discardEdits()
{
    if (!m_recorder)
        return;
    if (const base::Result<void> gone = m_recorder->discard(); !gone)
        Q_EMIT failed(gone.error());
}

void DraftKeeper::setSent(bool sent)
{
    if (!m_document)
        return;
    m_sent.reset();
    if (sent) {
        m_sent = m_document->edits();
        discardEdits();
    } else if (m_recorder) {
        m_recorder->record(m_document->edits());
    }
}

void DraftKeeper::reportOnce(const base::Error &error)
{
    if (error.message == m_lastProblem)
        return;
    m_lastProblem = error.message;
    Q_EMIT failed(error);
}

} // namespace colophon::widgets
