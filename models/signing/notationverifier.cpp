// SPDX-License-Identifier: Apache-2.0
#include "signing/notationverifier.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "signing/notationcheck.h"
#include "signing/notationmanifest.h"
#include "signing/payload.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using base::Result;
using content::SignatureCheck;
using content::VerifyReport;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

QString repositoryOf(const content::Target &target)
{
    return target.registry() + QLatin1Char('/') + target.repository();
}

// What counts for this repository. Nothing: nobody said whom to trust, or that it is not to be checked; `why` says so.
// An error where a trust store cannot be read.
Result<std::optional<NotationTerms>> termsFor(const QString &repository, const NotationTrust *trust, QString &why)
{
    if (!trust) {
        why = Text::tr("no trust policy was given.");
        return std::nullopt;
    }
    const NotationStatement *statement = trust->policy().statementFor(repository);
    if (!statement) {
        why = Text::tr("the trust policy has no statement for %1.").arg(base::visible(repository, 200));
        return std::nullopt;
    }
    if (statement->skipsAll()) {
        why = Text::tr("statement “%1” of the trust policy skips it.").arg(base::visible(statement->name, 200));
        return std::nullopt;
    }
    Result<QList<Certificate>> authorities = trust->authoritiesOf(*statement);
    if (!authorities)
        return base::fail(authorities.error());
    return NotationTerms{*statement, std::move(*authorities), QDateTime::currentDateTimeUtc()};
}

SignatureCheck judged(SignatureCheck check, const QByteArray &envelope, const oci::Descriptor &subject,
                      const std::optional<NotationTerms> &terms, const QString &whyNot)
{
    const Result<SoundEnvelope> sound = soundEnvelope(envelope, subject, check);
    if (!sound) {
        check.verdict = SignatureCheck::Verdict::Failed;
        check.reason = sound.error().message;
        return check;
    }
    if (terms)
        return judgedNotation(check, *sound, *terms);
    check.reason =
        Text::tr("Signature and digest are right; whether to trust the certificate was not checked: %1").arg(whyNot);
    return check;
}

// Stands by itself, so that a verifier may go while its task still runs.
base::Task<Result<VerifyReport>> verifyNotation(std::shared_ptr<const NotationTrust> trust, content::TargetPtr target,
                                                oci::Descriptor subject, std::stop_token stop)
{
    const QString operation = Text::tr("read the signatures of %1").arg(subject.digest.toString());
    VerifyReport report;
    report.subject = subject;
    QString whyNot;
    const Result<std::optional<NotationTerms>> terms = termsFor(repositoryOf(*target), trust.get(), whyNot);
    if (!terms)
        co_return base::fail(terms.error().withOperation(operation));
    const Result<QList<FoundNotation>> found = co_await notationSignatures(target, subject, stop);
    if (!found && !isAboutContent(found.error().kind))
        co_return base::fail(found.error().withOperation(operation));
    if (!found)
        report.problems.append(found.error().message);
    for (const FoundNotation &each : found.value_or(QList<FoundNotation>())) {
        SignatureCheck check;
        check.form = notationForm;
        check.digest = each.envelope.digest;
        check.reason = each.problem;
        if (!each.problem.isEmpty()) {
            check.verdict = SignatureCheck::Verdict::Failed;
            report.signatures.append(check);
            continue;
        }
        if (each.envelope.mediaType == coseEnvelopeType()) {
            check.reason = Text::tr("A COSE envelope: present, not verified.");
            report.signatures.append(check);
            continue;
        }
        const Result<QByteArray> envelope = co_await fetchEnvelope(target, each.envelope, stop);
        if (!envelope && !isAboutContent(envelope.error().kind))
            co_return base::fail(envelope.error().withOperation(operation));
        if (envelope) {
            report.signatures.append(judged(check, *envelope, subject, *terms, whyNot));
            continue;
        }
        check.verdict = SignatureCheck::Verdict::Failed;
        check.reason = envelope.error().message;
        report.signatures.append(check);
    }
    report.conclude();
    co_return report;
}
} // namespace

NotationVerifier::NotationVerifier(std::optional<NotationTrust> trust)
    : m_trust(trust ? std::make_shared<const NotationTrust>(std::move(*trust)) : nullptr)
{
}

base::Task<Result<VerifyReport>> NotationVerifier::verify(content::TargetPtr target, oci::Descriptor subject,
                                                          std::stop_token stop)
{
    return verifyNotation(m_trust, std::move(target), std::move(subject), std::move(stop));
}

} // namespace colophon::signing
