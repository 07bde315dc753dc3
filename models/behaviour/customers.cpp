// SPDX-License-Identifier: Apache-2.0
// Who will not be able to pull a marked image, whatever registry it is in: by the order in which their clients ask.
#include "behaviour/manners.h"
#include "behaviour/outlook.h"
#include "document/titles.h"

#include <QCoreApplication>

#include <utility>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Outlook)
};

using document::Finding;

// Clients for which something is true of some layers, and where those are.
struct Concern
{
    Names names;
    QStringList hosts;
    QString link;
    bool hasMarked = false; // by their type
    bool hasHalfMarked = false;
    const Line *last = nullptr;

    bool isEmpty() const { return !last; }
    void add(const Line &line, const Row &row, const LayerGroup &group, const QString &page)
    {
        if (std::exchange(last, &line) != &line)
            names.add(line, row.caveat());
        if (link.isEmpty())
            link = page;
        for (const QString &host : group.hosts)
            if (!hosts.contains(host))
                hosts.append(host);
        (group.after.marking == oci::Marking::HalfMarked ? hasHalfMarked : hasMarked) = true;
    }
    QString where() const { return hosts.size() > 2 ? document::enumerated(hosts, 1) : orList(hosts); }
    // What takes the addresses away.
    QString remedy() const
    {
        return !hasHalfMarked ? Text::tr("make the layers distributable")
               : !hasMarked   ? Text::tr("remove the addresses")
                              : Text::tr("make the layers distributable and remove all addresses");
    }
};

class Customers
{
public:
    Customers(const Knowledge &knowledge, const QList<Line> &clients)
        : m_knowledge(knowledge)
        , m_clients(clients)
    {
    }

    void look(const QList<LayerGroup> &groups)
    {
        for (const Line &line : m_clients)
            for (const LayerGroup &group : groups)
                if (!linesFor(m_knowledge, {line}, {group}).isEmpty())
                    look(line, group);
    }

    QList<Finding> findings(const document::NodePath &place) const
    {
        QList<Finding> findings;
        const auto add = [&](const Concern &concern, Finding::Code code, const QString &message) {
            if (!concern.isEmpty())
                findings.append({code, Finding::Severity::Warn, place, message, {}, {}, concern.link});
        };
        add(m_disconnected, Finding::Code::Disconnected,
            Text::tr(
                "Customers who cannot reach %1 cannot pull this image with %2, even from a registry or mirror that "
                "holds everything: the addresses are asked first. If you have such customers, %3.")
                .arg(m_disconnected.where(), namesOf(m_disconnected), m_disconnected.remedy()));
        add(m_intercepted, Finding::Code::Disconnected,
            Text::tr("Customers for whom something else answers in place of %1, such as a proxy with an error page, "
                     "cannot pull this image with %2: only where nothing answers is the registry asked. If you have "
                     "such customers, %3.")
                .arg(m_intercepted.where(), namesOf(m_intercepted), m_intercepted.remedy()));
        add(m_unasked, Finding::Code::AddressesIgnored,
            Text::tr(
                "Customers with %1 cannot pull this image from a registry that lacks the layers which stay behind, "
                "such as one it is copied to: their addresses are never asked. If you have such customers, make "
                "the layers distributable, or put them into every registry these pull from.")
                .arg(namesOf(m_unasked)));
        if (!m_halfLeaving.isEmpty())
            add(m_halfUnasked, Finding::Code::AddressesIgnored,
                Text::tr("Customers with %1 cannot pull a copy of this image that is made with %2: layers that have "
                         "addresses stay behind, though their type is an ordinary one, and these are never asked. If "
                         "you have such customers, remove the addresses.")
                    .arg(namesOf(m_halfUnasked), namesOf(m_halfLeaving)));
        add(m_lost, Finding::Code::Unfetchable,
            Text::tr("Nobody can pull a copy of this image that is made with %1: the layers that stay behind have no "
                     "address. Make them distributable, or give them addresses.")
                .arg(namesOf(m_lost)));
        return findings;
    }

private:
    void look(const Line &line, const LayerGroup &group)
    {
        const oci::Marking marking = group.after.marking;
        if (const auto pull = consequenceOf(m_knowledge, line, group.after, Operation::Pull)) {
            const Row &row = pull->row;
            const QString page = m_knowledge.party(line.party)->link;
            const bool isAskedFirst = row.outcome == Outcome::FetchesFromAddresses && !group.hosts.isEmpty();
            if (isAskedFirst && row.rule.fallback == Fallback::NoAnswer)
                m_intercepted.add(line, row, group, page);
            else if (isAskedFirst && row.rule.fallback != Fallback::AnyFailure)
                m_disconnected.add(line, row, group, page);
            if (row.outcome == Outcome::IgnoresAddresses && marking == oci::Marking::NonDistributable)
                m_unasked.add(line, row, group, page);
            if (row.outcome == Outcome::IgnoresAddresses && marking == oci::Marking::HalfMarked)
                m_halfUnasked.add(line, row, group, page);
        }
        for (const Operation operation : {Operation::Copy, Operation::Push, Operation::Build}) {
            const auto sent = consequenceOf(m_knowledge, line, group.after, operation);
            if (!sent || sent->row.outcome != Outcome::LeavesBehind)
                continue;
            if (marking == oci::Marking::HalfMarked)
                m_halfLeaving.add(line, sent->row, group, {});
            if (marking == oci::Marking::Unfetchable)
                m_lost.add(line, sent->row, group, {});
            break;
        }
    }

    QString namesOf(const Concern &concern) const { return orList(concern.names.all(m_knowledge, m_clients)); }

    const Knowledge &m_knowledge;
    const QList<Line> &m_clients;
    Concern m_disconnected; // the addresses are asked first, and nothing else where they fail
    Concern m_intercepted;  // the same, but for where nothing answers
    Concern m_unasked;      // the addresses of what stays behind are never asked
    Concern m_halfUnasked;  // the same of half-marked layers
    Concern m_halfLeaving;  // which these leave behind
    Concern m_lost;         // and these what has no address
};
} // namespace

QList<Finding> findingsForCustomers(const Knowledge &knowledge, const QList<Line> &clients,
                                    const QList<LayerGroup> &groups, const document::NodePath &place)
{
    Customers customers(knowledge, clients);
    customers.look(groups);
    return customers.findings(place);
}

} // namespace colophon::behaviour
