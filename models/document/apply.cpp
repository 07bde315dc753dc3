// SPDX-License-Identifier: Apache-2.0
// The edited image from the original and the edits: splices over the original's bytes, parsed anew (laws 1 and 2).
#include "document/edit.h"

#include "base/plaintext.h"
#include "document/selection.h"
#include "document/titles.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::apply)
};

using base::ErrorKind;

// The descriptor for changed content, everything else as it was.
oci::Descriptor renamed(oci::Descriptor descriptor, const QByteArray &bytes)
{
    descriptor.digest = oci::Digest::of(bytes, descriptor.digest.algorithm());
    descriptor.size = bytes.size();
    if (descriptor.data)
        descriptor.data = bytes;
    return descriptor;
}

class Deriver
{
public:
    Deriver(const ImageTree &original, const EditSet &edits)
        : m_original(original)
        , m_titles(original)
        , m_edits(effective(original, edits))
    {
    }

    base::Result<DerivedImage> run(const EditSet &all);

private:
    base::Result<void> checkPlace(const SetMarking &edit) const;
    base::Result<void> checkUrls(const SetMarking &edit) const;
    // Nothing where the edits change no byte of it.
    base::Result<std::optional<ImageNode>> derive(const ImageNode &node, const NodePath &path);
    base::Result<std::optional<ImageNode>> deriveIndex(const ImageNode &node, const NodePath &path);
    base::Result<std::optional<ImageNode>> deriveImage(const ImageNode &node, const NodePath &path);
    std::unexpected<base::Error> broken(const NodePath &path) const;

    const ImageTree &m_original;
    Titles m_titles;
    EditSet m_edits;
    QHash<NodePath, QList<SetMarking>> m_wanted; // by manifest
    QSet<NodePath> m_touched;                    // manifests with edits, and the indexes above them
    QList<Change> m_changes;
};

base::Result<void> Deriver::checkPlace(const SetMarking &edit) const
{
    const NodePath &place = edit.layer;
    const ImageNode *node = m_original.node(place.manifest());
    if (!place.isLayer() || !node || node->role == ImageNode::Role::Index)
        return base::fail(ErrorKind::Usage, Text::tr("The image has no layer at %1.").arg(place.toString()));
    if (node->role == ImageNode::Role::Attestation) {
        return base::fail(ErrorKind::Usage,
                          Text::tr("Attestations are not edited: %1 describes another image of the index and holds no "
                                   "layers of its own.")
                              .arg(m_titles.name(place.manifest())));
    }
    if (node->role == ImageNode::Role::Opaque || !node->manifest) {
        return base::fail(ErrorKind::Usage, Text::tr("%1 cannot be edited: Colophon does not read content of type %2.")
                                                .arg(m_titles.nameAtStart(place.manifest()),
                                                     base::visible(node->descriptor.mediaType.toString(), 200)));
    }
    if (!m_original.node(place)) {
        const QString last = QString::number(node->manifest->layers().size() - 1);
        return base::fail(ErrorKind::Usage, Text::tr("There is no %1.").arg(m_titles.name(place)),
                          node->manifest->layers().isEmpty() ? QString() : Text::tr("Its last layer is %1.").arg(last));
    }
    return {};
}

base::Result<void> Deriver::checkUrls(const SetMarking &edit) const
{
    for (const QString &url : edit.urls) {
        const base::Result<QString> checked = checkedAddress(url);
        if (checked && *checked == url)
            continue;
        // What the content has already somewhere may stay, whatever it is.
        const QList<NodePath> places = m_original.layersWithDigest(m_original.descriptor(edit.layer)->digest);
        const bool isOld = std::any_of(places.begin(), places.end(), [&](const NodePath &place) {
            return m_original.descriptor(place)->urls.contains(url);
        });
        if (isOld)
            continue;
        if (!checked)
            return base::fail(checked.error());
        return base::fail(
            ErrorKind::Usage,
            Text::tr("The address %1 holds characters that must be encoded.").arg(base::visible(url, 300)),
            Text::tr("Write it as %1").arg(*checked));
    }
    return {};
}

std::unexpected<base::Error> Deriver::broken(const NodePath &path) const
{
    return base::fail(
        ErrorKind::Failed,
        Text::tr("The edit of %1 would not give what was asked for, so it was not made.").arg(m_titles.name(path)),
        Text::tr("This is a defect of Colophon; please report it with the manifest."));
}

base::Result<std::optional<ImageNode>> Deriver::derive(const ImageNode &node, const NodePath &path)
{
    if (!m_touched.contains(path))
        return std::nullopt;
    return node.role == ImageNode::Role::Index ? deriveIndex(node, path) : deriveImage(node, path);
}

