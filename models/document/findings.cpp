// SPDX-License-Identifier: Apache-2.0
#include "document/findings.h"

#include "base/plaintext.h"
#include "document/titles.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::Finding)
};

using Code = Finding::Code;
using Severity = Finding::Severity;

// All places of one content, in document order.
struct Content
{
    QList<NodePath> places;
    QList<oci::Descriptor> layers; // as each place describes it
    QList<bool> isEditable;        // whether each place can be toggled
};

class Finder
{
public:
    explicit Finder(const ImageTree &tree)
        : m_tree(tree)
        , m_titles(tree)
    {
    }

    QList<Finding> find()
    {
        if (m_tree.isEmpty())
            return {};
        for (const NodePath &path : m_tree.manifests())
            lookAtNode(path);
        for (const Content &content : contents())
            lookAtContent(content);
        for (const NodePath &image : m_tree.images())
            lookAtFamilies(image);
        lookAtTypes();
        return m_findings;
    }

private:
    void add(Code code, Severity severity, const NodePath &path, const QString &message, const QList<Edit> &repair = {},
             const QList<Edit> &otherRepair = {})
    {
        m_findings.append({code, severity, path, message, repair, otherRepair});
    }

    void lookAtNode(const NodePath &path);
    void lookAtContent(const Content &content);
    void lookAtTypes();
    void lookAtFamilies(const NodePath &image);
    QList<Content> contents() const;
    bool isEditable(const NodePath &path) const;
    QString alsoAt(const Content &content, qsizetype first) const;

    const ImageTree &m_tree;
    Titles m_titles;
    QList<Finding> m_findings;
};

// Whether edits may change this manifest: it and the indexes above it are unambiguous.
bool Finder::isEditable(const NodePath &path) const
{
    NodePath above = path.manifest();
    while (true) {
        if (!m_tree.node(above)->problems().isEmpty())
            return false;
        if (above.entries.isEmpty())
            return true;
        above.entries.removeLast();
    }
}

QList<Content> Finder::contents() const
{
    QList<Content> contents;
    QHash<oci::Digest, qsizetype> known;
    for (const NodePath &image : m_tree.images()) {
        const QList<oci::Descriptor> &layers = m_tree.node(image)->manifest->layers();
        const bool editable = isEditable(image);
        for (int i = 0; i < layers.size(); ++i) {
            const auto at = known.constFind(layers[i].digest);
            const qsizetype number = at == known.constEnd() ? contents.size() : *at;
            if (number == contents.size()) {
                known.insert(layers[i].digest, number);
                contents.append(Content());
            }
            Content &content = contents[number];
            content.places.append(image.layerAt(i));
            content.layers.append(layers[i]);
            content.isEditable.append(editable && layers[i].mediaType.hasPair());
        }
    }
    return contents;
}

// Makes every place distributable without addresses, or non-distributable with some: with these, unless it has its own.
// Empty where a place that would have to change cannot.
QList<Edit> everywhere(const Content &content, bool nonDistributable, const QStringList &urls)
{
    const oci::Marking wanted = nonDistributable ? oci::Marking::NonDistributable : oci::Marking::Distributable;
    QList<Edit> edits;
    for (qsizetype i = 0; i < content.places.size(); ++i) {
        if (content.layers[i].marking() == wanted)
            continue;
        if (!content.isEditable[i])
            return {};
        edits.append(SetMarking{content.places[i], nonDistributable, urls});
    }
    return edits;
}

QString Finder::alsoAt(const Content &content, qsizetype first) const
{
    QList<NodePath> others = content.places;
    others.removeAt(first);
    return others.isEmpty() ? QString() : Text::tr(" The same content is %1.").arg(m_titles.names(others, 3));
}

