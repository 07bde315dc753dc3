// SPDX-License-Identifier: Apache-2.0
#include "document/imagetree.h"

#include <QHash>

#include <algorithm>

namespace colophon::document {

namespace {
// BuildKit's annotations on the index entry of an attestation manifest.
const QString referenceType = QStringLiteral("vnd.docker.reference.type");
const QString referenceDigest = QStringLiteral("vnd.docker.reference.digest");
const QString attestationManifest = QStringLiteral("attestation-manifest");

template <class Visit>
void visitAll(const ImageNode &node, const NodePath &path, const Visit &visit, bool withRemoved = false)
{
    if (node.isRemoved && !withRemoved)
        return;
    visit(node, path);
    for (qsizetype i = 0; i < node.children.size(); ++i)
        visitAll(node.children[i], path.child(static_cast<int>(i)), visit, withRemoved);
}
} // namespace

base::Result<ImageNode> ImageNode::read(const oci::Descriptor &named, const QByteArray &bytes)
{
    ImageNode node;
    node.descriptor = named;
    if (named.mediaType.isIndex()) {
        base::Result<oci::ImageIndex> index = oci::ImageIndex::parse(bytes, named.mediaType);
        if (!index)
            return base::fail(index.error());
        node.role = Role::Index;
        node.index = std::move(*index);
        for (const oci::Descriptor &entry : node.index->manifests()) {
            ImageNode child;
            child.descriptor = entry;
            node.children.append(child);
        }
    } else if (named.mediaType.isManifest()) {
        base::Result<oci::Manifest> manifest = oci::Manifest::parse(bytes, named.mediaType);
        if (!manifest)
            return base::fail(manifest.error());
        node.role = isAttestation(named) ? Role::Attestation : Role::Image;
        node.manifest = std::move(*manifest);
    }
    return node;
}

bool ImageNode::isAttestation(const oci::Descriptor &named)
{
    return named.annotations.value(referenceType) == attestationManifest ||
           (named.platform && named.platform->isUnknown());
}

std::optional<oci::Digest> ImageNode::attested() const
{
    return role == Role::Attestation ? attested(descriptor) : std::nullopt;
}

std::optional<oci::Digest> ImageNode::attested(const oci::Descriptor &named)
{
    const base::Result<oci::Digest> digest = oci::Digest::parse(named.annotations.value(referenceDigest));
    return isAttestation(named) && digest ? std::optional(*digest) : std::nullopt;
}

QByteArray ImageNode::bytes() const
{
    if (index)
        return index->bytes();
    return manifest ? manifest->bytes() : QByteArray();
}

oci::Annotations ImageNode::annotations() const
{
    if (index)
        return index->annotations();
    return manifest ? manifest->annotations() : oci::Annotations();
}

std::optional<oci::Platform> ImageNode::platform() const
{
    if (descriptor.platform)
        return descriptor.platform;
    if (config && !config->platform.os.isEmpty())
        return config->platform;
    return std::nullopt;
}

QString ImageNode::title() const
{
    if (role == Role::Index)
        return QStringLiteral("index");
    if (role == Role::Attestation)
        return QStringLiteral("attestation");
    const std::optional<oci::Platform> known = platform();
    return known ? known->toString() : descriptor.mediaType.toString();
}

QStringList ImageNode::problems() const
{
    if (index)
        return index->problems();
    return manifest ? manifest->problems() : QStringList();
}

ImageTree::ImageTree(ImageNode root)
    : m_root(std::make_shared<const ImageNode>(std::move(root)))
{
}

const ImageNode *ImageTree::node(const NodePath &path) const
{
    const ImageNode *node = m_root.get();
    for (const int entry : path.entries) {
        if (!node || entry < 0 || entry >= node->children.size())
            return nullptr;
        node = &node->children[entry];
    }
    if (!node || path.part == NodePath::Part::Self)
        return node;
    if (!node->manifest)
        return nullptr;
    if (path.isLayer() && (path.layer < 0 || path.layer >= node->manifest->layers().size()))
        return nullptr;
    return node;
}

std::optional<oci::Descriptor> ImageTree::descriptor(const NodePath &path) const
{
    const ImageNode *at = node(path);
    if (!at)
        return std::nullopt;
    switch (path.part) {
    case NodePath::Part::Self:
        return at->descriptor;
    case NodePath::Part::Config:
        return at->manifest->config();
    case NodePath::Part::Layer:
        return at->manifest->layers()[path.layer];
    }
    return std::nullopt;
}

bool ImageTree::isRemoved(const NodePath &path) const
{
    const ImageNode *node = m_root.get();
    for (const int entry : path.entries) {
        if (!node || entry < 0 || entry >= node->children.size())
            return false;
        node = &node->children[entry];
        if (node->isRemoved)
            return true;
    }
    return false;
}

std::optional<NodePath> ImageTree::writtenPath(const NodePath &path) const
{
    if (!node(path))
        return std::nullopt;
    NodePath written = path;
    const ImageNode *at = m_root.get();
    for (int &entry : written.entries) {
        const ImageNode *next = &at->children[entry];
        if (next->isRemoved)
            return std::nullopt;
        entry -= static_cast<int>(std::count_if(at->children.begin(), at->children.begin() + entry,
                                                [](const ImageNode &each) { return each.isRemoved; }));
        at = next;
    }
    return written;
}

std::optional<NodePath> ImageTree::originalPath(const NodePath &written) const
{
    NodePath path = written;
    const ImageNode *at = m_root.get();
    for (int &entry : path.entries) {
        int left = entry;
        qsizetype i = 0;
        while (at && i < at->children.size() && (at->children[i].isRemoved || left-- > 0))
            ++i;
        if (!at || i >= at->children.size())
            return std::nullopt;
        entry = static_cast<int>(i);
        at = &at->children[i];
    }
    return node(path) ? std::optional(path) : std::nullopt;
}

QList<NodePath> ImageTree::places() const
{
    QList<NodePath> paths;
    if (m_root)
        visitAll(*m_root, {}, [&](const ImageNode &, const NodePath &path) { paths.append(path); }, true);
    return paths;
}

QList<NodePath> ImageTree::manifests() const
{
    QList<NodePath> paths;
    if (m_root)
        visitAll(*m_root, {}, [&](const ImageNode &, const NodePath &path) { paths.append(path); });
    return paths;
}

QList<NodePath> ImageTree::images() const
{
    QList<NodePath> paths;
    if (m_root) {
        visitAll(*m_root, {}, [&](const ImageNode &node, const NodePath &path) {
            if (node.role == ImageNode::Role::Image && node.manifest)
                paths.append(path);
        });
    }
    return paths;
}

QList<NodePath> ImageTree::layers() const
{
    QList<NodePath> paths;
    for (const NodePath &image : images()) {
        for (int i = 0; i < node(image)->manifest->layers().size(); ++i)
            paths.append(image.layerAt(i));
    }
    return paths;
}

QList<NodePath> ImageTree::layersWithDigest(const oci::Digest &digest) const
{
    QList<NodePath> paths;
    for (const NodePath &image : images()) {
        const QList<oci::Descriptor> &layers = node(image)->manifest->layers();
        for (int i = 0; i < layers.size(); ++i) {
            if (layers[i].digest == digest)
                paths.append(image.layerAt(i));
        }
    }
    return paths;
}

qint64 ImageTree::distinctSize() const
{
    QHash<oci::Digest, qint64> sizes;
    for (const NodePath &image : images()) {
        const oci::Manifest &manifest = *node(image)->manifest;
        sizes.insert(manifest.config().digest, manifest.config().size);
        for (const oci::Descriptor &layer : manifest.layers())
            sizes.insert(layer.digest, layer.size);
    }
    qint64 sum = 0;
    for (const qint64 size : std::as_const(sizes))
        sum += size;
    return sum;
}

} // namespace colophon::document
