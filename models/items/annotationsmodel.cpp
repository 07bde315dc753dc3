// SPDX-License-Identifier: Apache-2.0
#include "items/annotationsmodel.h"

#include "base/plaintext.h"
#include "document/titles.h"

#include <algorithm>

namespace colophon::items {

using document::NodePath;
using Where = document::SetAnnotation::Where;

QList<Where> annotationPlaces(const editing::ImageDocument &document, const NodePath &path)
{
    const document::ImageTree &tree = document.tree();
    const document::ImageNode *node = tree.isEmpty() ? nullptr : tree.node(path);
    if (!node || tree.isRemoved(path))
        return {};
    const bool isRead = (node->index || node->manifest) && node->role != document::ImageNode::Role::Attestation &&
                        node->problems().isEmpty();
    if (path.part != NodePath::Part::Self)
        return isRead ? QList{Where::Descriptor} : QList<Where>();
    QList<Where> places;
    if (isRead)
        places << Where::Document;
    if (!path.entries.isEmpty()) {
        NodePath above = path;
        above.entries.removeLast();
        if (const document::ImageNode *index = tree.node(above); index && index->problems().isEmpty())
            places << Where::Descriptor;
    }
    return places;
}

oci::Annotations annotationsAt(const document::ImageTree &tree, const NodePath &path, Where where)
{
    if (where == Where::Descriptor) {
        const auto descriptor = tree.descriptor(path);
        return descriptor ? descriptor->annotations : oci::Annotations();
    }
    const document::ImageNode *node = tree.node(path);
    return !node            ? oci::Annotations()
           : node->index    ? node->index->annotations()
           : node->manifest ? node->manifest->annotations()
                            : oci::Annotations();
}

QStringList specifiedAnnotations()
{
    QStringList names;
    for (const auto &last : {"authors", "base.digest", "base.name", "created", "description", "documentation",
                             "licenses", "ref.name", "revision", "source", "title", "url", "vendor", "version"})
        names << QStringLiteral("org.opencontainers.image.") + QLatin1String(last);
    return names;
}

AnnotationsModel::AnnotationsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

QList<AnnotationsModel::Row> AnnotationsModel::rows() const
{
    if (!m_document || m_document->tree().isEmpty())
        return {};
    const oci::Annotations now = annotationsAt(m_document->tree(), m_path, m_where);
    const oci::Annotations before = annotationsAt(m_document->original(), m_path, m_where);
    QStringList names = now.keys() + before.keys();
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    const auto in = [](const oci::Annotations &all, const QString &name) {
        const auto found = all.constFind(name);
        return found == all.constEnd() ? std::optional<QString>() : std::optional(*found);
    };
    QList<Row> rows;
    for (const QString &name : std::as_const(names))
        rows.append({name, in(now, name), in(before, name)});
    return rows;
}

void AnnotationsModel::setPlace(editing::ImageDocument *document, const NodePath &path, Where where)
{
    const bool editable = document && annotationPlaces(*document, path).contains(where);
    if (document == m_document && path == m_path && where == m_where && document) {
        m_editable = editable;
        follow();
        return;
    }
    if (m_document)
        m_document->disconnect(this);
    beginResetModel();
    m_document = document;
    m_path = path;
    m_where = where;
    m_editable = editable;
    m_hasDraft = false;
    m_draftName.clear();
    m_rows = rows();
    endResetModel();
    if (m_document) {
        connect(m_document, &editing::ImageDocument::changed, this, &AnnotationsModel::follow);
        connect(m_document, &QObject::destroyed, this, [this] { setPlace(nullptr, {}, Where::Document); });
    }
}

void AnnotationsModel::follow()
{
    // Both lists are by name: rows that went, rows that came, rows that changed; the draft stays the last.
    const QList<Row> now = rows();
    const auto has = [](const QList<Row> &all, const QString &name) {
        return std::ranges::binary_search(all, name, {}, &Row::name);
    };
    for (qsizetype i = m_rows.size() - 1; i >= 0; --i) {
        if (has(now, m_rows.at(i).name))
            continue;
        beginRemoveRows({}, int(i), int(i));
        m_rows.removeAt(i);
        endRemoveRows();
    }
    for (qsizetype i = 0; i < now.size(); ++i) {
        if (i < m_rows.size() && m_rows.at(i).name == now.at(i).name)
            continue;
        beginInsertRows({}, int(i), int(i));
        m_rows.insert(i, now.at(i));
        endInsertRows();
    }
    for (qsizetype i = 0; i < now.size(); ++i) {
        if (m_rows.at(i) == now.at(i))
            continue;
        m_rows[i] = now.at(i);
        Q_EMIT dataChanged(index(int(i), 0), index(int(i), ColumnCount - 1));
    }
}

int AnnotationsModel::count() const
{
    return static_cast<int>(std::ranges::count_if(m_rows, [](const Row &row) { return row.now.has_value(); }));
}

AnnotationsModel::State AnnotationsModel::stateOf(int row) const
{
    if (row < 0 || row >= m_rows.size())
        return State::Draft;
    const Row &at = m_rows.at(row);
    return !at.now               ? State::Removed
           : !at.before          ? State::Added
           : at.now == at.before ? State::AsOpened
                                 : State::Changed;
}

int AnnotationsModel::rowOf(const QString &name) const
{
    const auto found = std::ranges::lower_bound(m_rows, name, {}, &Row::name);
    return found != m_rows.end() && found->name == name ? static_cast<int>(found - m_rows.begin()) : -1;
}

QModelIndex AnnotationsModel::addDraft()
{
    if (!m_editable)
        return {};
    if (!m_hasDraft) {
        beginInsertRows({}, rowCount(), rowCount());
        m_hasDraft = true;
        endInsertRows();
    }
    return index(rowCount() - 1, NameColumn);
}

void AnnotationsModel::dropDraft()
{
    if (!m_hasDraft)
        return;
    beginRemoveRows({}, rowCount() - 1, rowCount() - 1);
    m_hasDraft = false;
    m_draftName.clear();
    endRemoveRows();
}

bool AnnotationsModel::remove(int row)
{
    if (isDraft(row)) {
        dropDraft();
        return true;
    }
    return row >= 0 && row < m_rows.size() && m_rows.at(row).now && set(m_rows.at(row).name, std::nullopt);
}

bool AnnotationsModel::restore(int row)
{
    if (row < 0 || row >= m_rows.size() || m_rows.at(row).now == m_rows.at(row).before)
        return false;
    const Row at = m_rows.at(row);
    return set(at.name, at.before);
}

bool AnnotationsModel::set(const QString &name, const std::optional<QString> &value)
{
    if (!m_document)
        return false;
    const auto done = m_document->setAnnotation(m_path, m_where, name, value);
    if (!done)
        Q_EMIT refused(done.error());
    return done.has_value();
}

bool AnnotationsModel::refuse(const QString &why)
{
    Q_EMIT refused(base::fail(base::ErrorKind::Usage, why).error());
    return false;
}

bool AnnotationsModel::isTaken(const QString &name) const
{
    const int row = rowOf(name);
    return row >= 0 && m_rows.at(row).now.has_value();
}

bool AnnotationsModel::refuseTaken(const QString &name)
{
    return refuse(tr("There is an annotation of this name already: %1").arg(base::visible(name, 120)));
}

bool AnnotationsModel::rename(const Row &row, const QString &name)
{
    if (name == row.name)
        return true;
    if (isTaken(name))
        return refuseTaken(name);
    const auto done = m_document->edit({document::SetAnnotation{m_path, m_where, row.name, std::nullopt},
                                        document::SetAnnotation{m_path, m_where, name, row.now}},
                                       tr("Rename the annotation %1").arg(base::visible(row.name, 80)));
    if (!done)
        Q_EMIT refused(done.error());
    return done.has_value();
}

bool AnnotationsModel::nameDraft(const QString &name)
{
    if (name.isEmpty()) {
        dropDraft();
        return true;
    }
    m_draftName = name;
    const QModelIndex at = index(rowCount() - 1, NameColumn);
    Q_EMIT dataChanged(at, at.siblingAtColumn(ValueColumn));
    return !isTaken(name) || refuseTaken(name);
}

bool AnnotationsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid) || !m_editable)
        return false;
    const QString typed = value.toString();
    if (index.column() == NameColumn) {
        const QString name = typed.trimmed();
        if (isDraft(index.row()))
            return nameDraft(name);
        const Row row = m_rows.at(index.row());
        if (name.isEmpty())
            return refuse(tr("An annotation needs a name."));
        return row.now && rename(row, name);
    }
    if (!isDraft(index.row())) {
        const Row row = m_rows.at(index.row());
        return row.now == typed || set(row.name, typed);
    }
    if (m_draftName.isEmpty())
        return refuse(tr("An annotation needs a name."));
    if (isTaken(m_draftName))
        return refuseTaken(m_draftName);
    if (!set(m_draftName, typed))
        return false;
    dropDraft();
    return true;
}

int AnnotationsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size()) + (m_hasDraft ? 1 : 0);
}

int AnnotationsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QVariant AnnotationsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const State state = stateOf(index.row());
    const Row row = state == State::Draft ? Row{m_draftName, {}, {}} : m_rows.at(index.row());
    const bool isName = index.column() == NameColumn;
    const QString text = isName ? row.name : row.now.value_or(row.before.value_or(QString()));
    switch (role) {
    case Qt::DisplayRole:
        return oneLine(text);
    case Qt::EditRole:
    case FullTextRole:
        return text;
    case Qt::ToolTipRole:
        return toolTip(!isName && state == State::Changed ? text + QLatin1Char('\n') + tr("Was: %1").arg(*row.before)
                                                          : text);
    case Qt::AccessibleTextRole: {
        const QString shown = oneLine(text, 2048);
        if (!isName)
            return shown.isEmpty() ? tr("empty") : shown;
        switch (state) {
        case State::AsOpened:
            return shown;
        case State::Added:
            return tr("%1, added").arg(shown);
        case State::Changed:
            return tr("%1, changed").arg(shown);
        case State::Removed:
            return tr("%1, removed").arg(shown);
        case State::Draft:
            return shown.isEmpty() ? tr("New annotation") : tr("%1, not set yet").arg(shown);
        }
        return shown;
    }
    case GoneRole:
        return state == State::Removed;
    case ToneRole:
        return int(state == State::Removed ? Tone::Muted : Tone::Plain);
    case SymbolRole:
        return int(Symbol::None);
    case StateRole:
        return int(state);
    case EditedRole:
        return state == State::Added || state == State::Changed || state == State::Removed;
    case OldValueRole:
        return row.before.value_or(QString());
    default:
        return {};
    }
}

QVariant AnnotationsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr("Name") : section == ValueColumn ? tr("Value") : QVariant();
}

Qt::ItemFlags AnnotationsModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = QAbstractTableModel::flags(index) | Qt::ItemNeverHasChildren;
    const bool isName = index.column() == NameColumn;
    if (m_editable && !(isName && stateOf(index.row()) == State::Removed))
        flags |= Qt::ItemIsEditable;
    return flags;
}

} // namespace colophon::items
