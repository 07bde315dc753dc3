// SPDX-License-Identifier: Apache-2.0
#include "document/attachments.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/attachmentnames.h"

#include <QCoreApplication>

#include <array>

namespace colophon::document {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::document::Attachment)
};

using Kind = Attachment::Kind;
using Source = Attachment::Source;

constexpr std::array predicateAnnotations{oci::bundlePredicateAnnotation, QLatin1String("predicateType"),
                                          QLatin1String("in-toto.io/predicate-type")};

// What a media type or artifactType says of content of that type, wherever it begins so.
struct Known
{
    const char *prefix;
    Kind kind;
    const char *form;
    bool isSigned;
    bool isAlone;      // each layer is one by itself
    bool needsReading; // the type alone does not say what it is
};
constexpr std::array knownTypes{
    Known{"application/vnd.dev.cosign.simplesigning.", Kind::Signature, "cosign-legacy", true, true, false},
    Known{"application/vnd.dev.sigstore.bundle", Kind::Attestation, "cosign-bundle", true, true, true},
    Known{"application/vnd.cncf.notary.signature", Kind::Signature, "notation", true, false, true},
    Known{"application/vnd.dsse.envelope.", Kind::Attestation, "dsse", true, true, true},
    Known{"application/vnd.in-toto", Kind::Attestation, "in-toto", false, true, true},
    Known{"application/spdx", Kind::Sbom, "spdx", false, false, false},
    Known{"text/spdx", Kind::Sbom, "spdx", false, false, false},
    Known{"application/vnd.cyclonedx", Kind::Sbom, "cyclonedx", false, false, false},
    Known{"application/vnd.syft", Kind::Sbom, "syft", false, false, false},
};

struct KnownPredicate
{
    const char *prefix;
    Kind kind;
};
constexpr std::array knownPredicates{
    KnownPredicate{"https://sigstore.dev/cosign/sign/", Kind::Signature},
    KnownPredicate{"https://slsa.dev/provenance/", Kind::Provenance},
    KnownPredicate{"https://spdx.dev/Document", Kind::Sbom},
    KnownPredicate{"https://cyclonedx.org/bom", Kind::Sbom},
    KnownPredicate{"https://cyclonedx.org/schema", Kind::Sbom},
    KnownPredicate{"https://syft.dev/bom", Kind::Sbom},
};

const Known *knownType(const QString &type)
{
    const auto *const found = std::ranges::find_if(
        knownTypes, [&](const Known &each) { return type.startsWith(QLatin1String(each.prefix)); });
    return found == knownTypes.end() ? nullptr : found;
}

Kind kindOfPredicate(const QString &type)
{
    const auto *const found = std::ranges::find_if(
        knownPredicates, [&](const KnownPredicate &each) { return type.startsWith(QLatin1String(each.prefix)); });
    return found == knownPredicates.end() ? Kind::Attestation : found->kind;
}

void applyType(Attachment &attachment, const Known &known)
{
    attachment.kind = known.kind;
    attachment.form = QLatin1String(known.form);
    attachment.isSigned = known.isSigned;
}

void applyPredicate(Attachment &attachment, const QString &type)
{
    if (type.isEmpty())
        return;
    attachment.predicateType = type;
    attachment.kind = kindOfPredicate(type);
}

void applyAnnotations(Attachment &attachment, const oci::Annotations &annotations)
{
    for (const QLatin1String name : predicateAnnotations)
        if (attachment.predicateType.isEmpty())
            applyPredicate(attachment, annotations.value(name));
    if (attachment.created.isEmpty())
        attachment.created = annotations.value(oci::createdAnnotation);
    if (annotations.contains(oci::certificateAnnotation))
        attachment.signer = Text::tr("a certificate");
    // A JSON array of fingerprints in a string; the first is the signer's.
    if (const QString prints = annotations.value(oci::thumbprintsAnnotation); !prints.isEmpty())
        attachment.signer = Text::tr("a certificate with the fingerprint %1")
                                .arg(base::visible(prints.section(QLatin1Char('"'), 1, 1), 64));
}

// The type that says what is stored there: the manifest's own, its config's, or its first layer's.
QString effectiveType(const oci::Manifest &manifest)
{
    for (const QString &type :
         {manifest.artifactType(), manifest.config().mediaType.toString(),
          manifest.layers().isEmpty() ? QString() : manifest.layers().first().mediaType.toString()})
        if (knownType(type))
            return type;
    return {};
}

QString artifactTypeOf(const oci::Manifest &manifest)
{
    if (!manifest.artifactType().isEmpty())
        return manifest.artifactType();
    const oci::MediaType config = manifest.config().mediaType;
    const bool isImage = config == oci::MediaType::ociConfig() || config == oci::MediaType::dockerConfig();
    // cosign's tags hold what looks like an image: what they are, their layers say.
    if ((isImage || config == oci::MediaType::ociEmpty()) && !manifest.layers().isEmpty())
        return manifest.layers().first().mediaType.toString();
    return config.toString();
}

bool isJson(const oci::MediaType &type) { return type.toString().endsWith(QLatin1String("json"), Qt::CaseInsensitive); }
} // namespace

QString nameOf(Kind kind)
{
    switch (kind) {
    case Kind::Signature:
        return QStringLiteral("signature");
    case Kind::Attestation:
        return QStringLiteral("attestation");
    case Kind::Sbom:
        return QStringLiteral("sbom");
    case Kind::Provenance:
        return QStringLiteral("provenance");
    case Kind::Other:
        break;
    }
    return QStringLiteral("other");
}

QString nameOf(Source source)
{
    switch (source) {
    case Source::Referrers:
        return QStringLiteral("referrers");
    case Source::Tag:
        return QStringLiteral("tag");
    case Source::Index:
        break;
    }
    return QStringLiteral("index");
}

