// SPDX-License-Identifier: Apache-2.0
#include "items/layersmodel.h"

#include "base/bytesize.h"
#include "items/instruction.h"

#include <QCoreApplication>
#include <QHash>

namespace colophon::items {

using document::NodePath;

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::LayersModel)
};
} // namespace

QString DistinctLayer::name() const
{
    return also.isEmpty() ? place : Words::tr("%1, also %2").arg(place, document::enumerated(also));
}

QList<DistinctLayer> distinctLayers(const document::ImageTree &tree, const QList<NodePath> &layers)
{
    const document::Titles titles(tree);
    QList<DistinctLayer> distinct;
    QHash<oci::Digest, qsizetype> known;
    for (const NodePath &path : layers) {
        const auto layer = tree.descriptor(path);
        if (!layer || !path.isLayer())
            continue;
        if (const auto at = known.constFind(layer->digest); at != known.constEnd()) {
            distinct[*at].also << titles.name(path);
            continue;
        }
        known.insert(layer->digest, distinct.size());
        distinct << DistinctLayer{*layer, path, titles.nameAtStart(path), {}};
    }
    return distinct;
}

QString alsoInWords(const document::ImageTree &tree, const NodePath &layer)
{
    const auto descriptor = layer.isLayer() ? tree.descriptor(layer) : std::nullopt;
    QList<NodePath> places = descriptor ? tree.layersWithDigest(descriptor->digest) : QList<NodePath>();
    places.removeAll(layer);
    if (places.isEmpty())
        return {};
    return Words::tr("Also %1: the same content, marked everywhere or nowhere.")
        .arg(document::Titles(tree).names(places));
}

LayersModel::LayersModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void LayersModel::setLayers(const document::ImageTree &tree, const QList<NodePath> &layers)
{
    beginResetModel();
    m_layers = distinctLayers(tree, layers);
    m_instructions.clear();
    QHash<NodePath, QStringList> ofManifest;
    for (const DistinctLayer &layer : std::as_const(m_layers)) {
        const NodePath manifest = layer.path.manifest();
        if (!ofManifest.contains(manifest)) {
            const document::ImageNode *node = tree.node(manifest);
            ofManifest.insert(manifest, node && node->config && node->manifest
                                            ? node->config->createdByPerLayer(node->manifest->layers().size())
                                            : QStringList());
        }
        m_instructions << readableInstruction(ofManifest.value(manifest).value(layer.path.layer));
    }
    endResetModel();
}

int LayersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_layers.size());
}

int LayersModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QVariant LayersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const DistinctLayer &layer = m_layers.at(index.row());
    const QString text = index.column() == LayerColumn         ? layer.name()
                         : index.column() == InstructionColumn ? m_instructions.at(index.row())
                                                               : base::humanSize(layer.descriptor.size);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return oneLine(text);
    case Qt::ToolTipRole:
        return toolTip(index.column() == SizeColumn ? layer.descriptor.digest.toString() : text);
    case FullTextRole:
        return text;
    case Qt::TextAlignmentRole:
        return int((index.column() == SizeColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case NodePathRole:
        return QVariant::fromValue(layer.path);
    case ToneRole:
        return int(Tone::Plain);
    case SymbolRole:
        return int(index.column() == LayerColumn ? Symbol::Layer : Symbol::None);
    default:
        return {};
    }
}

QVariant LayersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int((section == SizeColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case LayerColumn:
        return tr("Layer");
    case InstructionColumn:
        return tr("Made by");
    case SizeColumn:
        return tr("Size");
    default:
        return {};
    }
}

} // namespace colophon::items
