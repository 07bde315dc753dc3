// SPDX-License-Identifier: Apache-2.0
#include "oci/attachmentnames.h"
#include "signing/cosigncheck.h"
#include "signing/cosignlegacy.h"
#include "signing/cosignmanifest.h"
#include "signing/payload.h"
#include "signing/pem.h"
#include "signing/simplesigning.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using base::ErrorKind;
using base::Result;
using base::Task;
using content::SignatureWritten;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr int attempts = 3;

struct Work : CosignWork
{
    QString tag;
    QByteArray payload;
    oci::Descriptor layer; // of the payload
    QByteArray signature;
};

// ECDSA signatures of one payload differ each time: ours is there if one of them was made as we make them.
std::optional<oci::Descriptor> ownLayer(const oci::Manifest &manifest, const Work &work)
{
    for (const oci::Descriptor &layer : manifest.layers()) {
        if (layer.digest != work.layer.digest || layer.mediaType != work.layer.mediaType)
            continue;
        const auto signature = strictBase64(layer.annotations.value(oci::signatureAnnotation).toUtf8());
        if (signature && isBelieved({work.payload, *signature, {}}, work.ours()))
            return layer;
    }
    return {};
}

// Asks the registry anew, as a customer would. Nothing: our signature is not in what the tag names now.
Task<Result<std::optional<oci::Descriptor>>> readBack(Work work, std::stop_token stop)
{
    const Result<std::optional<oci::Manifest>> manifest = co_await signaturesUnder(work.tag, work.target, stop);
    if (!manifest)
        co_return base::fail(manifest.error());
    const std::optional<oci::Descriptor> layer = *manifest ? ownLayer(**manifest, work) : std::nullopt;
    if (!layer)
        co_return std::optional<oci::Descriptor>();
    const Expected expected{work.subject, work.repository, work.ours()};
    const Result<content::SignatureCheck> check =
        co_await checkLayer(*layer, cosignLegacyForm, expected, work.target, stop);
    if (!check)
        co_return base::fail(check.error());
    if (check->verdict != content::SignatureCheck::Verdict::Verified)
        co_return base::fail(
            ErrorKind::InvalidData,
            Text::tr("The signature was written, but read back it does not verify: %1").arg(check->reason));
    co_return std::optional<oci::Descriptor>((*manifest)->descriptor());
}

// Puts the signature beside those that `existing` has. False: somebody else wrote the tag in between.
Task<Result<bool>> append(Work work, std::optional<oci::Manifest> existing, std::stop_token stop)
{
    const Result<SignatureImage> image = withSignature(existing, work.layer, work.signature);
    if (!image)
        co_return base::fail(image.error());
    const oci::Descriptor config = oci::Descriptor::of(oci::MediaType::ociConfig(), image->config);
    const oci::Descriptor manifest = oci::Descriptor::of(oci::MediaType::ociManifest(), image->manifest);
    const Result<void> payload = co_await pushIfMissing(work.target, work.layer, work.payload, stop);
    if (!payload)
        co_return base::fail(payload.error());
    const Result<void> configuration = co_await pushIfMissing(work.target, config, image->config, stop);
    if (!configuration)
        co_return base::fail(configuration.error());
    const Result<void> put = co_await work.target->pushManifest(manifest, image->manifest, stop);
    if (!put)
        co_return base::fail(put.error());
    // A registry has no lock and no conditional PUT: look once more, as late as possible.
    const Result<oci::Descriptor> now = co_await work.target->resolve(work.tag, stop);
    if (!now && now.error().kind != ErrorKind::NotFound)
        co_return base::fail(now.error());
    const oci::Digest before = existing ? existing->digest() : oci::Digest();
    if ((now ? now->digest : oci::Digest()) != before)
        co_return false;
    const Result<void> tagged = co_await work.target->tag(manifest, image->manifest, work.tag, stop);
    if (!tagged)
        co_return base::fail(tagged.error());
    co_return true;
}

Task<Result<oci::Descriptor>> write(Work work, std::stop_token stop)
{
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const Result<std::optional<oci::Manifest>> existing = co_await signaturesUnder(work.tag, work.target, stop);
        if (!existing)
            co_return base::fail(existing.error().withHint(
                Text::tr("Nothing was changed. Look at what is there before you remove it.")));
        if (*existing && ownLayer(**existing, work)) {
            const Result<void> payload = co_await pushIfMissing(work.target, work.layer, work.payload, stop);
            if (!payload)
                co_return base::fail(payload.error());
        } else {
            const Result<bool> appended = co_await append(work, *existing, stop);
            if (!appended)
                co_return base::fail(appended.error());
            if (!*appended)
                continue;
        }
        const Result<std::optional<oci::Descriptor>> written = co_await readBack(work, stop);
        if (!written)
            co_return base::fail(written.error());
        if (*written)
            co_return **written;
    }
    co_return base::fail(
        ErrorKind::Conflict,
        Text::tr("Others wrote to %1 at the same time, %2 times in a row.").arg(work.tag).arg(attempts),
        Text::tr("Sign again when they have finished."));
}

Task<Result<SignatureWritten>> signLegacy(CosignWork sought, std::stop_token stop)
{
    const oci::Digest subject = sought.subject.digest;
    Work work{std::move(sought), oci::signatureTag(subject), {}, {}, {}};
    if (work.tag.isEmpty())
        co_return base::fail(
            ErrorKind::Usage,
            Text::tr(
                "The form %1 keeps signatures under a tag with the image's digest in it, and no tag is long enough "
                "for a %2 digest.")
                .arg(cosignLegacyForm, subject.algorithmName()),
            Text::tr("Sign it as %1 or %2, which need no such tag; podman and skopeo read neither.")
                .arg(cosignBundleForm, notationForm));
    work.payload = simpleSigningPayload(work.repository, subject);
    work.layer = oci::Descriptor::of(oci::MediaType::cosignSimpleSigning(), work.payload);
    const Result<QByteArray> signature = co_await work.key.sign(work.payload, stop);
    if (!signature)
        co_return base::fail(signature.error());
    work.signature = *signature;
    const Result<oci::Descriptor> manifest = co_await write(work, stop);
    if (!manifest)
        co_return base::fail(manifest.error());
    SignatureWritten written;
    written.manifest = *manifest;
    written.tag = work.tag;
    co_return written;
}
} // namespace

CosignLegacySigner::CosignLegacySigner(SigningKey key)
    : CosignSigner(cosignLegacyForm, std::move(key), signLegacy)
{
}

} // namespace colophon::signing