QString inWords(Kind kind)
{
    switch (kind) {
    case Kind::Signature:
        return Text::tr("signature");
    case Kind::Attestation:
        return Text::tr("attestation");
    case Kind::Sbom:
        return Text::tr("SBOM");
    case Kind::Provenance:
        return Text::tr("provenance");
    case Kind::Other:
        break;
    }
    return Text::tr("attachment");
}

QString inWords(qsizetype count, Kind kind)
{
    if (count == 1)
        return kind == Kind::Provenance ? Text::tr("1 provenance statement") : Text::tr("1 %1").arg(inWords(kind));
    switch (kind) {
    case Kind::Signature:
        return Text::tr("%1 signatures").arg(count);
    case Kind::Attestation:
        return Text::tr("%1 attestations").arg(count);
    case Kind::Sbom:
        return Text::tr("%1 SBOMs").arg(count);
    case Kind::Provenance:
        return Text::tr("%1 provenance statements").arg(count);
    case Kind::Other:
        break;
    }
    return Text::tr("%1 other attachments").arg(count);
}

QList<Attachment> Attachments::of(const oci::Digest &about) const
{
    QList<Attachment> found;
    std::ranges::copy_if(all, std::back_inserter(found), [&](const Attachment &each) { return each.about == about; });
    return found;
}

QList<Attachment> attachmentsIn(const oci::Manifest &manifest, const Attachment &where)
{
    Attachment whole = where;
    whole.read = manifest;
    whole.artifactType = artifactTypeOf(manifest);
    const auto &subject = manifest.subject();
    if (where.source == Source::Referrers && (!subject || subject->digest != where.about)) {
        whole.problem =
            subject ? Text::tr("It is listed for this image, but its subject is %1.").arg(subject->digest.shortForm())
                    : Text::tr("It is listed for this image, but has no subject.");
        return {whole}; // whatever it is, it is not about this
    }
    const Known *const known = knownType(effectiveType(manifest));
    if (known)
        applyType(whole, *known);
    QList<Attachment> found;
    for (qsizetype i = 0; i < manifest.layers().size(); ++i) {
        const oci::Descriptor &layer = manifest.layers().at(i);
        const Known *const alone = knownType(layer.mediaType.toString());
        if (!alone || !alone->isAlone)
            continue;
        Attachment one = whole;
        applyType(one, *alone);
        one.layer = static_cast<int>(i);
        one.content = layer;
        one.size = layer.size;
        applyAnnotations(one, layer.annotations);
        applyAnnotations(one, manifest.annotations());
        found.append(one);
    }
    if (!found.isEmpty())
        return found;
    for (const oci::Descriptor &layer : manifest.layers())
        whole.size += layer.size;
    if (manifest.layers().size() == 1) {
        whole.content = manifest.layers().first();
        whole.layer = 0;
    }
    applyAnnotations(whole, manifest.annotations());
    return {whole};
}

QList<Attachment> attachmentsIn(const ImageTree &tree)
{
    QHash<oci::Digest, NodePath> places;
    for (const NodePath &path : tree.manifests())
        if (!places.contains(tree.node(path)->descriptor.digest))
            places.insert(tree.node(path)->descriptor.digest, path);
    QList<Attachment> found;
    for (const NodePath &path : tree.manifests()) {
        const ImageNode &node = *tree.node(path);
        if (!ImageNode::isAttestation(node.descriptor))
            continue;
        Attachment where;
        where.source = Source::Index;
        where.kind = Kind::Attestation;
        where.manifest = node.descriptor;
        where.about = ImageNode::attested(node.descriptor).value_or(oci::Digest());
        // What it is about is not in the index any more: then it is shown where it stands.
        where.subject = places.value(where.about, path);
        if (!places.contains(where.about))
            where.problem = Text::tr("What it is about is not in the index.");
        if (node.manifest)
            found += attachmentsIn(*node.manifest, where);
        else
            found.append(where);
    }
    return found;
}

bool wantsContent(const Attachment &attachment)
{
    if (attachment.content.digest.isNull() || attachment.content.size > base::limits::signaturePayload)
        return false;
    const Known *known = knownType(attachment.content.mediaType.toString());
    if (!known)
        known = knownType(attachment.artifactType);
    if (known)
        return known->needsReading;
    return isJson(attachment.content.mediaType);
}

Attachment withContent(Attachment attachment, const AttachedContent &content)
{
    using Format = AttachedContent::Format;
    attachment.summary = content.inWords();
    if (!content.problem.isEmpty() && attachment.problem.isEmpty())
        attachment.problem = content.problem;
    if (attachment.signer.isEmpty())
        attachment.signer = content.signer;
    if (attachment.created.isEmpty())
        attachment.created = content.created;
    attachment.isSigned = attachment.isSigned || content.isSigned();
    if (!content.predicateType.isEmpty()) { // what is signed counts, not what somebody wrote beside it
        applyPredicate(attachment, content.predicateType);
        return attachment;
    }
    switch (content.format) {
    case Format::SimpleSigning:
    case Format::Jws:
    case Format::MessageSignature:
        attachment.kind = Kind::Signature;
        break;
    case Format::Spdx:
    case Format::CycloneDx:
    case Format::Syft:
        attachment.kind = Kind::Sbom;
        if (attachment.form.isEmpty())
            attachment.form = content.format == Format::Spdx        ? QStringLiteral("spdx")
                              : content.format == Format::CycloneDx ? QStringLiteral("cyclonedx")
                                                                    : QStringLiteral("syft");
        break;
    case Format::InToto:
    case Format::Unknown:
        break;
    }
    return attachment;
}

} // namespace colophon::document
