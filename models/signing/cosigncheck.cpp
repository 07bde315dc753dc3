// SPDX-License-Identifier: Apache-2.0
#include "signing/cosigncheck.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/attachmentnames.h"
#include "signing/payload.h"
#include "signing/pem.h"
#include "signing/simplesigning.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using base::ErrorKind;
using content::SignatureCheck;
using Verdict = content::CheckVerdict;
namespace limits = base::limits;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

QString shown(const QString &outside) { return base::visible(outside, 200); }

// Pure: everything that follows once the payload is there.
SignatureCheck judged(SignatureCheck check, const oci::Descriptor &layer, const QByteArray &payload,
                      const Expected &expected)
{
    const base::Result<SimpleSigning> claim = readSimpleSigning(payload);
    if (!claim)
        return failed(check, claim.error().message);
    check.identity = claim->identity;
    if (const auto digest = oci::Digest::parse(claim->digest))
        check.subject = *digest;

    const auto text = layer.annotations.constFind(oci::signatureAnnotation);
    if (text == layer.annotations.cend())
        return failed(check, Text::tr("The layer has no signature in its annotations."));
    const std::optional<QByteArray> signature = strictBase64(text->toUtf8());
    if (!signature || signature->isEmpty())
        return failed(check, Text::tr("The signature is no proper base64."));
    check = madeBy(check, {payload, *signature, certificatesOf(layer)}, expected.trust);
    if (check.verdict == Verdict::Failed)
        return check;

    if (!claim->isCosign())
        return failed(check, Text::tr("The payload is of type “%1”, which is not cosign's.").arg(shown(claim->type)));
    if (claim->digest != expected.subject.digest.toString())
        return failed(check, Text::tr("It signs another image: %1.").arg(shown(claim->digest)));
    if (!namesRepository(claim->identity, expected.repository))
        return failed(check, Text::tr("It was signed for another repository: %1, not %2.")
                                 .arg(shown(claim->identity), shown(expected.repository)));
    if (check.verdict == Verdict::Verified)
        check.reason =
            (check.reason + QLatin1Char(' ') + Text::tr("Signature, digest and repository are right.")).trimmed();
    return check;
}
} // namespace

QList<QByteArray> certificatesOf(const oci::Descriptor &layer)
{
    QList<QByteArray> certificates;
    for (const QLatin1String name : {oci::certificateAnnotation, oci::chainAnnotation})
        for (const PemBlock &block : pemBlocks(layer.annotations.value(name).toUtf8()))
            if (block.label == "CERTIFICATE")
                certificates.append(block.bytes.reveal());
    return certificates;
}

base::Task<base::Result<std::optional<oci::Manifest>>> signaturesUnder(QString tag, content::TargetPtr target,
                                                                       std::stop_token stop)
{
    if (tag.isEmpty())
        co_return std::optional<oci::Manifest>();
    const base::Result<oci::Descriptor> found = co_await target->resolve(tag, stop);
    if (!found && found.error().kind == ErrorKind::NotFound)
        co_return std::optional<oci::Manifest>();
    if (!found)
        co_return base::fail(found.error());
    if (found->size > limits::manifest)
        co_return base::fail(ErrorKind::TooLarge, Text::tr("The signature's manifest is larger than 4 MiB."));
    const base::Result<QByteArray> bytes = co_await target->fetchManifest(*found, stop);
    if (!bytes)
        co_return base::fail(bytes.error());
    base::Result<oci::Manifest> manifest = oci::Manifest::parse(*bytes, found->mediaType);
    if (!manifest)
        co_return base::fail(
            ErrorKind::InvalidData,
            Text::tr("Under the signature's tag there is no list of signatures: %1").arg(manifest.error().message));
    if (!manifest->problems().isEmpty())
        co_return base::fail(
            ErrorKind::InvalidData,
            Text::tr("The signature's manifest is ambiguous: %1").arg(manifest->problems().constFirst()));
    co_return std::optional<oci::Manifest>(std::move(*manifest));
}

base::Task<base::Result<SignatureCheck>> checkLayer(oci::Descriptor layer, QString form, Expected expected,
                                                    content::TargetPtr target, std::stop_token stop)
{
    SignatureCheck check;
    check.form = form;
    check.digest = layer.digest;
    if (layer.mediaType != oci::MediaType::cosignSimpleSigning())
        co_return failed(
            check,
            Text::tr("The layer's type is %1, not a cosign signature's.").arg(shown(layer.mediaType.toString())));
    const base::Result<QByteArray> payload = co_await fetchPayload(target, layer, Text::tr("The payload"), stop);
    if (!payload && isAboutContent(payload.error().kind))
        co_return failed(check, payload.error().message);
    if (!payload)
        co_return base::fail(payload.error());
    co_return judged(check, layer, *payload, expected);
}

SignatureCheck failed(SignatureCheck check, const QString &reason)
{
    check.verdict = Verdict::Failed;
    check.reason = reason;
    return check;
}

} // namespace colophon::signing
