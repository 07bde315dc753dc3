// SPDX-License-Identifier: Apache-2.0
#include "signing/cosignreferrers.h"

#include "base/limits.h"
#include "content/referrerstag.h"
#include "oci/attachmentnames.h"
#include "signing/payload.h"
#include "signing/sigstorebundle.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::signing {

namespace {
using base::ErrorKind;
using base::Result;
using base::Task;
using content::SignatureCheck;
using content::TargetPtr;
using content::VerifyReport;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr int lanes = 4; // requests at the same time

// What the list, or the manifest itself, says that a referrer is; empty: nothing of cosign's.
QString formOf(const QString &artifactType)
{
    if (isSigstoreBundle(oci::MediaType(artifactType)))
        return cosignBundleForm;
    if (artifactType == oci::MediaType::cosignSignature().toString())
        return cosignReferrerForm;
    return {};
}

QString formOf(const oci::Manifest &manifest)
{
    if (std::ranges::any_of(manifest.layers(),
                            [](const oci::Descriptor &layer) { return isSigstoreBundle(layer.mediaType); }))
        return cosignBundleForm;
    const QString named = formOf(manifest.artifactType());
    return named.isEmpty() ? formOf(manifest.config().mediaType.toString()) : named;
}

// One that claims to be cosign's, but cannot be read so far that its payload is known.
CosignReferrer unreadable(const oci::Descriptor &manifest, const QString &form, const QString &predicateType,
                          const QString &why)
{
    SignatureCheck check;
    check.form = form;
    check.digest = manifest.digest;
    check.kept.manifest = manifest.digest;
    CosignReferrer found{manifest, {}, {}};
    found.take({failed(check, why)}, predicateType);
    return found;
}

// Whether it is about this image at all; a sentence where it is not.
QString subjectProblem(const oci::Manifest &manifest, const oci::Descriptor &subject)
{
    if (!manifest.subject())
        return Text::tr("Its manifest does not say which image it belongs to.");
    if (manifest.subject()->digest != subject.digest)
        return Text::tr("Its manifest belongs to another image: %1.").arg(manifest.subject()->digest.toString());
    return {};
}

QString layersProblem(const oci::Manifest &manifest, const QString &form)
{
    const qsizetype count = manifest.layers().size();
    if (form == cosignBundleForm && count != 1)
        return Text::tr("Its manifest has %1 layers; a bundle has exactly one.").arg(count);
    if (count > base::limits::signatures)
        return Text::tr("There are %1 signatures; more than %2 are not read.").arg(count).arg(base::limits::signatures);
    return {};
}

Task<Result<CosignReferrer>> readReferrer(oci::Descriptor entry, Expected expected, TargetPtr target,
                                          std::stop_token stop)
{
    CosignReferrer found{entry, {}, {}};
    if (entry.mediaType != oci::MediaType::ociManifest())
        co_return found;
    const QString listed = formOf(entry.artifactType);
    const Result<QByteArray> bytes = co_await target->fetchManifest(entry, stop);
    if (!bytes && !isAboutContent(bytes.error().kind))
        co_return base::fail(bytes.error());
    const Result<oci::Manifest> manifest =
        bytes ? oci::Manifest::parse(*bytes, entry.mediaType) : Result<oci::Manifest>(base::fail(bytes.error()));
    if (!manifest || !manifest->problems().isEmpty()) {
        const QString why = manifest ? manifest->problems().constFirst() : manifest.error().message;
        if (!listed.isEmpty())
            found = unreadable(entry, listed, {}, Text::tr("Its manifest cannot be read: %1").arg(why));
        co_return found;
    }
    const QString form = formOf(*manifest);
    if (form.isEmpty())
        co_return found;
    const QString predicateType =
        form == cosignBundleForm ? manifest->annotations().value(oci::bundlePredicateAnnotation) : QString();
    QString problem = subjectProblem(*manifest, expected.subject);
    if (problem.isEmpty())
        problem = layersProblem(*manifest, form);
    if (!problem.isEmpty())
        co_return unreadable(entry, form, predicateType, problem);
    const QList<oci::Descriptor> layers = manifest->layers();
    if (form == cosignBundleForm) {
        Result<CosignReferrer> bundle =
            co_await checkBundle(layers.constFirst(), predicateType, expected, target, stop);
        if (bundle)
            bundle->isIn(entry);
        co_return bundle;
    }
    for (int i = 0; i < layers.size(); ++i) {
        Result<SignatureCheck> check = co_await checkLayer(layers.at(i), form, expected, target, stop);
        if (!check)
            co_return base::fail(check.error());
        check->kept = {entry.digest, i, {}};
        found.signatures.append(std::move(*check));
    }
    co_return found;
}

Task<Result<void>> readInto(std::shared_ptr<QList<CosignReferrer>> found, int number, Expected expected,
                            TargetPtr target, std::stop_token stop)
{
    const oci::Descriptor entry = found->at(number).manifest;
    Result<CosignReferrer> read = co_await readReferrer(entry, std::move(expected), target, stop);
    if (!read)
        co_return base::fail(read.error());
    (*found)[number] = std::move(*read);
    co_return Result<void>();
}

// Listed or not: whoever finds them by the tag must know how far they are to be believed.
Task<Result<QList<CosignReferrer>>> readEvery(content::EveryReferrer listed, Expected expected, TargetPtr target,
                                              std::stop_token stop)
{
    const oci::Digest subject = expected.subject.digest;
    Result<QList<CosignReferrer>> found = co_await cosignAmong(listed.manifests, expected, target, stop);
    if (!found)
        co_return base::fail(found.error());
    for (CosignReferrer &each : *found) {
        if (!listed.unlisted.contains(each.manifest.digest))
            continue;
        for (SignatureCheck &check : each.signatures)
            foundUnlisted(check, subject);
        for (content::AttestationCheck &check : each.attestations)
            foundUnlisted(check, subject);
    }
    co_return found;
}

// Stands by itself, so that a verifier may go while its task still runs.
Task<Result<VerifyReport>> verifyReferrers(Trust trust, TargetPtr target, oci::Descriptor subject, std::stop_token stop)
{
    VerifyReport report;
    report.subject = subject;
    const QString operation = Text::tr("read the signatures of %1").arg(subject.digest.toString());
    const Expected expected{subject, target->registry() + QLatin1Char('/') + target->repository(), std::move(trust)};
    const Result<content::EveryReferrer> every = co_await referrersToVerify(target, subject.digest, stop);
    if (!every)
        co_return base::fail(every.error().withOperation(operation));
    if (every->excess)
        report.addProblem(*every->excess);
    const Result<QList<CosignReferrer>> found = co_await readEvery(*every, expected, target, stop);
    if (!found)
        co_return base::fail(found.error().withOperation(operation));
    for (const CosignReferrer &each : *found) {
        report.signatures += each.signatures;
        report.attestations += each.attestations;
    }
    report.conclude();
    co_return report;
}
} // namespace

