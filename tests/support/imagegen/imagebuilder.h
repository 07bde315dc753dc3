// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small images written by hand, for tests that name every layer: content "a" is the same blob wherever it stands.

#include "support/imagegen/imagegen.h"

#include <QString>
#include <QStringList>

namespace colophon::test {

struct LayerSpec
{
    QByteArray content;
    QString type = QStringLiteral("application/vnd.oci.image.layer.v1.tar+gzip");
    QStringList urls = {};
};
LayerSpec ordinary(const QByteArray &content);                              // OCI, gzip
LayerSpec foreign(const QByteArray &content, const QStringList &urls = {}); // OCI, gzip, non-distributable
LayerSpec typed(const QByteArray &content, const QString &type);
oci::Digest digestOf(const QByteArray &content);

class ImageBuilder
{
public:
    // Adds a manifest with its layers and config. `platform` as in Platform::parse, for the config too. `diffIds`
    // fewer than zero: one a layer. `extra`: further members, raw, e.g. R"("x":1,"x":2,)".
    oci::Descriptor manifest(const QList<LayerSpec> &layers, const QString &platform = QStringLiteral("linux/amd64"),
                             int diffIds = -1, const QByteArray &extra = {});
    // Adds an attestation manifest about another one.
    oci::Descriptor attestation(const oci::Descriptor &about);
    // Adds an index of these entries; their platforms and annotations are written out.
    oci::Descriptor index(const QList<oci::Descriptor> &entries, const QByteArray &extra = {});

    GeneratedImage image(const oci::Descriptor &root) const;
    document::ImageTree tree(const oci::Descriptor &root) const { return treeOf(image(root)); }

private:
    oci::Descriptor keep(GeneratedContent::Kind kind, const QString &type, const QByteArray &bytes);
    QList<GeneratedContent> m_contents;
};

} // namespace colophon::test
