// SPDX-License-Identifier: Apache-2.0
#include "behaviour/summary.h"

#include "base/plaintext.h"
#include "behaviour/manners.h"
#include "document/titles.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Summary)
};

QString enumeration(const QStringList &names, const QString &last)
{
    if (names.size() < 2)
        return names.join(QString());
    return names.first(names.size() - 1).join(QLatin1String(", ")) + last + names.constLast();
}

// Names of platforms, of which there may be any number.
QString shortened(const QStringList &names)
{
    constexpr qsizetype most = 8;
    return names.size() > most ? document::enumerated(names, most) : andList(names);
}

bool isTypeMarked(const LayerKind &kind)
{
    return kind.marking == oci::Marking::NonDistributable || kind.marking == oci::Marking::Unfetchable;
}

// The layers by what they are now, whatever they were.
class Layers
{
public:
    explicit Layers(const QList<LayerGroup> &groups)
    {
        for (const LayerGroup &group : groups) {
            qsizetype place = m_kinds.indexOf(group.after);
            if (place < 0) {
                place = m_kinds.size();
                m_kinds.append(group.after);
                m_contents.append(QSet<oci::Digest>());
                m_hosts.append(QStringList());
            }
            m_contents[place] += group.contents;
            for (const QString &host : group.hosts)
                if (!m_hosts[place].contains(host))
                    m_hosts[place].append(host);
            for (const ImageName &image : group.images.isEmpty() ? QList<ImageName>{{}} : group.images)
                addTo(image, place);
        }
        for (qsizetype i = 0; i < m_kinds.size(); ++i) {
            m_all.append(i);
            const oci::Marking marking = m_kinds[i].marking;
            if (marking != oci::Marking::Distributable)
                m_marked.append(i);
            if (marking == oci::Marking::NonDistributable || marking == oci::Marking::HalfMarked)
                m_addressed.append(i);
        }
        m_total = count(m_all);
    }

    const QList<LayerKind> &kinds() const { return m_kinds; }
    const QList<Part> &parts() const { return m_parts; }
    int total() const { return m_total; }
    bool isAll(const Kinds &kinds) const { return kinds == m_all; }
    int count(const Kinds &kinds) const
    {
        if (kinds.size() == 1)
            return static_cast<int>(m_contents[kinds.constFirst()].size());
        QSet<oci::Digest> contents;
        for (const qsizetype kind : kinds)
            contents += m_contents[kind];
        return static_cast<int>(contents.size());
    }
    // Marked by its type in one place and not in another.
    int contradictory() const
    {
        QSet<oci::Digest> marked;
        QSet<oci::Digest> ordinary;
        for (qsizetype i = 0; i < m_kinds.size(); ++i)
            (isTypeMarked(m_kinds[i]) ? marked : ordinary) += m_contents[i];
        return static_cast<int>(marked.intersect(ordinary).size());
    }

    // "it", "both layers", "all 9 layers"
    QString all() const
    {
        return m_total == 1   ? Text::tr("it")
               : m_total == 2 ? Text::tr("both layers")
                              : Text::tr("all %1 layers").arg(m_total);
    }
    // "2 of 9 layers"; which, where other layers have a marking too.
    QString some(const Kinds &kinds) const
    {
        QString of = Text::tr("%1 of %2 layers").arg(count(kinds)).arg(m_total);
        if (kinds == m_marked)
            return of;
        QStringList which;
        for (const qsizetype kind : kinds)
            which.append(m_kinds[kind].inWords());
        return Text::tr("%1, %2,").arg(of, andList(which));
    }
    // "2 of 9 layers, non-distributable (Docker type)"
    QString reason(const Kinds &kinds) const
    {
        QStringList which;
        for (const qsizetype kind : kinds)
            which.append(m_kinds[kind].inWords());
        const QString layers = m_total == 1   ? Text::tr("its layer")
                               : isAll(kinds) ? all()
                                              : Text::tr("%1 of %2 layers").arg(count(kinds)).arg(m_total);
        return Text::tr("%1, %2").arg(layers, andList(which));
    }
    // As the beginning of a sentence.
    QString stayBehind(const Kinds &kinds) const
    {
        if (isAll(kinds))
            return m_total == 1   ? Text::tr("The layer stays behind")
                   : m_total == 2 ? Text::tr("Both layers stay behind")
                                  : Text::tr("All %1 layers stay behind").arg(m_total);
        return (count(kinds) == 1 ? Text::tr("%1 stays behind") : Text::tr("%1 stay behind")).arg(some(kinds));
    }
    // "For 2 of 9 layers, half-marked (OCI type), "; empty for all that have addresses.
    QString beginning(const Kinds &kinds) const
    {
        return kinds == m_addressed ? QString() : Text::tr("For %1 ").arg(some(kinds));
    }
    QString hosts(const Kinds &kinds) const
    {
        QStringList hosts;
        for (const qsizetype kind : kinds)
            for (const QString &host : m_hosts[kind])
                if (!hosts.contains(host))
                    hosts.append(host);
        return hosts.isEmpty()    ? Text::tr("the addresses")
               : hosts.size() > 2 ? Text::tr("%1 and %2 other hosts").arg(hosts.constFirst()).arg(hosts.size() - 1)
                                  : andList(hosts);
    }

private:
    void addTo(const ImageName &image, qsizetype kind)
    {
        auto part = std::ranges::find(m_parts, image, &Part::image);
        if (part == m_parts.end()) {
            m_parts.append({image, {}});
            part = m_parts.end() - 1;
        }
        if (!part->kinds.contains(kind))
            part->kinds.append(kind);
    }

