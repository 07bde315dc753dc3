// SPDX-License-Identifier: Apache-2.0
#include "signing/notationmanifest.h"

#include "base/bytesize.h"
#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/attachmentnames.h"
#include "signing/payload.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using base::ErrorKind;
using base::Result;
using base::Task;
namespace limits = base::limits;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

QString shown(const QString &text) { return base::visible(text, 200); }

bool isNotation(const oci::Manifest &manifest)
{
    return manifest.artifactType() == notationSignatureType().toString() ||
           manifest.config().mediaType == notationSignatureType();
}

FoundNotation readSignature(const oci::Descriptor &entry, const oci::Manifest &manifest, const oci::Digest &subject)
{
    FoundNotation found;
    found.manifest = oci::Descriptor{entry.mediaType, entry.digest, entry.size};
    if (manifest.layers().size() == 1)
        found.envelope = manifest.layers().constFirst();
    if (!manifest.problems().isEmpty())
        found.problem = Text::tr("The signature's manifest is ambiguous: %1").arg(manifest.problems().constFirst());
    else if (!manifest.subject() || manifest.subject()->digest != subject)
        found.problem = Text::tr("The signature's manifest is attached to another image.");
    else if (manifest.layers().size() != 1)
        found.problem =
            Text::tr("The signature's manifest has %1 envelopes instead of one.").arg(manifest.layers().size());
    return found;
}
} // namespace

const oci::MediaType &notationSignatureType()
{
    static const oci::MediaType type(QStringLiteral("application/vnd.cncf.notary.signature"));
    return type;
}

const oci::MediaType &joseEnvelopeType()
{
    static const oci::MediaType type(QStringLiteral("application/jose+json"));
    return type;
}

const oci::MediaType &coseEnvelopeType()
{
    static const oci::MediaType type(QStringLiteral("application/cose"));
    return type;
}

QByteArray notationManifest(const oci::Descriptor &envelope, const oci::Descriptor &subject,
                            const CertificateChain &chain, const QDateTime &signingTime)
{
    QByteArrayList thumbprints;
    for (const Certificate &each : chain.certificates())
        thumbprints.append('"' + each.thumbprint().toLatin1() + '"');
    const oci::Descriptor config = oci::Descriptor::of(notationSignatureType(), "{}");
    const oci::Descriptor bare{subject.mediaType, subject.digest, subject.size};
    return R"({"schemaVersion":2,"mediaType":)" + oci::jsonString(oci::MediaType::ociManifest().toString()) +
           R"(,"config":)" + config.toJson() + R"(,"layers":[)" + envelope.toJson() + R"(],"subject":)" +
           bare.toJson() + R"(,"annotations":{)" + oci::jsonString(QString(oci::thumbprintsAnnotation)) + ':' +
           oci::jsonString(QString::fromLatin1('[' + thumbprints.join(',') + ']')) + ',' +
           oci::jsonString(QString(oci::createdAnnotation)) + ':' +
           oci::jsonString(signingTime.toUTC().toString(QStringLiteral("yyyy-MM-ddTHH:mm:ssZ"))) + "}}";
}

Task<Result<QList<FoundNotation>>> notationAmong(content::TargetPtr target, QList<oci::Descriptor> referrers,
                                                 oci::Descriptor subject, std::stop_token stop)
{
    QList<FoundNotation> all;
    for (const oci::Descriptor &entry : referrers) {
        if (!entry.mediaType.isManifest())
            continue;
        const bool isSaidToBe = entry.artifactType == notationSignatureType().toString();
        if (entry.size > limits::manifest) {
            if (isSaidToBe)
                all.append({entry,
                            {},
                            Text::tr("The signature's manifest is larger than the %1 that are read.")
                                .arg(base::humanSize(limits::manifest))});
            continue;
        }
        const Result<QByteArray> bytes = co_await target->fetchManifest(entry, stop);
        if (!bytes && !isAboutContent(bytes.error().kind))
            co_return base::fail(bytes.error());
        if (!bytes) {
            if (isSaidToBe)
                all.append(
                    {entry, {}, Text::tr("The signature's manifest cannot be read: %1").arg(bytes.error().message)});
            continue;
        }
        const Result<oci::Manifest> manifest = oci::Manifest::parse(*bytes, entry.mediaType);
        if (manifest && isNotation(*manifest))
            all.append(readSignature(entry, *manifest, subject.digest));
        else if (!manifest && isSaidToBe)
            all.append(
                {entry, {}, Text::tr("The signature's manifest cannot be read: %1").arg(manifest.error().message)});
    }
    co_return all;
}

Task<Result<QByteArray>> fetchEnvelope(content::TargetPtr target, oci::Descriptor envelope, std::stop_token stop)
{
    if (envelope.mediaType != joseEnvelopeType())
        co_return base::fail(
            ErrorKind::InvalidData,
            Text::tr("The envelope is of type %1, which is not notation's.").arg(shown(envelope.mediaType.toString())));
    Result<QByteArray> bytes = co_await fetchPayload(target, envelope, Text::tr("The envelope"), stop);
    co_return bytes;
}

} // namespace colophon::signing
