// SPDX-License-Identifier: Apache-2.0
#include "items/marking.h"

#include "items/appearance.h"

#include <QCoreApplication>
#include <QSet>

namespace colophon::items {

using document::NodePath;

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::Marking)
};
} // namespace

QList<document::Edit> markingEdits(const editing::ImageDocument &document, const QList<NodePath> &layers,
                                   bool nonDistributable, const AddressOf &addressOf)
{
    const document::ImageTree &tree = document.tree();
    QList<document::Edit> edits;
    QSet<NodePath> seen;
    for (const NodePath &named : layers) {
        const auto layer = named.isLayer() ? tree.descriptor(named) : std::nullopt;
        if (!layer || seen.contains(named))
            continue;
        QStringList urls;
        if (nonDistributable) {
            urls = layer->urls;
            if (const auto before = document.original().descriptor(named); urls.isEmpty() && before)
                urls = before->urls;
            if (urls.isEmpty() && addressOf) {
                if (const QString address = addressOf(*layer); !address.isEmpty())
                    urls = {address};
            }
        }
        for (const NodePath &place : tree.layersWithDigest(layer->digest)) {
            if (seen.contains(place))
                continue;
            seen.insert(place);
            const auto there = tree.descriptor(place);
            // Elsewhere the same digest may carry a type that cannot be toggled; naming it would refuse the whole edit.
            if (!there || (place != named && !there->mediaType.hasPair()))
                continue;
            if (there->mediaType.isNonDistributable() == nonDistributable && there->urls == urls)
                continue;
            edits << document::SetMarking{place, nonDistributable, urls};
        }
    }
    return edits;
}

bool togglesToMarked(const editing::ImageDocument &document, const QList<NodePath> &layers)
{
    return std::ranges::any_of(layers, [&](const NodePath &path) {
        const auto layer = document.tree().descriptor(path);
        return layer && layer->mediaType.hasPair() && !layer->mediaType.isNonDistributable();
    });
}

base::Result<void> setMarked(editing::ImageDocument &document, const QList<NodePath> &layers, bool nonDistributable,
                             const AddressOf &addressOf)
{
    for (const NodePath &layer : layers) {
        if (const QString why = whyNotMarkable(document, layer); !why.isEmpty())
            return base::fail(base::ErrorKind::Usage, why);
    }
    const QList<document::Edit> edits = markingEdits(document, layers, nonDistributable, addressOf);
    if (edits.isEmpty())
        return {};
    const int count = static_cast<int>(layers.size());
    if (count == 1) {
        const QString name = Words::tr("layer %1").arg(layers.first().layer);
        return document.edit(edits,
                             nonDistributable ? Words::tr("Mark %1").arg(name) : Words::tr("Unmark %1").arg(name));
    }
    return document.edit(edits, nonDistributable ? Words::tr("Mark %n layers", nullptr, count)
                                                 : Words::tr("Unmark %n layers", nullptr, count));
}

QString whyNotMarkable(const editing::ImageDocument &document, const NodePath &path)
{
    const document::ImageNode *node = document.tree().node(path);
    const auto layer = path.isLayer() ? document.tree().descriptor(path) : std::nullopt;
    if (!node || !layer)
        return Words::tr("This is no layer.");
    if (node->role == document::ImageNode::Role::Attestation)
        return Words::tr("This is an attestation: it speaks about the image and is never touched.");
    if (node->manifest && !node->manifest->problems().isEmpty()) {
        return Words::tr("This manifest is ambiguous and can only be viewed: %1")
            .arg(node->manifest->problems().first());
    }
    if (!layer->mediaType.hasPair()) {
        return Words::tr("The type %1 has no non-distributable counterpart.")
            .arg(oneLine(layer->mediaType.toString(), 200));
    }
    return {};
}

} // namespace colophon::items