    QList<LayerKind> m_kinds;
    QList<Part> m_parts;
    QList<QSet<oci::Digest>> m_contents; // of each kind
    QList<QStringList> m_hosts;
    Kinds m_all;
    Kinds m_marked;
    Kinds m_addressed;
    int m_total = 0;
};

class Writer
{
public:
    Writer(const Knowledge &knowledge, const QList<Line> &clients, const Layers &layers)
        : m_knowledge(knowledge)
        , m_clients(clients)
        , m_layers(layers)
        , m_manners(mannersOf(knowledge, clients, layers.kinds(), layers.parts()))
    {
    }

    QStringList write()
    {
        sending();
        failing();
        asking();
        unknown();
        return m_sentences;
    }

private:
    QStringList names(const Names &each) const { return each.all(m_knowledge, m_clients); }
    static QString verb(const QStringList &subjects, const QString &one, const QString &many)
    {
        return (subjects.size() == 1 ? one : many).arg(andList(subjects));
    }

    // "copied with skopeo or oras, or pushed or pulled with nerdctl"
    QString inWords(const Ways &ways) const
    {
        struct Way
        {
            QStringList verbs;
            QStringList who;
        };
        const std::array verbs{
            std::pair{Operation::Copy, Text::tr("copied")},    std::pair{Operation::Push, Text::tr("pushed")},
            std::pair{Operation::Build, Text::tr("built on")}, std::pair{Operation::Save, Text::tr("saved")},
            std::pair{Operation::Pull, Text::tr("pulled")},    std::pair{Operation::Unpack, Text::tr("unpacked")},
        };
        QList<Way> all;
        for (const auto &[operation, verb] : verbs) {
            const QStringList who = names(ways.value(operation));
            if (who.isEmpty())
                continue;
            if (!all.isEmpty() && all.constLast().who == who)
                all.last().verbs.append(verb);
            else
                all.append({{verb}, who});
        }
        QStringList said;
        for (const Way &way : std::as_const(all))
            said.append(Text::tr("%1 with %2").arg(orList(way.verbs), orList(way.who)));
        return enumeration(said, Text::tr(", or "));
    }

    void sending()
    {
        auto leaving = m_manners.leaving;
        std::ranges::stable_sort(leaving, {}, [this](const auto &each) { return m_layers.count(each.first); });
        for (const auto &[kinds, ways] : std::as_const(leaving))
            m_sentences << Text::tr("%1 when this image is %2.").arg(m_layers.stayBehind(kinds), inWords(ways));
        const QStringList who = names(m_manners.uploading);
        if (who.isEmpty())
            return;
        m_sentences << (m_layers.total() == 1 && leaving.isEmpty()
                            ? Text::tr("The layer goes along with %1.").arg(andList(who))
                            : verb(who, Text::tr("%1 uploads"), Text::tr("%1 upload")) + u' ' + m_layers.all() + u'.');
    }

    void failing()
    {
        for (const auto &[failure, ways] : m_manners.failing) {
            const QString how = inWords(ways);
            const QString why = m_layers.reason(failure.kinds);
            m_sentences << (failure.parts.isEmpty() ? Text::tr("This image cannot be %1 because of %2.").arg(how, why)
                                                    : Text::tr("%1 of this image cannot be %2 because of %3.")
                                                          .arg(shortened(failure.parts), how, why));
        }
    }

