// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts a made-up image (support/imagegen) into a repository of a real registry, and asks what is there.

#include "support/imagegen/imagebuilder.h"

#include <QSet>

namespace colophon::test {

struct Upload
{
    QString reference;              // registry/repository:tag
    QSet<oci::Digest> without = {}; // blobs left out: registries take foreign layers that they do not have
    QString user = {};
    QString password = {};
    bool withManifests = true; // false: blobs only, and no tag
};
// What failed; empty when it is there and the tag names it.
QString upload(const GeneratedImage &image, const Upload &to);

// What a tag names; null: nothing.
oci::Digest digestOfTag(const QString &reference);
// Whether the repository has the blob, as the registry says it to HEAD.
bool hasBlob(const QString &repository, const oci::Digest &digest);

} // namespace colophon::test
