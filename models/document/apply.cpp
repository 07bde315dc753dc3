// SPDX-License-Identifier: Apache-2.0
// The edited image from the original and the edits: splices over the original's bytes, parsed anew.
#include "base/plaintext.h"
#include "document/edit.h"
#include "document/editcheck.h"

#include <QCoreApplication>
#include <QHash>
#include <QMap>
#include <QSet>

#include <algorithm>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::apply)
};

using base::ErrorKind;
using oci::DescriptorEdit;
using Family = oci::MediaType::Family;
using Where = SetAnnotation::Where;

// What the edits want of one manifest or index.
struct Wanted
{
    QMap<int, SetMarking> markings;
    QMap<int, QList<oci::AnnotationChange>> ofLayers;
    QList<oci::AnnotationChange> ofConfig;
    QList<oci::AnnotationChange> ofDocument;
    QList<oci::AnnotationChange> ofEntry; // of its entry in the index above
};

using Derived = base::Result<std::optional<ImageNode>>;

class Deriver
{
public:
    Deriver(const ImageTree &original, const EditSet &edits)
        : m_original(original)
        , m_edits(effective(original, edits))
        , m_check(original)
    {
    }

    base::Result<DerivedImage> run(const EditSet &all);

private:
    void collectFamilies();
    base::Result<void> collectRemoved();
    base::Result<void> collect(const SetMarking &edit);
    void collect(const SetAnnotation &edit);
    base::Result<void> checkTouched() const;
    bool isGone(const NodePath &path) const;
    std::optional<Family> familyOf(const NodePath &path) const;
    void touch(NodePath path); // and the indexes above
    void touchBelow(const ImageNode &node, const NodePath &path);

    // Nothing where the edits change no byte of it.
    Derived derive(const ImageNode &node, const NodePath &path, std::optional<Family> family);
    Derived deriveIndex(const ImageNode &node, const NodePath &path, std::optional<Family> family);
    Derived deriveImage(const ImageNode &node, const NodePath &path, std::optional<Family> family);
    DescriptorEdit documentEdit(const ImageNode &node, const NodePath &path, std::optional<Family> family) const;
    DescriptorEdit layerEdit(const oci::Descriptor &layer, int number, const Wanted &wanted,
                             std::optional<Family> family) const;
    void finish(ImageNode &derived, const ImageNode &node, const NodePath &path, const oci::MediaType &type);
    std::unexpected<base::Error> broken(const NodePath &path) const;

    const ImageTree &m_original;
    EditSet m_edits;
    EditCheck m_check;
    QHash<NodePath, Wanted> m_wanted;
    QHash<NodePath, Family> m_families;
    QSet<NodePath> m_removed;
    QSet<NodePath> m_touched; // manifests with edits, and the indexes above them
    QList<Change> m_changes;
};

std::unexpected<base::Error> Deriver::broken(const NodePath &path) const
{
    return base::fail(ErrorKind::Failed,
                      Text::tr("The edit of %1 would not give what was asked for, so it was not made.")
                          .arg(m_check.titles().name(path)),
                      Text::tr("This is a defect of Colophon; please report it with the manifest."));
}

void Deriver::touch(NodePath path)
{
    m_touched.insert(path);
    while (!path.entries.isEmpty()) {
        path.entries.removeLast();
        m_touched.insert(path);
    }
}

void Deriver::touchBelow(const ImageNode &node, const NodePath &path)
{
    if (m_removed.contains(path))
        return;
    m_touched.insert(path);
    for (qsizetype i = 0; i < node.children.size(); ++i)
        touchBelow(node.children[i], path.child(static_cast<int>(i)));
}

bool Deriver::isGone(const NodePath &path) const
{
    if (m_removed.isEmpty())
        return false;
    for (NodePath above = path.manifest(); !above.entries.isEmpty(); above.entries.removeLast()) {
        if (m_removed.contains(above))
            return true;
    }
    return false;
}

