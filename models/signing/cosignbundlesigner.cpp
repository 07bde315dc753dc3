// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
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
Task<Result<SignatureWritten>> attach(DsseEnvelope envelope, PublicKey key, TargetPtr target, oci::Descriptor subject,
                                      std::stop_token stop)
{
    const QByteArray nothing("{}");
    const oci::Descriptor config = oci::Descriptor::of(oci::MediaType::ociEmpty(), nothing);
    const QByteArray bundleBytes = sigstoreBundle(envelope, key);
    const oci::Descriptor bundle = oci::Descriptor::of(oci::MediaType::sigstoreBundle(), bundleBytes);
    const Result<void> configuration = co_await pushIfMissing(target, config, nothing, stop);
    if (!configuration)
        co_return base::fail(configuration.error());
    const Result<void> payload = co_await pushIfMissing(target, bundle, bundleBytes, stop);
    if (!payload)
        co_return base::fail(payload.error());
    const QByteArray bytes = sigstoreBundleManifest(bundle, config, subject, QDateTime::currentDateTimeUtc());
    SignatureWritten written;
    written.form = cosignBundleForm;
    written.subject = subject.digest;
    written.manifest = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
    const Result<content::Referrers::Source> source =
        co_await target->pushReferrer(written.manifest, bytes, subject, stop);
    if (!source)
        co_return base::fail(source.error());
    if (*source == content::Referrers::Source::Tag)
        written.tag = content::referrersTag(subject.digest);
    co_return written;
}

// Asks the registry anew, as a customer would.
Task<Result<void>> readBack(SignatureWritten written, Expected expected, TargetPtr target, std::stop_token stop)
{
    const Result<QList<CosignReferrer>> now = co_await cosignReferrers(expected, target, stop);
    if (!now)
        co_return base::fail(now.error());
    const auto ours = std::ranges::find_if(
        *now, [&written](const CosignReferrer &each) { return each.manifest.digest == written.manifest.digest; });
    if (ours == now->end())
        co_return base::fail(
            ErrorKind::Failed,
            Text::tr("The signature was written, but %1 does not list it with the image.").arg(target->registry()),
            Text::tr("Sign again; if that does not help, its list of referrers is out of order."));
    if (!isVerifiedBundle(*ours))
        co_return base::fail(ErrorKind::InvalidData,
                             Text::tr("The signature was written, but read back it does not verify: %1")
                                 .arg(ours->signatures.isEmpty() ? QString() : ours->signatures.constFirst().reason));
    co_return Result<void>();
}

// Stands by itself, so that a signer may go while its task still runs.
Task<Result<SignatureWritten>> signBundle(SigningKey key, TargetPtr target, QString repository, oci::Descriptor subject,
                                          std::stop_token stop)
{
    const Expected expected{subject, repository, Trust{{key.publicKey()}, {}, {}}};
    const Result<QList<CosignReferrer>> before = co_await cosignReferrers(expected, target, stop);
    if (!before)
        co_return base::fail(before.error());
    const auto ours = std::ranges::find_if(*before, isVerifiedBundle);
    if (ours != before->end()) { // signing again adds nothing
        SignatureWritten there;
        there.form = cosignBundleForm;
        there.subject = subject.digest;
        there.manifest = ours->manifest;
        co_return there;
    }
    if (before->size() >= base::limits::referrers)
        co_return base::fail(ErrorKind::TooLarge,
                             Text::tr("It has %1 attachments already, and more are not read.").arg(before->size()));
    DsseEnvelope envelope{QString(inTotoPayloadType), signStatement(subject.digest), {}};
    Result<QByteArray> signature = co_await key.sign(envelope.signedBytes(), stop);
    if (!signature)
        co_return base::fail(signature.error());
    envelope.signature = std::move(*signature);
    Result<SignatureWritten> written = co_await attach(envelope, key.publicKey(), target, subject, stop);
    if (!written)
        co_return base::fail(written.error());
    const Result<void> isThere = co_await readBack(*written, expected, target, stop);
    if (!isThere)
        co_return base::fail(isThere.error());
    co_return written;
}

Task<Result<QList<SignatureWritten>>> signAndName(SigningKey key, TargetPtr target, QString repository,
                                                  oci::Descriptor subject, std::stop_token stop)
{
    const QString operation = Text::tr("sign %1").arg(subject.digest.toString());
    Result<SignatureWritten> written = co_await signBundle(std::move(key), target, repository, subject, stop);
    if (!written)
        co_return base::fail(written.error().withOperation(operation));
    QList<SignatureWritten> all{std::move(*written)};
    co_return all;
}
} // namespace

CosignBundleSigner::CosignBundleSigner(SigningKey key)
    : m_key(std::move(key))
{
}

QString CosignBundleSigner::form() const { return cosignBundleForm; }

QString CosignBundleSigner::keyDescription() const { return m_key.description(); }

Task<Result<QList<SignatureWritten>>> CosignBundleSigner::sign(TargetPtr target, QString repository,
                                                               oci::Descriptor subject, std::stop_token stop)
{
    return signAndName(m_key, std::move(target), std::move(repository), std::move(subject), std::move(stop));
}

} // namespace colophon::signing
