// SPDX-License-Identifier: Apache-2.0
#pragma once

// Edits as values over an immutable original, and the pure function that derives the edited image from both (law 2).

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

using Edit = std::variant<SetMarking>;

// Edits in the order they were made; a later one of the same kind and place stands where the earlier stood.
class EditSet
{
public:
    bool isEmpty() const { return m_edits.isEmpty(); }
    const QList<Edit> &edits() const { return m_edits; }
    EditSet with(Edit edit) const;
    EditSet with(const QList<Edit> &edits) const;
    EditSet without(const NodePath &place) const;
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

struct DerivedImage
{
    ImageTree tree;        // parsed anew where it changed, shared with the original where not
    QList<Change> changes; // children before their index; empty where the edits change no byte
};

// The edits without those that only say what the original says already.
EditSet effective(const ImageTree &original, const EditSet &edits);

// The edited image. Changed children change their entries in the indexes above. Usage where an edit does not fit the
// image (no such layer, no pair for its type, a document with duplicate names, an attestation, an address that is
// none).
base::Result<DerivedImage> apply(const ImageTree &original, const EditSet &edits);

// The addresses a layer shall have; asked once for each digest.
using UrlsOf = std::function<base::Result<QStringList>(const oci::Descriptor &layer)>;
// The edits that mark or unmark these layers, each digest everywhere it occurs: one ordinary occurrence makes clients
// upload the blob all the same.
base::Result<QList<Edit>> markingEdits(const ImageTree &tree, const QList<NodePath> &layers, bool nonDistributable,
                                       const UrlsOf &urlsOf);

} // namespace colophon::document
