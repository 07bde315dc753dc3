// SPDX-License-Identifier: Apache-2.0
#include "items/consequencesmodel.h"

namespace colophon::items {

using behaviour::Certainty;
using behaviour::Consequence;
using behaviour::LayerGroup;

namespace {
QString titleOf(const Consequence &each)
{
    const QString title = each.line.name + QStringLiteral(" · ") + behaviour::inWords(each.row.operation);
    return each.row.option.isEmpty() ? title : title + QStringLiteral(" · ") + each.row.option;
}

// How well it is known: with the time where that is part of it.
QString certaintyOf(const behaviour::Row &row)
{
    const QString caveat = row.caveat();
    return caveat.isEmpty() ? behaviour::inWords(row.certainty) : caveat;
}

QString whyOf(const behaviour::Row &row)
{
    QStringList lines;
    if (const QString rule = row.rule.inWords(); !rule.isEmpty())
        lines << rule;
    const QString when = behaviour::dateInWords(row.date);
    QString known = behaviour::inWords(row.certainty);
    if (!known.isEmpty())
        known[0] = known[0].toUpper();
    lines << (row.executed.isEmpty()
                  ? ConsequencesModel::tr("%1 on %2.").arg(known, when)
                  : ConsequencesModel::tr("%1 on %2: %3.").arg(known, when, row.executed.join(QLatin1String(", "))));
    for (const behaviour::Source &source : row.sources)
        lines << source.inWords();
    return lines.join(QLatin1Char('\n'));
}

QString headline(const LayerGroup &group)
{
    const QString what = group.after.inWords();
    const QString count = group.layers() == 1 ? ConsequencesModel::tr("1 layer, %1").arg(what)
                                            : ConsequencesModel::tr("%1 layers, %2").arg(group.layers()).arg(what);
    return group.isChanged() ? ConsequencesModel::tr("%1; before: %2").arg(count, group.before.inWords()) : count;
}
} // namespace

ConsequencesModel::ConsequencesModel(QObject *parent)
    : QAbstractItemModel(parent)
{
}

bool ConsequencesModel::setQuestion(const behaviour::Knowledge &knowledge, const QList<behaviour::Line> &lines,
                                    const QList<LayerGroup> &groups)
{
    if (lines == m_lines && groups == m_askedOf)
        return false;
    beginResetModel();
    m_lines = lines;
    m_askedOf = groups;
    m_groups.clear();
    for (const LayerGroup &group : groups) {
        Group shown{group, {}};
        for (const Consequence &now : behaviour::consequencesOf(knowledge, lines, group.after)) {
            QString before;
            if (group.isChanged()) {
                const auto was =
                    behaviour::consequenceOf(knowledge, now.line, group.before, now.row.operation, now.row.option);
                if (was && was->row.outcome != now.row.outcome)
                    before = behaviour::inWords(was->row.outcome);
            }
            shown.entries.append({now, before});
        }
        m_groups.append(shown);
    }
    QList<behaviour::Line> clients;
    for (const behaviour::Line &line : lines)
        if (line.kind == behaviour::Party::Kind::Client)
            clients.append(line);
    m_summary = behaviour::summaryOf(knowledge, clients, groups).join(QLatin1Char('\n'));
    endResetModel();
    return true;
}

QModelIndex ConsequencesModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    // Of an entry the id is its group's row, counted from one; of what stands at the top it is nothing.
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : quintptr(0));
}

QModelIndex ConsequencesModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return {};
    return createIndex(int(index.internalId()) - 1, 0, quintptr(0));
}

const ConsequencesModel::Group *ConsequencesModel::groupAt(const QModelIndex &index) const
{
    const int at = index.row() - (hasSummary() ? 1 : 0);
    return index.isValid() && index.internalId() == 0 && at >= 0 && at < m_groups.size() ? &m_groups[at] : nullptr;
}

const ConsequencesModel::Entry *ConsequencesModel::entryAt(const QModelIndex &index) const
{
    const Group *group = groupAt(index.parent());
    return group && index.row() < group->entries.size() ? &group->entries[index.row()] : nullptr;
}

int ConsequencesModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_groups.size()) + (hasSummary() ? 1 : 0);
    const Group *group = parent.column() == 0 ? groupAt(parent) : nullptr;
    return group ? int(group->entries.size()) : 0;
}

int ConsequencesModel::columnCount(const QModelIndex & /*parent*/) const { return 1; }

QVariant ConsequencesModel::groupData(const Group &group, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case FullTextRole:
        return headline(group.layers);
    case RowKindRole:
        return int(RowKind::Group);
    default:
        return {};
    }
}

QVariant ConsequencesModel::entryData(const Entry &entry, int role) const
{
    const behaviour::Row &row = entry.now.row;
    const Appearance look = appearanceOf(row.outcome);
    switch (role) {
    case Qt::DisplayRole:
        return titleOf(entry.now);
    case Qt::ToolTipRole:
        return toolTip(row.sentence);
    case Qt::AccessibleTextRole:
    case FullTextRole:
        return tr("%1: %2 (%3). %4").arg(titleOf(entry.now), look.word, certaintyOf(row), row.sentence);
    case ToneRole:
        return int(look.tone);
    case SymbolRole:
        return int(look.symbol);
    case RowKindRole:
        return int(RowKind::Consequence);
    case OutcomeRole:
        return look.word;
    case BeforeRole:
        return entry.before;
    case CertaintyRole:
        return certaintyOf(row);
    case CaveatRole:
        return !row.caveat().isEmpty();
    case SentenceRole:
        return row.sentence;
    case WhyRole:
        return whyOf(row);
    default:
        return {};
    }
}

QVariant ConsequencesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (const Entry *entry = entryAt(index))
        return entryData(*entry, role);
    if (const Group *group = groupAt(index))
        return groupData(*group, role);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case FullTextRole:
        return m_summary;
    case RowKindRole:
        return int(RowKind::Summary);
    default:
        return {};
    }
}

} // namespace colophon::items
