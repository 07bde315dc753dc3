// SPDX-License-Identifier: Apache-2.0
#include "signing/notationcheck.h"

#include "base/plaintext.h"
#include "signing/certificaterules.h"
#include "signing/trust.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using content::SignatureCheck;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

QString shown(const QString &text) { return base::visible(text, 200); }

QString shown(const QDateTime &time)
{
    return time.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) + QStringLiteral(" UTC");
}

std::unexpected<base::Error> refused(const QString &sentence)
{
    return base::fail(base::ErrorKind::InvalidData, sentence);
}

base::Result<void> checkSignature(const NotationEnvelope &envelope, const Certificate &leaf, SignatureCheck &check)
{
    const base::Result<PublicKey> key = leaf.publicKey();
    const std::optional<JwsAlgorithm> algorithm = key ? jwsAlgorithmOf(*key) : std::nullopt;
    if (!algorithm)
        return refused(leafProblems(leaf).value(0, Text::tr("The certificate's key signs no such envelope.")));
    if (nameOf(*algorithm) != envelope.algorithm)
        return refused(Text::tr("The envelope's algorithm is “%1”, but the key of its certificate signs with %2.")
                           .arg(shown(envelope.algorithm), nameOf(*algorithm)));
    if (!isJwsSignature(envelope.signedBytes, envelope.signature, *key))
        return refused(
            Text::tr("The signature was not made by the key of its certificate, or what it signs was changed."));
    check.key = key->description();
    check.algorithm = key->algorithm() + QStringLiteral(", ") + nameOf(*algorithm);
    return {};
}

base::Result<void> checkSubject(const NotationEnvelope &envelope, const oci::Descriptor &subject)
{
    if (envelope.digest != subject.digest.toString())
        return refused(Text::tr("It signs another image: %1.").arg(shown(envelope.digest)));
    if (envelope.size != subject.size || envelope.mediaType != subject.mediaType.toString())
        return refused(Text::tr("It signs this digest with another type or size: %1, %2 bytes.")
                           .arg(shown(envelope.mediaType))
                           .arg(envelope.size));
    return {};
}

// What failed in one step of the policy; without a sentence: nothing did.
struct Problem
{
    QString sentence;
    QString brief = {}; // a clause behind "but", where the signature may verify all the same
};

Problem authenticity(const SoundEnvelope &sound, const NotationTerms &terms)
{
    const NotationStatement &statement = terms.statement;
    const QList<Certificate> &chain = sound.chain.certificates();
    const bool isTrusted = std::any_of(chain.cbegin(), chain.cend(),
                                       [&terms](const Certificate &each) { return terms.authorities.contains(each); });
    if (!isTrusted)
        return {Text::tr("None of its certificates is in a trust store of statement “%1”.").arg(shown(statement.name))};
    if (statement.trustsAnyIdentity)
        return {};
    const base::Result<NameMap> name = nameMapOf(sound.chain.leaf().subjectAttributes());
    if (!name)
        return {name.error().message};
    for (const NameMap &identity : statement.identities)
        if (isPartOf(identity, *name))
            return {};
    return {Text::tr("“%1” is none of the identities that statement “%2” trusts.")
                .arg(shown(sound.chain.leaf().subject()), shown(statement.name))};
}

Problem timestamp(const SoundEnvelope &sound, const NotationTerms &terms)
{
    const QDateTime signedAt = sound.envelope.signingTime;
    if (const QStringList problems = validityProblems(sound.chain, signedAt); !problems.isEmpty())
        return {Text::tr("It says to be signed on %1. %2").arg(shown(signedAt), problems.join(u' ')),
                Text::tr("its certificate was not valid when it was signed, by its own word")};
    const QStringList problems = validityProblems(sound.chain, terms.now);
    if (terms.statement.hasTimestampStore && (terms.statement.needsTimestampAlways || !problems.isEmpty()))
        return {Text::tr("Statement “%1” asks for a time stamp, and time stamps are not checked here.")
                    .arg(shown(terms.statement.name)),
                problems.isEmpty() ? Text::tr("its time stamp was not checked")
                                   : Text::tr("its certificate is not valid now")};
    if (problems.isEmpty())
        return {};
    return {problems.join(u' '), Text::tr("its certificate is not valid now")};
}