base::Result<std::optional<ImageNode>> Deriver::deriveImage(const ImageNode &node, const NodePath &path)
{
    QList<oci::Splice> splices;
    const QList<SetMarking> edits = m_wanted.value(path);
    for (const SetMarking &edit : edits) {
        base::Result<QList<oci::Splice>> marking =
            node.manifest->withMarking(edit.layer.layer, edit.nonDistributable, edit.urls);
        if (!marking)
            return base::fail(marking.error());
        splices += *marking;
    }
    if (splices.isEmpty())
        return std::nullopt;

    const QByteArray bytes = oci::spliced(node.manifest->bytes(), splices);
    base::Result<oci::Manifest> manifest = oci::Manifest::parse(bytes, node.descriptor.mediaType);
    if (!manifest)
        return base::fail(manifest.error());
    for (const SetMarking &edit : edits) {
        const oci::Descriptor &layer = manifest->layers()[edit.layer.layer];
        if (layer.mediaType.isNonDistributable() != edit.nonDistributable || layer.urls != edit.urls)
            return broken(edit.layer);
    }
    ImageNode derived = node;
    derived.manifest = std::move(*manifest);
    derived.descriptor = renamed(node.descriptor, bytes);
    m_changes.append({path, node.descriptor, derived.descriptor});
    return derived;
}

base::Result<std::optional<ImageNode>> Deriver::deriveIndex(const ImageNode &node, const NodePath &path)
{
    QList<oci::Splice> splices;
    QList<ImageNode> children = node.children;
    for (qsizetype i = 0; i < node.children.size(); ++i) {
        base::Result<std::optional<ImageNode>> child = derive(node.children[i], path.child(static_cast<int>(i)));
        if (!child)
            return base::fail(child.error());
        if (!*child)
            continue;
        base::Result<QList<oci::Splice>> entry = node.index->withEntry(i, (*child)->bytes());
        if (!entry)
            return base::fail(entry.error());
        splices += *entry;
        children[i] = std::move(**child);
    }
    if (splices.isEmpty())
        return std::nullopt;

    const QByteArray bytes = oci::spliced(node.index->bytes(), splices);
    base::Result<oci::ImageIndex> index = oci::ImageIndex::parse(bytes, node.descriptor.mediaType);
    if (!index)
        return base::fail(index.error());
    for (qsizetype i = 0; i < children.size(); ++i) {
        if (index->manifests().value(i) != children[i].descriptor)
            return broken(path.child(static_cast<int>(i)));
    }
    ImageNode derived = node;
    derived.index = std::move(*index);
    derived.children = std::move(children);
    derived.descriptor = renamed(node.descriptor, bytes);
    m_changes.append({path, node.descriptor, derived.descriptor});
    return derived;
}

base::Result<DerivedImage> Deriver::run(const EditSet &all)
{
    for (const Edit &edit : all.edits()) {
        const base::Result<void> fits = checkPlace(std::get<SetMarking>(edit));
        if (!fits)
            return base::fail(fits.error());
    }
    for (const Edit &edit : m_edits.edits()) {
        const auto &marking = std::get<SetMarking>(edit);
        const std::optional<oci::Descriptor> layer = m_original.descriptor(marking.layer);
        if (!layer->mediaType.hasPair()) {
            return base::fail(ErrorKind::Usage,
                              Text::tr("The marking of %1 cannot be changed: %2.")
                                  .arg(m_titles.name(marking.layer), whyNotToggled(layer->mediaType)));
        }
        const base::Result<void> urls = checkUrls(marking);
        if (!urls)
            return base::fail(urls.error());
        m_wanted[marking.layer.manifest()].append(marking);
        NodePath above = marking.layer.manifest();
        m_touched.insert(above);
        while (!above.entries.isEmpty()) {
            above.entries.removeLast();
            m_touched.insert(above);
        }
    }
    for (const NodePath &path : std::as_const(m_touched)) {
        const QStringList problems = m_original.node(path)->problems();
        if (!problems.isEmpty()) {
            return base::fail(ErrorKind::Usage,
                              Text::tr("%1 may be viewed but not edited: %2")
                                  .arg(m_titles.nameAtStart(path), base::visible(problems.first(), 500)));
        }
    }

    DerivedImage image{m_original, {}};
    if (m_touched.isEmpty())
        return image;
    base::Result<std::optional<ImageNode>> root = derive(m_original.root(), NodePath::root());
    if (!root)
        return base::fail(root.error());
    if (*root)
        image.tree = ImageTree(std::move(**root));
    image.changes = m_changes;
    return image;
}
} // namespace

base::Result<DerivedImage> apply(const ImageTree &original, const EditSet &edits)
{
    if (original.isEmpty() && !edits.isEmpty())
        return base::fail(ErrorKind::Usage, Text::tr("There is no image to edit."));
    return Deriver(original, edits).run(edits);
}

} // namespace colophon::document