void Finder::lookAtContent(const Content &content)
{
    const auto first = [&](auto predicate) {
        return std::find_if(content.layers.begin(), content.layers.end(), predicate) - content.layers.begin();
    };
    const auto count = content.layers.size();
    const auto marked = first([](const oci::Descriptor &layer) { return layer.mediaType.isNonDistributable(); });
    const auto ordinary = first([](const oci::Descriptor &layer) { return !layer.mediaType.isNonDistributable(); });
    const auto half = first([](const oci::Descriptor &layer) { return layer.marking() == oci::Marking::HalfMarked; });
    const auto unfetchable =
        first([](const oci::Descriptor &layer) { return layer.marking() == oci::Marking::Unfetchable; });
    const auto addressed =
        first([](const oci::Descriptor &layer) { return layer.marking() == oci::Marking::NonDistributable; });

    if (marked < count && ordinary < count) {
        // Like the marked one, with its addresses if it has any, else those of a half-marked one.
        const auto model = addressed < count ? addressed : half < count ? half : marked;
        const QStringList urls = content.layers[model].urls;
        QList<Edit> repair = everywhere(content, !urls.isEmpty(), urls);
        if (repair.isEmpty()) // a place that cannot be marked: nowhere, then
            repair = everywhere(content, false, {});
        add(Code::PartialMarking, Severity::Block, content.places[ordinary],
            Text::tr("%1 is distributable, but the same content is non-distributable as %2. One ordinary place is "
                     "enough for "
                     "clients to upload it, so the marking has no effect. Mark it everywhere or nowhere.")
                .arg(m_titles.nameAtStart(content.places[ordinary]), m_titles.name(content.places[marked])),
            repair);
        return;
    }
    if (half < count) {
        const QList<Edit> repair = everywhere(content, true, content.layers[half].urls);
        add(Code::HalfMarked, Severity::Warn, content.places[half],
            Text::tr(
                "%1 is half-marked: its type is an ordinary one, but it has addresses. Some clients skip it, others do "
                "not.%2%3")
                .arg(m_titles.nameAtStart(content.places[half]), alsoAt(content, half),
                     !repair.isEmpty()
                         ? Text::tr(" Make it non-distributable, which keeps its addresses, or remove them.")
                         : QString()),
            repair, everywhere(content, false, {}));
    }
    if (unfetchable < count) {
        const bool isKnownElsewhere = addressed < count;
        add(Code::Unfetchable, Severity::Warn, content.places[unfetchable],
            isKnownElsewhere
                ? Text::tr("%1 is unfetchable: it is non-distributable, but has no address to fetch it from. The same "
                           "content "
                           "has addresses as %2; use them here too.")
                      .arg(m_titles.nameAtStart(content.places[unfetchable]), m_titles.name(content.places[addressed]))
                : Text::tr("%1 is unfetchable: it is non-distributable, but has no address to fetch it from.%2 Add an "
                           "address, "
                           "or make it distributable.")
                      .arg(m_titles.nameAtStart(content.places[unfetchable]), alsoAt(content, unfetchable)),
            isKnownElsewhere ? everywhere(content, true, content.layers[addressed].urls)
                             : everywhere(content, false, {}));
    }
}

// What a manifest of one format names in types of the other's: registries and clients look for addresses and layers by
// the types of the manifest's own.
void Finder::lookAtFamilies(const NodePath &image)
{
    using Family = oci::MediaType::Family;
    const ImageNode &node = *m_tree.node(image);
    const Family own = node.descriptor.mediaType.family();
    const auto isOther = [own](const oci::MediaType &type) {
        return type.family() != own && type.family() != Family::Other;
    };
    const QList<oci::Descriptor> &layers = node.manifest->layers();
    const oci::MediaType config = node.manifest->config().mediaType;
    const auto first =
        std::ranges::find_if(layers, [&](const oci::Descriptor &layer) { return isOther(layer.mediaType); });
    if (own == Family::Other || (first == layers.end() && !isOther(config)))
        return;
    // The manifest's own format, unless something in it has no type there.
    const auto fits = [&](Family family) {
        return node.descriptor.mediaType.inFamily(family) && config.inFamily(family) &&
               std::ranges::all_of(layers, [family](const oci::Descriptor &layer) {
                   return layer.mediaType.inFamily(family).has_value();
               });
    };
    const Family other = own == Family::Docker ? Family::Oci : Family::Docker;
    QList<Edit> repair;
    if (isEditable(image) && (fits(own) || fits(other)))
        repair.append(SetFamily{image, fits(own) ? own : other});
    const NodePath place =
        first == layers.end() ? image.config() : image.layerAt(static_cast<int>(first - layers.begin()));
    add(Code::MixedFamilies, Severity::Warn, place,
        Text::tr("%1 has a type of %2, but its manifest is in %3. Registries and clients look for marked layers by the "
                 "types of the manifest's own format and may overlook it.%4")
            .arg(m_titles.nameAtStart(place), nameOf(other), nameOf(own),
                 repair.isEmpty() ? QString() : Text::tr(" Bring all of it into one format.")),
        repair);
}

