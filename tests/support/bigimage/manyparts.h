// SPDX-License-Identifier: Apache-2.0
#pragma once

// Images of many small parts: thousands of layers in one manifest, hundreds of platforms in one index, each layer with
// the instruction that made it. The same every time.

#include "content/memorystore.h"

#include <QByteArray>
#include <QList>
#include <QSet>

#include <utility>

namespace colophon::test {

class ManyParts
{
public:
    static ManyParts layers(int count);
    // Each layer has an address, and an ordinary type: as many findings as layers.
    static ManyParts halfMarkedLayers(int count);
    // Half of each platform's layers are the same everywhere.
    static ManyParts platforms(int count, int layersEach);

    const oci::Descriptor &root() const { return m_manifests.last().first; }
    const QByteArray &rootBytes() const { return m_manifests.last().second; }
    qsizetype blobCount() const { return m_blobs.size(); }
    void putInto(content::MemoryStore &store, const QString &tag) const;
    // Uploads all of it and tags it. What failed; empty when it is there.
    QString pushTo(const content::TargetPtr &target, const QString &tag) const;

private:
    using Content = std::pair<oci::Descriptor, QByteArray>;
    oci::Descriptor addImage(const QList<QByteArray> &layers, const oci::Platform &platform,
                             const QString &address = {});
    QList<Content> m_blobs;     // each once
    QList<Content> m_manifests; // what is named stands before what names it
    QSet<oci::Digest> m_known;
};

} // namespace colophon::test
