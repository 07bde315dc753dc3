// SPDX-License-Identifier: Apache-2.0
#include "items/imagetreemodel.h"

#include "base/bytesize.h"
#include "items/instruction.h"

#include <QSet>

namespace colophon::items {

using document::ImageNode;
using document::NodePath;

namespace {
ImageTreeModel::Kind kindOf(ImageNode::Role role)
{
    switch (role) {
    case ImageNode::Role::Index:
        return ImageTreeModel::Kind::Index;
    case ImageNode::Role::Image:
        return ImageTreeModel::Kind::Image;
    case ImageNode::Role::Attestation:
        return ImageTreeModel::Kind::Attestation;
    case ImageNode::Role::Opaque:
        return ImageTreeModel::Kind::Opaque;
    }
    return ImageTreeModel::Kind::Opaque;
}

// Bytes of the distinct blobs below a node.
qint64 distinctBytes(const ImageNode &node, QSet<oci::Digest> &seen)
{
    qint64 sum = 0;
    const auto add = [&](const oci::Descriptor &blob) {
        if (!seen.contains(blob.digest)) {
            seen.insert(blob.digest);
            sum += blob.size;
        }
    };
    if (node.manifest) {
        add(node.manifest->config());
        for (const oci::Descriptor &layer : node.manifest->layers())
            add(layer);
    }
    for (const ImageNode &child : node.children)
        sum += distinctBytes(child, seen);
    return sum;
}

// A number that changed or stays behind a word: the marking and addresses of a layer, as one line.
QString markingInWords(const oci::Descriptor &layer)
{
    const QString word = appearanceOf(layer.marking()).word;
    return layer.urls.isEmpty() ? word : word + QStringLiteral(" · ") + layer.urls.join(QStringLiteral(", "));
}
} // namespace

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

std::vector<ImageTreeModel::Row> ImageTreeModel::rowsOf(const editing::ImageDocument &document)
{
    std::vector<Row> rows;
    if (document.tree().isEmpty())
        return rows;

    struct Pending
    {
        const ImageNode *now;
        const ImageNode *before; // the same place as it was opened
        int row;
    };
    const auto manifestRow = [](const ImageNode &node, const ImageNode *before, NodePath path, int parent, int number) {
        Row row;
        row.parent = parent;
        row.row = number;
        row.kind = kindOf(node.role);
        row.path = std::move(path);
        row.text = oneLine(node.title());
        row.detail = node.descriptor.mediaType.toString();
        row.known = node.role != ImageNode::Role::Opaque;
        row.descriptor = node.descriptor;
        if (const auto platform = node.platform(); platform && node.role == ImageNode::Role::Image)
            row.platform = platform->toString();
        QSet<oci::Digest> seen;
        row.size = distinctBytes(node, seen);
        if (before && before->descriptor.digest != node.descriptor.digest) {
            row.edited = true;
            row.old = before->descriptor.digest.toString();
        }
        return row;
    };

    const ImageNode &root = document.tree().root();
    const ImageNode *rootBefore = document.original().isEmpty() ? nullptr : &document.original().root();
    rows.push_back(manifestRow(root, rootBefore, NodePath::root(), -1, 0));
    QList<Pending> pending{{&root, rootBefore, 0}};
    // Breadth first, so that the children of one row lie side by side.
    for (qsizetype next = 0; next < pending.size(); ++next) {
        const Pending at = pending.at(next);
        const auto place = static_cast<std::size_t>(at.row);
        const NodePath path = rows[place].path;
        rows[place].firstChild = static_cast<int>(rows.size());
        int number = 0;
        if (at.now->manifest) {
            const oci::Manifest &manifest = *at.now->manifest;
            const qint64 imageSize = rows[place].size;
            Row config;
            config.parent = at.row;
            config.row = number++;
            config.kind = Kind::Config;
            config.path = path.config();
            config.text = tr("config");
            config.detail = manifest.config().mediaType.toString();
            config.descriptor = manifest.config();
            config.size = manifest.config().size;
            rows.push_back(std::move(config));

            const qsizetype count = manifest.layers().size();
            const QStringList createdBy =
                at.now->config ? at.now->config->createdByPerLayer(count) : QStringList(count, QString());
            const bool editable = at.now->role == ImageNode::Role::Image && manifest.problems().isEmpty();
            for (int i = 0; i < count; ++i) {
                const oci::Descriptor &layer = manifest.layers().at(i);
                Row row;
                row.parent = at.row;
                row.row = number++;
                row.kind = Kind::Layer;
                row.path = path.layerAt(i);
                row.descriptor = layer;
                row.size = layer.size;
                row.share = imageSize > 0 ? std::min(1.0, double(layer.size) / double(imageSize)) : 0.0;
                row.markable = editable && layer.mediaType.hasPair();
                const QString instruction = readableInstruction(createdBy.value(i));
                row.known = !instruction.isEmpty();
                row.detail = createdBy.value(i);
                row.text =
                    row.known ? QStringLiteral("%1 %2").arg(i).arg(oneLine(instruction, 200)) : tr("%1 layer").arg(i);
                if (at.before && at.before->manifest && i < at.before->manifest->layers().size()) {
                    const oci::Descriptor &old = at.before->manifest->layers().at(i);
                    if (old.mediaType != layer.mediaType || old.urls != layer.urls) {
                        row.edited = true;
                        row.old = markingInWords(old);
                    }
                }
                rows.push_back(std::move(row));
            }
        }
        for (int i = 0; i < at.now->children.size(); ++i) {
            const ImageNode &child = at.now->children.at(i);
            const ImageNode *before =
                at.before && i < at.before->children.size() ? &at.before->children.at(i) : nullptr;
            pending.append({&child, before, static_cast<int>(rows.size())});
            rows.push_back(manifestRow(child, before, path.child(i), at.row, number++));
        }
        rows[place].childCount = number;
    }

    QHash<NodePath, QPair<int, QStringList>> found;
    for (const document::Finding &finding : document.findings()) {
        auto &here = found[finding.path];
        here.first = here.second.isEmpty() ? int(finding.severity) : std::max(here.first, int(finding.severity));
        here.second << finding.message;
    }
    if (!found.isEmpty()) {
        for (Row &row : rows) {
            if (const auto it = found.constFind(row.path); it != found.cend()) {
                row.severity = it->first;
                row.messages = it->second;
            }
        }
    }
    return rows;
}

void ImageTreeModel::follow()
{
    std::vector<Row> now = m_document ? rowsOf(*m_document) : std::vector<Row>();
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
    for (const QModelIndex &index : indexes) {
        if (const Row *row = at(index); row && row->kind == Kind::Layer)
            layers << row->path;
    }
    std::ranges::sort(layers, [](const NodePath &a, const NodePath &b) { return a < b; });
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
        return row.kind == Kind::Layer ? appearanceOf(row.descriptor.marking()).word : QString();
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
        lines += row.messages;
        break;
    case MarkingColumn:
        if (row.kind == Kind::Layer)
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
    if (row.edited)
        lines << tr("Was: %1").arg(row.old);
    return toolTip(lines.join(QLatin1Char('\n')));
}

QString ImageTreeModel::accessibleText(const Row &row, int column) const
{
    switch (column) {
    case ImageColumn: {
        QStringList parts{row.text};
        if (row.edited)
            parts << tr("edited");
        if (row.severity >= 0)
            parts << appearanceOf(document::Finding::Severity(row.severity)).word;
        return parts.join(QStringLiteral(", "));
    }
    case MarkingColumn:
        return row.kind == Kind::Layer ? appearanceOf(row.descriptor.marking()).word : tr("no marking");
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
    const bool isLayer = row->kind == Kind::Layer;
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
        if (index.column() == MarkingColumn && isLayer)
            return int(appearanceOf(row->descriptor.marking()).tone);
        return int(row->known ? Tone::Plain : Tone::Muted);
    case SymbolRole:
        if (index.column() == MarkingColumn)
            return int(isLayer ? appearanceOf(row->descriptor.marking()).symbol : Symbol::None);
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
        return isLayer ? QVariant(int(row->descriptor.marking())) : QVariant();
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
