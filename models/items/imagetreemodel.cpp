// SPDX-License-Identifier: Apache-2.0
#include "items/imagetreemodel.h"

#include "base/bytesize.h"
#include "items/layersmodel.h"

#include <QSet>

#include <algorithm>

namespace colophon::items {

using document::NodePath;

ImageTreeModel::ImageTreeModel(editing::ImageDocument *document, QObject *parent)
    : QAbstractItemModel(parent)
{
    setDocument(document);
}

void ImageTreeModel::setDocument(editing::ImageDocument *document)
{
    if (m_document)
        m_document->disconnect(this);
    beginResetModel();
    m_document = document;
    rebuild();
    endResetModel();
    if (m_document) {
        connect(m_document, &editing::ImageDocument::changed, this, &ImageTreeModel::follow);
        connect(m_document, &QObject::destroyed, this, [this] {
            beginResetModel();
            m_rows.clear();
            m_places.clear();
            endResetModel();
        });
    }
}

void ImageTreeModel::rebuild()
{
    m_rows = m_document ? rowsOf(*m_document) : std::vector<Row>();
    m_places.clear();
    m_places.reserve(static_cast<qsizetype>(m_rows.size()));
    for (int i = 0; i < static_cast<int>(m_rows.size()); ++i)
        m_places.insert(m_rows[static_cast<std::size_t>(i)].path, i);
}

void ImageTreeModel::follow()
{
    std::vector<Row> now = m_document ? rowsOf(*m_document, m_rows) : std::vector<Row>();
    const bool samePlaces = std::ranges::equal(now, m_rows, [](const Row &a, const Row &b) {
        return a.parent == b.parent && a.path == b.path && a.kind == b.kind;
    });
    if (!samePlaces) { // never by an edit; but a view must not be left with indexes into nowhere
        beginResetModel();
        rebuild();
        endResetModel();
        return;
    }
    std::swap(now, m_rows);
    // One signal for each run of changed rows that share a parent.
    const auto changed = [&](std::size_t i) { return !(now[i] == m_rows[i]); };
    for (std::size_t i = 0; i < m_rows.size();) {
        if (!changed(i)) {
            ++i;
            continue;
        }
        std::size_t last = i;
        while (last + 1 < m_rows.size() && m_rows[last + 1].parent == m_rows[i].parent && changed(last + 1))
            ++last;
        Q_EMIT dataChanged(createIndex(m_rows[i].row, 0, quintptr(i)),
                           createIndex(m_rows[last].row, ColumnCount - 1, quintptr(last)));
        i = last + 1;
    }
}

const ImageTreeModel::Row *ImageTreeModel::at(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() >= m_rows.size())
        return nullptr;
    return &m_rows[index.internalId()];
}

NodePath ImageTreeModel::pathOf(const QModelIndex &index) const
{
    const Row *row = at(index);
    return row ? row->path : NodePath::root();
}

QModelIndex ImageTreeModel::indexOf(const NodePath &path, int column) const
{
    const auto it = m_places.constFind(path);
    if (it == m_places.cend())
        return {};
    return createIndex(m_rows[static_cast<std::size_t>(*it)].row, column, quintptr(*it));
}

QList<NodePath> ImageTreeModel::layersOf(const QModelIndexList &indexes) const
{
    QList<NodePath> layers;
    QSet<NodePath> within; // images of which layers are named
    for (const QModelIndex &index : indexes) {
        if (const Row *row = at(index); row && row->kind == Kind::Layer) {
            layers << row->path;
            within << row->path.manifest();
        }
    }
    for (const QModelIndex &index : indexes) {
        const Row *row = at(index);
        if (!row || row->kind != Kind::Image || within.contains(row->path))
            continue;
        const auto first = m_rows.cbegin() + row->firstChild;
        std::for_each(first, first + row->childCount, [&layers](const Row &below) {
            if (below.kind == Kind::Layer)
                layers << below.path;
        });
    }
    const auto inOrder = [](const NodePath &a, const NodePath &b) { return a < b; };
    if (!std::ranges::is_sorted(layers, inOrder))
        std::ranges::sort(layers, inOrder);
    layers.erase(std::ranges::unique(layers).begin(), layers.end());
    return layers;
}

QModelIndex ImageTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || column >= ColumnCount || row >= rowCount(parent))
        return {};
    const Row *above = at(parent);
    return createIndex(row, column, quintptr(above ? above->firstChild + row : row));
}

QModelIndex ImageTreeModel::parent(const QModelIndex &child) const
{
    const Row *row = at(child);
    if (!row || row->parent < 0)
        return {};
    return createIndex(m_rows[static_cast<std::size_t>(row->parent)].row, 0, quintptr(row->parent));
}

int ImageTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return m_rows.empty() ? 0 : 1;
    const Row *row = at(parent);
    return row && parent.column() == 0 ? row->childCount : 0;
}

int ImageTreeModel::columnCount(const QModelIndex &) const { return ColumnCount; }

QVariant ImageTreeModel::display(const Row &row, int column) const
{
    switch (column) {
    case ImageColumn:
        return row.text;
    case MarkingColumn:
        return row.removed && row.kind != Kind::Layer && row.kind != Kind::Config ? tr("Removed")
               : row.hasMarking ? appearanceOf(row.descriptor.marking()).word
                                : QString();
    case SizeColumn:
        return row.size > 0 || row.kind == Kind::Layer || row.kind == Kind::Config ? base::humanSize(row.size)
                                                                                   : QString();
    case DigestColumn:
        return row.descriptor.digest.shortForm();
    default:
        return {};
    }
}

