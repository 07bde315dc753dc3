// SPDX-License-Identifier: Apache-2.0
#include "session/draftrecorder.h"

#include <QCoreApplication>

namespace colophon::session {

// What writes: the places it holds, and what it needs to make a draft of edits.
struct DraftRecorder::Keeper
{
    DraftStore store;
    oci::Reference reference;
    document::ImageTree original;
    std::optional<DraftSlot> slot = {};
    std::optional<DraftSlot> resumed = {}; // of another state of the image: kept until `slot` has its edits

    base::Result<void> keep(const document::EditSet &edits, const QDateTime &changed);
    base::Result<void> drop(std::optional<DraftSlot> &which);
};

base::Result<void> DraftRecorder::Keeper::drop(std::optional<DraftSlot> &which)
{
    if (which) {
        const base::Result<void> removed = which->remove();
        if (!removed)
            return removed;
        which.reset();
    }
    return {};
}

base::Result<void> DraftRecorder::Keeper::keep(const document::EditSet &edits, const QDateTime &changed)
{
    if (edits.isEmpty()) {
        const base::Result<void> dropped = drop(slot);
        return dropped ? drop(resumed) : dropped;
    }
    if (!slot) {
        base::Result<DraftSlot> claimed = store.claim(reference, original.root().descriptor.digest);
        if (!claimed)
            return base::fail(claimed.error());
        slot = std::move(*claimed);
    }
    const base::Result<void> written = slot->save(Draft::of(reference, original, edits, changed));
    return written ? drop(resumed) : written;
}

DraftRecorder::DraftRecorder(const DraftStore &store, const oci::Reference &reference,
                             const document::ImageTree &original, QObject *parent)
    : QObject(parent)
    , m_keeper(std::make_shared<Keeper>(Keeper{store, reference, original}))
{
    m_pool.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(delay);
    connect(&m_timer, &QTimer::timeout, this, &DraftRecorder::write);
}

DraftRecorder::~DraftRecorder()
{
    blockSignals(true); // the window may be half gone
    [[maybe_unused]] const base::Result<void> written = flush();
}

void DraftRecorder::record(const document::EditSet &edits)
{
    if (m_keeper->original.isEmpty())
        return;
    m_pending = Pending{edits, QDateTime::currentDateTimeUtc()};
    if (!m_timer.isActive() && m_round == m_lastRound)
        m_timer.start();
}

void DraftRecorder::write()
{
    if (!m_pending)
        return;
    const Pending what = *m_pending;
    m_pending.reset();
    const int round = ++m_round;
    m_pool.start([this, keeper = m_keeper, what, round] {
        const base::Result<void> result = keeper->keep(what.edits, what.changed);
        // The recorder waits for its pool before it goes, and takes its events with it.
        QMetaObject::invokeMethod(
            this, [this, round, what, result] { wrote(round, what, result); }, Qt::QueuedConnection);
    });
}

void DraftRecorder::wrote(int round, const Pending &what, const base::Result<void> &result)
{
    if (round <= m_lastRound)
        return; // a flush was faster
    m_lastRound = round;
    if (m_pending)
        m_timer.start();
    if (result) {
        m_lastProblem.clear();
        Q_EMIT saved();
        return;
    }
    if (!m_pending)
        m_pending = what; // for the next flush
    if (result.error().message != m_lastProblem) {
        m_lastProblem = result.error().message;
        Q_EMIT failed(result.error());
    }
}

base::Result<void> DraftRecorder::flush()
{
    m_pool.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall); // how the last write went
    m_timer.stop();
    if (!m_pending)
        return {};
    const Pending what = *m_pending;
    m_pending.reset();
    const base::Result<void> result = m_keeper->keep(what.edits, what.changed);
    wrote(++m_round, what, result);
    return result;
}

base::Result<void> DraftRecorder::resume(const QString &id)
{
    [[maybe_unused]] const base::Result<void> written = flush(); // what fails there is tried again with the next edit
    base::Result<StoredDraft> stored = m_keeper->store.load(id);
    if (!stored)
        return base::fail(stored.error());
    base::Result<DraftSlot> slot = m_keeper->store.claim(id);
    if (!slot)
        return base::fail(slot.error());
    const bool isThisState = !m_keeper->original.isEmpty() && stored->draft.reference == m_keeper->reference &&
                             stored->draft.opened == m_keeper->original.root().descriptor.digest;
    if (isThisState && !m_keeper->slot)
        m_keeper->slot = std::move(*slot);
    else
        m_keeper->resumed = std::move(*slot);
    return {};
}

base::Result<void> DraftRecorder::discard()
{
    m_pending = Pending{{}, QDateTime::currentDateTimeUtc()};
    return flush();
}

} // namespace colophon::session
