// SPDX-License-Identifier: Apache-2.0
#include "signing/notationverifier.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "content/referrerstag.h"
#include "signing/cosigncheck.h"
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
    if (!sound)
        return failed(check, sound.error().message);
    if (terms)
        return judgedNotation(check, *sound, *terms);
    check.lack = SignatureCheck::Lack::Policy;
    check.reason =
        Text::tr("Signature and digest are right; whether to trust the certificate was not checked: %1").arg(whyNot);
    return check;
}

base::Task<Result<SignatureCheck>> checkEnvelope(content::TargetPtr target, FoundNotation found,
                                                 oci::Descriptor subject, std::optional<NotationTerms> terms,
                                                 QString whyNot, std::stop_token stop)
{
    SignatureCheck check;
    check.form = notationForm;
    check.digest = found.envelope.digest;
    check.kept = {found.manifest.digest, found.envelope.digest.isNull() ? -1 : 0, {}};
    if (!found.problem.isEmpty())
        co_return failed(check, found.problem);
    if (found.envelope.mediaType == coseEnvelopeType()) {
        check.lack = SignatureCheck::Lack::Reader;
        check.reason = Text::tr("A COSE envelope: present, not verified.");
        co_return check;
    }
    const Result<QByteArray> envelope = co_await fetchEnvelope(target, found.envelope, stop);
    if (!envelope && !isAboutContent(envelope.error().kind))
        co_return base::fail(envelope.error());
    if (!envelope)
        co_return failed(check, envelope.error().message);
    co_return judged(check, *envelope, subject, terms, whyNot);
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
    const Result<content::EveryReferrer> every = co_await referrersToVerify(target, subject.digest, stop);
    if (!every)
        co_return base::fail(every.error().withOperation(operation));
    if (every->excess)
        report.addProblem(*every->excess);
    const Result<QList<FoundNotation>> found = co_await notationAmong(target, every->manifests, subject, stop);
    if (!found)
        co_return base::fail(found.error().withOperation(operation));
    for (const FoundNotation &each : *found) {
        Result<SignatureCheck> check = co_await checkEnvelope(target, each, subject, *terms, whyNot, stop);
        if (!check)
            co_return base::fail(check.error().withOperation(operation));
        if (every->unlisted.contains(each.manifest.digest))
            foundUnlisted(*check, subject.digest);
        report.signatures.append(std::move(*check));
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