Task<Result<QList<CosignReferrer>>> cosignAmong(QList<oci::Descriptor> entries, Expected expected, TargetPtr target,
                                                std::stop_token stop)
{
    const auto found = std::make_shared<QList<CosignReferrer>>();
    for (const oci::Descriptor &entry : entries)
        found->append({entry, {}, {}});
    const auto job = [found, expected, target](int i, std::stop_token each) {
        return readInto(found, i, expected, target, std::move(each));
    };
    const Result<void> done = co_await base::forEachLimited(static_cast<int>(found->size()), lanes, job, stop);
    if (!done)
        co_return base::fail(done.error());
    QList<CosignReferrer> all = *found;
    co_return all;
}

void CosignReferrer::isIn(const oci::Descriptor &entry)
{
    manifest = entry;
    for (SignatureCheck &check : signatures)
        check.kept = {entry.digest, 0, {}};
    for (content::AttestationCheck &check : attestations)
        check.kept = {entry.digest, 0, {}};
}

CosignReferrersVerifier::CosignReferrersVerifier(Trust trust)
    : m_trust(std::move(trust))
{
}

Task<Result<VerifyReport>> CosignReferrersVerifier::verify(TargetPtr target, oci::Descriptor subject,
                                                           std::stop_token stop)
{
    return verifyReferrers(m_trust, std::move(target), std::move(subject), std::move(stop));
}

} // namespace colophon::signing
