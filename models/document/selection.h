// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which layers a person means: the command's SEL and P, resolved against an image.

#include "base/result.h"
#include "document/imagetree.h"
#include "oci/platform.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace colophon::document {

struct Selection
{
    QList<NodePath> layers; // in document order, none twice
    QStringList passedBy;   // in words: layers `all` or `foreign` left out, and why
    QStringList
        notes; // in words: layers taken along because their content was selected elsewhere, images without such a layer
};

// The images these platforms pick; all images where `platforms` is empty. Usage names the candidates where one picks
// nothing or is ambiguous.
base::Result<QList<NodePath>> selectImages(const ImageTree &tree, const QList<oci::Platform> &platforms);

// What the layers are selected for. Marking asks for a type with a pair, and takes the same content along wherever it
// stands; probing an address asks for neither.
enum class Purpose { Mark, Probe };

// `selectors`, numbers and words for each image the platforms pick: an index `0`, a range `0-3`, a digest or prefix of
// one `sha256:5785`, `all`, `foreign`; several add up. A digest, and the content of every other layer selected, is
// taken wherever it occurs in the whole image: it is marked everywhere or nowhere. Usage where one matches nothing, or
// names a layer whose type has no pair.
base::Result<Selection> selectLayers(const ImageTree &tree, const QStringList &selectors,
                                     const QList<oci::Platform> &platforms, Purpose purpose = Purpose::Mark);

// These layers, and the same content everywhere else; those whose content has no pair somewhere are passed by, in
// words.
Selection selectionOf(const ImageTree &tree, const QList<NodePath> &layers);
// Both together.
Selection united(const Selection &a, const Selection &b);

// A url template with {registry} {repository} {digest} {algorithm} {hex} filled in. Usage for unknown names and for
// what is not http(s), has user info or a fragment, or no host.
base::Result<QString> filledIn(const QString &urlTemplate, const QString &registry, const QString &repository,
                               const oci::Digest &digest);
// The same checks on a finished address. What is not ASCII is returned encoded, everything else as it is.
base::Result<QString> checkedAddress(const QString &address);

} // namespace colophon::document
