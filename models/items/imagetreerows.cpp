// SPDX-License-Identifier: Apache-2.0
// The rows of an image: made anew after each edit, and compared with those before.
#include "items/imagetreemodel.h"
#include "items/instruction.h"

#include <QSet>

namespace colophon::items {

using document::ImageNode;
using document::NodePath;

namespace {
ImageTreeModel::Kind kindOf(ImageNode::Role role)
{
    switch (role) {
    case ImageNode::Role::Index:
        return ImageTreeModel::Kind::Index;
    case ImageNode::Role::Image:
        return ImageTreeModel::Kind::Image;
    case ImageNode::Role::Attestation:
        return ImageTreeModel::Kind::Attestation;
    case ImageNode::Role::Opaque:
        return ImageTreeModel::Kind::Opaque;
    }
    return ImageTreeModel::Kind::Opaque;
}

// Bytes of the distinct blobs below a node.
qint64 distinctBytes(const ImageNode &node, QSet<oci::Digest> &seen)
{
    qint64 sum = 0;
    const auto add = [&](const oci::Descriptor &blob) {
        if (!seen.contains(blob.digest)) {
            seen.insert(blob.digest);
            sum += blob.size;
        }
    };
    if (node.manifest) {
        add(node.manifest->config());
        for (const oci::Descriptor &layer : node.manifest->layers())
            add(layer);
    }
    for (const ImageNode &child : node.children)
        sum += distinctBytes(child, seen);
    return sum;
}

// What a layer or config was before an edit, as one line: its marking and addresses, and of the rest what the edit
// changed.
QString oldInWords(const oci::Descriptor &before, const oci::Descriptor &now)
{
    QStringList parts;
    if (before.marking() != now.marking() || before.urls != now.urls)
        parts << appearanceOf(before.marking()).word << before.urls.join(QStringLiteral(", "));
    else if (before.mediaType != now.mediaType)
        parts << before.mediaType.toString();
    if (before.annotations != now.annotations)
        parts << ImageTreeModel::tr("other annotations");
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}
} // namespace

std::vector<ImageTreeModel::Row> ImageTreeModel::rowsOf(const editing::ImageDocument &document,
                                                        const std::vector<Row> &earlier)
{
    std::vector<Row> rows;
    if (document.tree().isEmpty())
        return rows;
    rows.reserve(earlier.size());

    struct Pending
    {
        const ImageNode *now;
        const ImageNode *before; // the same place as it was opened
        int row;
    };
    const auto manifestRow = [](const ImageNode &node, const ImageNode *before, NodePath path, int parent, int number) {
        Row row;
        row.parent = parent;
        row.row = number;
        row.kind = kindOf(node.role);
        row.path = std::move(path);
        row.text = oneLine(node.title());
        row.detail = node.descriptor.mediaType.toString();
        row.known = node.role != ImageNode::Role::Opaque;
        row.descriptor = node.descriptor;
        if (const auto platform = node.platform(); platform && node.role == ImageNode::Role::Image)
            row.platform = platform->toString();
        QSet<oci::Digest> seen;
        row.size = distinctBytes(node, seen);
        row.removed = node.isRemoved;
        if (before && before->descriptor.digest != node.descriptor.digest) {
            row.edited = true;
            row.old = before->descriptor.digest.toString();
        } else if (before && before->descriptor.annotations != node.descriptor.annotations) {
            row.edited = true;
            row.old = ImageTreeModel::tr("other annotations");
        }
        row.edited = row.edited || row.removed;
        return row;
    };

    const ImageNode &root = document.tree().root();
    const ImageNode *rootBefore = document.original().isEmpty() ? nullptr : &document.original().root();
    rows.push_back(manifestRow(root, rootBefore, NodePath::root(), -1, 0));
    QList<Pending> pending{{&root, rootBefore, 0}};
    // Breadth first, so that the children of one row lie side by side.
    for (qsizetype next = 0; next < pending.size(); ++next) {
        const Pending at = pending.at(next);
        const auto place = static_cast<std::size_t>(at.row);
        const NodePath path = rows[place].path;
        const bool removed = rows[place].removed;
        rows[place].firstChild = static_cast<int>(rows.size());
        int number = 0;
        if (at.now->manifest) {
            const oci::Manifest &manifest = *at.now->manifest;
            const qint64 imageSize = rows[place].size;
            Row config;
            config.parent = at.row;
            config.row = number++;
            config.kind = Kind::Config;
            config.path = path.config();
            config.text = tr("config");
            config.detail = manifest.config().mediaType.toString();
            config.descriptor = manifest.config();
            config.size = manifest.config().size;
            config.removed = removed;
            if (at.before && at.before->manifest && at.before->manifest->config() != manifest.config()) {
                config.edited = true;
                config.old = oldInWords(at.before->manifest->config(), manifest.config());
            }
            rows.push_back(std::move(config));

            const qsizetype count = manifest.layers().size();
            const auto knownBefore = [&](const NodePath &layer) -> const Row * {
                const std::size_t here = rows.size();
                return here < earlier.size() && earlier[here].path == layer ? &earlier[here] : nullptr;
            };
            const bool isKnown = count > 0 && knownBefore(path.layerAt(0));
            const QStringList createdBy =
                at.now->config && !isKnown ? at.now->config->createdByPerLayer(count) : QStringList();
            const bool hasMarking = at.now->role == ImageNode::Role::Image;
            for (int i = 0; i < count; ++i) {
                const oci::Descriptor &layer = manifest.layers().at(i);
                Row row;
                row.parent = at.row;
                row.row = number++;
                row.kind = Kind::Layer;
                row.path = path.layerAt(i);
                row.descriptor = layer;
                row.size = layer.size;
                row.share = imageSize > 0 ? std::min(1.0, double(layer.size) / double(imageSize)) : 0.0;
                row.hasMarking = hasMarking;
                row.removed = removed;
                if (const Row *same = knownBefore(row.path)) {
                    row.known = same->known;
                    row.detail = same->detail;
                    row.text = same->text;
                } else {
                    const QString instruction = readableInstruction(createdBy.value(i));
                    row.known = !instruction.isEmpty();
                    row.detail = createdBy.value(i);
                    row.text = row.known ? QStringLiteral("%1 %2").arg(i).arg(oneLine(instruction, 200))
                                         : tr("%1 layer").arg(i);
                }
                if (at.before && at.before->manifest && i < at.before->manifest->layers().size()) {
                    const oci::Descriptor &old = at.before->manifest->layers().at(i);
                    if (old != layer) {
                        row.edited = true;
                        row.old = oldInWords(old, layer);
                    }
                }
                rows.push_back(std::move(row));
            }
        }
        for (int i = 0; i < at.now->children.size(); ++i) {
            const ImageNode &child = at.now->children.at(i);
            const ImageNode *before =
                at.before && i < at.before->children.size() ? &at.before->children.at(i) : nullptr;
            pending.append({&child, before, static_cast<int>(rows.size())});
            rows.push_back(manifestRow(child, before, path.child(i), at.row, number++));
            rows.back().removed = rows.back().removed || removed;
        }
        rows[place].childCount = number;
    }

    QHash<NodePath, QPair<int, QStringList>> found;
    for (const document::Finding &finding : document.findings()) {
        auto &here = found[finding.path];
        here.first = here.second.isEmpty() ? int(finding.severity) : std::max(here.first, int(finding.severity));
        here.second << finding.message;
    }
    if (!found.isEmpty()) {
        for (Row &row : rows) {
            if (const auto it = found.constFind(row.path); it != found.cend()) {
                row.severity = it->first;
                row.messages = it->second;
            }
        }
    }
    return rows;
}

} // namespace colophon::items
