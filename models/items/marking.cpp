// SPDX-License-Identifier: Apache-2.0
#include "items/marking.h"

#include "document/titles.h"

#include <QCoreApplication>
#include <QHash>

namespace colophon::items {

using document::NodePath;

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::Marking)
};
} // namespace

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
    QHash<oci::Digest, QStringList> before;
    if (nonDistributable) {
        const document::ImageTree &original = document.original();
        for (const NodePath &path : original.layers()) {
            if (const auto layer = original.descriptor(path); layer && !layer->urls.isEmpty())
                before.insert(layer->digest, layer->urls);
        }
    }
    return document.setMarking(layers, nonDistributable,
                               [&](const oci::Descriptor &layer) -> base::Result<QStringList> {
                                   if (!nonDistributable)
                                       return QStringList();
                                   if (!layer.urls.isEmpty())
                                       return layer.urls;
                                   if (const QStringList urls = before.value(layer.digest); !urls.isEmpty())
                                       return urls;
                                   const QString address = addressOf ? addressOf(layer) : QString();
                                   return address.isEmpty() ? QStringList() : QStringList{address};
                               });
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
        return Words::tr("It cannot be toggled: %1.").arg(document::whyNotToggled(layer->mediaType));
    }
    return {};
}

} // namespace colophon::items
