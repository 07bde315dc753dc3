// SPDX-License-Identifier: Apache-2.0
#include "document/baselayers.h"

#include "document/titles.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::Selection)
};

// How many leading layers two images share, and how many of these only by what is in them.
struct Shared
{
    qsizetype layers = 0;
    qsizetype byContent = 0;
};

Shared sharedBy(const ImageNode &image, const ImageNode &base)
{
    const QList<oci::Descriptor> &own = image.manifest->layers();
    const QList<oci::Descriptor> &others = base.manifest->layers();
    // Only where there is one for each layer does the config say which is whose.
    const auto idsOf = [](const ImageNode &node) {
        const bool fits = node.config && node.config->diffIds.size() == node.manifest->layers().size();
        return fits ? node.config->diffIds : QStringList();
    };
    const QStringList ownIds = idsOf(image);
    const QStringList otherIds = idsOf(base);
    Shared shared;
    for (; shared.layers < std::min(own.size(), others.size()); ++shared.layers) {
        if (own[shared.layers].digest == others[shared.layers].digest)
            continue;
        const QString id = ownIds.value(shared.layers);
        if (id.isEmpty() || id != otherIds.value(shared.layers))
            break;
        ++shared.byContent;
    }
    return shared;
}

QString variantOf(const oci::Platform &platform)
{
    const bool isPlainArm64 = platform.architecture == QLatin1String("arm64") && platform.variant.isEmpty();
    return isPlainArm64 ? QStringLiteral("v8") : platform.variant;
}

// The build of a Windows version, which its updates share: 10.0.17763 of 10.0.17763.5329.
QString buildOf(const QString &version) { return version.section(QLatin1Char('.'), 0, 2); }

bool isSamePlatform(const oci::Platform &a, const oci::Platform &b)
{
    const auto agree = [](const QString &x, const QString &y) { return x.isEmpty() || y.isEmpty() || x == y; };
    return a.os == b.os && a.architecture == b.architecture && agree(variantOf(a), variantOf(b)) &&
           agree(buildOf(a.osVersion), buildOf(b.osVersion));
}

// The base's images an image may stand on. One image alone that says no platform is taken for any.
QList<const ImageNode *> candidates(const ImageTree &base, const ImageNode &image)
{
    QList<const ImageNode *> found;
    const QList<NodePath> images = base.images();
    const std::optional<oci::Platform> wanted = image.platform();
    for (const NodePath &path : images) {
        const ImageNode *node = base.node(path);
        const std::optional<oci::Platform> platform = node->platform();
        if (wanted && platform ? isSamePlatform(*wanted, *platform) : images.size() == 1)
            found.append(node);
    }
    return found;
}
} // namespace

base::Result<Selection> layersFromBase(const ImageTree &image, const ImageTree &base,
                                       const QList<oci::Platform> &platforms)
{
    const base::Result<QList<NodePath>> images = selectImages(image, platforms);
    if (!images)
        return base::fail(images.error());
    const Titles titles(image);
    QList<NodePath> layers;
    QStringList notes;
    for (const NodePath &path : *images) {
        const ImageNode &node = *image.node(path);
        const QString name = titles.nameAtStart(path);
        const QList<const ImageNode *> bases = candidates(base, node);
        if (bases.isEmpty()) {
            notes.append(Text::tr("The base image has no platform like %1.").arg(titles.name(path)));
            continue;
        }
        Shared best;
        const ImageNode *found = bases.first();
        for (const ImageNode *each : bases) {
            const Shared shared = sharedBy(node, *each);
            if (shared.layers > best.layers) {
                best = shared;
                found = each;
            }
        }
        const qsizetype all = found->manifest->layers().size();
        if (best.layers == 0) {
            notes.append(Text::tr("%1 does not begin with the layers of the base image.").arg(name));
            continue;
        }
        if (best.layers < all) {
            notes.append(Text::tr("%1 has the first %2 of the base image's %3 layers: it was built on another version "
                                  "of it.")
                             .arg(name, QString::number(best.layers), QString::number(all)));
        }
        if (best.byContent > 0) {
            notes.append(Text::tr("%1: %2 of the %3 layers from the base image were compressed anew; their diff_ids "
                                  "say that they are the same.")
                             .arg(name, QString::number(best.byContent), QString::number(best.layers)));
        }
        for (int i = 0; i < best.layers; ++i)
            layers.append(path.layerAt(i));
    }
    if (layers.isEmpty()) {
        return base::fail(base::ErrorKind::Usage, Text::tr("No layer comes from the base image."),
                          enumerated(notes, 3));
    }
    Selection selection = selectionOf(image, layers);
    selection.notes = notes + selection.notes;
    if (selection.layers.isEmpty()) {
        return base::fail(base::ErrorKind::Usage, Text::tr("No layer from the base image can be toggled."),
                          enumerated(selection.passedBy, 3));
    }
    return selection;
}

} // namespace colophon::document
