// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small images, written as the usual tools write them, put into a MemoryStore.

#include "content/memorystore.h"
#include "oci/descriptor.h"

#include <QByteArray>
#include <QList>

namespace colophon::test {

// The descriptor of a layer; its bytes are layerBytes(name), which nobody has yet.
QByteArray layerBytes(const QString &name, qint64 size = 64);
oci::Descriptor layerOf(const QString &name, const oci::MediaType &type, const QStringList &urls = {},
                        qint64 size = 64);

QByteArray manifestJson(const oci::MediaType &type, const oci::Descriptor &config,
                        const QList<oci::Descriptor> &layers);
QByteArray indexJson(const oci::MediaType &type, const QList<oci::Descriptor> &entries);

// Puts a manifest with its config and all its distributable layers into the store; gives the manifest's descriptor,
// with the platform as an index would name it.
oci::Descriptor addImage(content::MemoryStore &store, const QString &platform, const QList<QString> &layerNames,
                         const oci::MediaType &layerType = oci::MediaType::ociLayerGzip());
oci::Descriptor addImage(content::MemoryStore &store, const QString &platform, const QList<oci::Descriptor> &layers);
// An attestation for that image, as BuildKit makes it.
oci::Descriptor addAttestation(content::MemoryStore &store, const oci::Descriptor &subject);
oci::Descriptor addIndex(content::MemoryStore &store, const QList<oci::Descriptor> &entries, const QString &tag);

} // namespace colophon::test