QString ImageTreeModel::tip(const Row &row, int column) const
{
    QStringList lines;
    switch (column) {
    case ImageColumn:
        lines << (row.detail.isEmpty() ? tr("The image's history does not say what made this layer.") : row.detail);
        if (row.kind == Kind::Layer && m_document)
            lines << alsoInWords(m_document->tree(), row.path);
        lines += row.messages;
        break;
    case MarkingColumn:
        if (row.hasMarking)
            lines << appearanceOf(row.descriptor.marking()).help << row.descriptor.urls;
        break;
    case SizeColumn:
        lines << tr("%n byte(s)", nullptr, static_cast<int>(std::min<qint64>(row.size, INT_MAX)));
        if (row.size > INT_MAX)
            lines.last() = tr("%1 bytes").arg(row.size);
        if (row.kind == Kind::Index || row.kind == Kind::Image)
            lines << tr("What occurs more than once is counted once.");
        break;
    case DigestColumn:
        lines << row.descriptor.digest.toString();
        break;
    default:
        break;
    }
    if (row.removed)
        lines << tr("Removed from the index; Undo puts it back.");
    else if (row.edited)
        lines << tr("Was: %1").arg(row.old);
    lines.removeAll(QString());
    return toolTip(lines.join(QLatin1Char('\n')));
}

QString ImageTreeModel::accessibleText(const Row &row, int column) const
{
    switch (column) {
    case ImageColumn: {
        QStringList parts{row.text};
        if (row.removed)
            parts << tr("removed");
        else if (row.edited)
            parts << tr("edited");
        if (row.severity >= 0)
            parts << appearanceOf(document::Finding::Severity(row.severity)).word;
        return parts.join(QStringLiteral(", "));
    }
    case MarkingColumn:
        return row.hasMarking ? appearanceOf(row.descriptor.marking()).word : tr("no marking");
    case DigestColumn:
        return row.descriptor.digest.toString();
    default:
        return display(row, column).toString();
    }
}

namespace {
Symbol symbolOf(ImageTreeModel::Kind kind)
{
    switch (kind) {
    case ImageTreeModel::Kind::Index:
        return Symbol::Index;
    case ImageTreeModel::Kind::Image:
        return Symbol::Image;
    case ImageTreeModel::Kind::Attestation:
        return Symbol::Attestation;
    case ImageTreeModel::Kind::Opaque:
        return Symbol::Unknown;
    case ImageTreeModel::Kind::Config:
        return Symbol::Config;
    case ImageTreeModel::Kind::Layer:
        return Symbol::Layer;
    }
    return Symbol::None;
}
} // namespace

QVariant ImageTreeModel::data(const QModelIndex &index, int role) const
{
    const Row *row = at(index);
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return display(*row, index.column());
    case Qt::ToolTipRole:
        return tip(*row, index.column());
    case Qt::AccessibleTextRole:
        return accessibleText(*row, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == SizeColumn ? int(Qt::AlignRight | Qt::AlignVCenter)
                                            : int(Qt::AlignLeft | Qt::AlignVCenter);
    case NodePathRole:
        return QVariant::fromValue(row->path);
    case ToneRole:
        if (index.column() == MarkingColumn && row->hasMarking && !row->removed)
            return int(appearanceOf(row->descriptor.marking()).tone);
        return int(row->known && !row->removed ? Tone::Plain : Tone::Muted);
    case SymbolRole:
        if (index.column() == MarkingColumn)
            return int(row->hasMarking && !row->removed ? appearanceOf(row->descriptor.marking()).symbol
                                                        : Symbol::None);
        return int(index.column() == ImageColumn ? symbolOf(row->kind) : Symbol::None);
    case SeverityRole:
        return row->severity;
    case FullTextRole:
        return index.column() == DigestColumn                            ? row->descriptor.digest.toString()
               : index.column() == ImageColumn && !row->detail.isEmpty() ? row->detail
                                                                         : display(*row, index.column()).toString();
    case KindRole:
        return int(row->kind);
    case MarkingRole:
        return row->hasMarking ? QVariant(int(row->descriptor.marking())) : QVariant();
    case EditedRole:
        return row->edited;
    case OldValueRole:
        return row->old;
    case SizeBytesRole:
        return row->size;
    case SizeShareRole:
        return row->share;
    case KnownRole:
        return row->known;
    case DigestRole:
        return row->descriptor.digest.toString();
    case PlatformRole:
        return row->platform;
    case GoneRole:
        return row->removed;
    default:
        return {};
    }
}

QVariant ImageTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == SizeColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case ImageColumn:
        return tr("Image");
    case MarkingColumn:
        return tr("Marking");
    case SizeColumn:
        return tr("Size");
    case DigestColumn:
        return tr("Digest");
    default:
        return {};
    }
}

Qt::ItemFlags ImageTreeModel::flags(const QModelIndex &index) const
{
    const Row *row = at(index);
    if (!row)
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (row->childCount == 0)
        flags |= Qt::ItemNeverHasChildren;
    return flags;
}

bool ImageTreeModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const Row *row = at(index);
    if (!row || row->kind != Kind::Layer || !m_document || (role != MarkingRole && role != Qt::CheckStateRole))
        return false;
    const bool nonDistributable = role == MarkingRole ? value.toBool() : value.toInt() == Qt::Checked;
    const auto done = setMarked(*m_document, {row->path}, nonDistributable, m_addressOf);
    if (!done)
        Q_EMIT editRefused(done.error());
    return done.has_value();
}

} // namespace colophon::items
