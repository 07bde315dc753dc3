// SPDX-License-Identifier: Apache-2.0
#include "behaviour/outlook.h"

#include "document/titles.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Outlook)
};

using document::DerivedImage;
using document::Edit;
using document::Finding;
using document::ImageTree;
using document::NodePath;
using Code = Finding::Code;
using Severity = Finding::Severity;

// The sentence with what a person must be told beside it.
QString sentenceOf(const Row &row)
{
    const QString caveat = row.certainty == Certainty::Unknown ? QString() : row.caveat();
    if (caveat.isEmpty())
        return row.sentence;
    return row.sentence.chopped(1) + Text::tr(" (%1).").arg(caveat);
}

// Names of parties that do with layers of this kind what they do with unmarked ones, though the marking of their gzip
// twins makes a difference to them. Who cannot read such layers at all is none of these.
QStringList whoOverlook(const Knowledge &knowledge, const LayerKind &kind)
{
    LayerKind twin = kind;
    twin.compression = QStringLiteral("gzip");
    LayerKind ordinary = kind;
    ordinary.marking = oci::Marking::Distributable;
    const auto isSame = [](const Consequence &a, const std::optional<Consequence> &b) {
        return b && a.row.outcome == b->row.outcome && a.row.needsBlob == b->row.needsBlob;
    };
    const QList<Line> lines =
        commonLines(knowledge, Party::Kind::Client) + commonLines(knowledge, Party::Kind::Registry);
    QStringList names;
    for (const Line &line : lines) {
        for (const Operation operation : {Operation::Copy, Operation::Push, Operation::PutManifest}) {
            const auto marked = consequenceOf(knowledge, line, kind, operation);
            if (!marked || marked->row.outcome == Outcome::NotKnown || marked->row.outcome == Outcome::Fails)
                continue;
            const bool isOverlooked = isSame(*marked, consequenceOf(knowledge, line, ordinary, operation)) &&
                                      !isSame(*marked, consequenceOf(knowledge, line, twin, operation));
            const QString name = knowledge.party(line.party)->name;
            if (isOverlooked && !names.contains(name))
                names.append(name);
        }
    }
    return names;
}

class BeforePush
{
public:
    BeforePush(const Knowledge &knowledge, const QList<Line> &clients, const ImageTree &original,
               const DerivedImage &derived, const Place &destination)
        : m_knowledge(knowledge)
        , m_clients(clients)
        , m_original(original)
        , m_derived(derived)
        , m_destination(destination)
    {
    }

    QList<Finding> find()
    {
        const QList<NodePath> layers = m_derived.tree.layers();
        m_groups = groupsOf(m_original, m_derived.tree, layers);
        for (const NodePath &layer : layers) {
            const oci::Marking marking = m_derived.tree.descriptor(layer)->marking();
            if (marking == oci::Marking::Distributable)
                continue;
            if (m_marked.isEmpty())
                m_first = layer;
            m_marked.append(layer);
        }
        if (m_marked.isEmpty())
            return {};
        lookAtDestination();
        m_findings += findingsForCustomers(m_knowledge, m_clients, m_groups, m_first);
        lookAtBackground();
        return m_findings;
    }

private:
    void add(Code code, Severity severity, const QString &message, const QString &link = {})
    {
        const bool isSaid = std::ranges::any_of(
            m_findings, [&](const Finding &each) { return each.code == code && each.message == message; });
        if (!isSaid)
            m_findings.append({code, severity, m_first, message, {}, {}, link});
    }

    void lookAtDestination()
    {
        const RegistryIdentity &identity = m_destination.identity;
        const QString who = identity.inWords(m_destination.registry);
        if (!identity.isKnown()) {
            QStringList said{who};
            QString link;
            for (const Line &line : commonLines(m_knowledge, Party::Kind::Registry)) {
                const Party &party = *m_knowledge.party(line.party);
                const QString refusal = party.recognition.isEmpty() ? refusalBy(line) : QString();
                if (refusal.isEmpty() || said.contains(refusal))
                    continue;
                said.append(refusal);
                link = party.link;
            }
            if (said.size() > 1)
                said.insert(1, Text::tr("Should it be one that cannot be told by what it sends:"));
            add(Code::RegistryNotKnown, Severity::Inform, said.join(QLatin1Char(' ')), link);
            return;
        }
        for (const Line &line : identity.lines)
            for (const LayerGroup &group : std::as_const(m_groups))
                if (group.after.marking != oci::Marking::Distributable)
                    lookAtTaking(line, group, who);
    }

    QString refusalBy(const Line &line) const
    {
        for (const LayerGroup &group : m_groups) {
            const auto found = consequenceOf(m_knowledge, line, group.after, Operation::PutManifest);
            if (found && found->row.outcome == Outcome::Refuses)
                return sentenceOf(found->row);
        }
        return {};
    }

