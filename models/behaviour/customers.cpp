// SPDX-License-Identifier: Apache-2.0
// Who will not be able to pull a marked image, whatever registry it is in: by the order in which their clients ask.
#include "behaviour/manners.h"
#include "behaviour/outlook.h"
#include "document/titles.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <utility>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Outlook)
};

using document::Finding;

// The file, where the source is one of a repository at a tag or commit; empty of other sources.
QString pageOf(const Source &source)
{
    static const QRegularExpression repository(QStringLiteral("^[\\w.-]+/[\\w.-]+$"));
    static const QRegularExpression file(QStringLiteral("^([\\w./-]+\\.\\w+)(:|$)"));
    static const QRegularExpression ref(QStringLiteral("(?:^|, )(v?\\d[\\w.-]*|[0-9a-f]{7,40})$"));
    const auto path = file.match(source.path);
    const auto version = ref.match(source.ref);
    if (!repository.match(source.repo).hasMatch() || !path.hasMatch() || !version.hasMatch())
        return {};
    return QStringLiteral("https://github.com/%1/blob/%2/%3").arg(source.repo, version.captured(1), path.captured(1));
}

// Clients for which something is true of some layers, and where those are.
struct Concern
{
    Names names;
    QStringList hosts;
    QString link;
    bool isEmpty = true;

    void add(const Line &line, const Row &row, const LayerGroup &group, bool isNew)
    {
        isEmpty = false;
        if (isNew)
            names.add(line, row.caveat());
        for (const Source &source : row.sources)
            if (link.isEmpty())
                link = pageOf(source);
        for (const QString &host : group.hosts)
            if (!hosts.contains(host))
                hosts.append(host);
    }
};
} // namespace

QList<Finding> findingsForCustomers(const Knowledge &knowledge, const QList<Line> &clients,
                                    const QList<LayerGroup> &groups, const document::NodePath &place)
{
    Concern disconnected;
    Concern unasked;
    for (const Line &line : clients) {
        bool isDisconnected = false;
        bool isUnasked = false;
        for (const LayerGroup &group : groups) {
            const auto found = consequenceOf(knowledge, line, group.after, Operation::Pull);
            if (!found)
                continue;
            const Row &row = found->row;
            if (row.outcome == Outcome::FetchesFromAddresses && row.rule.fallback != Fallback::AnyFailure &&
                !group.hosts.isEmpty())
                disconnected.add(line, row, group, !std::exchange(isDisconnected, true));
            if (row.outcome == Outcome::IgnoresAddresses && group.after.marking == oci::Marking::NonDistributable)
                unasked.add(line, row, group, !std::exchange(isUnasked, true));
        }
    }
    QList<Finding> findings;
    const auto namesOf = [&](const Concern &concern) { return orList(concern.names.all(knowledge, clients)); };
    if (!disconnected.isEmpty)
        findings.append({Finding::Code::Disconnected,
                         Finding::Severity::Warn,
                         place,
                         Text::tr("Customers who cannot reach %1 cannot pull this image with %2, even from a registry "
                                  "or mirror that holds everything: the addresses are asked first. If you have such "
                                  "customers, make the layers distributable.")
                             .arg(disconnected.hosts.size() > 2 ? document::enumerated(disconnected.hosts, 1)
                                                                : orList(disconnected.hosts),
                                  namesOf(disconnected)),
                         {},
                         {},
                         disconnected.link});
    if (!unasked.isEmpty)
        findings.append({Finding::Code::AddressesIgnored,
                         Finding::Severity::Warn,
                         place,
                         Text::tr("Customers with %1 cannot pull this image from a registry that lacks the layers "
                                  "which stay behind, such as one it is copied to: their addresses are never asked. If "
                                  "you have such customers, make the layers distributable, or put them into every "
                                  "registry these pull from.")
                             .arg(namesOf(unasked)),
                         {},
                         {},
                         unasked.link});
    return findings;
}

} // namespace colophon::behaviour
