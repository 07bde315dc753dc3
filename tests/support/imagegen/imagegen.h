// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whole images made up at random, the same ones for the same seed: manifests and indexes of both families in every odd
// but valid spelling, with shared layers, all four markings, embedded data, attestations and unknown members. For
// property tests; also a way to fill a store.

#include "document/imagetree.h"
#include "oci/descriptor.h"

#include <QByteArray>
#include <QList>

#include <cstdint>
#include <functional>

namespace colophon::test {

struct GeneratedContent
{
    enum class Kind { Blob, Config, Manifest, Index };
    Kind kind = Kind::Blob;
    oci::Descriptor descriptor; // type, digest and size alone
    QByteArray bytes;
    bool isManifest() const { return kind == Kind::Manifest || kind == Kind::Index; }
};

struct GeneratedImage
{
    std::uint32_t seed = 0;
    QList<GeneratedContent> contents; // each digest once; what is named comes before what names it, the root last
    oci::Descriptor root;

    const GeneratedContent *find(const oci::Digest &digest) const;
    QByteArray bytesOf(const oci::Digest &digest) const; // empty: not in this image
};

struct GeneratorOptions
{
    bool partialMarkings = true; // the same digest marked here and not there
    bool typesWithoutPair = true;
    bool oddMarkings = true; // half-marked and unfetchable layers
    bool attestations = true;
    bool nestedIndexes = true;
    bool sha512 = true;
    bool indexOnly = false;
    int mostLayers = 6;   // of one manifest
    int layerBytes = 300; // at most
};

GeneratedImage generatedImage(std::uint32_t seed, const GeneratorOptions &options = {});

// One manifest by itself, valid and oddly written.
QByteArray generatedManifest(std::uint32_t seed);

// As it would be opened.
document::ImageTree treeOf(const GeneratedImage &image);

// Hands every content to a store, in an order a registry accepts.
using Sink = std::function<void(const GeneratedContent &content)>;
void pour(const GeneratedImage &image, const Sink &sink);

} // namespace colophon::test
