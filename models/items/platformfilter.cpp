// SPDX-License-Identifier: Apache-2.0
#include "items/platformfilter.h"

namespace colophon::items {

PlatformFilter::PlatformFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
}

void PlatformFilter::setPlatforms(const QList<oci::Platform> &platforms)
{
    if (m_platforms == platforms)
        return;
    m_platforms = platforms;
    invalidateFilter();
}

QList<oci::Platform> PlatformFilter::platformsOf(const document::ImageTree &tree)
{
    QList<oci::Platform> platforms;
    QSet<oci::Platform> known;
    for (const document::NodePath &path : tree.images()) {
        const auto platform = tree.node(path)->platform();
        if (!platform || platform->isUnknown() || known.contains(*platform))
            continue;
        known.insert(*platform);
        platforms << *platform;
    }
    return platforms;
}

bool PlatformFilter::filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const
{
    if (m_platforms.isEmpty() || !sourceModel())
        return true;
    return shows(sourceModel()->index(sourceRow, 0, sourceParent));
}

bool PlatformFilter::shows(const QModelIndex &source) const
{
    using Kind = ImageTreeModel::Kind;
    switch (Kind(source.data(ImageTreeModel::KindRole).toInt())) {
    case Kind::Config:
    case Kind::Layer:
        return true;
    case Kind::Image: {
        if (!source.parent().isValid()) // the whole image: there is nothing to choose from
            return true;
        const auto platform = oci::Platform::parse(source.data(ImageTreeModel::PlatformRole).toString());
        return platform && std::ranges::any_of(m_platforms, [&](const oci::Platform &p) { return p.picks(*platform); });
    }
    case Kind::Index:
        if (!source.parent().isValid())
            return true;
        for (int i = 0; i < source.model()->rowCount(source); ++i) {
            if (shows(source.model()->index(i, 0, source)))
                return true;
        }
        return false;
    case Kind::Attestation:
    case Kind::Opaque:
        return !source.parent().isValid();
    }
    return true;
}

} // namespace colophon::items
