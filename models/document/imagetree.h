// SPDX-License-Identifier: Apache-2.0
#pragma once

// A whole image as it was read: index → manifests → config and layers. A value: copies share their data.

#include "document/nodepath.h"
#include "oci/imageconfig.h"
#include "oci/imageindex.h"
#include "oci/manifest.h"

#include <QList>
#include <QStringList>

#include <memory>
#include <optional>

namespace colophon::document {

// One manifest or index.
struct ImageNode
{
    enum class Role {
        Index,
        Image,       // a manifest whose layers may be marked
        Attestation, // BuildKit's, in an index: kept, never touched
        Opaque,      // a type we do not read, or one that was not fetched: kept byte for byte
    };
    Role role = Role::Opaque;
    oci::Descriptor descriptor; // as the parent names it; of the root, as it was resolved
    std::optional<oci::ImageIndex> index;
    std::optional<oci::Manifest> manifest;
    std::optional<oci::ImageConfig> config; // parsed; absent where the config is no image configuration
    QList<ImageNode> children;              // of an index, one for each entry
    bool isRemoved = false; // in a derived image: an edit took it out of the index above, whose bytes lack it
    QString missing;        // why this, or its config, could not be read, in one sentence; empty where nothing is amiss

    // The node of these bytes: its role, and index or manifest parsed (config is the caller's to add). The children of
    // an index are opaque until they are read themselves. Types we do not edit, schema 1 among them, are opaque.
    static base::Result<ImageNode> read(const oci::Descriptor &named, const QByteArray &bytes);
    // Whether an index entry is one of BuildKit's attestation manifests.
    static bool isAttestation(const oci::Descriptor &named);
    // The image an attestation is about (annotation vnd.docker.reference.digest).
    std::optional<oci::Digest> attested() const;
    static std::optional<oci::Digest> attested(const oci::Descriptor &named); // the same of an entry not read

    QByteArray bytes() const;             // of the manifest or index; empty where opaque
    oci::Annotations annotations() const; // of the manifest or index itself
    // From the parent's descriptor, else from the config.
    std::optional<oci::Platform> platform() const;
    // "linux/arm64", "windows(10.0.17763)/amd64", "index", "attestation", or the media type.
    QString title() const;
    // Why it may only be viewed; empty: editable.
    QStringList problems() const;
};

class ImageTree
{
public:
    ImageTree() = default;
    explicit ImageTree(ImageNode root);

    bool isEmpty() const { return !m_root; }
    const ImageNode &root() const { return *m_root; }
    bool isIndex() const { return m_root && m_root->role == ImageNode::Role::Index; }
    // The manifest or index at a path (its config's or layer's, for such a path); nullptr where there is none.
    const ImageNode *node(const NodePath &path) const;
    // The descriptor at a path: of the manifest, the config or the layer.
    std::optional<oci::Descriptor> descriptor(const NodePath &path) const;

    // Whether an edit took it, or an index above it, out.
    bool isRemoved(const NodePath &path) const;
    // Positions in the bytes of an edited image, which lack what was removed, from positions in the tree, and back.
    std::optional<NodePath> writtenPath(const NodePath &path) const; // nothing for what was removed
    std::optional<NodePath> originalPath(const NodePath &written) const;

    // Depth first, in document order, without what was removed.
    QList<NodePath> manifests() const; // indexes and manifests, the root first
    QList<NodePath> places() const;    // the same, with what was removed
    QList<NodePath> images() const;    // manifests of role Image only
    QList<NodePath> layers() const;    // of all images
    QList<NodePath> layersWithDigest(const oci::Digest &digest) const;
    // Bytes of all distinct blobs of the images.
    qint64 distinctSize() const;

private:
    std::shared_ptr<const ImageNode> m_root;
};

} // namespace colophon::document
