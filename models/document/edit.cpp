// SPDX-License-Identifier: Apache-2.0
#include "document/edit.h"

#include "document/editcheck.h"
#include "document/titles.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <algorithm>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::Edit)
};

// What a later edit must share with an earlier one to stand in its place.
struct Key
{
    std::size_t kind = 0;
    NodePath place;
    int where = 0;
    QString name;
    bool operator==(const Key &) const = default;
    friend size_t qHash(const Key &key, size_t seed = 0) noexcept
    {
        return qHashMulti(seed, key.kind, key.place, key.where, key.name);
    }
};

Key keyOf(const Edit &edit)
{
    Key key{edit.index(), placeOf(edit), 0, {}};
    if (const auto *annotation = std::get_if<SetAnnotation>(&edit)) {
        key.where = static_cast<int>(annotation->where);
        key.name = annotation->name;
    }
    return key;
}

bool isBelow(const NodePath &path, const NodePath &above)
{
    return path.entries.size() > above.entries.size() && path.entries.first(above.entries.size()) == above.entries;
}
} // namespace

const NodePath &placeOf(const Edit &edit)
{
    struct
    {
        const NodePath &operator()(const SetMarking &each) const { return each.layer; }
        const NodePath &operator()(const SetAnnotation &each) const { return each.place; }
        const NodePath &operator()(const SetFamily &each) const { return each.place; }
        const NodePath &operator()(const RemovePlatform &each) const { return each.entry; }
    } visitor;
    return std::visit(visitor, edit);
}

EditSet EditSet::with(Edit edit) const { return with(QList<Edit>{std::move(edit)}); }

EditSet EditSet::with(const QList<Edit> &edits) const
{
    EditSet result = *this;
    QHash<Key, qsizetype> places;
    const auto index = [&] {
        places.clear();
        for (qsizetype i = 0; i < result.m_edits.size(); ++i)
            places.insert(keyOf(result.m_edits[i]), i);
    };
    index();
    for (const Edit &edit : edits) {
        const Key key = keyOf(edit);
        const auto earlier = places.constFind(key);
        if (earlier != places.constEnd()) {
            result.m_edits[*earlier] = edit;
        } else {
            places.insert(key, result.m_edits.size());
            result.m_edits.append(edit);
        }
        if (!std::holds_alternative<SetFamily>(edit))
            continue;
        const auto dropped = result.m_edits.removeIf([&](const Edit &each) {
            return std::holds_alternative<SetFamily>(each) && isBelow(placeOf(each), placeOf(edit));
        });
        if (dropped > 0)
            index();
    }
    return result;
}

EditSet EditSet::without(const NodePath &place) const
{
    EditSet result = *this;
    result.m_edits.removeIf([&](const Edit &edit) { return placeOf(edit) == place; });
    return result;
}

namespace {
// Whether an edit says of the original what it says itself.
class Repeats
{
public:
    Repeats(const ImageTree &original, const EditSet &edits)
        : m_original(original)
    {
        for (const Edit &edit : edits.edits()) {
            if (std::holds_alternative<SetFamily>(edit))
                m_families.append(placeOf(edit));
        }
    }

    bool operator()(const SetMarking &edit) const
    {
        const ImageNode *node = edit.layer.isLayer() ? m_original.node(edit.layer) : nullptr;
        if (!node || !node->manifest)
            return false;
        const oci::Descriptor &layer = node->manifest->layers().at(edit.layer.layer);
        return layer.mediaType.isNonDistributable() == edit.nonDistributable && layer.urls == edit.urls;
    }

    bool operator()(const SetAnnotation &edit) const
    {
        const ImageNode *node = m_original.node(edit.place);
        if (!node)
            return false;
        oci::Annotations now;
        if (edit.where == SetAnnotation::Where::Descriptor)
            now = m_original.descriptor(edit.place)->annotations;
        else
            now = node->annotations();
        const auto at = now.constFind(edit.name);
        return edit.value ? at != now.constEnd() && *at == *edit.value : at == now.constEnd();
    }

    bool operator()(const SetFamily &edit) const
    {
        const ImageNode *node = m_original.node(edit.place);
        const bool isWithinAnother = std::any_of(m_families.begin(), m_families.end(),
                                                 [&](const NodePath &other) { return isBelow(edit.place, other); });
        return node && !isWithinAnother && isOf(*node, edit.family);
    }

    bool operator()(const RemovePlatform &) const { return false; }

private:
    static bool isOf(const ImageNode &node, oci::MediaType::Family family)
    {
        const auto fits = [family](const oci::MediaType &type) { return type.inFamily(family) == type; };
        if (!fits(node.descriptor.mediaType))
            return false;
        if (family == oci::MediaType::Family::Docker && !saysItsType(node))
            return false;
        if (node.manifest && node.role == ImageNode::Role::Image) {
            const QList<oci::Descriptor> &layers = node.manifest->layers();
            if (!fits(node.manifest->config().mediaType) ||
                !std::all_of(layers.begin(), layers.end(), [&](const auto &layer) { return fits(layer.mediaType); }))
                return false;
        }
        return std::all_of(node.children.begin(), node.children.end(),
                           [family](const ImageNode &child) { return isOf(child, family); });
    }

    const ImageTree &m_original;
    QList<NodePath> m_families;
};
} // namespace

bool saysItsType(const ImageNode &node)
{
    if (node.index)
        return node.index->json().root()["mediaType"].isString();
    return !node.manifest || node.manifest->json().root()["mediaType"].isString();
}

EditSet effective(const ImageTree &original, const EditSet &edits)
{
    const Repeats repeats(original, edits);
    QList<Edit> kept;
    for (const Edit &edit : edits.edits()) {
        if (!std::visit(repeats, edit))
            kept.append(edit);
    }
    return EditSet().with(kept);
}

base::Result<QList<Edit>> markingEdits(const ImageTree &tree, const QList<NodePath> &layers, bool nonDistributable,
                                       const UrlsOf &urlsOf)
{
    if (layers.isEmpty())
        return base::fail(base::ErrorKind::Usage, Text::tr("No layer is selected."),
                          Text::tr("Select at least one layer."));

    QHash<oci::Digest, QList<NodePath>> places;
    for (const NodePath &place : tree.layers())
        places[tree.descriptor(place)->digest].append(place);

    QList<Edit> edits;
    QSet<oci::Digest> done;
    for (const NodePath &layer : layers) {
        const std::optional<oci::Descriptor> descriptor = layer.isLayer() ? tree.descriptor(layer) : std::nullopt;
        if (!descriptor) {
            return base::fail(base::ErrorKind::Usage, Text::tr("The image has no layer at %1.").arg(layer.toString()));
        }
        if (done.contains(descriptor->digest))
            continue;
        done.insert(descriptor->digest);
        const base::Result<QStringList> urls = urlsOf(*descriptor);
        if (!urls)
            return base::fail(urls.error());
        QList<NodePath> everywhere = places.value(descriptor->digest);
        if (!everywhere.contains(layer)) // in an attestation: apply() says why not
            everywhere.prepend(layer);
        for (const NodePath &place : std::as_const(everywhere))
            edits.append(SetMarking{place, nonDistributable, *urls});
    }
    return edits;
}

} // namespace colophon::document
