// SPDX-License-Identifier: Apache-2.0
#include "items/findingsmodel.h"

#include <QCoreApplication>

namespace colophon::items {

using document::Finding;

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::Places)
};
} // namespace

QString placeInWords(const document::ImageTree &tree, const document::NodePath &path)
{
    const document::ImageNode *node = tree.isEmpty() ? nullptr : tree.node(path.manifest());
    QString image;
    if (node) {
        const auto platform = node->platform();
        image = node->role == document::ImageNode::Role::Index         ? Words::tr("Index")
                : node->role == document::ImageNode::Role::Attestation ? Words::tr("Attestation")
                : platform                                             ? oneLine(platform->toString(), 80)
                : node->role == document::ImageNode::Role::Image       ? Words::tr("Image")
                                                                       : oneLine(node->title(), 80);
    }
    switch (path.part) {
    case document::NodePath::Part::Self:
        return image.isEmpty() ? path.toString() : image;
    case document::NodePath::Part::Config:
        return image.isEmpty() ? Words::tr("Config") : Words::tr("Config · %1").arg(image);
    case document::NodePath::Part::Layer:
        return image.isEmpty() ? Words::tr("Layer %1").arg(path.layer)
                               : Words::tr("Layer %1 · %2").arg(path.layer).arg(image);
    }
    return {};
}

FindingsModel::FindingsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void FindingsModel::setFindings(const QList<Finding> &findings, const document::ImageTree &tree)
{
    // Asked at every step through the tree; the same list of the same tree has the same rows.
    const document::ImageNode *root = tree.isEmpty() ? nullptr : &tree.root();
    if (findings.isSharedWith(m_given) && root == (m_tree.isEmpty() ? nullptr : &m_tree.root()))
        return;
    m_given = findings;
    m_tree = tree;
    QList<Finding> sorted = findings;
    std::ranges::stable_sort(sorted, std::ranges::greater(), [](const Finding &f) { return int(f.severity); });
    QStringList places;
    for (const Finding &finding : sorted)
        places << placeInWords(tree, finding.path);
    if (sorted == m_findings && places == m_places)
        return;
    beginResetModel();
    m_findings = sorted;
    m_places = places;
    endResetModel();
}

int FindingsModel::count(Finding::Severity severity) const
{
    return static_cast<int>(std::ranges::count(m_findings, severity, &Finding::severity));
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

int FindingsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QVariant FindingsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Finding &finding = m_findings.at(index.row());
    const Appearance look = appearanceOf(finding.severity);
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        switch (column) {
        case SeverityColumn:
            return look.word;
        case MessageColumn:
            return readable(oneLine(document::inWords(finding), 1000));
        case WhereColumn:
            return m_places.at(index.row());
        default:
            return {};
        }
    case Qt::ToolTipRole:
        return toolTip(column == SeverityColumn  ? look.help
                       : column == MessageColumn ? document::inWords(finding)
                                                 : finding.path.toString());
    case NodePathRole:
        return QVariant::fromValue(finding.path);
    case ToneRole:
        return column == SeverityColumn ? int(look.tone) : int(Tone::Plain);
    case SymbolRole:
        return column == SeverityColumn ? int(look.symbol) : int(Symbol::None);
    case SeverityRole:
        return int(finding.severity);
    case FullTextRole:
        return column == MessageColumn ? document::inWords(finding) : data(index, Qt::DisplayRole);
    case RepairableRole:
        return !finding.repair.isEmpty();
    case CodeRole:
        return document::nameOf(finding.code);
    default:
        return {};
    }
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case SeverityColumn:
        return tr("Weight");
    case MessageColumn:
        return tr("What");
    case WhereColumn:
        return tr("Where");
    default:
        return {};
    }
}

} // namespace colophon::items
