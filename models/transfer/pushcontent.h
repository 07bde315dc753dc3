// SPDX-License-Identifier: Apache-2.0
#pragma once

// What belongs to an image that is pushed: each distinct blob and manifest once, and which of them the destination must
// hold. The planner, the question what the destination has, and the last check before a manifest goes up share it.

#include "transfer/pushplan.h"

namespace colophon::transfer {

struct BlobNeed
{
    oci::Descriptor descriptor;
    document::NodePath path; // the first place
    bool isConfig = false;
    bool isNeeded = false; // has to be in the destination: at one place its type is distributable
    QStringList addresses; // where it may be fetched: its urls before and after the edits
};

struct ManifestNeed
{
    oci::Descriptor descriptor;
    document::NodePath path;
    bool isIndex = false;
    bool isRead = false;    // its bytes are known
    bool isChanged = false; // by the edits
};

struct NewAddress
{
    QString url;
    document::NodePath layer;
    oci::Descriptor descriptor;
};

struct PushContent
{
    QList<BlobNeed> blobs;         // layers in document order, then configs
    QList<ManifestNeed> manifests; // manifests in document order, then indexes, each behind what it names
};

PushContent contentOf(const PushRequest &request);
// Addresses the edits gave to a layer that did not have them, each with its layer once.
QList<NewAddress> newAddressesOf(const PushRequest &request);
// What a manifest or index is pushed as.
oci::Descriptor ownDescriptor(const document::ImageNode &node);
oci::Descriptor ownDescriptor(const oci::Descriptor &descriptor); // without what an index says of it
// "`vendor/app:1.4`"
QString tagInWords(const oci::Reference &reference);
// "Nothing was changed: `vendor/app:1.4` is still sha256:…"
QString stillInWords(const oci::Reference &destination, const oci::Digest &tagBefore);
// The hosts of addresses, in words: "dl.vendor.example", "a.example:8080, b.example".
QString hostsOf(const QStringList &addresses);

} // namespace colophon::transfer
