// SPDX-License-Identifier: Apache-2.0
#pragma once

// Edits that were not pushed yet, with what is needed to find their places again in another run: a value. It holds no
// secret: nothing of a draft is one, and an edit that would carry a user name or password is left out.

#include "base/result.h"
#include "document/edit.h"
#include "oci/reference.h"

#include <QByteArray>
#include <QDateTime>
#include <QStringList>

namespace colophon::session {

struct DraftedEdit
{
    document::Edit edit;
    oci::Digest content; // what stood at the edit's place when the draft was made; null where nothing did
    QString title;       // how that was called: "layer 0 of linux/amd64"
    bool operator==(const DraftedEdit &) const = default;
};

struct Draft
{
    static constexpr int schema = 1;

    oci::Reference reference; // as it was opened
    oci::Digest opened;       // the digest the image had
    QList<DraftedEdit> edits;
    QStringList leftOut; // in words: edits of which only this is kept
    QDateTime changed;   // when the last edit was made, UTC

    static Draft of(const oci::Reference &reference, const document::ImageTree &original,
                    const document::EditSet &edits, const QDateTime &changed = QDateTime::currentDateTimeUtc());
    document::EditSet editSet() const;

    QByteArray toJson() const;
    // InvalidData for what is no draft, Usage for the draft of a later version.
    static base::Result<Draft> fromJson(const QByteArray &json);

    bool operator==(const Draft &) const = default;
};

struct Rebased
{
    document::EditSet kept; // applies to the image as it is now
    QStringList dropped;    // one sentence for each edit, or content, that does not
    bool isImageChanged = false;
};

// The draft's edits on the image as it is now. In a changed image a layer is found by its content: where the same
// content stands in several places now, all get what the draft says of it (the marking of a content holds everywhere or
// is void), unless the draft says different things; then only its old place does.
Rebased rebased(const Draft &draft, const document::ImageTree &now);

} // namespace colophon::session