// By the innermost change of family that covers it.
std::optional<Family> Deriver::familyOf(const NodePath &path) const
{
    if (m_families.isEmpty())
        return std::nullopt;
    NodePath above = path.manifest();
    while (true) {
        if (const auto at = m_families.constFind(above); at != m_families.constEnd())
            return *at;
        if (above.entries.isEmpty())
            return std::nullopt;
        above.entries.removeLast();
    }
}

void Deriver::collectFamilies()
{
    for (const Edit &edit : m_edits.edits()) {
        const auto *family = std::get_if<SetFamily>(&edit);
        if (!family || isGone(family->place))
            continue;
        m_families.insert(family->place, family->family);
        touch(family->place);
        touchBelow(*m_original.node(family->place), family->place);
    }
}

base::Result<void> Deriver::collectRemoved()
{
    QSet<NodePath> indexes;
    for (const Edit &edit : m_edits.edits()) {
        const auto *removal = std::get_if<RemovePlatform>(&edit);
        if (!removal)
            continue;
        m_removed.insert(removal->entry);
        NodePath above = removal->entry;
        above.entries.removeLast();
        indexes.insert(above);
    }
    for (const NodePath &path : std::as_const(indexes)) {
        const ImageNode &index = *m_original.node(path);
        QSet<oci::Digest> gone;
        QSet<oci::Digest> kept;
        bool keepsAny = false;
        for (qsizetype i = 0; i < index.children.size(); ++i) {
            const bool isRemoved = m_removed.contains(path.child(static_cast<int>(i)));
            (isRemoved ? gone : kept).insert(index.children[i].descriptor.digest);
            keepsAny = keepsAny || (!isRemoved && !ImageNode::isAttestation(index.children[i].descriptor));
        }
        if (!keepsAny) {
            return base::fail(ErrorKind::Usage,
                              Text::tr("The last entry of %1 cannot be removed.").arg(m_check.titles().name(path)),
                              Text::tr("An index without images is of no use to anybody; delete the tag instead."));
        }
        for (qsizetype i = 0; i < index.children.size(); ++i) {
            const std::optional<oci::Digest> about = ImageNode::attested(index.children[i].descriptor);
            if (about && gone.contains(*about) && !kept.contains(*about))
                m_removed.insert(path.child(static_cast<int>(i)));
        }
        if (!isGone(path))
            touch(path);
    }
    return {};
}

base::Result<void> Deriver::collect(const SetMarking &edit)
{
    const oci::MediaType original = m_original.descriptor(edit.layer)->mediaType;
    const std::optional<Family> family = familyOf(edit.layer);
    const oci::MediaType type = family ? original.inFamily(*family).value_or(original) : original;
    if (!type.hasPair()) {
        return base::fail(ErrorKind::Usage, Text::tr("The marking of %1 cannot be changed: %2.")
                                                .arg(m_check.titles().name(edit.layer), whyNotToggled(type)));
    }
    if (const base::Result<void> urls = m_check.urls(edit); !urls)
        return urls;
    m_wanted[edit.layer.manifest()].markings.insert(edit.layer.layer, edit);
    touch(edit.layer.manifest());
    return {};
}

void Deriver::collect(const SetAnnotation &edit)
{
    const oci::AnnotationChange change{edit.name, edit.value};
    const NodePath path = edit.place.manifest();
    Wanted &wanted = m_wanted[path];
    if (edit.place.isLayer())
        wanted.ofLayers[edit.place.layer].append(change);
    else if (edit.place.part == NodePath::Part::Config)
        wanted.ofConfig.append(change);
    else if (edit.where == Where::Document)
        wanted.ofDocument.append(change);
    else
        wanted.ofEntry.append(change);
    NodePath changed = path;
    if (edit.where == Where::Descriptor && edit.place.part == NodePath::Part::Self)
        changed.entries.removeLast(); // the index that names it
    touch(changed);
}

