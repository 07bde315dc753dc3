// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "signing/cosigncheck.h"
#include "signing/cosignlegacy.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using base::ErrorKind;
using content::SignatureCheck;
using content::VerifyReport;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

void conclude(VerifyReport &report, bool hasKeys)
{
    for (const SignatureCheck &check : report.signatures) {
        if (check.verdict == SignatureCheck::Verdict::Verified) {
            report.verdict = VerifyReport::Verdict::Verified;
            report.reason = Text::tr("Verified with %1.").arg(check.key);
            return;
        }
    }
    report.verdict = VerifyReport::Verdict::Failed;
    if (report.signatures.size() == 1)
        report.reason = report.signatures.constFirst().reason;
    else if (hasKeys)
        report.reason = Text::tr("None of the %1 signatures verifies.").arg(report.signatures.size());
    else
        report.reason =
            Text::tr("There are %1 signatures, but no key was given to check them.").arg(report.signatures.size());
}

// Stands by itself, so that a verifier may go while its task still runs.
base::Task<base::Result<VerifyReport>> verifyLegacy(QList<PublicKey> keys, content::TargetPtr target,
                                                    oci::Descriptor subject, std::stop_token stop)
{
    VerifyReport report;
    report.subject = subject;
    const QString tag = cosignTag(subject.digest);
    const base::Result<std::optional<oci::Manifest>> manifest = co_await signaturesUnder(tag, target, stop);
    if (!manifest) {
        const base::Error &error = manifest.error();
        if (error.kind != ErrorKind::InvalidData && error.kind != ErrorKind::TooLarge)
            co_return base::fail(
                error.withOperation(Text::tr("read the signatures of %1").arg(subject.digest.toString())));
        report.verdict = VerifyReport::Verdict::Failed;
        report.reason = error.message;
        co_return report;
    }
    if (!*manifest || (*manifest)->layers().isEmpty()) {
        report.reason = Text::tr("There is no signature for %1.").arg(subject.digest.toString());
        co_return report;
    }
    const QList<oci::Descriptor> layers = (*manifest)->layers();
    if (layers.size() > base::limits::signatures) {
        report.verdict = VerifyReport::Verdict::Failed;
        report.reason = Text::tr("There are %1 signatures; more than %2 are not read.")
                            .arg(layers.size())
                            .arg(base::limits::signatures);
        co_return report;
    }
    const Expected expected{subject, target->registry() + QLatin1Char('/') + target->repository(), keys};
    for (const oci::Descriptor &layer : layers) {
        base::Result<SignatureCheck> check = co_await checkLayer(layer, expected, target, stop);
        if (!check)
            co_return base::fail(
                check.error().withOperation(Text::tr("read the signatures of %1").arg(subject.digest.toString())));
        report.signatures.append(std::move(*check));
    }
    conclude(report, !keys.isEmpty());
    co_return report;
}
} // namespace

CosignLegacyVerifier::CosignLegacyVerifier(QList<PublicKey> keys)
    : m_keys(std::move(keys))
{
}

base::Task<base::Result<VerifyReport>> CosignLegacyVerifier::verify(content::TargetPtr target, oci::Descriptor subject,
                                                                    std::stop_token stop)
{
    return verifyLegacy(m_keys, std::move(target), std::move(subject), std::move(stop));
}

} // namespace colophon::signing
