// SPDX-License-Identifier: Apache-2.0
#include "signing/cosigncheck.h"

#include "base/bytesize.h"
#include "base/limits.h"
#include "base/plaintext.h"
#include "signing/cosignmanifest.h"
#include "signing/pem.h"
#include "signing/simplesigning.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using base::ErrorKind;
using content::SignatureCheck;
namespace limits = base::limits;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

QString shown(const QString &outside) { return base::visible(outside, 200); }

SignatureCheck failed(SignatureCheck check, const QString &reason)
{
    check.verdict = SignatureCheck::Verdict::Failed;
    check.reason = reason;
    return check;
}

// What was found is bad, as against: it could not be looked at.
bool isVerdict(ErrorKind kind)
{
    return kind == ErrorKind::NotFound || kind == ErrorKind::InvalidData || kind == ErrorKind::TooLarge;
}

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

    const auto text = layer.annotations.constFind(signatureAnnotation);
    if (text == layer.annotations.cend())
        return failed(check, Text::tr("The layer has no signature in its annotations."));
    const std::optional<QByteArray> signature = strictBase64(text->toUtf8());
    if (!signature || signature->isEmpty())
        return failed(check, Text::tr("The signature is no proper base64."));
    for (const PublicKey &key : expected.keys) {
        if (const QString how = key.verify(payload, *signature); !how.isEmpty()) {
            check.key = key.description();
            check.algorithm = key.algorithm() + QLatin1String(", ") + how;
            break;
        }
    }
    if (!expected.keys.isEmpty() && check.key.isEmpty()) {
        QString reason = expected.keys.size() == 1
                             ? Text::tr("The signature was not made by this key, or the payload was changed.")
                             : Text::tr("The signature was made by none of these keys, or the payload was changed.");
        if (layer.annotations.contains(certificateAnnotation))
            reason += QLatin1Char(' ') + Text::tr("It comes with a certificate; certificates are not checked.");
        return failed(check, reason);
    }

    if (!claim->isCosign())
        return failed(check, Text::tr("The payload is of type “%1”, which is not cosign's.").arg(shown(claim->type)));
    if (claim->digest != expected.subject.digest.toString())
        return failed(check, Text::tr("It signs another image: %1.").arg(shown(claim->digest)));
    if (!namesRepository(claim->identity, expected.repository))
        return failed(check, Text::tr("It was signed for another repository: %1, not %2.")
                                 .arg(shown(claim->identity), shown(expected.repository)));
    if (expected.keys.isEmpty()) {
        check.reason = Text::tr("Not checked: no key was given.");
        return check;
    }
    check.verdict = SignatureCheck::Verdict::Verified;
    check.reason = Text::tr("Signature, digest and repository are right.");
    return check;
}
} // namespace

base::Task<base::Result<std::optional<oci::Manifest>>> signaturesUnder(QString tag, content::TargetPtr target,
                                                                       std::stop_token stop)
{
    if (tag.size() > longestTag)
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

base::Task<base::Result<SignatureCheck>> checkLayer(oci::Descriptor layer, Expected expected, content::TargetPtr target,
                                                    std::stop_token stop)
{
    SignatureCheck check;
    check.form = cosignLegacyForm;
    check.digest = layer.digest;
    if (layer.mediaType != oci::MediaType::cosignSimpleSigning())
        co_return failed(
            check,
            Text::tr("The layer's type is %1, not a cosign signature's.").arg(shown(layer.mediaType.toString())));
    if (layer.size > limits::signaturePayload)
        co_return failed(check, Text::tr("The payload is larger than the %1 that are read.")
                                    .arg(base::humanSize(limits::signaturePayload)));
    base::Result<content::ReaderPtr> reader = co_await target->openBlob(layer, stop);
    if (!reader && isVerdict(reader.error().kind))
        co_return failed(check, Text::tr("The payload cannot be read: %1").arg(reader.error().message));
    if (!reader)
        co_return base::fail(reader.error());
    // Whoever serves the blob, what is used below has this size and digest.
    content::ReaderPtr checked = content::verified(std::move(*reader), layer, Text::tr("The payload"));
    const base::Result<QByteArray> payload = co_await content::readAll(std::move(checked), limits::signaturePayload);
    if (!payload && isVerdict(payload.error().kind))
        co_return failed(check, payload.error().message);
    if (!payload)
        co_return base::fail(payload.error());
    co_return judged(check, layer, *payload, expected);
}

} // namespace colophon::signing
