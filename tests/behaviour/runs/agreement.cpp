// SPDX-License-Identifier: Apache-2.0
#include "behaviour/runs/agreement.h"

#include "behaviour/runs/wire.h"

#include <QFile>
#include <QJsonDocument>

namespace colophon::test {

using behaviour::Certainty;
using behaviour::Fallback;
using behaviour::Order;
using behaviour::Outcome;
using behaviour::Party;
using behaviour::Row;

namespace {
QString named(const Party &party, const QString &version) { return party.id + u' ' + version; }

// The rows for it: one, if all is well.
QList<const Row *> rowsFor(const Party &party, const Observation &seen)
{
    const auto version = behaviour::Version::read(seen.text("version"));
    QList<const Row *> rows;
    for (const Row &row : party.rows) {
        const bool isInRange = version && std::ranges::any_of(row.ranges, [&](const QString &id) {
                                   const behaviour::VersionRange *range = party.range(id);
                                   return range && range->contains(*version);
                               });
        if (isInRange && behaviour::nameOf(row.operation) == seen.text("operation") &&
            row.option == seen.text("option") && row.holdsFor(seen.kind()))
            rows.append(&row);
    }
    return rows;
}

// Whether the rule says that the client goes on from an address that fails in this way.
bool fallsBack(Fallback rule, const QString &address)
{
    switch (rule) {
    case Fallback::AnyFailure:
        return true;
    case Fallback::NotFound:
        return address == QLatin1String(word(Address::Missing));
    case Fallback::NoAnswer:
        return address == QLatin1String(word(Address::Dead));
    case Fallback::Unsaid:
    case Fallback::Never:
        break;
    }
    return false;
}

// The order that an outcome is an instance of.
Order orderOf(Outcome outcome)
{
    return outcome == Outcome::FetchesFromAddresses    ? Order::AddressesFirst
           : outcome == Outcome::RegistryThenAddresses ? Order::RegistryFirst
           : outcome == Outcome::IgnoresAddresses      ? Order::Never
                                                       : Order::Unsaid;
}

QStringList differences(const Row &row, const Observation &seen)
{
    QStringList found;
    const auto compare = [&found](const char *what, const QString &said, const QString &saw) {
        if (said != saw)
            found.append(QStringLiteral("%1 is “%2” in the data, “%3” was seen").arg(QLatin1String(what), said, saw));
    };
    if (seen.isFault()) {
        const bool said = row.rule.order == Order::AddressesFirst && fallsBack(row.rule.fallback, seen.text("address"));
        compare("what follows an address that fails", said ? QStringLiteral("falls-back") : QStringLiteral("fails"),
                seen.text("outcome"));
        return found;
    }
    compare("the outcome", behaviour::nameOf(row.outcome), seen.text("outcome"));
    // Of what failed it does not matter.
    if (seen.facts.contains(QLatin1String("manifest")) && row.outcome != Outcome::Fails) {
        compare("the manifest",
                !row.keepsManifest   ? QString()
                : *row.keepsManifest ? QStringLiteral("kept")
                                     : QStringLiteral("rewritten"),
                seen.text("manifest"));
    }
    if (seen.facts.contains(QLatin1String("blob"))) {
        compare("the layer",
                !row.needsBlob   ? QString()
                : *row.needsBlob ? QStringLiteral("required")
                                 : QStringLiteral("not required"),
                seen.text("blob"));
    }
    const auto outcome = behaviour::readWord<Outcome>(seen.text("outcome"));
    const Order order = outcome ? orderOf(*outcome) : Order::Unsaid;
    if (order != Order::Unsaid)
        compare("the order of the rule", behaviour::nameOf(row.rule.order), behaviour::nameOf(order));
    if (row.certainty != Certainty::Executed || !row.executed.contains(seen.text("version")))
        found.append(QStringLiteral("the data does not say that it was executed"));
    else if (!row.ran.contains(seen.kind().content()))
        found.append(QStringLiteral("the data does not say that it was executed with such a layer"));
    return found;
}
} // namespace

behaviour::LayerKind Observation::kind() const
{
    behaviour::LayerKind kind;
    for (const oci::Marking marking : {oci::Marking::Distributable, oci::Marking::NonDistributable,
                                       oci::Marking::Unfetchable, oci::Marking::HalfMarked}) {
        if (oci::nameOf(marking) == text("marking"))
            kind.marking = marking;
    }
    kind.family =
        text("family") == QLatin1String("docker") ? oci::MediaType::Family::Docker : oci::MediaType::Family::Oci;
    kind.compression = text("compression");
    return kind;
}

QString Observation::cell() const
{
    QStringList words{text("client"), text("version"), text("operation")};
    if (!text("option").isEmpty())
        words.append(text("option"));
    if (isFault())
        words.append(QStringLiteral("(address: %1)").arg(text("address")));
    return (words << text("marking") << text("family") << text("compression")).join(u' ');
}

QString Observation::strictCell() const
{
    const bool isDocker = text("family") == QLatin1String("docker");
    const auto letter = [&] {
        switch (kind().marking) {
        case oci::Marking::NonDistributable:
            return isDocker ? u'a' : u'b';
        case oci::Marking::Unfetchable:
            return u'c';
        case oci::Marking::HalfMarked:
            return u'd';
        case oci::Marking::Distributable:
            break;
        }
        return u'e';
    };
    return isFault() ? QString() : QStringLiteral("%1 %2 %3").arg(text("client"), text("operation"), QChar(letter()));
}

base::Result<QList<Observation>> readObservations(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return base::fail(base::ErrorKind::NotFound, path + QStringLiteral(" is not there."));
    QList<Observation> observations;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine();
        const QJsonDocument document = QJsonDocument::fromJson(line);
        if (!document.isObject())
            return base::fail(base::ErrorKind::InvalidData,
                              path + QStringLiteral(": ") + QString::fromUtf8(line.left(200)));
        observations.append({document.object()});
    }
    return observations;
}

