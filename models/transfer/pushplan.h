// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a push will do, as data: computed by a pure function from the edited image and what is known of the destination,
// shown, printed by --dry-run, executed, and filled in to become the report.

#include "base/error.h"
#include "content/target.h"
#include "document/aftermath.h"
#include "document/edit.h"
#include "document/findings.h"
#include "document/imagetree.h"
#include "oci/reference.h"

#include <QDateTime>
#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QSet>
#include <QString>

#include <functional>
#include <optional>

namespace colophon::transfer {

// Copied, Mounted, Skipped and Failed are the words of reports; before that a step is Planned, then Running.
enum class Outcome { Planned, Running, Copied, Mounted, Skipped, Failed };
enum class StepKind { Probe, Blob, Config, Manifest, Index, Attachment, Signature, Tag };
QString nameOf(Outcome outcome); // "copied", …: the JSON names
QString nameOf(StepKind kind);

struct PlanStep
{
    enum class From {
        Nowhere, // nothing moves: already there, stays behind, or is asked only
        Source,  // the registry the image was opened from
        Urls,    // the layer's addresses
        Edit,    // bytes we made
    };
    StepKind kind = StepKind::Blob;
    document::NodePath path; // one of the places, the first in document order
    oci::Descriptor descriptor;
    From from = From::Nowhere;
    QString url;         // Probe: the address
    QString tag;         // Tag: its name
    QString mountFrom;   // Blob: a repository of the same registry to mount it from; empty: none known
    int attachment = -1; // Attachment: which of PushRequest::attachments is attached to the edited image too
    qint64 bytes = 0;    // that will move
    Outcome outcome = Outcome::Planned;
    QString reason;  // one plain sentence: why it moves, or why not
    qint64 done = 0; // bytes moved so far

    // The outcome in the one word of plans and reports: "planned", "copied", …; a probe that succeeded is "reachable",
    // an attachment "attached", a signature "signed", a tag "tagged".
    QString outcomeName() const;
    QString toText() const; // a line of the plan's text
};

// A finding as a line of the plan's text.
QString textOf(const document::Finding &finding);

// What a person asked for.
struct PushRequest
{
    oci::Reference source;      // with the digest the tag had when the image was opened
    oci::Reference destination; // tag empty: pushed by digest alone
    document::ImageTree original;
    document::DerivedImage derived;
    bool force = false;            // replace the tag even if it moved
    bool probe = true;             // ask every new address before anything moves
    bool indexOnly = false;        // sign only the root
    QStringList signingKeys;       // in words; empty: nothing is signed
    QStringList signingForms = {}; // in which they sign: "cosign-legacy", …
    QString backupTag;             // what the destination tag names now gets this tag first; empty: none
    std::optional<document::Attachments> attachments = {}; // of the original; nothing: nobody looked for them
    bool reattachSboms = false;                            // attach unsigned lists of packages to the edited image too
    // What else should be known before it is pushed, from what the destination's registry says of itself; may be null.
    std::function<QList<document::Finding>(const content::ServerFields &)> advise = {};
};

// What was found out before planning, without moving anything.
struct DestinationFacts
{
    QSet<oci::Digest> present;          // blobs that are in the destination repository
    QSet<oci::Digest> inSource;         // of the absent ones: blobs the source repository has
    QSet<oci::Digest> manifestsPresent; // manifests the destination has already, by digest
    oci::Digest tagBefore;              // what the destination tag names now; null: nothing
    oci::Descriptor imageBefore;        // that with its type and size, as far as known
    content::ServerFields server;       // what its registry says of itself
    oci::Digest backupBefore;           // what the backup tag names now; null: nothing
    bool sameRepository = false;        // source and destination are one repository
    bool sameRegistry = false;
};

struct PushPlan
{
    PushRequest request;
    oci::Digest before;    // of the image as opened
    oci::Digest after;     // of the image as it will be pushed
    oci::Digest tagBefore; // what the destination tag named; null: nothing
    QList<PlanStep> steps; // in the order they are done
    QList<document::Finding> findings;
    QStringList blockers; // why it cannot be done as it is, in plain sentences with the next step; empty: it can
    base::ErrorKind blockedKind = base::ErrorKind::Failed; // of the first blocker; Conflict where the tag moved

    bool isBlocked() const { return !blockers.isEmpty(); }
    std::optional<base::Error> refusal() const; // the blockers as the error they are; nothing where nothing blocks
    bool changesNothing() const;                // every step is skipped
    qint64 bytesToMove() const;
    document::Aftermath aftermath() const; // what decides what becomes of the attachments
    // For --dry-run and golden tests: a line a step, then the findings, then what stands in the way.
    QString toText() const;
    // The command's JSON form, as planned: what --dry-run --json prints is the report's object.
    QJsonObject toJson() const;
};

// The push of `request`, given the facts.
PushPlan planPush(const PushRequest &request, const DestinationFacts &facts);

// A name for the backup of a tag: "1.4-before-20261123-101500", cut where the tag is very long.
QString backupTagFor(const QString &tag, const QDateTime &when);

struct PushReport
{
    PushPlan plan;       // steps with their outcomes
    bool pushed = false; // the destination names the new digest
    QStringList notes;   // e.g. what a tag named before
    // The command's JSON form: {reference, before, after, destination, pushed, nodes, steps, tags, findings}.
    QJsonObject toJson() const;
};

} // namespace colophon::transfer
