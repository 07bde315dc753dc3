// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the user should know about an image or an edit of it, with the one-step repair where there is one. Pure.

#include "document/edit.h"
#include "document/imagetree.h"

#include <QJsonObject>
#include <QList>
#include <QString>

#include <functional>

namespace colophon::document {

struct Finding
{
    enum class Severity { Inform, Warn, Block };
    enum class Code {
        HalfMarked,      // ordinary type with urls
        Unfetchable,     // foreign type, no urls
        PartialMarking,  // a digest marked here and not there: void, blocks
        NotEditable,     // duplicate or ambiguous member names
        NoPair,          // a layer whose type cannot be toggled
        Attestation,     // describes an edited child and keeps its old digest
        SignaturesStale, // an edit gives a new digest
        Schema1,
        LayerCountMismatch, // layers and diff_ids differ in number
        PlatformMismatch,   // index entry and config disagree
        MarkingIsAdvice,    // an edit marks a layer: what that does not do
        AnnotationsIgnored, // an edit leaves annotations in Docker's format, where clients do not look for them
        UrlsLeft,           // an edit made a layer distributable and left its addresses
        MixedFamilies,      // types of Docker's format in a manifest of OCI's, or the other way round
        // What behaviour/outlook.h finds: it knows what clients and registries do.
        MarkingNotKnown,  // a marked type that some take for an ordinary one
        RegistryAccepts,  // the destination
        RegistryRefuses,  // or it wants a layer that stays behind
        RegistryNotKnown, // which it is, or what it does
        Disconnected,     // customers who cannot reach the addresses cannot pull
        AddressesIgnored, // customers whose clients never ask them cannot pull what stays behind
        Background,       // what is thought of marking today
    };
    Code code = Code::HalfMarked;
    Severity severity = Severity::Inform;
    NodePath path;
    QString message;              // one or two plain sentences
    QList<Edit> repair;           // the edits that mend it; empty where nothing does
    QList<Edit> otherRepair = {}; // others that do; empty where there is one way at most
    QString link = {};            // a page to read on, http or https; ours, never the image's; may be empty
    bool operator==(const Finding &) const = default;
};
QString nameOf(Finding::Code code);         // "half-marked", …: the JSON names
QString nameOf(Finding::Severity severity); // "inform", "warn", "block"
// The message, and where to read on.
QString inWords(const Finding &finding);
QJsonObject toJson(const Finding &finding); // {code, severity, path, message, link?}: the command's form

// Of an image as it is; what blocks first, then what warns.
QList<Finding> findingsOf(const ImageTree &tree);
// The repairs of all of them together, and of what these bring about; with `more`, also of what that finds. Empty where
// nothing can be mended in one step.
EditSet repairsOf(const ImageTree &tree, const std::function<QList<Finding>(const ImageTree &)> &more = {});
// Of an edited image: those of the derived tree, and what the edit itself brings about.
QList<Finding> findingsOf(const ImageTree &original, const DerivedImage &derived);

} // namespace colophon::document