// A document that means different things to different programs is not edited, nor is an index above one.
base::Result<void> Deriver::checkTouched() const
{
    QList<NodePath> touched(m_touched.begin(), m_touched.end());
    std::sort(touched.begin(), touched.end());
    for (const NodePath &path : std::as_const(touched)) {
        const QStringList problems = m_original.node(path)->problems();
        if (!problems.isEmpty()) {
            return base::fail(ErrorKind::Usage,
                              Text::tr("%1 may be viewed but not edited: %2")
                                  .arg(m_check.titles().nameAtStart(path), base::visible(problems.first(), 500)));
        }
    }
    return {};
}

Derived Deriver::derive(const ImageNode &node, const NodePath &path, std::optional<Family> family)
{
    if (!m_touched.contains(path))
        return std::nullopt;
    if (const auto at = m_families.constFind(path); at != m_families.constEnd())
        family = *at;
    if (family) {
        if (const base::Result<void> fits = m_check.family(node, path, *family); !fits)
            return base::fail(fits.error());
    }
    if (node.role == ImageNode::Role::Index)
        return deriveIndex(node, path, family);
    if (node.role == ImageNode::Role::Image && node.manifest)
        return deriveImage(node, path, family);
    return std::nullopt;
}

DescriptorEdit Deriver::documentEdit(const ImageNode &node, const NodePath &path, std::optional<Family> family) const
{
    DescriptorEdit edit;
    edit.annotations = m_wanted.value(path).ofDocument;
    if (family && (saysItsType(node) || *family == Family::Docker)) // Docker's must say it, OCI's may
        edit.mediaType = node.descriptor.mediaType.inFamily(*family);
    return edit;
}

DescriptorEdit Deriver::layerEdit(const oci::Descriptor &layer, int number, const Wanted &wanted,
                                  std::optional<Family> family) const
{
    DescriptorEdit edit;
    oci::MediaType type = layer.mediaType;
    if (family)
        type = type.inFamily(*family).value_or(type);
    if (const auto marking = wanted.markings.constFind(number); marking != wanted.markings.constEnd()) {
        if (type.isNonDistributable() != marking->nonDistributable)
            type = type.pair().value_or(type);
        edit.urls = marking->urls;
    }
    if (type != layer.mediaType)
        edit.mediaType = type;
    edit.annotations = wanted.ofLayers.value(number);
    return edit;
}

// The descriptor of what was derived, and the change it makes.
void Deriver::finish(ImageNode &derived, const ImageNode &node, const NodePath &path, const oci::MediaType &type)
{
    DescriptorEdit edit;
    edit.mediaType = type;
    edit.content = derived.bytes();
    edit.annotations = m_wanted.value(path).ofEntry;
    derived.descriptor = oci::edited(node.descriptor, edit);
    m_changes.append({path, node.descriptor, derived.descriptor});
}

Derived Deriver::deriveImage(const ImageNode &node, const NodePath &path, std::optional<Family> family)
{
    const Wanted wanted = m_wanted.value(path);
    const oci::Manifest &manifest = *node.manifest;
    const oci::MediaType type = family ? *node.descriptor.mediaType.inFamily(*family) : node.descriptor.mediaType;
    const DescriptorEdit document = documentEdit(node, path, family);
    DescriptorEdit config;
    config.annotations = wanted.ofConfig;
    if (family)
        config.mediaType = manifest.config().mediaType.inFamily(*family);

    QList<oci::Splice> splices = manifest.withDocument(document) + manifest.withConfig(config);
    QList<oci::Descriptor> layers = manifest.layers();
    const auto editLayer = [&](int number) {
        const DescriptorEdit edit = layerEdit(layers.at(number), number, wanted, family);
        if (edit.isEmpty())
            return;
        splices += manifest.withLayer(number, edit);
        layers[number] = oci::edited(layers.at(number), edit);
    };
    if (family) {
        for (int i = 0; i < layers.size(); ++i)
            editLayer(i);
    } else {
        std::vector<int> numbers;
        std::set_union(wanted.markings.keyBegin(), wanted.markings.keyEnd(), wanted.ofLayers.keyBegin(),
                       wanted.ofLayers.keyEnd(), std::back_inserter(numbers));
        for (const int number : numbers)
            editLayer(number);
    }
    if (splices.isEmpty())
        return std::nullopt;

    base::Result<oci::Manifest> edited = oci::Manifest::parse(oci::spliced(manifest.bytes(), splices), type);
    if (!edited)
        return base::fail(edited.error());
    if (edited->layers() != layers || edited->config() != oci::edited(manifest.config(), config) ||
        edited->annotations() != oci::edited(manifest.annotations(), document.annotations))
        return broken(path);
    ImageNode derived = node;
    derived.manifest = std::move(*edited);
    finish(derived, node, path, type);
    return derived;
}

