// SPDX-License-Identifier: Apache-2.0
#include "document/edit.h"

#include "document/titles.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::Edit)
};

const NodePath &placeOf(const Edit &edit)
{
    return std::visit([](const auto &each) -> const NodePath & { return each.layer; }, edit);
}
} // namespace

EditSet EditSet::with(Edit edit) const { return with(QList<Edit>{std::move(edit)}); }

EditSet EditSet::with(const QList<Edit> &edits) const
{
    EditSet result = *this;
    QHash<NodePath, qsizetype> places;
    for (qsizetype i = 0; i < m_edits.size(); ++i)
        places.insert(placeOf(m_edits[i]), i);
    for (const Edit &edit : edits) {
        const auto earlier = places.constFind(placeOf(edit));
        if (earlier != places.constEnd()) {
            result.m_edits[*earlier] = edit;
        } else {
            places.insert(placeOf(edit), result.m_edits.size());
            result.m_edits.append(edit);
        }
    }
    return result;
}

EditSet EditSet::without(const NodePath &place) const
{
    EditSet result = *this;
    result.m_edits.removeIf([&](const Edit &edit) { return placeOf(edit) == place; });
    return result;
}

EditSet effective(const ImageTree &original, const EditSet &edits)
{
    QList<Edit> kept;
    for (const Edit &edit : edits.edits()) {
        const auto &marking = std::get<SetMarking>(edit);
        const std::optional<oci::Descriptor> layer = original.descriptor(marking.layer);
        const bool saysNothingNew = layer && marking.layer.isLayer() &&
                                    layer->mediaType.isNonDistributable() == marking.nonDistributable &&
                                    layer->urls == marking.urls;
        if (!saysNothingNew)
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
