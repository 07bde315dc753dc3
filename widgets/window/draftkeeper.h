// SPDX-License-Identifier: Apache-2.0
#pragma once

// Unsent edits and what becomes of them: keeps those of the open image as a draft, offers drafts that are left from
// before, and puts edits on an image again, after a crash, for later, or because the tag moved.
//
// Images that go with the program (the samples: their registry lives in this process, on a port of its own) get no
// draft: there would be nothing to open it on, and it would be offered for ever.

#include "editing/imagedocument.h"
#include "session/draftrecorder.h"

#include <QObject>
#include <QSet>

#include <memory>
#include <optional>

namespace colophon::widgets {

class DraftKeeper final : public QObject
{
    Q_OBJECT
public:
    explicit DraftKeeper(session::DraftStore store, QObject *parent = nullptr);
    ~DraftKeeper() override;

    // The image whose edits count from now on, before the one before it is gone. What was asked to be restored on it is
    // restored now.
    void follow(editing::ImageDocument *document, bool keepsDrafts);
    bool keepsDrafts() const { return m_recorder != nullptr; }
    bool hasUnsentEdits() const;
    const editing::ImageDocument *document() const { return m_document; }
    bool isOpen(const oci::Reference &reference) const; // the image of this name, whatever it names now

    // What to offer: of the open image, or all of them where none is open; without what was put off.
    QList<session::StoredDraft> offers() const;
    QStringList problems() const { return m_problems; } // of the last look at the folder, in words
    void lookAgain();
    void putOff(const QString &id); // until the next start, or until they are asked for
    void putOffNothing();

    // The draft's edits come back when its image is open, which is up to the caller; at once where it is open as it was
    // asked for.
    void restore(const session::StoredDraft &stored);
    // The same with the edits of the open image, whatever its tag names by the time it is read again.
    void carryOver();
    void discard(const session::StoredDraft &stored);
    void undoDiscard(); // of the last one

    // Now, for good or for later. An error: they are not safe.
    base::Result<void> keepEdits();
    void discardEdits();
    void setSent(bool sent); // the edits as they are now were pushed, or the push was undone

Q_SIGNALS:
    void documentChanged();
    void offersChanged();
    void restored(const colophon::session::Draft &draft, const colophon::session::Rebased &rebase);
    void discarded(const colophon::session::Draft &draft);
    // Another window, here or in another process, has unsent edits of the open image too.
    void foundElsewhere(const colophon::session::Draft &theirs);
    // Edits cannot be restored or discarded, or cannot be kept: that is said once for each reason, until it went well.
    void failed(const colophon::base::Error &error);
    void saved();

private:
    struct Wanted
    {
        session::Draft draft;
        QString id; // in the store; empty: found by its edits
    };
    void putBack(Wanted wanted);
    base::Result<void> putBack(const document::EditSet &edits, const QString &id);
    void lookElsewhere(QList<session::StoredDraft> drafts, qsizetype ours);
    void reportOnce(const base::Error &error);

    session::DraftStore m_store;
    editing::ImageDocument *m_document = nullptr;
    std::unique_ptr<session::DraftRecorder> m_recorder;
    std::optional<Wanted> m_wanted;
    std::optional<session::Draft> m_discarded;
    std::optional<document::EditSet> m_sent;
    QList<session::StoredDraft> m_found;
    QStringList m_problems;
    QSet<QString> m_putOff;
    QString m_lastProblem;
    bool m_saidElsewhere = false;
    bool m_isFirstSaved = false;
};

} // namespace colophon::widgets