// Layers that cannot be toggled, one finding a type.
void Finder::lookAtTypes()
{
    QStringList types;
    QHash<QString, QList<NodePath>> places;
    for (const NodePath &layer : m_tree.layers()) {
        const oci::MediaType type = m_tree.descriptor(layer)->mediaType;
        if (type.hasPair())
            continue;
        if (!places.contains(type.toString()))
            types.append(type.toString());
        places[type.toString()].append(layer);
    }
    for (const QString &type : std::as_const(types)) {
        const QList<NodePath> &here = places[type];
        const QString name = base::visible(type, 200);
        add(Code::NoPair, Severity::Inform, here.first(),
            here.size() == 1
                ? Text::tr("The marking of %1 cannot be changed: %2.")
                      .arg(m_titles.name(here.first()), whyNotToggled(oci::MediaType(type)))
                : Text::tr("The marking of %1 layers cannot be changed: their type %2 has no non-distributable "
                           "counterpart. The first is %3.")
                      .arg(QString::number(here.size()), name, m_titles.name(here.first())));
    }
}

// Whether what an index says of a platform contradicts the config. Absent details contradict nothing.
bool contradicts(const oci::Platform &entry, const oci::Platform &config)
{
    const auto differ = [](const QString &a, const QString &b) { return !a.isEmpty() && !b.isEmpty() && a != b; };
    return differ(entry.os, config.os) || differ(entry.architecture, config.architecture) ||
           differ(entry.variant, config.variant) || differ(entry.osVersion, config.osVersion);
}

// Sentences one behind the other, each once: a name that occurs three times is no two problems.
QString inWords(QStringList problems)
{
    constexpr qsizetype most = 3;
    problems.removeDuplicates();
    QStringList sentences;
    for (const QString &problem : problems.mid(0, most))
        sentences.append(base::visible(problem, 300));
    if (problems.size() > most)
        sentences.append(Text::tr("There is more of this kind: %1 in all.").arg(problems.size()));
    return sentences.join(u' ');
}

void Finder::lookAtNode(const NodePath &path)
{
    const ImageNode &node = *m_tree.node(path);
    const QString name = m_titles.nameAtStart(path);
    if (node.descriptor.mediaType.isSchema1()) {
        add(Code::Schema1, Severity::Warn, path,
            Text::tr("%1 is a Docker schema 1 manifest, which cannot be marked. Pull it and push it again with a "
                     "current client "
                     "to convert it.")
                .arg(name));
    }
    const QString problems = inWords(node.problems());
    if (!problems.isEmpty()) {
        add(Code::NotEditable, Severity::Warn, path,
            Text::tr("%1 may be viewed but not edited, because readers may understand it differently. %2")
                .arg(name, problems));
    }
    if (node.role != ImageNode::Role::Image || !node.manifest || !node.config)
        return;
    const qsizetype layers = node.manifest->layers().size();
    const qsizetype diffIds = node.config->diffIds.size();
    if (layers != diffIds) {
        add(Code::LayerCountMismatch, Severity::Warn, path,
            Text::tr("%1 has %2 layers, but its config describes %3. Clients refuse to unpack such an image.")
                .arg(name, QString::number(layers), QString::number(diffIds)));
    }
    if (node.descriptor.platform && contradicts(*node.descriptor.platform, node.config->platform)) {
        add(Code::PlatformMismatch, Severity::Warn, path,
            Text::tr("The index says %1, but the config of this manifest says %2.")
                .arg(base::visible(node.descriptor.platform->toString(), 200),
                     base::visible(node.config->platform.toString(), 200)));
    }
}

// What blocks comes first, then what warns; within that, document order as found.
QList<Finding> sorted(QList<Finding> findings)
{
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding &a, const Finding &b) { return a.severity > b.severity; });
    return findings;
}
} // namespace

EditSet repairsOf(const ImageTree &tree, const std::function<QList<Finding>(const ImageTree &)> &more)
{
    constexpr int mostRounds = 4; // one repair may bring another to light; none brings itself
    EditSet edits;
    for (int round = 0; round < mostRounds; ++round) {
        const base::Result<DerivedImage> derived = apply(tree, edits);
        if (!derived)
            return edits;
        QList<Edit> repairs;
        for (const Finding &finding : findingsOf(derived->tree) + (more ? more(derived->tree) : QList<Finding>()))
            repairs += finding.repair;
        const EditSet next = edits.with(repairs);
        if (next == edits || !apply(tree, next))
            return edits;
        edits = next;
    }
    return edits;
}

QList<Finding> findingsOf(const ImageTree &tree) { return sorted(Finder(tree).find()); }

} // namespace colophon::document
