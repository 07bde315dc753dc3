// SPDX-License-Identifier: Apache-2.0
#pragma once

// Edits as values over an immutable original, and the pure function that derives the edited image from both.

#include "base/result.h"
#include "document/imagetree.h"
#include "document/nodepath.h"

#include <QList>
#include <QStringList>

#include <functional>
#include <variant>

namespace colophon::document {

// Gives one layer a marking. The media type changes by its marking word, urls are replaced by exactly these.
struct SetMarking
{
    NodePath layer;
    bool nonDistributable = false;
    QStringList urls; // empty removes the member
    bool operator==(const SetMarking &) const = default;
};

// Sets or removes one annotation: of a manifest or index itself, or of the descriptor that names a thing (a layer, the
// config, an entry of the index above).
struct SetAnnotation
{
    enum class Where { Document, Descriptor };
    NodePath place;
    Where where = Where::Document;
    QString name;
    std::optional<QString> value; // nothing: it goes, and with the last one the member
    bool operator==(const SetAnnotation &) const = default;
};

// Makes a whole image, or everything an index names, one of Docker's or of OCI's: the types of manifests, configs,
// layers (their marking kept) and entries. Where two of these meet, the innermost holds.
struct SetFamily
{
    NodePath place;
    oci::MediaType::Family family = oci::MediaType::Family::Oci;
    bool operator==(const SetFamily &) const = default;
};

// Takes an entry out of its index, and with it the attestations that describe it and nothing else.
struct RemovePlatform
{
    NodePath entry;
    bool operator==(const RemovePlatform &) const = default;
};

using Edit = std::variant<SetMarking, SetAnnotation, SetFamily, RemovePlatform>;
const NodePath &placeOf(const Edit &edit);

// Edits in the order they were made; a later one of the same kind and place (of an annotation: and name) stands where
// the earlier stood. A change of family replaces those made before for parts of what it covers.
class EditSet
{
public:
    bool isEmpty() const { return m_edits.isEmpty(); }
    const QList<Edit> &edits() const { return m_edits; }
    EditSet with(Edit edit) const;
    EditSet with(const QList<Edit> &edits) const;
    EditSet without(const NodePath &place) const; // any edit of that very place
    bool operator==(const EditSet &) const = default;

private:
    QList<Edit> m_edits;
};

// A manifest or index whose bytes an edit changed.
struct Change
{
    NodePath path;
    oci::Descriptor before;
    oci::Descriptor after;
};

// Paths in a derived image are those of the original: what an edit took out keeps its place in the tree,
// flagged ImageNode::isRemoved, though the bytes no longer have it. Where a node stands in those bytes, and how it will
// be called once they are opened again, writtenPath() says.
struct DerivedImage
{
    ImageTree tree;               // parsed anew where it changed, shared with the original where not
    QList<Change> changes;        // children before their index; empty where the edits change no byte
    QList<NodePath> removed = {}; // entries taken out, in document order; not what stands below them

    // Where the node stands in the edited bytes; nothing for what was taken out.
    std::optional<NodePath> writtenPath(const NodePath &path) const { return tree.writtenPath(path); }
    // The path, as everything here calls it, of what stands at `written` in the edited bytes.
    std::optional<NodePath> originalPath(const NodePath &written) const { return tree.originalPath(written); }
};

// The edits without those that only say what the original says already.
EditSet effective(const ImageTree &original, const EditSet &edits);

// The edited image. Changed children change their entries in the indexes above. Usage where an edit does not fit the
// image (no such layer, no pair for its type, a document with duplicate names, an attestation, an address that is
// none, a type the other family lacks, the last entry of an index).
base::Result<DerivedImage> apply(const ImageTree &original, const EditSet &edits);

// The addresses a layer shall have; asked once for each digest.
using UrlsOf = std::function<base::Result<QStringList>(const oci::Descriptor &layer)>;
// The edits that mark or unmark these layers, each digest everywhere it occurs: one ordinary occurrence makes clients
// upload the blob all the same.
base::Result<QList<Edit>> markingEdits(const ImageTree &tree, const QList<NodePath> &layers, bool nonDistributable,
                                       const UrlsOf &urlsOf);

} // namespace colophon::document