    void lookAtTaking(const Line &line, const LayerGroup &group, const QString &who)
    {
        const auto found = consequenceOf(m_knowledge, line, group.after, Operation::PutManifest);
        const Party *party = m_knowledge.party(line.party);
        if (!found || found->row.outcome == Outcome::NotKnown) {
            add(Code::RegistryNotKnown, Severity::Inform,
                found ? who + QLatin1Char(' ') + found->row.sentence
                      : Text::tr("%1 What it accepts was not looked at.").arg(who));
            return;
        }
        QString said = who + QLatin1Char(' ') + sentenceOf(found->row);
        if (found->row.outcome == Outcome::Refuses) {
            QStringList ways;
            for (const Consequence &each : consequencesOf(m_knowledge, {line}, group.after))
                if (each.row.operation == Operation::PutManifest && each.row.outcome == Outcome::Accepts)
                    ways.append(each.row.option);
            if (!ways.isEmpty())
                said += Text::tr(" It accepts it where %1.").arg(orList(ways));
            add(Code::RegistryRefuses, Severity::Warn, said, party ? party->link : QString());
            return;
        }
        const bool staysBehind = group.after.marking == oci::Marking::NonDistributable;
        const bool isMissed = staysBehind && found->row.needsBlob.value_or(false);
        add(isMissed ? Code::RegistryRefuses : Code::RegistryAccepts, isMissed ? Severity::Warn : Severity::Inform,
            said, party ? party->link : QString());
    }

    void lookAtBackground()
    {
        const auto isNew = [this](const NodePath &layer) {
            const auto before = m_original.descriptor(layer);
            return m_derived.tree.descriptor(layer)->mediaType.isNonDistributable() && before &&
                   !before->mediaType.isNonDistributable();
        };
        if (std::ranges::none_of(m_marked, isNew))
            return;
        for (const Remark &remark : m_knowledge.remarks())
            add(Code::Background, Severity::Inform, remark.sentence, remark.link);
    }

    const Knowledge &m_knowledge;
    const QList<Line> &m_clients;
    const ImageTree &m_original;
    const DerivedImage &m_derived;
    const Place &m_destination;
    QList<LayerGroup> m_groups;
    QList<NodePath> m_marked;
    NodePath m_first;
    QList<Finding> m_findings;
};
} // namespace

QList<LayerGroup> groupsOf(const ImageTree &original, const ImageTree &derived, const QList<NodePath> &layers)
{
    QList<oci::Descriptor> before;
    QList<oci::Descriptor> after;
    QList<ImageName> images;
    if (derived.isEmpty())
        return {};
    const document::Titles titles(derived);
    NodePath manifest;
    ImageName image;
    for (const NodePath &layer : layers) {
        const auto now = derived.descriptor(layer);
        if (!now)
            continue;
        after.append(*now);
        before.append(original.descriptor(layer).value_or(*now));
        if (images.isEmpty() || layer.manifest() != manifest) {
            manifest = layer.manifest();
            const auto platform = derived.node(manifest)->platform();
            image = {derived.isIndex() ? titles.name(manifest) : QString(), platform ? platform->os : QString()};
        }
        images.append(image);
    }
    return groupsOf(before, after, images);
}

QList<LayerGroup> groupsOf(const ImageTree &tree) { return groupsOf(tree, tree, tree.layers()); }

QList<Finding> findingsOf(const Knowledge &knowledge, const ImageTree &tree)
{
    QList<NodePath> places;
    LayerKind kind;
    if (tree.isEmpty())
        return {};
    for (const NodePath &layer : tree.layers()) {
        const LayerKind each = LayerKind::of(*tree.descriptor(layer));
        if (each.compression != QLatin1String("zstd") || !tree.descriptor(layer)->mediaType.isNonDistributable())
            continue;
        kind = each;
        places.append(layer);
    }
    const QStringList who = places.isEmpty() ? QStringList() : whoOverlook(knowledge, kind);
    if (who.isEmpty())
        return {};
    const auto repair = document::markingEdits(
        tree, places, false, [](const oci::Descriptor &) -> base::Result<QStringList> { return QStringList(); });
    const bool isEditable = repair && document::apply(tree, document::EditSet().with(*repair)).has_value();
    const QString which = places.size() == 1 ? document::Titles(tree).name(places.constFirst())
                                             : Text::tr("%1 layers").arg(places.size());
    return {{Code::MarkingNotKnown,
             Severity::Warn,
             places.constFirst(),
             Text::tr("The marking of a zstd layer is not known to %1, which treat it as an ordinary one: %2 may be "
                      "uploaded or asked for all the same. Make it distributable, or compress it with gzip.")
                 .arg(andList(who), which),
             isEditable ? *repair : QList<Edit>(),
             {},
             {}}};
}

QList<Finding> findingsBeforePush(const Knowledge &knowledge, const QList<Line> &clients, const ImageTree &original,
                                  const DerivedImage &derived, const Place &destination)
{
    if (derived.tree.isEmpty())
        return {};
    return BeforePush(knowledge, clients, original, derived, destination).find();
}

std::function<QList<Finding>(const QList<std::pair<QString, QString>> &)>
adviceFor(const Knowledge &knowledge, const QList<Line> &lines, const ImageTree &original, const DerivedImage &derived,
          const QString &registry)
{
    return [=](const QList<std::pair<QString, QString>> &fields) {
        QList<Line> clients = lines;
        clients.removeIf([](const Line &line) { return line.kind != Party::Kind::Client; });
        return findingsBeforePush(knowledge, clients, original, derived,
                                  {registry, orChosen(recognise(knowledge, fields), knowledge, lines)});
    };
}

} // namespace colophon::behaviour
