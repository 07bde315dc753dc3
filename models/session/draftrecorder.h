// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keeps the draft of one open image: at most half a second behind its edits, written on a thread of its own so that a
// slow disk never stops the window. In a window:
//
//     m_recorder = new DraftRecorder(m_drafts, document->reference(), document->original(), document);
//     connect(document, &ImageDocument::changed, m_recorder, [=] { m_recorder->record(document->edits()); });
//     connect(m_recorder, &DraftRecorder::failed, this, …);   // in a strip: the edits are not safe from a crash
//
// restoring `stored`, one of DraftStore::draftsOf(reference):
//
//     const Rebased rebase = rebased(stored.draft, document->original());
//     if (m_recorder->resume(stored.id)) document->edit(rebase.kept.edits(), tr("Restore draft"));   // say
//     rebase.dropped
//
// and after a push, or when the person discards the edits: m_recorder->discard(). A recorder that just goes, with the
// document, leaves the draft for the next start.

#include "session/draftstore.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <optional>

namespace colophon::session {

class DraftRecorder final : public QObject
{
    Q_OBJECT
public:
    static constexpr int delay = 500; // ms

    DraftRecorder(const DraftStore &store, const oci::Reference &reference, const document::ImageTree &original,
                  QObject *parent = nullptr);
    ~DraftRecorder() override; // writes what is pending

    // What is to be kept from now on. Without edits the draft is removed.
    void record(const document::EditSet &edits);
    // Goes on with a draft that is there: it is this image's from now on. If it was made of another state of the image
    // it goes as soon as the new one is safe. Conflict where another window has it.
    base::Result<void> resume(const QString &id);
    // Writes what is pending, and returns when it is on the disk.
    base::Result<void> flush();
    base::Result<void> discard();

Q_SIGNALS:
    void saved();
    // Once for each reason, until it went well again. What was not written is tried again with the next edit.
    void failed(const base::Error &error);

private:
    struct Keeper;
    struct Pending
    {
        document::EditSet edits;
        QDateTime changed;
    };
    void write();
    void wrote(int round, const Pending &what, const base::Result<void> &result);

    std::shared_ptr<Keeper> m_keeper; // of the pool's one thread; ours while that is idle
    QThreadPool m_pool;
    QTimer m_timer;
    std::optional<Pending> m_pending;
    int m_round = 0;     // of the last write begun
    int m_lastRound = 0; // of the last one whose outcome is known
    QString m_lastProblem;
};

} // namespace colophon::session
