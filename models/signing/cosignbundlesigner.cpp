// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "content/readonce.h"
#include "signing/cosignbundle.h"
#include "signing/cosignreferrers.h"
#include "signing/payload.h"
#include "signing/sigstorebundle.h"
#include "signing/statement.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::signing {

namespace {
using base::ErrorKind;
using base::Result;
using base::Task;
using content::SignatureWritten;
using content::TargetPtr;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

bool isVerifiedBundle(const CosignReferrer &referrer)
{
    return std::ranges::any_of(referrer.signatures, [](const content::SignatureCheck &check) {
        return check.form == cosignBundleForm && check.verdict == content::CheckVerdict::Verified;
    });
}

// Puts the bundle of this envelope, and gives the manifest it is in.
Task<Result<SignatureWritten>> attach(DsseEnvelope envelope, CosignWork work, std::stop_token stop)
{
    const QByteArray nothing("{}");
    const oci::Descriptor config = oci::Descriptor::of(oci::MediaType::ociEmpty(), nothing);
    const QByteArray bundleBytes = sigstoreBundle(envelope, work.key.publicKey());
    const oci::Descriptor bundle = oci::Descriptor::of(oci::MediaType::sigstoreBundle(), bundleBytes);
    const Result<void> configuration = co_await pushIfMissing(work.target, config, nothing, stop);
    if (!configuration)
        co_return base::fail(configuration.error());
    const Result<void> payload = co_await pushIfMissing(work.target, bundle, bundleBytes, stop);
    if (!payload)
        co_return base::fail(payload.error());
    const QByteArray bytes = sigstoreBundleManifest(bundle, config, work.subject, QDateTime::currentDateTimeUtc());
    SignatureWritten written;
    written.manifest = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
    const Result<content::Referrers::Source> source =
        co_await work.target->pushReferrer(written.manifest, bytes, work.subject, stop);
    if (!source)
        co_return base::fail(source.error());
    if (*source == content::Referrers::Source::Tag)
        written.tag = content::referrersTag(work.subject.digest);
    co_return written;
}

// Asks the registry anew, as a customer would; what others have attached was looked at before.
Task<Result<void>> readBack(SignatureWritten written, Expected expected, TargetPtr target, std::stop_token stop)
{
    const Result<content::Referrers> listed = co_await target->referrers(expected.subject.digest, stop);
    if (!listed)
        co_return base::fail(listed.error());
    const auto entry = std::ranges::find(listed->manifests, written.manifest.digest, &oci::Descriptor::digest);
    if (entry == listed->manifests.end())
        co_return base::fail(
            ErrorKind::Failed,
            Text::tr("The signature was written, but %1 does not list it with the image.").arg(target->registry()),
            Text::tr("Sign again; if that does not help, its list of referrers is out of order."));
    const QList<oci::Descriptor> alone{*entry};
    const Result<QList<CosignReferrer>> now = co_await cosignAmong(alone, expected, target, stop);
    if (!now)
        co_return base::fail(now.error());
    const CosignReferrer &ours = now->constFirst();
    if (!isVerifiedBundle(ours))
        co_return base::fail(ErrorKind::InvalidData,
                             Text::tr("The signature was written, but read back it does not verify: %1")
                                 .arg(ours.signatures.isEmpty() ? QString() : ours.signatures.constFirst().reason));
    co_return Result<void>();
}

Task<Result<SignatureWritten>> signBundle(CosignWork work, std::stop_token stop)
{
    const Expected expected{work.subject, work.repository, work.ours()};
    const Result<content::Referrers> listed = co_await work.target->referrers(work.subject.digest, stop);
    if (!listed)
        co_return base::fail(listed.error());
    const auto look = std::make_shared<content::ReadOnce>(work.target);
    const Result<QList<CosignReferrer>> before = co_await cosignAmong(listed->manifests, expected, look, stop);
    if (!before)
        co_return base::fail(before.error());
    const auto ours = std::ranges::find_if(*before, isVerifiedBundle);
    if (ours != before->end()) { // signing again adds nothing
        SignatureWritten there;
        there.manifest = ours->manifest;
        co_return there;
    }
    if (const auto excess = look->excess()) // whoever verifies would find it no more
        co_return base::fail(*excess);
    if (before->size() >= base::limits::referrers)
        co_return base::fail(ErrorKind::TooLarge,
                             Text::tr("It has %1 attachments already, and more are not read.").arg(before->size()));
    DsseEnvelope envelope{QString(inTotoPayloadType), signStatement(work.subject.digest), {}};
    Result<QByteArray> signature = co_await work.key.sign(envelope.signedBytes(), stop);
    if (!signature)
        co_return base::fail(signature.error());
    envelope.signature = std::move(*signature);
    Result<SignatureWritten> written = co_await attach(envelope, work, stop);
    if (!written)
        co_return base::fail(written.error());
    const Result<void> isThere = co_await readBack(*written, expected, work.target, stop);
    if (!isThere)
        co_return base::fail(isThere.error());
    co_return written;
}
} // namespace

CosignBundleSigner::CosignBundleSigner(SigningKey key)
    : CosignSigner(cosignBundleForm, std::move(key), signBundle)
{
}

} // namespace colophon::signing