Derived Deriver::deriveIndex(const ImageNode &node, const NodePath &path, std::optional<Family> family)
{
    const oci::ImageIndex &index = *node.index;
    const oci::MediaType type = family ? *node.descriptor.mediaType.inFamily(*family) : node.descriptor.mediaType;
    const DescriptorEdit document = documentEdit(node, path, family);
    QList<oci::Splice> splices = index.withDocument(document);
    QList<ImageNode> children = node.children;
    QList<oci::Descriptor> entries;
    QSet<qsizetype> removed;
    for (qsizetype i = 0; i < children.size(); ++i) {
        const NodePath place = path.child(static_cast<int>(i));
        if (m_removed.contains(place)) {
            removed.insert(i);
            children[i].isRemoved = true;
            continue;
        }
        Derived child = derive(node.children[i], place, family);
        if (!child)
            return base::fail(child.error());
        DescriptorEdit entry;
        entry.annotations = m_wanted.value(place).ofEntry;
        if (*child) {
            entry.content = (*child)->bytes();
            entry.mediaType = (*child)->descriptor.mediaType;
            children[i] = std::move(**child);
        } else if (!entry.isEmpty()) {
            children[i].descriptor = oci::edited(children[i].descriptor, entry);
        }
        if (!entry.isEmpty())
            splices += index.withEntry(i, entry);
        entries.append(children[i].descriptor);
    }
    if (!removed.isEmpty())
        splices += index.withoutEntries(removed);
    if (splices.isEmpty())
        return std::nullopt;

    base::Result<oci::ImageIndex> edited = oci::ImageIndex::parse(oci::spliced(index.bytes(), splices), type);
    if (!edited)
        return base::fail(edited.error());
    if (edited->manifests() != entries ||
        edited->annotations() != oci::edited(index.annotations(), document.annotations))
        return broken(path);
    ImageNode derived = node;
    derived.index = std::move(*edited);
    derived.children = std::move(children);
    finish(derived, node, path, type);
    return derived;
}

base::Result<DerivedImage> Deriver::run(const EditSet &all)
{
    for (const Edit &edit : all.edits()) {
        if (const base::Result<void> fits = std::visit(m_check, edit); !fits)
            return base::fail(fits.error());
    }
    if (const base::Result<void> removed = collectRemoved(); !removed)
        return base::fail(removed.error());
    collectFamilies();
    for (const Edit &edit : m_edits.edits()) {
        if (isGone(placeOf(edit)))
            continue;
        if (const auto *marking = std::get_if<SetMarking>(&edit)) {
            if (const base::Result<void> collected = collect(*marking); !collected)
                return base::fail(collected.error());
        } else if (const auto *annotation = std::get_if<SetAnnotation>(&edit)) {
            collect(*annotation);
        }
    }
    if (const base::Result<void> editable = checkTouched(); !editable)
        return base::fail(editable.error());

    DerivedImage image{m_original, {}, {}};
    if (m_touched.isEmpty())
        return image;
    Derived root = derive(m_original.root(), NodePath::root(), std::nullopt);
    if (!root)
        return base::fail(root.error());
    if (*root)
        image.tree = ImageTree(std::move(**root));
    image.changes = m_changes;
    for (const NodePath &path : std::as_const(m_removed)) {
        NodePath above = path;
        above.entries.removeLast();
        if (!isGone(above))
            image.removed.append(path);
    }
    std::sort(image.removed.begin(), image.removed.end());
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
