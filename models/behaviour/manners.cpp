// SPDX-License-Identifier: Apache-2.0
#include "behaviour/manners.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Manners)
};

template <class Key, class Value>
Value &valueOf(QList<std::pair<Key, Value>> *all, const Key &key)
{
    const auto found = std::ranges::find(*all, key, &std::pair<Key, Value>::first);
    if (found != all->end())
        return found->second;
    all->append({key, Value()});
    return all->last().second;
}

// What one client does in one operation, kind by kind. Empty where it has no such operation.
using Told = QList<Row>;

Told ask(const Knowledge &knowledge, const Line &line, Operation operation, const QList<LayerKind> &kinds)
{
    Told told;
    bool isKnown = false;
    for (const LayerKind &kind : kinds) {
        const auto found = consequenceOf(knowledge, line, kind, operation);
        isKnown = isKnown || found;
        told.append(found ? found->row : Row()); // which is not known
    }
    return isKnown ? told : Told();
}

Kinds kindsThat(const Told &told, Outcome outcome)
{
    Kinds kinds;
    for (qsizetype i = 0; i < told.size(); ++i)
        if (told[i].outcome == outcome)
            kinds.append(i);
    return kinds;
}

// Of the row that is least sure.
QString caveatOf(const Told &told, const Kinds &kinds)
{
    const auto least =
        std::ranges::max_element(kinds, {}, [&](qsizetype kind) { return static_cast<int>(told[kind].certainty); });
    return least == kinds.end() ? QString() : told[*least].caveat();
}

class Sorter
{
public:
    Sorter(const Knowledge &knowledge, const QList<LayerKind> &kinds, const QList<Part> &parts)
        : m_knowledge(knowledge)
        , m_kinds(kinds)
        , m_parts(parts)
    {
    }

    Manners sort(const QList<Line> &clients)
    {
        for (const Line &line : clients) {
            const Sending copy = lookAt(line, Operation::Copy);
            const Sending push = lookAt(line, Operation::Push);
            Sending build;
            if (!copy.isTold && !push.isTold) // what only builds sends the layers of a base image
                build = lookAt(line, Operation::Build);
            // Whatever way it sends them.
            QStringList caveats;
            bool isUploading = true;
            for (const Sending &each : {copy, push, build}) {
                isUploading = isUploading && (!each.isTold || each.isUploading);
                if (!each.caveat.isEmpty())
                    caveats.append(each.caveat);
            }
            if (isUploading && (copy.isTold || push.isTold || build.isTold))
                m_manners.uploading.add(line, caveats.value(0));
            for (const Operation operation : {Operation::Save, Operation::Pull, Operation::Unpack})
                lookAt(line, operation);
        }
        return m_manners;
    }

private:
    struct Sending
    {
        bool isTold = false; // whether the client does that at all
        bool isUploading = false;
        QString caveat; // where it uploads all of them
    };

    Sending lookAt(const Line &line, Operation operation)
    {
        const Told told = ask(m_knowledge, line, operation, m_kinds);
        if (told.isEmpty())
            return {};
        const Kinds usable = usableOf(line, operation, told);
        const auto are = [&](Outcome outcome) {
            Kinds kinds = kindsThat(told, outcome);
            kinds.removeIf([&](qsizetype kind) { return !usable.contains(kind); });
            return kinds;
        };
        if (const Kinds staying = are(Outcome::LeavesBehind); !staying.isEmpty())
            valueOf(&m_manners.leaving, staying)[operation].add(line, caveatOf(told, staying));
        if (const Kinds unknown = are(Outcome::NotKnown); !unknown.isEmpty())
            valueOf(&m_manners.unknown, unknown)[operation].add(line, {});
        if (operation == Operation::Pull)
            lookAtAsking(line, told, usable);
        const Kinds uploaded = are(Outcome::Uploads);
        const bool isUploading = uploaded.size() == told.size();
        return {true, isUploading, isUploading ? caveatOf(told, uploaded) : QString()};
    }

    // The kinds of the parts with which it does not fail; with which it does is noted.
    Kinds usableOf(const Line &line, Operation operation, const Told &told)
    {
        const Party *party = m_knowledge.party(line.party);
        Kinds usable;
        Failure failure;
        qsizetype failed = 0;
        for (const Part &part : m_parts) {
            if (party && !concerns(*party, part.image.os))
                continue;
            Kinds failing = part.kinds;
            failing.removeIf([&told](qsizetype kind) { return told[kind].outcome != Outcome::Fails; });
            addTo(failing.isEmpty() ? &usable : &failure.kinds, failing.isEmpty() ? part.kinds : failing);
            if (failing.isEmpty())
                continue;
            ++failed;
            failure.parts.append(part.image.name);
        }
        if (failed == m_parts.size())
            failure.parts.clear();
        if (failed > 0)
            valueOf(&m_manners.failing, failure)[operation].add(line, caveatOf(told, failure.kinds));
        return usable;
    }

    static void addTo(Kinds *kinds, const Kinds &others)
    {
        for (const qsizetype kind : others)
            if (!kinds->contains(kind))
                kinds->append(kind);
        std::ranges::sort(*kinds);
    }

    void lookAtAsking(const Line &line, const Told &told, const Kinds &usable)
    {
        QList<Asking> all;
        for (const qsizetype i : usable) {
            const Outcome outcome = told[i].outcome;
            if (outcome != Outcome::FetchesFromAddresses && outcome != Outcome::RegistryThenAddresses &&
                outcome != Outcome::IgnoresAddresses)
                continue;
            const Fallback fallback =
                outcome == Outcome::FetchesFromAddresses ? told[i].rule.fallback : Fallback::Unsaid;
            const auto same = std::ranges::find_if(
                all, [&](const Asking &each) { return each.outcome == outcome && each.fallback == fallback; });
            if (same == all.end())
                all.append({outcome, fallback, {i}});
            else
                same->kinds.append(i);
        }
        for (const Asking &each : std::as_const(all))
            valueOf(&m_manners.asking, each).add(line, caveatOf(told, each.kinds));
    }

    const Knowledge &m_knowledge;
    const QList<LayerKind> &m_kinds;
    const QList<Part> &m_parts;
    Manners m_manners;
};
} // namespace

QStringList Names::all(const Knowledge &knowledge, const QList<Line> &chosen) const
{
    QStringList names;
    for (const auto &[line, caveat] : m_lines) {
        const auto isOfParty = [&line](const Line &each) { return each.party == line.party; };
        const auto mine = std::ranges::count_if(
            m_lines, [&](const auto &each) { return isOfParty(each.first) && each.second == caveat; });
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

Manners mannersOf(const Knowledge &knowledge, const QList<Line> &clients, const QList<LayerKind> &kinds,
                  const QList<Part> &parts)
{
    return Sorter(knowledge, kinds, parts).sort(clients);
}

} // namespace colophon::behaviour
