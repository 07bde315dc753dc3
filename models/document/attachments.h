// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is attached to the manifests of an image: signatures, attestations, lists of packages, whatever way they hang
// there. Values; who finds them is transfer's ListAttachments.

#include "document/attachedcontent.h"
#include "document/imagetree.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace colophon::document {

struct Attachment
{
    enum class Kind {
        Signature,
        Attestation, // signed or not, of another type than the two below
        Sbom,        // a list of packages
        Provenance,  // how it was built
        Other,
    };
    // How it is found from what it is about.
    enum class Source {
        Referrers, // its subject names that (distribution-spec, "Listing Referrers")
        Tag,       // cosign's: sha256-….sig, .att, .sbom
        Index,     // BuildKit's: beside it in the index
    };
    NodePath subject;        // the first place of what it is about
    oci::Digest about;       // its digest
    Kind kind = Kind::Other; // as far as it was read
    Source source = Source::Referrers;
    QString form;                      // "cosign-legacy", "cosign-bundle", "notation", "dsse", "in-toto", "spdx",
                                       // "cyclonedx", "syft"; empty: none of these
    bool isSigned = false;             // it is a signature, or comes in a signed envelope
    oci::Descriptor manifest;          // by which it is stored
    std::optional<oci::Manifest> read; // that manifest, where it could be read
    oci::Descriptor content;           // the blob that is it; a null digest where it is not one alone
    QString artifactType;              // of the manifest itself, whatever a list says of it
    QString tag;                       // under which it is found; with Source::Referrers: only there, and not in the
                                       // list that the registry keeps itself
    int layer = -1;                    // which of the manifest's layers it is; -1: not one alone
    QString predicateType;
    QString signer;  // as it says itself; nothing is verified
    QString created; // as written
    qint64 size = 0; // bytes of the content
    QString summary; // one sentence about the content, where it was read
    QString problem; // what is wrong with it, in one sentence
};
QString nameOf(Attachment::Kind kind);     // "signature", "attestation", "sbom", "provenance", "other": the JSON names
QString nameOf(Attachment::Source source); // "referrers", "tag", "index"
QString inWords(Attachment::Kind kind);    // "signature", "SBOM", …
QString inWords(qsizetype count, Attachment::Kind kind); // "1 signature", "2 SBOMs"

// The attachments of an image, as far as they could be listed.
struct Attachments
{
    QList<Attachment> all; // in the order of the image's manifests, then as they were found
    bool isCut = false;    // there are more than are read
    QStringList remarks;   // what could not be asked or read, a sentence each
    QList<Attachment> of(const oci::Digest &about) const;
};

// What is stored in this manifest: one attachment for each signature or statement in it, else one for all of it.
// `where` says how it was found. One whose subject is another manifest has that as its problem.
QList<Attachment> attachmentsIn(const oci::Manifest &manifest, const Attachment &where);
// Those that stand in the image itself: BuildKit's attestation manifests.
QList<Attachment> attachmentsIn(const ImageTree &tree);
// Whether its content has to be read to know what it is.
bool wantsContent(const Attachment &attachment);
// The attachment as its content describes it.
Attachment withContent(Attachment attachment, const AttachedContent &content);

} // namespace colophon::document
