// SPDX-License-Identifier: Apache-2.0
#pragma once

// All of a layer that clients and registries look at: its marking, the family of its type, its compression. An image of
// ten thousand layers has a handful of kinds.

#include "oci/descriptor.h"

#include <QString>

namespace colophon::behaviour {

struct LayerKind
{
    oci::Marking marking = oci::Marking::Distributable;
    oci::MediaType::Family family = oci::MediaType::Family::Oci;
    QString compression; // "none", "gzip", "zstd"; empty where the type does not say

    static LayerKind of(const oci::Descriptor &layer);
    static QList<LayerKind> all(); // of the two families, in the order in which they are shown

    // "docker gzip": the type without its marking, as the data says of which layers something was run.
    QString content() const;

    // "non-distributable (Docker type)", "half-marked (OCI type, zstd)"
    QString inWords() const;

    auto operator<=>(const LayerKind &) const = default;
};

} // namespace colophon::behaviour