Problem expiry(const SoundEnvelope &sound, const NotationTerms &terms)
{
    const std::optional<QDateTime> until = sound.envelope.expiry;
    if (!until || terms.now < *until)
        return {};
    return {Text::tr("The signature expired on %1.").arg(shown(*until)), Text::tr("expired on %1").arg(shown(*until))};
}

// A root cannot be revoked by itself, so it is not asked for.
Problem revocation(const SoundEnvelope &sound, const NotationTerms &terms)
{
    const QList<Certificate> &chain = sound.chain.certificates();
    for (qsizetype i = 0; i == 0 || i + 1 < chain.size(); ++i)
        if (chain.at(i).use().namesRevocation)
            return {
                Text::tr("Statement “%1” asks whether “%2” was revoked, and that is not checked here; it has to log or "
                         "skip revocation.")
                    .arg(shown(terms.statement.name), shown(chain.at(i).subject()))};
    return {};
}
} // namespace

base::Result<SoundEnvelope> soundEnvelope(const QByteArray &json, const oci::Descriptor &subject, SignatureCheck &check)
{
    base::Result<NotationEnvelope> envelope = readNotationEnvelope(json);
    if (!envelope)
        return base::fail(envelope.error());
    if (const auto digest = oci::Digest::parse(envelope->digest))
        check.subject = *digest;
    check.signingTime = envelope->signingTime;
    base::Result<CertificateChain> chain = CertificateChain::fromDer(envelope->certificates, Text::tr("the envelope"));
    if (!chain)
        return base::fail(chain.error());
    check.certificate = summaryOf(chain->leaf());
    check.identity = chain->leaf().subject();
    if (const auto done = checkSignature(*envelope, chain->leaf(), check); !done)
        return base::fail(done.error());
    if (const QStringList problems = chainProblems(*chain); !problems.isEmpty())
        return refused(problems.join(u' '));
    if (const auto done = checkSubject(*envelope, subject); !done)
        return base::fail(done.error());
    return SoundEnvelope{std::move(*envelope), std::move(*chain)};
}

SignatureCheck judgedNotation(SignatureCheck check, const SoundEnvelope &sound, const NotationTerms &terms)
{
    using Judge = Problem (*)(const SoundEnvelope &, const NotationTerms &);
    constexpr std::pair<NotationStep, Judge> judges[] = {{NotationStep::Authenticity, authenticity},
                                                         {NotationStep::Expiry, expiry},
                                                         {NotationStep::AuthenticTimestamp, timestamp},
                                                         {NotationStep::Revocation, revocation}};
    check.verdict = SignatureCheck::Verdict::Verified;
    QStringList logged;
    QStringList caveats;
    for (const auto &[step, judge] : judges) {
        const NotationAction action = terms.statement.actions.value(step, NotationAction::Enforce);
        const Problem problem = action == NotationAction::Skip ? Problem() : judge(sound, terms);
        if (problem.sentence.isEmpty())
            continue;
        if (action == NotationAction::Enforce) {
            check.verdict = SignatureCheck::Verdict::Failed;
            check.reason = problem.sentence;
            return check;
        }
        if (step == NotationStep::Authenticity)
            check.verdict = SignatureCheck::Verdict::NotChecked;
        if (step != NotationStep::Revocation) // what is said of it below is enough
            logged.append(problem.sentence);
        if (!problem.brief.isEmpty())
            caveats.append(problem.brief);
    }
    if (check.verdict == SignatureCheck::Verdict::NotChecked) {
        check.lack = SignatureCheck::Lack::Policy;
        check.reason =
            Text::tr("Signature and digest are right, but nobody vouches for the certificate; statement “%1” "
                     "only logs that:")
                .arg(shown(terms.statement.name));
    } else {
        check.caveat = caveats.join(Text::tr(" and "));
        check.reason =
            Text::tr("Signature, digest and certificate are right by statement “%1”.").arg(shown(terms.statement.name));
    }
    if (!logged.isEmpty() && check.verdict == SignatureCheck::Verdict::Verified)
        check.reason += u' ' + Text::tr("It only logs:");
    for (const QString &each : std::as_const(logged))
        check.reason += u' ' + each;
    if (check.verdict == SignatureCheck::Verdict::Verified)
        check.reason += u' ' + digestAloneInWords();
    check.reason += u' ' + Text::tr("Revocation was not checked.");
    return check;
}

} // namespace colophon::signing
