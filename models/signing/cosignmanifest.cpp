// SPDX-License-Identifier: Apache-2.0
#include "signing/cosignmanifest.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/attachmentnames.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

std::unexpected<base::Error> refused(const QString &why)
{
    return base::fail(
        base::ErrorKind::InvalidData,
        Text::tr("Under the signature's tag there is something else than cosign's signatures: %1.").arg(why),
        Text::tr("Nothing was changed. Look at what is there before you remove it."));
}

// Member order, spelling and the year 1 are cosign's own, so that one signature gives the bytes cosign would have
// written.
QByteArray descriptorJson(const oci::Descriptor &content, const QByteArray &more = {})
{
    return R"({"mediaType":)" + oci::jsonString(content.mediaType.toString()) + R"(,"size":)" +
           QByteArray::number(content.size) + R"(,"digest":)" + oci::jsonString(content.digest.toString()) + more + '}';
}

QByteArray layerJson(const oci::Descriptor &payload, const QByteArray &signature)
{
    return descriptorJson(payload, R"(,"annotations":{)" + oci::jsonString(QString(oci::signatureAnnotation)) + ':' +
                                       oci::jsonString(QString::fromLatin1(signature.toBase64())) + '}');
}

QByteArray configJson(const QList<oci::Descriptor> &layers)
{
    QByteArrayList history;
    QByteArrayList digests;
    for (const oci::Descriptor &layer : layers) {
        history.append(R"({"created":"0001-01-01T00:00:00Z"})");
        digests.append(oci::jsonString(layer.digest.toString()));
    }
    return R"({"architecture":"","created":"0001-01-01T00:00:00Z","history":[)" + history.join(',') +
           R"(],"os":"","rootfs":{"type":"layers","diff_ids":[)" + digests.join(',') + R"(]},"config":{}})";
}

base::Result<void> checkAppendable(const oci::Manifest &existing)
{
    if (existing.mediaType() != oci::MediaType::ociManifest())
        return refused(Text::tr("it is of type %1").arg(base::visible(existing.mediaType().toString(), 100)));
    if (!existing.problems().isEmpty())
        return refused(existing.problems().constFirst());
    if (existing.config().mediaType != oci::MediaType::ociConfig())
        return refused(
            Text::tr("its config is of type %1").arg(base::visible(existing.config().mediaType.toString(), 100)));
    for (const oci::Descriptor &layer : existing.layers())
        if (layer.mediaType != oci::MediaType::cosignSimpleSigning())
            return refused(Text::tr("it has a layer of type %1").arg(base::visible(layer.mediaType.toString(), 100)));
    if (existing.layers().size() >= base::limits::signatures)
        return base::fail(
            base::ErrorKind::TooLarge,
            Text::tr("There are %1 signatures already, and more are not read.").arg(existing.layers().size()));
    return {};
}

QByteArray appended(const oci::Manifest &existing, const oci::Descriptor &config, const QByteArray &configBytes,
                    const QByteArray &layer)
{
    const oci::JsonValue root = existing.json().root();
    const oci::JsonValue entry = root["config"];
    QList<oci::Splice> splices;
    splices.append({entry["size"].span(), QByteArray::number(config.size)});
    splices.append({entry["digest"].span(), oci::jsonString(config.digest.toString())});
    if (const oci::JsonValue data = entry["data"]; !data.isAbsent())
        splices.append({data.span(), '"' + configBytes.toBase64() + '"'});
    const oci::JsonValue layers = root["layers"];
    if (layers.size() == 0) {
        splices.append({layers.span(), '[' + layer + ']'});
    } else {
        const qsizetype behind = layers.at(layers.size() - 1).span().end;
        splices.append({oci::Span{behind, behind}, ',' + layer});
    }
    return oci::spliced(existing.bytes(), splices);
}
} // namespace

base::Result<SignatureImage> withSignature(const std::optional<oci::Manifest> &existing, const oci::Descriptor &payload,
                                           const QByteArray &signature)
{
    if (existing)
        if (const base::Result<void> can = checkAppendable(*existing); !can)
            return base::fail(can.error());
    QList<oci::Descriptor> layers = existing ? existing->layers() : QList<oci::Descriptor>();
    layers.append(payload);
    SignatureImage image;
    image.config = configJson(layers);
    const oci::Descriptor config = oci::Descriptor::of(oci::MediaType::ociConfig(), image.config);
    const QByteArray layer = layerJson(payload, signature);
    if (existing)
        image.manifest = appended(*existing, config, image.config, layer);
    else
        image.manifest = R"({"schemaVersion":2,"mediaType":)" +
                         oci::jsonString(oci::MediaType::ociManifest().toString()) + R"(,"config":)" +
                         descriptorJson(config) + R"(,"layers":[)" + layer + "]}";
    if (image.manifest.size() > base::limits::manifest)
        return base::fail(base::ErrorKind::TooLarge,
                          Text::tr("With one more signature the manifest would be larger than 4 MiB."));
    return image;
}

} // namespace colophon::signing
