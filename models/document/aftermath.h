// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an edit does to the attachments of an image. They name a digest, and an edit makes another: nothing of them is
// ever changed, so they stay behind with the old image, unless the push makes new ones. Pure.

#include "document/attachments.h"
#include "document/edit.h"
#include "document/findings.h"

#include <QSet>

namespace colophon::document {

enum class Fate {
    Unaffected, // what it is about keeps its digest
    Stays,      // with the old digest, where it still holds
    Stale,      // it comes along in the index and names what is not in it any more
    MadeAnew,   // the push makes one like it for the new digest
    Reattached, // the push attaches the same content to the new digest
};
QString nameOf(Fate fate); // "unaffected", "stays", "stale", "made-anew", "reattached": the JSON names
// "Stays with sha256:9f96…", as a table says it.
QString inWords(Fate fate, const oci::Digest &about);

// What decides it, beside the edits themselves.
struct Aftermath
{
    QSet<NodePath> signedNodes;   // that the push signs
    QStringList forms;            // in which it signs: "cosign-legacy", …
    bool reattachesSboms = false; // the person wants that
};

Fate fateOf(const Attachment &attachment, const ImageTree &original, const DerivedImage &derived,
            const Aftermath &aftermath);

// Whether it may be attached to the edited image too: a list of packages that nobody signed, of an image whose layers
// hold what they held. Signatures, statements and provenance name the old digest inside and never may.
bool isReattachable(const Attachment &attachment, const ImageTree &original, const DerivedImage &derived);
// Its manifest with the edited image as its subject; everything else as it was, byte for byte.
QByteArray reattached(const Attachment &attachment, const DerivedImage &derived);
// What that will be about.
oci::Descriptor newSubjectOf(const Attachment &attachment, const DerivedImage &derived);

// "This edit gives the image a new digest. Its 2 signatures and 1 SBOM stay with sha256:9f96…; sign again before
// customers verify."
Finding stayBehind(const ImageTree &original, const DerivedImage &derived, const Attachments &attachments,
                   const Aftermath &aftermath);

} // namespace colophon::document
