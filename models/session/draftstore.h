// SPDX-License-Identifier: Apache-2.0
#pragma once

// The drafts of one user: a folder with one file for each image that has unsent edits, a numbered one more for each
// window that edits the same image. Nothing here throws anything away by itself.

#include "session/draft.h"
#include "session/draftslot.h"

#include <QStringList>

namespace colophon::session {

// A draft as it was found.
struct StoredDraft
{
    QString id; // the name of its file
    Draft draft;
    QString note;        // what is wrong with it, in a sentence; mostly empty
    bool isOpen = false; // in another window, here or in another process: not to be offered
};

struct StoredDrafts
{
    QList<StoredDraft> drafts; // newest first
    QStringList problems;      // in words: files that are there and cannot be read
};

class DraftStore
{
public:
    static constexpr int most = 200;

    explicit DraftStore(QString folder = defaultFolder());
    static QString defaultFolder(); // "drafts" below the program's data

    const QString &folder() const { return m_folder; }

    // What a start offers.
    StoredDrafts list() const;
    // Those of an image (registry, repository and tag, or digest where there is no tag) that no window has open.
    QList<StoredDraft> draftsOf(const oci::Reference &reference) const;
    // Damaged in its newest version: the one before it, with a note.
    base::Result<StoredDraft> load(const QString &id) const;
    // For good. Conflict where it is open in a window.
    base::Result<void> remove(const QString &id) const;

    // A place for the edits of an image: never one where a draft is, or where another window writes.
    base::Result<DraftSlot> claim(const oci::Reference &reference, const oci::Digest &opened) const;
    // The place of a draft that is there, to go on with it.
    base::Result<DraftSlot> claim(const QString &id) const;

private:
    QString path(const QString &id) const;
    QStringList ids() const;

    QString m_folder;
};

} // namespace colophon::session
