// SPDX-License-Identifier: Apache-2.0
#include "behaviour/summary.h"

#include <QCoreApplication>
#include <QMap>

#include <algorithm>
#include <numeric>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Summary)
};

// Clients that do the same, as one enumeration: where all lines of a client are in it, under the client's name.
class Names
{
public:
    void add(const Line &line, const QString &caveat) { m_lines.append({line, caveat}); }
    bool isEmpty() const { return m_lines.isEmpty(); }

    QStringList all(const Knowledge &knowledge, const QList<Line> &chosen) const
    {
        QStringList names;
        for (const auto &[line, caveat] : m_lines) {
            const auto isOfParty = [&](const auto &each) { return each.party == line.party; };
            const auto mine = std::ranges::count_if(m_lines, [&](const auto &each) { return isOfParty(each.first); });
            const Party *party = knowledge.party(line.party);
            const bool whole = party && !line.range.isEmpty() && mine == party->ranges.size() &&
                               mine == std::ranges::count_if(chosen, isOfParty);
            QString name = whole ? party->name : line.name;
            if (!caveat.isEmpty())
                name += Text::tr(" (%1)").arg(caveat);
            if (!names.contains(name))
                names.append(name);
        }
        return names;
    }

private:
    QList<std::pair<Line, QString>> m_lines;
};

// What the clients do with the image as a whole.
struct Sorted
{
    QMap<int, QMap<Operation, Names>> leaving; // by how many layers stay behind; -1 in front of none
    Names uploading;
    Names unknown;
    QMap<Fallback, Names> addressesFirst;
    Names registryFirst;
    Names neverAsking;
};

class Sorter
{
public:
    Sorter(const Knowledge &knowledge, const QList<LayerGroup> &groups)
        : m_knowledge(knowledge)
        , m_groups(groups)
    {
    }

    Sorted sort(const QList<Line> &clients)
    {
        for (const Line &line : clients) {
            for (const Operation operation : {Operation::Copy, Operation::Push})
                lookAtSending(line, operation);
            lookAtFetching(line);
        }
        return m_sorted;
    }

private:
    void lookAtSending(const Line &line, Operation operation)
    {
        int staying = 0;
        QString caveat;
        bool isUnknown = false;
        bool isTold = false;
        for (const LayerGroup &group : m_groups) {
            const auto found = consequenceOf(m_knowledge, line, group.after, operation);
            if (!found)
                continue;
            isTold = true;
            isUnknown = isUnknown || found->row.outcome == Outcome::NotKnown;
            if (found->row.outcome == Outcome::LeavesBehind)
                staying += group.layers;
            if (caveat.isEmpty())
                caveat = found->row.caveat();
        }
        if (!isTold)
            return;
        if (isUnknown)
            m_sorted.unknown.add(line, {});
        else if (staying > 0)
            m_sorted.leaving[staying][operation].add(line, caveat);
        else
            m_sorted.uploading.add(line, caveat);
    }

    // Of the first group that has addresses: what a client asks first does not depend on the rest.
    void lookAtFetching(const Line &line)
    {
        const auto group = std::ranges::find_if(m_groups, [](const LayerGroup &each) { return !each.hosts.isEmpty(); });
        if (group == m_groups.end())
            return;
        const auto found = consequenceOf(m_knowledge, line, group->after, Operation::Pull);
        if (!found)
            return;
        const QString caveat = found->row.caveat();
        switch (found->row.outcome) {
        case Outcome::FetchesFromAddresses:
            m_sorted.addressesFirst[found->row.rule.fallback].add(line, caveat);
            return;
        case Outcome::RegistryThenAddresses:
            m_sorted.registryFirst.add(line, caveat);
            return;
        case Outcome::IgnoresAddresses:
            m_sorted.neverAsking.add(line, caveat);
            return;
        default:
            return;
        }
    }

    const Knowledge &m_knowledge;
    const QList<LayerGroup> &m_groups;
    Sorted m_sorted;
};

QString hostsIn(const QList<LayerGroup> &groups)
{
    QStringList hosts;
    for (const LayerGroup &group : groups)
        for (const QString &host : group.hosts)
            if (!hosts.contains(host))
                hosts.append(host);
    if (hosts.size() > 2)
        return Text::tr("%1 and %2 other hosts").arg(hosts.constFirst()).arg(hosts.size() - 1);
    return andList(hosts);
}
QString enumeration(const QStringList &names, const QString &last)
{
    if (names.size() < 2)
        return names.join(QString());
    return names.first(names.size() - 1).join(QLatin1String(", ")) + last + names.constLast();
}
} // namespace