QStringList disagreements(const behaviour::Knowledge &knowledge, const QList<Observation> &observations)
{
    QStringList found;
    QSet<QString> atHand;
    QSet<std::pair<std::pair<const Row *, QString>, QString>> ran; // a row, the version, and the layer's content
    for (const Observation &seen : observations) {
        const Party *party = knowledge.party(seen.text("client"));
        const QList<const Row *> rows = party ? rowsFor(*party, seen) : QList<const Row *>();
        if (rows.size() != 1) {
            found.append(QStringLiteral("%1: the data has %2 rows for it.").arg(seen.cell()).arg(rows.size()));
            continue;
        }
        atHand.insert(named(*party, seen.text("version")));
        if (!seen.isFault())
            ran.insert({{rows.first(), seen.text("version")}, seen.kind().content()});
        for (const QString &difference : differences(*rows.first(), seen))
            found.append(QStringLiteral("%1: %2.").arg(seen.cell(), difference));
    }
    for (const Party &party : knowledge.parties()) {
        for (const Row &row : party.rows) {
            // Each line of a client is shown with this certainty.
            for (const QString &id : row.executed.isEmpty() ? QStringList() : row.ranges) {
                const bool wasRun = std::ranges::any_of(row.executed, [&](const QString &version) {
                    const auto number = behaviour::Version::read(version);
                    return number && party.range(id)->contains(*number);
                });
                if (!wasRun)
                    found.append(QStringLiteral("%1 %2 %3: “%4” is said to be executed, but of %5 no version was.")
                                     .arg(party.id, behaviour::nameOf(row.operation), row.option, row.sentence, id));
            }
            for (const QString &version : row.executed) {
                if (!atHand.contains(named(party, version)))
                    continue;
                for (const QString &content : row.ran)
                    if (!ran.contains({{&row, version}, content}))
                        found.append(QStringLiteral("%1 %2 %3: “%4” is said to be executed with %5 and was not.")
                                         .arg(named(party, version), behaviour::nameOf(row.operation), row.option,
                                              row.sentence, content));
            }
        }
    }
    return found;
}

QSet<QString> notAtHand(const behaviour::Knowledge &knowledge, const QList<Observation> &observations)
{
    QSet<QString> missing;
    for (const Party &party : knowledge.parties()) {
        for (const Row &row : party.rows) {
            for (const QString &version : row.executed)
                missing.insert(named(party, version));
        }
    }
    for (const Observation &seen : observations)
        missing.remove(seen.text("client") + u' ' + seen.text("version"));
    return missing;
}

} // namespace colophon::test
