// SPDX-License-Identifier: Apache-2.0
#include "items/addresses.h"

#include "document/selection.h"
#include "items/appearance.h"
#include "items/layersmodel.h"

#include <QCoreApplication>

namespace colophon::items {

using document::NodePath;

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::Addresses)
};
const QString digestName = QStringLiteral("{digest}");
const QString hexName = QStringLiteral("{hex}");
} // namespace

QStringList templateNames()
{
    return {QStringLiteral("{registry}"), QStringLiteral("{repository}"), digestName, QStringLiteral("{algorithm}"),
            hexName};
}

QString templateFrom(const QString &address, const oci::Digest &digest)
{
    QString result = address;
    return result.replace(digest.toString(), digestName).replace(digest.hex(), hexName);
}

base::Result<QStringList> AddressTemplates::addressesOf(const oci::Descriptor &layer) const
{
    QStringList addresses = keepsPresent ? layer.urls : QStringList();
    for (const QString &line : lines) {
        const auto address = document::filledIn(line, registry, repository, layer.digest);
        if (!address)
            return base::fail(address.error());
        if (!addresses.contains(*address))
            addresses << *address;
    }
    if (addresses.isEmpty()) {
        return base::fail(base::ErrorKind::Usage, Words::tr("No address is given."),
                          Words::tr("Write at least one, each on a line of its own."));
    }
    return addresses;
}

base::Result<void> AddressTemplates::check(const QList<oci::Descriptor> &layers) const
{
    if (lines.isEmpty())
        return base::fail(base::ErrorKind::Usage, Words::tr("No address is given."),
                          Words::tr("Write at least one, each on a line of its own."));
    for (const oci::Descriptor &layer : layers.first(std::min<qsizetype>(layers.size(), 2))) {
        if (const auto addresses = addressesOf(layer); !addresses)
            return base::fail(addresses.error());
    }
    for (const QString &line : lines) {
        if (layers.size() > 1 && !line.contains(digestName) && !line.contains(hexName)) {
            return base::fail(base::ErrorKind::Usage,
                              Words::tr("All %1 layers would have the same address %2.")
                                  .arg(QString::number(layers.size()), oneLine(line, 300)),
                              Words::tr("Put {hex} or {digest} where it tells one layer from another."));
        }
    }
    return {};
}

base::Result<void> setAddresses(editing::ImageDocument &document, const QList<NodePath> &layers,
                                const AddressTemplates &templates)
{
    return document.setMarking(layers, true,
                               [&](const oci::Descriptor &layer) { return templates.addressesOf(layer); });
}

AddressPreview::AddressPreview(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void AddressPreview::setLayers(const document::ImageTree &tree, const QList<NodePath> &layers)
{
    beginResetModel();
    m_layers.clear();
    m_names.clear();
    m_rows.clear();
    for (const DistinctLayer &layer : distinctLayers(tree, layers)) {
        m_layers << layer.descriptor;
        m_names << layer.name();
    }
    endResetModel();
}

void AddressPreview::setTemplates(const AddressTemplates &templates)
{
    beginResetModel();
    m_rows.clear();
    for (int i = 0; i < std::min<int>(most, int(m_layers.size())); ++i) {
        const auto addresses = templates.addressesOf(m_layers.at(i));
        bool isFirst = true;
        for (const QString &address : addresses.value_or(QStringList())) {
            m_rows << Row{i, address, isFirst, !m_layers.at(i).urls.contains(address)};
            isFirst = false;
        }
    }
    endResetModel();
}

int AddressPreview::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AddressPreview::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QVariant AddressPreview::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows.at(index.row());
    const bool isLayer = index.column() == LayerColumn;
    const QString &text = isLayer ? m_names.at(row.layer) : row.address;
    switch (role) {
    case Qt::DisplayRole:
        return isLayer && !row.isFirst ? QString() : text;
    case Qt::AccessibleTextRole:
    case FullTextRole:
        return text;
    case Qt::ToolTipRole:
        return toolTip(text);
    case ToneRole:
        return int(isLayer || row.isNew ? Tone::Plain : Tone::Muted);
    case SymbolRole:
        return int(Symbol::None);
    default:
        return {};
    }
}

QVariant AddressPreview::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == LayerColumn ? tr("Layer") : section == AddressColumn ? tr("Address") : QVariant();
}

} // namespace colophon::items
