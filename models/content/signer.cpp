// SPDX-License-Identifier: Apache-2.0
#include "content/signer.h"

#include "base/plaintext.h"
#include "content/readonce.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::content {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(content)
};

constexpr qsizetype mostNamed = 3;

qsizetype count(const QList<SignatureCheck> &signatures, CheckVerdict verdict)
{
    return std::ranges::count(signatures, verdict, &SignatureCheck::verdict);
}

QString verifiedReason(const VerifyReport &report)
{
    QStringList keys;
    for (const SignatureCheck &check : report.signatures)
        if (check.verdict == CheckVerdict::Verified && !keys.contains(check.key))
            keys.append(check.key);
    const QString keyText = keys.join(QStringLiteral(", "));
    const qsizetype good = count(report.signatures, CheckVerdict::Verified);
    if (const QString caveat = report.caveat(); !caveat.isEmpty())
        return Text::tr("Valid by %1, but %2: the policy only logs this.").arg(keyText, caveat);
    if (good == report.signatures.size())
        return Text::tr("Verified with %1.").arg(keyText);
    return Text::tr("Verified with %1: %2 of %3 signatures.").arg(keyText).arg(good).arg(report.signatures.size());
}

QString failedReason(const VerifyReport &report)
{
    const QList<SignatureCheck> &all = report.signatures;
    if (all.isEmpty())
        return {};
    if (all.size() == 1)
        return all.constFirst().reason;
    const QString same = all.constFirst().reason;
    if (std::ranges::all_of(all, [&same](const SignatureCheck &check) { return check.reason == same; }))
        return Text::tr("There are %1 signatures. %2").arg(all.size()).arg(same);
    return Text::tr("None of the %1 signatures verifies.").arg(all.size());
}

QString unsignedReason(const VerifyReport &report)
{
    const QString digest = report.subject.digest.toString();
    if (report.attestations.isEmpty())
        return Text::tr("There is no signature for %1.").arg(digest);
    QStringList types;
    for (const AttestationCheck &each : report.attestations)
        types.append(each.predicateType.isEmpty() ? each.kind : base::visible(each.predicateType, 100));
    types.removeDuplicates();
    if (types.size() > mostNamed)
        types = types.first(mostNamed) + QStringList(QStringLiteral("…"));
    const QString named = types.join(QStringLiteral(", "));
    return report.attestations.size() == 1
               ? Text::tr("There is no signature for %1. An attestation is attached to it (%2), and an attestation is "
                          "not a signature.")
                     .arg(digest, named)
               : Text::tr("There is no signature for %1. Attestations are attached to it (%2), and an attestation is "
                          "not a signature.")
                     .arg(digest, named);
}

// Stands by itself, so that a verifier may go while its task still runs.
base::Task<base::Result<VerifyReport>> verifyAll(QList<std::shared_ptr<Verifier>> verifiers, TargetPtr from,
                                                 oci::Descriptor subject, std::stop_token stop)
{
    VerifyReport all;
    all.subject = subject;
    const std::shared_ptr<ReadOnce> target = ReadOnce::of(from);
    for (const auto &verifier : verifiers) {
        const base::Result<VerifyReport> one = co_await verifier->verify(target, subject, stop);
        if (!one)
            co_return base::fail(one.error());
        all.signatures += one->signatures;
        all.attestations += one->attestations;
        all.problems += one->problems;
        all.isCut = all.isCut || one->isCut;
    }
    if (const auto excess = target->excess())
        all.addProblem(*excess);
    all.problems.removeDuplicates();
    all.conclude();
    co_return all;
}
} // namespace

QStringList inWords(const Signers &signers)
{
    QStringList keys;
    QList<QStringList> forms;
    for (const auto &signer : signers) {
        const QString key = signer->keyDescription();
        qsizetype at = keys.indexOf(key);
        if (at < 0) {
            at = keys.size();
            keys.append(key);
            forms.append(QStringList());
        }
        forms[at].append(signer->form());
    }
    for (qsizetype i = 0; i < keys.size(); ++i)
        keys[i] = QStringLiteral("%1 (%2)").arg(keys.at(i), forms.at(i).join(QStringLiteral(", ")));
    return keys;
}

QStringList formsOf(const Signers &signers)
{
    QStringList forms;
    for (const auto &signer : signers)
        forms.append(signer->form());
    forms.removeDuplicates();
    return forms;
}

base::Task<base::Result<void>> signWith(Signers signers, TargetPtr target, QString repository, oci::Descriptor subject,
                                        std::stop_token stop)
{
    QStringList done;
    for (const auto &signer : signers) {
        const auto written = co_await signer->sign(target, repository, subject, stop);
        if (written) {
            done.append(signer->form());
            continue;
        }
        base::Error error = written.error();
        if (!done.isEmpty() && error.kind != base::ErrorKind::Cancelled)
            error.message = Text::tr("Written as %1, but not as %2: %3")
                                .arg(done.join(QStringLiteral(", ")), signer->form(), error.message);
        co_return base::fail(std::move(error));
    }
    co_return base::Result<void>();
}

QString nameOf(CheckVerdict verdict)
{
    switch (verdict) {
    case CheckVerdict::Verified:
        return QStringLiteral("verified");
    case CheckVerdict::Failed:
        return QStringLiteral("failed");
    case CheckVerdict::NotChecked:
        return QStringLiteral("not-checked");
    }
    return QStringLiteral("not-checked");
}

QString nameOf(VerifyReport::Verdict verdict)
{
    switch (verdict) {
    case VerifyReport::Verdict::Verified:
        return QStringLiteral("verified");
    case VerifyReport::Verdict::Unsigned:
        return QStringLiteral("unsigned");
    case VerifyReport::Verdict::Failed:
        return QStringLiteral("failed");
    }
    return QStringLiteral("failed");
}

void VerifyReport::addProblem(const base::Error &error)
{
    problems.append(error.message);
    isCut = isCut || error.kind == base::ErrorKind::TooLarge;
}

QString VerifyReport::caveat() const
{
    QString found;
    for (const SignatureCheck &each : signatures) {
        if (each.verdict != CheckVerdict::Verified)
            continue;
        if (each.caveat.isEmpty())
            return {};
        if (found.isEmpty())
            found = each.caveat;
    }
    return found;
}

void VerifyReport::conclude()
{
    QStringList sentences;
    if (isCut) {
        verdict = Verdict::Failed;
        sentences.append(Text::tr("Too much is attached to it to say whether it is signed."));
    } else if (count(signatures, CheckVerdict::Verified) > 0) {
        verdict = Verdict::Verified;
        sentences.append(verifiedReason(*this));
    } else if (signatures.isEmpty() && problems.isEmpty()) {
        verdict = Verdict::Unsigned;
        sentences.append(unsignedReason(*this));
    } else {
        verdict = Verdict::Failed;
        sentences.append(failedReason(*this));
    }
    sentences += problems;
    sentences.removeAll(QString());
    reason = sentences.join(QLatin1Char(' '));
}

CombinedVerifier::CombinedVerifier(QList<std::shared_ptr<Verifier>> verifiers)
    : m_verifiers(std::move(verifiers))
{
}

base::Task<base::Result<VerifyReport>> CombinedVerifier::verify(TargetPtr target, oci::Descriptor subject,
                                                                std::stop_token stop)
{
    return verifyAll(m_verifiers, std::move(target), std::move(subject), std::move(stop));
}

} // namespace colophon::content
