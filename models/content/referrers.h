// SPDX-License-Identifier: Apache-2.0
#pragma once

// The manifests that have another one as their subject: signatures, attestations, lists of packages (distribution-spec,
// "Listing Referrers"). What a list of them says, and how a new one stands in it.

#include "base/result.h"
#include "oci/descriptor.h"
#include "oci/imageindex.h"

#include <QList>

namespace colophon::content {

struct Referrers
{
    enum class Source {
        Api, // the registry keeps the list
        Tag, // whoever pushes one keeps it, as an index under referrersTag()
    };
    QList<oci::Descriptor>
        manifests; // each digest once; with artifactType and annotations, as far as the list has them
    Source source = Source::Tag;
};

// "sha256-<hex>": where the list of a subject stands in a registry that keeps none itself ("Referrers Tag Schema").
QString referrersTag(const oci::Digest &subject);

// What such a list names. InvalidData where it is no index, TooLarge beyond limits::referrers entries.
base::Result<Referrers> referrersIn(const oci::ImageIndex &list, Referrers::Source source);

// How a manifest stands in the list of its subject: with its artifactType, or in its place its config's type, and its
// annotations ("Pushing Manifests with Subject"). Usage where these bytes have another subject, or none.
base::Result<oci::Descriptor> referrerEntry(const oci::Descriptor &content, const QByteArray &bytes,
                                            const oci::Descriptor &subject);

} // namespace colophon::content