    void asking()
    {
        auto asking = m_manners.asking;
        const auto rank = [](const auto &each) { return std::pair{each.first.outcome, each.first.fallback}; };
        std::ranges::stable_sort(asking, {}, rank);
        for (const auto &[how, clients] : std::as_const(asking))
            m_sentences << m_layers.beginning(how.kinds) + inWords(how, names(clients), m_layers.hosts(how.kinds));
    }

    static QString inWords(const Asking &how, const QStringList &who, const QString &hosts)
    {
        if (how.outcome == Outcome::RegistryThenAddresses)
            return verb(who, Text::tr("%1 asks the registry first, then"),
                        Text::tr("%1 ask the registry first, then")) +
                   u' ' + hosts + u'.';
        if (how.outcome == Outcome::IgnoresAddresses)
            return verb(who, Text::tr("%1 never asks %2 and needs a registry that holds everything."),
                        Text::tr("%1 never ask %2 and need a registry that holds everything."))
                .arg(hosts);
        const QString first =
            verb(who, Text::tr("%1 asks %2 before the registry"), Text::tr("%1 ask %2 before the registry")).arg(hosts);
        const bool isOne = who.size() == 1;
        switch (how.fallback) {
        case Fallback::NotFound:
            return first + (isOne ? Text::tr(" and does not fall back when it answers an error other than 404.")
                                  : Text::tr(" and do not fall back when it answers an error other than 404."));
        case Fallback::NoAnswer:
            return first + (isOne ? Text::tr(" and turns to the registry only where nothing answers there.")
                                  : Text::tr(" and turn to the registry only where nothing answers there."));
        case Fallback::Never:
            return first + (isOne ? Text::tr(" and never turns to the registry when that fails.")
                                  : Text::tr(" and never turn to the registry when that fails."));
        case Fallback::AnyFailure:
        case Fallback::Unsaid:
            break;
        }
        return first + u'.';
    }

    void unknown()
    {
        for (const auto &[kinds, ways] : std::as_const(m_manners.unknown))
            m_sentences << (m_layers.isAll(kinds)
                                ? Text::tr("What happens when this image is %1 is not known.").arg(inWords(ways))
                                : Text::tr("What happens to %1 when this image is %2 is not known.")
                                      .arg(m_layers.some(kinds), inWords(ways)));
    }

    const Knowledge &m_knowledge;
    const QList<Line> &m_clients;
    const Layers &m_layers;
    const Manners m_manners;
    QStringList m_sentences;
};

// Where nobody has to do with the image.
QString forOthers(const QList<Line> &clients, const QList<Part> &parts)
{
    QStringList systems;
    for (const Part &part : parts)
        if (const QString os = base::visible(part.image.os, 40); !systems.contains(os))
            systems.append(os);
    QStringList names;
    for (const Line &line : clients)
        names.append(line.name);
    return Text::tr("This image is for %1: %2 cannot run it.").arg(andList(systems), orList(names));
}
} // namespace

QString andList(const QStringList &names) { return enumeration(names, Text::tr(" and ")); }
QString orList(const QStringList &names) { return enumeration(names, Text::tr(" or ")); }

QStringList summaryOf(const Knowledge &knowledge, const QList<Line> &chosen, const QList<LayerGroup> &groups)
{
    const Layers layers(groups);
    if (layers.total() == 0 || chosen.isEmpty())
        return {};
    const QList<Line> clients = linesFor(knowledge, chosen, groups);
    if (clients.isEmpty())
        return {forOthers(chosen, layers.parts())};
    // What clients make of that is no sum of what they do with each kind.
    if (const int doubtful = layers.contradictory(); doubtful > 0)
        return {(doubtful == 1
                     ? Text::tr("%1 of %2 layers is non-distributable in one place and distributable in another: "
                                "some clients upload it all the same, others fail. Mark it everywhere or "
                                "nowhere.")
                     : Text::tr("%1 of %2 layers are non-distributable in one place and distributable in "
                                "another: some clients upload them all the same, others fail. Mark them "
                                "everywhere or nowhere."))
                    .arg(doubtful)
                    .arg(layers.total())};
    return Writer(knowledge, clients, layers).write();
}

} // namespace colophon::behaviour
