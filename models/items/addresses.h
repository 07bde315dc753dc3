// SPDX-License-Identifier: Apache-2.0
#pragma once

// Addresses for one layer or many from templates: `https://dl.example/{hex}`, filled in for each. What a person types
// is checked before anything is changed; what would come of it is shown as rows.

#include "base/result.h"
#include "editing/imagedocument.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace colophon::items {

// Templates in the order in which clients shall ask the addresses, and the place that {registry} and {repository} name.
struct AddressTemplates
{
    QStringList lines;
    QString registry;
    QString repository;
    bool keepsPresent = false; // the addresses a layer has stay, before these

    // The addresses a layer gets. Usage for a template that gives none, and where there is not a single one.
    base::Result<QStringList> addressesOf(const oci::Descriptor &layer) const;
    // The same for several layers, as far as it can be said of the templates: one address cannot serve two contents.
    base::Result<void> check(const QList<oci::Descriptor> &layers) const;
};

// The names a template may hold, with their braces.
QStringList templateNames();
// What gives this address again for this layer, for other layers too: its digest as {digest} or {hex}.
QString templateFrom(const QString &address, const oci::Digest &digest);

// Makes these layers non-distributable with the addresses the templates give each, as one undo step.
base::Result<void> setAddresses(editing::ImageDocument &document, const QList<document::NodePath> &layers,
                                const AddressTemplates &templates);

// What that would give: a row for each address of each distinct layer, of the first `most` layers.
class AddressPreview final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { LayerColumn, AddressColumn, ColumnCount };
    static constexpr int most = 200;

    explicit AddressPreview(QObject *parent = nullptr);
    void setLayers(const document::ImageTree &tree, const QList<document::NodePath> &layers);
    // Each content once: what stands in several places is one decision.
    const QList<oci::Descriptor> &layers() const { return m_layers; }
    int notShown() const { return std::max(0, int(m_layers.size()) - most); } // layers
    void setTemplates(const AddressTemplates &templates);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        int layer = 0;
        QString address;
        bool isFirst = false; // of its layer
        bool isNew = false;   // the layer does not have it yet
    };
    QList<oci::Descriptor> m_layers;
    QStringList m_names; // "layer 0 of linux/amd64, also layer 0 of linux/arm64"
    QList<Row> m_rows;
};

} // namespace colophon::items
