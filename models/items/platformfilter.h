// SPDX-License-Identifier: Apache-2.0
#pragma once

// The image tree with some of its platforms only, for the "All platforms" choice. What the image is stays untouched.

#include "items/imagetreemodel.h"
#include "oci/platform.h"

#include <QSortFilterProxyModel>

namespace colophon::items {

class PlatformFilter final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit PlatformFilter(QObject *parent = nullptr);
    // Empty: all of them, and what has no platform.
    void setPlatforms(const QList<oci::Platform> &platforms);
    const QList<oci::Platform> &platforms() const { return m_platforms; }

    // The platforms of an image's manifests, in document order, none twice: what the choice offers.
    static QList<oci::Platform> platformsOf(const document::ImageTree &tree);

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;

private:
    bool shows(const QModelIndex &source) const;
    QList<oci::Platform> m_platforms;
};

} // namespace colophon::items
