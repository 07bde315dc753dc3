// SPDX-License-Identifier: Apache-2.0
// What an edit brings about: the findings an image has because of what it was before.
#include "document/findings.h"

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

std::optional<NodePath> firstNewlyMarked(const ImageTree &original, const ImageTree &derived)
{
    for (const NodePath &layer : derived.layers()) {
        const std::optional<oci::Descriptor> before = original.descriptor(layer);
        if (derived.descriptor(layer)->mediaType.isNonDistributable() && before &&
            !before->mediaType.isNonDistributable())
            return layer;
    }
    return std::nullopt;
}
// Layers whose type an edit made ordinary and whose addresses stayed: the half-marked ones that want just the latter
// gone.
void nameLeftUrls(const ImageTree &original, const Titles &titles, QList<Finding> *findings)
{
    for (Finding &finding : *findings) {
        const std::optional<oci::Descriptor> before = original.descriptor(finding.path);
        if (finding.code != Code::HalfMarked || !before || !before->mediaType.isNonDistributable())
            continue;
        finding.code = Code::UrlsLeft;
        finding.message =
            Text::tr("%1 was made distributable, but keeps its addresses: clients that look at them first "
                     "still fetch it there, and some leave it behind. Remove them.")
                .arg(titles.nameAtStart(finding.path));
        std::swap(finding.repair, finding.otherRepair);
    }
}

// The first annotations in a document of Docker's format that an edit set, or that came into it by a change of family.
std::optional<NodePath> firstIgnoredAnnotations(const ImageTree &original, const DerivedImage &derived)
{
    const auto isNew = [](bool converted, const oci::Annotations &before, const oci::Annotations &after) {
        return !after.isEmpty() && (converted || before != after);
    };
    for (const Change &change : derived.changes) {
        if (change.after.mediaType.family() != oci::MediaType::Family::Docker)
            continue;
        const bool converted = change.before.mediaType != change.after.mediaType;
        const ImageNode &before = *original.node(change.path);
        const ImageNode &after = *derived.tree.node(change.path);
        if (after.index) {
            if (isNew(converted, before.index->annotations(), after.index->annotations()))
                return change.path;
            for (qsizetype i = 0; i < after.children.size(); ++i) {
                if (!after.children[i].isRemoved && isNew(converted, before.children[i].descriptor.annotations,
                                                          after.children[i].descriptor.annotations))
                    return change.path.child(static_cast<int>(i));
            }
            continue;
        }
        if (isNew(converted, before.manifest->annotations(), after.manifest->annotations()))
            return change.path;
        if (isNew(converted, before.manifest->config().annotations, after.manifest->config().annotations))
            return change.path.config();
        for (qsizetype i = 0; i < after.manifest->layers().size(); ++i) {
            if (isNew(converted, before.manifest->layers()[i].annotations, after.manifest->layers()[i].annotations))
                return change.path.layerAt(static_cast<int>(i));
        }
    }
    return std::nullopt;
}
} // namespace

QList<Finding> findingsOf(const ImageTree &original, const DerivedImage &derived)
{
    QList<Finding> findings = findingsOf(derived.tree);
    if (derived.changes.isEmpty())
        return findings;

    const Titles titles(original);
    nameLeftUrls(original, titles, &findings);
    QHash<oci::Digest, const Change *> changed;
    for (const Change &change : derived.changes)
        changed.insert(change.before.digest, &change);
    for (const NodePath &path : original.manifests()) {
        const std::optional<oci::Digest> about = original.node(path)->attested();
        const Change *change = about ? changed.value(*about) : nullptr;
        if (!change || derived.tree.isRemoved(path))
            continue;
        findings.append(
            {Code::Attestation,
             Severity::Warn,
             path,
             Text::tr("The attestation of %1 (its SBOM or provenance) keeps naming %2. The edit makes that %3, so "
                      "the attestation no longer finds its image.")
                 .arg(titles.name(change->path), change->before.digest.shortForm(), change->after.digest.shortForm()),
             {}});
    }
    findings.append(
        {Code::SignaturesStale,
         Severity::Inform,
         NodePath::root(),
         Text::tr("This edit gives the image a new digest. Signatures made for %1 stay with it; sign again before "
                  "customers verify.")
             .arg(original.root().descriptor.digest.shortForm()),
         {}});
    if (const std::optional<NodePath> place = firstIgnoredAnnotations(original, derived)) {
        findings.append(
            {Code::AnnotationsIgnored,
             Severity::Warn,
             *place,
             Text::tr("Docker's format has no annotations: registries keep those of %1, but most clients do "
                      "not see them. Convert the image to the OCI format if they matter.")
                 .arg(titles.name(*place)),
             {}});
    }
    if (const std::optional<NodePath> layer = firstNewlyMarked(original, derived.tree)) {
        findings.append(
            {Code::MarkingIsAdvice,
             Severity::Inform,
             *layer,
             Text::tr("Marking a layer is a request to tools, not a lock: anyone who knows the address can download "
                      "it. Use permissions on the registry, or encryption, to keep it private."),
             {},
             {},
             QStringLiteral("https://github.com/containers/ocicrypt")});
    }
    std::ranges::stable_sort(findings, std::ranges::greater(), &Finding::severity);
    return findings;
}

} // namespace colophon::document
