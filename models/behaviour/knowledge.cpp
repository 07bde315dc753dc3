// SPDX-License-Identifier: Apache-2.0
#include "behaviour/knowledge.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QFile>
#include <QSet>

#include <algorithm>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Knowledge)
};

// Clients before registries, by name.
bool comesBefore(const Party &a, const Party &b)
{
    if (a.kind != b.kind)
        return a.kind == Party::Kind::Client;
    const int order = a.name.compare(b.name, Qt::CaseInsensitive);
    return order != 0 ? order < 0 : a.id < b.id;
}
} // namespace

QString Source::inWords() const { return QStringList{repo, path, ref}.join(QLatin1String(", ")); }

QString Rule::inWords() const
{
    QStringList sentences;
    switch (decides) {
    case Decides::Nothing:
        break;
    case Decides::Type:
        sentences << Text::tr("Looks only at the type of a layer.");
        break;
    case Decides::Urls:
        sentences << Text::tr("Looks only at whether a layer has addresses.");
        break;
    case Decides::Both:
        sentences << Text::tr("Looks for a non-distributable type and for addresses: both must be there.");
        break;
    case Decides::Neither:
        sentences << Text::tr("Looks at neither the type nor the addresses of a layer.");
        break;
    }
    switch (order) {
    case Order::Unsaid:
        break;
    case Order::AddressesFirst:
        sentences << Text::tr("Asks the addresses before the registry.");
        break;
    case Order::RegistryFirst:
        sentences << Text::tr("Asks the registry before the addresses.");
        break;
    case Order::Never:
        sentences << Text::tr("Never asks the addresses.");
        break;
    }
    switch (fallback) {
    case Fallback::Unsaid:
        break;
    case Fallback::AnyFailure:
        sentences << Text::tr("Whatever goes wrong, it asks the next place.");
        break;
    case Fallback::NotFound:
        sentences << Text::tr("Only a 404 lets it ask the next place.");
        break;
    case Fallback::NoAnswer:
        sentences << Text::tr("Only where nothing answers it asks the next place.");
        break;
    case Fallback::Never:
        sentences << Text::tr("It asks no other place when that fails.");
        break;
    }
    return sentences.join(QLatin1Char(' '));
}

bool Row::holdsFor(const LayerKind &kind) const
{
    return (!marking || *marking == kind.marking) && (!family || *family == kind.family) &&
           (compressions.isEmpty() || compressions.contains(kind.compression));
}

Row Row::ofLayer(const LayerKind &kind) const
{
    Row row = *this;
    if (certainty != Certainty::Executed || ran.contains(kind.content()))
        return row;
    row.certainty = otherwise;
    row.date = otherwiseDate;
    row.executed.clear();
    row.ran.clear();
    return row;
}

QString Row::caveat() const
{
    switch (certainty) {
    case Certainty::Executed:
    case Certainty::ReadInSource:
        return {};
    case Certainty::Documented:
        return Text::tr("reported in %1").arg(dateInWords(date.left(7)));
    case Certainty::Inferred:
        return Text::tr("inferred");
    case Certainty::Unknown:
        return Text::tr("not known");
    }
    return {};
}

const VersionRange *Party::range(const QString &wanted) const
{
    const auto found = std::ranges::find(ranges, wanted, &VersionRange::id);
    return found == ranges.end() ? nullptr : &*found;
}

Knowledge::Knowledge(QList<Party> parties, QList<Remark> remarks)
    : m_remarks(std::move(remarks))
{
    std::ranges::sort(parties, comesBefore);
    m_parties = std::make_shared<const QList<Party>>(std::move(parties));
}

base::Result<Knowledge> Knowledge::load(const QString &folder)
{
    QList<Party> parties;
    QList<Remark> remarks;
    QDirIterator files(folder, {QStringLiteral("*.json")}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        const bool isBeside = QFileInfo(file).absolutePath() == QFileInfo(folder).absoluteFilePath();
        if (isBeside && files.fileName() != QLatin1String("remarks.json"))
            continue; // the form
        if (!file.open(QIODevice::ReadOnly))
            return base::fail(base::ErrorKind::Failed,
                              Text::tr("%1 cannot be read: %2.").arg(file.fileName(), file.errorString()));
        if (isBeside) {
            const auto read = readRemarks(file.readAll(), file.fileName()); // whole: ours
            if (!read)
                return base::fail(read.error());
            remarks += *read;
            continue;
        }
        const auto party = readParty(file.readAll(), file.fileName()); // whole: ours
        if (!party)
            return base::fail(party.error());
        parties.append(*party);
    }
    return Knowledge({}, remarks).with(Knowledge(parties));
}

Knowledge Knowledge::shipped()
{
    static const Knowledge shipped = load(QStringLiteral(":/behaviour")).value_or(Knowledge());
    return shipped;
}

const Party *Knowledge::party(const QString &id) const
{
    const auto found = std::ranges::find(*m_parties, id, &Party::id);
    return found == m_parties->end() ? nullptr : &*found;
}

base::Result<Knowledge> Knowledge::with(const Knowledge &other) const
{
    QSet<QString> ids;
    for (const Party &each : *m_parties + *other.m_parties) {
        if (ids.contains(each.id))
            return base::fail(base::ErrorKind::InvalidData, Text::tr("There are two with the id “%1”.").arg(each.id));
        ids.insert(each.id);
    }
    return Knowledge(*m_parties + *other.m_parties, m_remarks + other.m_remarks);
}

} // namespace colophon::behaviour
