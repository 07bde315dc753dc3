// SPDX-License-Identifier: Apache-2.0
#include "items/consequencesmodel.h"

namespace colophon::items {

using behaviour::Certainty;
using behaviour::Consequence;
using behaviour::LayerGroup;

namespace {
QString titleOf(const Consequence &each, const QString &of)
{
    QStringList parts{each.line.name, behaviour::inWords(each.row.operation), each.row.option, of};
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

// How well it is known: with the time where that is part of it.
QString certaintyOf(const behaviour::Row &row)
{
    const QString caveat = row.caveat();
    return caveat.isEmpty() ? behaviour::certaintyInWords(row) : caveat;
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
                  : ConsequencesModel::tr("%1 on %2: %3.").arg(known, when, behaviour::runInWords(row)));
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

bool isUnmarked(const LayerGroup &group)
{
    return group.after.marking == oci::Marking::Distributable && !group.isChanged();
}
} // namespace

ConsequencesModel::ConsequencesModel(QObject *parent)
    : QAbstractItemModel(parent)
{
}

bool ConsequencesModel::setQuestion(const behaviour::Knowledge &knowledge, const QList<behaviour::Line> &lines,
                                    const QList<LayerGroup> &groups, const behaviour::Place &registry)
{
    if (lines == m_lines && groups == m_groups && registry == m_registry)
        return false;
    beginResetModel();
    m_lines = lines;
    m_groups = groups;
    m_registry = registry;
    m_identity = behaviour::orChosen(registry.identity, knowledge, lines);
    m_tops.clear();
    QList<behaviour::Line> clients;
    for (const behaviour::Line &line : lines)
        if (line.kind == behaviour::Party::Kind::Client)
            clients.append(line);
    m_summary = behaviour::summaryOf(knowledge, clients, groups).join(QLatin1Char('\n'));
    if (!m_summary.isEmpty())
        m_tops.append({RowKind::Summary, m_summary});
    for (const document::Finding &finding :
         behaviour::findingsForCustomers(knowledge, clients, groups, document::NodePath::root()))
        m_tops.append({RowKind::Notice, document::inWords(finding), appearanceOf(finding.severity)});
    if (!registry.registry.isEmpty() && !groups.isEmpty())
        tellOfRegistry(knowledge);
    tellOfGroups(knowledge);
    endResetModel();
    return true;
}

ConsequencesModel::Entry ConsequencesModel::entryOf(const behaviour::Knowledge &knowledge, const Consequence &now,
                                                    const LayerGroup &group)
{
    QString before;
    if (group.isChanged()) {
        const auto was = behaviour::consequenceOf(knowledge, now.line, group.before, now.row.operation, now.row.option);
        if (was && was->row.outcome != now.row.outcome)
            before = behaviour::inWords(was->row.outcome);
    }
    return {now, before, {}};
}

// What it does with layers that are not marked is told where there are no others.
void ConsequencesModel::tellOfRegistry(const behaviour::Knowledge &knowledge)
{
    Top top{RowKind::Registry, tr("This registry: %1").arg(m_identity.inWords(m_registry.registry))};
    if (!m_identity.isKnown())
        top.text +=
            QLatin1Char(' ') + tr("Should you know which it is, choose it, and no other registry, under Clients.");
    QList<LayerGroup> told = m_groups;
    told.removeIf(isUnmarked);
    if (told.isEmpty())
        told = m_groups;
    for (const LayerGroup &group : std::as_const(told)) {
        for (const Consequence &each : behaviour::consequencesOf(knowledge, m_identity.lines, group.after)) {
            Entry entry = entryOf(knowledge, each, group);
            entry.of = told.size() > 1 ? group.after.inWords() : QString();
            top.entries.append(entry);
        }
    }
    m_tops.append(top);
}

void ConsequencesModel::tellOfGroups(const behaviour::Knowledge &knowledge)
{
    QList<behaviour::Line> lines = m_lines;
    if (!m_registry.registry.isEmpty())
        lines.removeIf([this](const behaviour::Line &line) { return m_identity.lines.contains(line); });
    for (const LayerGroup &group : std::as_const(m_groups)) {
        Top top{RowKind::Group, headline(group)};
        top.isPlain = isUnmarked(group);
        const QList<behaviour::Line> concerned = behaviour::linesFor(knowledge, lines, {group});
        for (const Consequence &now : behaviour::consequencesOf(knowledge, concerned, group.after))
            top.entries.append(entryOf(knowledge, now, group));
        m_tops.append(top);
    }
}

QModelIndex ConsequencesModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    // Of an entry the id is the row it is under, counted from one; of what stands at the top it is nothing.
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : quintptr(0));
}

QModelIndex ConsequencesModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return {};
    return createIndex(int(index.internalId()) - 1, 0, quintptr(0));
}

const ConsequencesModel::Top *ConsequencesModel::topAt(const QModelIndex &index) const
{
    return index.isValid() && index.internalId() == 0 && index.row() < m_tops.size() ? &m_tops[index.row()] : nullptr;
}

const ConsequencesModel::Entry *ConsequencesModel::entryAt(const QModelIndex &index) const
{
    const Top *top = topAt(index.parent());
    return top && index.row() < top->entries.size() ? &top->entries[index.row()] : nullptr;
}

bool ConsequencesModel::isPlain(const QModelIndex &index) const
{
    const Top *top = topAt(index);
    return top && top->isPlain;
}

int ConsequencesModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_tops.size());
    const Top *top = parent.column() == 0 ? topAt(parent) : nullptr;
    return top ? int(top->entries.size()) : 0;
}

int ConsequencesModel::columnCount(const QModelIndex & /*parent*/) const { return 1; }

QVariant ConsequencesModel::topData(const Top &top, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return top.text;
    case Qt::AccessibleTextRole:
    case FullTextRole:
        return top.kind == RowKind::Notice ? tr("%1: %2").arg(top.look.word, top.text) : top.text;
    case ToneRole:
        return int(top.look.tone);
    case SymbolRole:
        return int(top.look.symbol);
    case OutcomeRole:
        return top.look.word;
    case RowKindRole:
        return int(top.kind);
    default:
        return {};
    }
}

QVariant ConsequencesModel::entryData(const Entry &entry, int role)
{
    const behaviour::Row &row = entry.now.row;
    const Appearance look = appearanceOf(row.outcome);
    switch (role) {
    case Qt::DisplayRole:
        return titleOf(entry.now, entry.of);
    case Qt::ToolTipRole:
        return toolTip(row.sentence);
    case Qt::AccessibleTextRole:
    case FullTextRole:
        return tr("%1: %2 (%3). %4").arg(titleOf(entry.now, entry.of), look.word, certaintyOf(row), row.sentence);
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
    const Top *top = topAt(index);
    return top ? topData(*top, role) : QVariant();
}

} // namespace colophon::items
