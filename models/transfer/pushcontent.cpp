// SPDX-License-Identifier: Apache-2.0
#include "transfer/pushcontent.h"

#include "base/plaintext.h"
#include "document/titles.h"

#include <QCoreApplication>
#include <QUrl>

namespace colophon::transfer {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::transfer::PushPlan)
};

using document::ImageNode;
using document::NodePath;

class Collector
{
public:
    explicit Collector(const PushRequest &request)
        : m_request(request)
    {
    }

    PushContent collect()
    {
        const document::ImageTree &tree = m_request.derived.tree;
        for (const document::Change &change : m_request.derived.changes)
            m_changed.insert(change.path);
        for (const NodePath &path : tree.manifests())
            if (const ImageNode *node = tree.node(path); node->manifest)
                addLayers(*node, path);
        for (const NodePath &path : tree.manifests())
            if (const ImageNode *node = tree.node(path); node->manifest)
                addBlob(node->manifest->config(), path.config(), true, true, {});
        for (const NodePath &path : tree.manifests())
            if (const ImageNode *node = tree.node(path); !node->index)
                addManifest(*node, path);
        // Deeper indexes first: each goes up behind what it names.
        QList<NodePath> indexes;
        for (const NodePath &path : tree.manifests())
            if (tree.node(path)->index)
                indexes.append(path);
        std::stable_sort(indexes.begin(), indexes.end(),
                         [](const NodePath &a, const NodePath &b) { return a.entries.size() > b.entries.size(); });
        for (const NodePath &path : std::as_const(indexes))
            addManifest(*tree.node(path), path);
        return m_content;
    }

private:
    void addLayers(const ImageNode &node, const NodePath &path)
    {
        for (int i = 0; i < node.manifest->layers().size(); ++i) {
            const oci::Descriptor &layer = node.manifest->layers().at(i);
            QStringList addresses;
            if (const auto before = m_request.original.descriptor(path.layerAt(i)))
                addresses = before->urls;
            addBlob(layer, path.layerAt(i), false, !layer.mediaType.isNonDistributable(), addresses + layer.urls);
        }
    }
    void addBlob(const oci::Descriptor &descriptor, const NodePath &path, bool isConfig, bool isNeeded,
                 const QStringList &addresses)
    {
        const auto known = m_blobs.constFind(descriptor.digest);
        if (known == m_blobs.cend()) {
            m_blobs.insert(descriptor.digest, m_content.blobs.size());
            m_content.blobs.append({descriptor, path, isConfig, isNeeded, {}});
        }
        BlobNeed &need = m_content.blobs[m_blobs.value(descriptor.digest)];
        if (isNeeded && !need.isNeeded) {
            need.isNeeded = true;
            need.descriptor = descriptor;
            need.path = path;
        }
        need.addresses += addresses;
        need.addresses.removeDuplicates();
    }
    void addManifest(const ImageNode &node, const NodePath &path)
    {
        const oci::Descriptor own = ownDescriptor(node);
        if (m_manifests.contains(own.digest))
            return;
        m_manifests.insert(own.digest);
        m_content.manifests.append(
            {own, path, node.index.has_value(), node.index || node.manifest, m_changed.contains(path)});
    }

    const PushRequest &m_request;
    PushContent m_content;
    QHash<oci::Digest, qsizetype> m_blobs;
    QSet<oci::Digest> m_manifests;
    QSet<NodePath> m_changed;
};
} // namespace

PushContent contentOf(const PushRequest &request)
{
    if (request.derived.tree.isEmpty())
        return {};
    return Collector(request).collect();
}

QList<NewAddress> newAddressesOf(const PushRequest &request)
{
    QList<NewAddress> found;
    QSet<std::pair<oci::Digest, QString>> known;
    for (const NodePath &path : request.derived.tree.layers()) {
        const oci::Descriptor layer = *request.derived.tree.descriptor(path);
        const auto before = request.original.descriptor(path);
        for (const QString &url : layer.urls) {
            if (before && before->urls.contains(url))
                continue;
            if (known.contains({layer.digest, url}))
                continue;
            known.insert({layer.digest, url});
            found.append({url, path, layer});
        }
    }
    return found;
}

oci::Descriptor ownDescriptor(const oci::Descriptor &descriptor)
{
    oci::Descriptor own;
    own.mediaType = descriptor.mediaType;
    own.digest = descriptor.digest;
    own.size = descriptor.size;
    return own;
}

oci::Descriptor ownDescriptor(const ImageNode &node) { return ownDescriptor(node.descriptor); }

QString tagInWords(const oci::Reference &reference)
{
    return QStringLiteral("\u201C%1:%2\u201D").arg(reference.repository(), reference.tag());
}

QString stillInWords(const oci::Reference &destination, const oci::Digest &tagBefore)
{
    if (destination.tag().isEmpty())
        return Text::tr("No tag was changed.");
    if (tagBefore.isNull())
        return Text::tr("%1 was not made.").arg(tagInWords(destination));
    return Text::tr("Nothing was changed: `%1:%2` is still %3.")
        .arg(destination.repository(), destination.tag(), tagBefore.toString());
}

QString hostsOf(const QStringList &addresses)
{
    QStringList hosts;
    for (const QString &address : addresses)
        hosts.append(base::visible(QUrl(address).authority(QUrl::PrettyDecoded).section(QLatin1Char('@'), -1), 256));
    hosts.removeDuplicates();
    hosts.removeAll(QString());
    return document::enumerated(hosts, 3);
}

} // namespace colophon::transfer