QString andList(const QStringList &names) { return enumeration(names, Text::tr(" and ")); }
QString orList(const QStringList &names) { return enumeration(names, Text::tr(" or ")); }

QStringList summaryOf(const Knowledge &knowledge, const QList<Line> &clients, const QList<LayerGroup> &groups)
{
    const int total = std::accumulate(groups.begin(), groups.end(), 0,
                                      [](int sum, const LayerGroup &group) { return sum + group.layers; });
    if (total == 0 || clients.isEmpty())
        return {};
    const Sorted sorted = Sorter(knowledge, groups).sort(clients);
    const auto names = [&](const Names &each) { return each.all(knowledge, clients); };
    const auto verb = [](const QStringList &subjects, const QString &one, const QString &many) {
        return subjects.size() == 1 ? one : many;
    };
    QStringList sentences;
    for (auto each = sorted.leaving.constBegin(); each != sorted.leaving.constEnd(); ++each) {
        QStringList ways;
        if (const QStringList who = names(each->value(Operation::Copy)); !who.isEmpty())
            ways << Text::tr("copied with %1").arg(orList(who));
        if (const QStringList who = names(each->value(Operation::Push)); !who.isEmpty())
            ways << Text::tr("pushed with %1").arg(orList(who));
        const QString when = ways.join(Text::tr(", or "));
        sentences << (total == 1 ? Text::tr("The layer stays behind when this image is %1.").arg(when)
                      : each.key() == total
                          ? Text::tr("All %1 layers stay behind when this image is %2.").arg(total).arg(when)
                      : each.key() == 1
                          ? Text::tr("1 of %1 layers stays behind when this image is %2.").arg(total).arg(when)
                          : Text::tr("%1 of %2 layers stay behind when this image is %3.")
                                .arg(each.key())
                                .arg(total)
                                .arg(when));
    }
    if (const QStringList who = names(sorted.uploading); !who.isEmpty()) {
        const QString what = total == 1 ? Text::tr("it") : Text::tr("all %1 layers").arg(total);
        sentences << (total == 1 && sorted.leaving.isEmpty()
                          ? Text::tr("The layer goes along with %1.").arg(andList(who))
                          : verb(who, Text::tr("%1 uploads %2."), Text::tr("%1 upload %2.")).arg(andList(who), what));
    }
    const QString hosts = hostsIn(groups);
    for (auto each = sorted.addressesFirst.constBegin(); each != sorted.addressesFirst.constEnd(); ++each) {
        const QStringList who = names(*each);
        const QString first =
            verb(who, Text::tr("%1 asks %2 before the registry"), Text::tr("%1 ask %2 before the registry"))
                .arg(andList(who), hosts);
        const QString then =
            each.key() == Fallback::NotFound
                ? verb(who, Text::tr(" and does not fall back when it answers an error other than 404."),
                       Text::tr(" and do not fall back when it answers an error other than 404."))
            : each.key() == Fallback::NoAnswer
                ? verb(who, Text::tr(" and turns to the registry only where nothing answers there."),
                       Text::tr(" and turn to the registry only where nothing answers there."))
            : each.key() == Fallback::Never ? verb(who, Text::tr(" and never turns to the registry when that fails."),
                                                   Text::tr(" and never turn to the registry when that fails."))
                                            : QStringLiteral(".");
        sentences << first + then;
    }
    if (const QStringList who = names(sorted.registryFirst); !who.isEmpty())
        sentences << verb(who, Text::tr("%1 asks the registry first, then %2."),
                          Text::tr("%1 ask the registry first, then %2."))
                         .arg(andList(who), hosts);
    if (const QStringList who = names(sorted.neverAsking); !who.isEmpty())
        sentences << verb(who, Text::tr("%1 never asks %2 and needs a registry that holds everything."),
                          Text::tr("%1 never ask %2 and need a registry that holds everything."))
                         .arg(andList(who), hosts);
    if (const QStringList who = names(sorted.unknown); !who.isEmpty())
        sentences << Text::tr("What %1 would do with it is not known.").arg(orList(who));
    return sentences;
}

} // namespace colophon::behaviour
