// SPDX-License-Identifier: Apache-2.0
#include "signing/cosignattestations.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "content/readonce.h"
#include "oci/attachmentnames.h"
#include "signing/payload.h"
#include "signing/statementcheck.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using base::Result;
using base::Task;
using content::AttestationCheck;
using content::SignatureCheck;
using content::VerifyReport;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr QLatin1String envelopeType("application/vnd.dsse.envelope.v1+json");
constexpr QLatin1String predicateAnnotation("predicateType");

AttestationCheck judged(const SignatureCheck &check, const oci::Descriptor &layer, const QByteArray &bytes,
                        const Expected &expected)
{
    const auto unread = [&](const QString &why) { return StatementCheck{failed(check, why)}.asAttestation(); };
    const Result<oci::JsonDocument> json = oci::JsonDocument::parse(bytes, base::limits::signaturePayload);
    if (!json)
        return unread(Text::tr("The envelope is no JSON: %1").arg(json.error().message));
    if (!json->duplicates().isEmpty())
        return unread(Text::tr("The envelope has %1 twice.").arg(base::visible(json->duplicates().constFirst(), 100)));
    const Result<DsseEnvelope> envelope = DsseEnvelope::read(json->root());
    if (!envelope)
        return unread(envelope.error().message);
    return checkStatement(check, *envelope, certificatesOf(layer), {}, expected).asAttestation();
}

Task<Result<AttestationCheck>> checkLayer(oci::Descriptor layer, content::Kept kept, Expected expected,
                                          content::TargetPtr target, std::stop_token stop)
{
    SignatureCheck check;
    check.form = attestationForm;
    check.digest = layer.digest;
    check.kept = kept;
    const QString named = layer.annotations.value(predicateAnnotation);
    AttestationCheck found = StatementCheck{check, named}.asAttestation();
    if (layer.mediaType.toString() != envelopeType) {
        found.reason = Text::tr("Not checked: attestations of type “%1” are not read.")
                           .arg(base::visible(layer.mediaType.toString(), 200));
        co_return found;
    }
    const Result<QByteArray> bytes = co_await fetchPayload(target, layer, Text::tr("The envelope"), stop);
    if (!bytes && !isAboutContent(bytes.error().kind))
        co_return base::fail(bytes.error());
    if (bytes)
        found = judged(check, layer, *bytes, expected);
    else
        found = StatementCheck{failed(check, bytes.error().message)}.asAttestation();
    if (found.predicateType.isEmpty()) // then what somebody wrote beside it
        found.predicateType = named;
    co_return found;
}

// What stands under the tag, where nothing of it is read.
AttestationCheck unread(const content::Kept &kept, const QString &why)
{
    SignatureCheck check;
    check.form = attestationForm;
    check.digest = kept.manifest;
    check.kept = kept;
    return StatementCheck{failed(check, why)}.asAttestation();
}

// Stands by itself, so that a verifier may go while its task still runs.
Task<Result<VerifyReport>> verifyAttestations(Trust trust, content::TargetPtr from, oci::Descriptor subject,
                                              std::stop_token stop)
{
    VerifyReport report;
    report.subject = subject;
    // However many attestations there are, they keep no signature from being verified.
    const std::shared_ptr<content::ReadOnce> target = content::ReadOnce::of(from);
    const QString operation = Text::tr("read the attestations of %1").arg(subject.digest.toString());
    const QString tag = oci::attestationTag(subject.digest);
    const Result<std::optional<oci::Manifest>> manifest = co_await signaturesUnder(tag, target, stop);
    if (!manifest && !isAboutContent(manifest.error().kind))
        co_return base::fail(manifest.error().withOperation(operation));
    if (!manifest)
        report.attestations.append(unread({{}, -1, tag}, manifest.error().message));
    QList<oci::Descriptor> layers = manifest && *manifest ? (*manifest)->layers() : QList<oci::Descriptor>();
    if (layers.size() > base::limits::signatures) {
        report.attestations.append(
            unread({(*manifest)->digest(), -1, tag}, Text::tr("There are %1 attestations; more than %2 are not read.")
                                                         .arg(layers.size())
                                                         .arg(base::limits::signatures)));
        layers.clear();
    }
    const Expected expected{subject, target->registry() + QLatin1Char('/') + target->repository(), std::move(trust)};
    for (int i = 0; i < layers.size(); ++i) {
        const content::Kept kept{(*manifest)->digest(), i, tag};
        Result<AttestationCheck> check = co_await checkLayer(layers.at(i), kept, expected, target, stop);
        if (!check)
            co_return base::fail(check.error().withOperation(operation));
        report.attestations.append(std::move(*check));
    }
    report.conclude();
    co_return report;
}
} // namespace

CosignAttestationsVerifier::CosignAttestationsVerifier(Trust trust)
    : m_trust(std::move(trust))
{
}

Task<Result<VerifyReport>> CosignAttestationsVerifier::verify(content::TargetPtr target, oci::Descriptor subject,
                                                              std::stop_token stop)
{
    return verifyAttestations(m_trust, std::move(target), std::move(subject), std::move(stop));
}

} // namespace colophon::signing
