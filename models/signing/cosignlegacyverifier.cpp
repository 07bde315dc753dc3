// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "oci/attachmentnames.h"
#include "signing/cosigncheck.h"
#include "signing/cosignlegacy.h"
#include "signing/payload.h"

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

// Stands by itself, so that a verifier may go while its task still runs.
base::Task<base::Result<VerifyReport>> verifyLegacy(Trust trust, content::TargetPtr target, oci::Descriptor subject,
                                                    std::stop_token stop)
{
    VerifyReport report;
    report.subject = subject;
    const QString operation = Text::tr("read the signatures of %1").arg(subject.digest.toString());
    const QString tag = oci::signatureTag(subject.digest);
    const base::Result<std::optional<oci::Manifest>> manifest = co_await signaturesUnder(tag, target, stop);
    if (!manifest && !isAboutContent(manifest.error().kind))
        co_return base::fail(manifest.error().withOperation(operation));
    const QList<oci::Descriptor> layers = manifest && *manifest ? (*manifest)->layers() : QList<oci::Descriptor>();
    if (!manifest)
        report.addProblem(manifest.error());
    else if (layers.size() > base::limits::signatures)
        report.addProblem(
            base::fail(ErrorKind::TooLarge, Text::tr("There are %1 signatures; more than %2 are not read.")
                                                .arg(layers.size())
                                                .arg(base::limits::signatures))
                .error());
    const Expected expected{subject, target->registry() + QLatin1Char('/') + target->repository(), trust};
    for (int i = 0; i < layers.size() && report.problems.isEmpty(); ++i) {
        base::Result<SignatureCheck> check =
            co_await checkLayer(layers.at(i), cosignLegacyForm, expected, target, stop);
        if (!check)
            co_return base::fail(check.error().withOperation(operation));
        check->kept = {(*manifest)->digest(), i, tag};
        report.signatures.append(std::move(*check));
    }
    report.conclude();
    co_return report;
}
} // namespace

CosignLegacyVerifier::CosignLegacyVerifier(Trust trust)
    : m_trust(std::move(trust))
{
}

base::Task<base::Result<VerifyReport>> CosignLegacyVerifier::verify(content::TargetPtr target, oci::Descriptor subject,
                                                                    std::stop_token stop)
{
    return verifyLegacy(m_trust, std::move(target), std::move(subject), std::move(stop));
}

} // namespace colophon::signing
