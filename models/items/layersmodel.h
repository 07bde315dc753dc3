// SPDX-License-Identifier: Apache-2.0
#pragma once

// Some layers of an image as a list, each content once however often it stands there: marked everywhere or nowhere, it
// is one decision.

#include "document/imagetree.h"
#include "document/titles.h"
#include "items/appearance.h"

#include <QAbstractTableModel>

namespace colophon::items {

struct DistinctLayer
{
    oci::Descriptor descriptor;
    document::NodePath path; // the first place
    QString place;           // "Layer 0 of linux/amd64"
    QStringList also;        // "layer 1 of linux/arm64", …
    QString name() const;    // "Layer 0 of linux/amd64, also layer 1 of linux/arm64"
};
QList<DistinctLayer> distinctLayers(const document::ImageTree &tree, const QList<document::NodePath> &layers);

// "Also layer 1 of linux/arm64: it is the same content, marked everywhere or nowhere."; empty for a layer that stands
// in one place only.
QString alsoInWords(const document::ImageTree &tree, const document::NodePath &layer);

class LayersModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { LayerColumn, InstructionColumn, SizeColumn, ColumnCount };

    explicit LayersModel(QObject *parent = nullptr);
    void setLayers(const document::ImageTree &tree, const QList<document::NodePath> &layers);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<DistinctLayer> m_layers;
    QStringList m_instructions;
};

} // namespace colophon::items
