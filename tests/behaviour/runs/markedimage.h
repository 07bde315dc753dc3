// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small images that every client unpacks: a first layer with the marking in question, an ordinary one above it. Each
// has content of its own, so that no client's or registry's store knows a blob from an earlier run.

#include "support/imagegen/imagegen.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace colophon::test {

// A marking as a row of the data has it, and as a manifest writes it.
struct Kind
{
    const char *name;        // in the names of tests
    const char *marking;     // as in the data, like the next two
    const char *family;      // "docker" or "oci", of the whole manifest
    const char *compression; // "none", "gzip" or "zstd"
    bool isMarked;           // by its type
    bool hasUrls;
    bool isDocker() const { return family[0] == 'd'; }
    // By registries at hand, at the latest when a client packs it with gzip.
    bool isRefused() const { return isDocker() && isMarked && !hasUrls; }
    oci::MediaType type() const; // of the layer
};
const QList<Kind> &kinds(); // all of them
const Kind &kind(const char *name);

struct MarkedImage
{
    GeneratedImage image;
    oci::Descriptor marked;   // the layer with the marking
    oci::Descriptor ordinary; // the one above it
    QByteArray content;       // of opt/marked, which is in the marked layer
};
// `url` has "%1" where the layer's digest goes. `isTitled`: the layers are said to be files with names.
MarkedImage makeImage(const Kind &kind, const QString &url, bool isTitled = false);

// As an OCI layout on disk, under the tag 1, with the marked layer or without it; and as what skopeo calls a directory.
void writeLayout(const MarkedImage &image, const QString &folder, bool isWhole);
void writeDirectory(const MarkedImage &image, const QString &folder);

} // namespace colophon::test
