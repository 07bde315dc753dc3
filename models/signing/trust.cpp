// SPDX-License-Identifier: Apache-2.0
#include "signing/trust.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "signing/certificatepath.h"
#include "signing/certificaterules.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::signing {

namespace {
using content::SignatureCheck;
using Verdict = content::CheckVerdict;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr QLatin1String codeSigning("1.3.6.1.5.5.7.3.3");
constexpr QLatin1String anyPurpose("2.5.29.37.0");

QString shown(const QString &outside) { return base::visible(outside, 200); }

SignatureCheck concluded(SignatureCheck check, Verdict verdict, const QString &reason)
{
    check.verdict = verdict;
    check.reason = reason;
    return check;
}

SignatureCheck notChecked(SignatureCheck check, SignatureCheck::Lack lack, const QString &reason)
{
    check.lack = lack;
    return concluded(std::move(check), Verdict::NotChecked, reason);
}

// How the key signed it, of the ways that are believed; empty: not at all.
QString howSigned(const PublicKey &key, const SignedBytes &bytes, const Trust &trust)
{
    if (!trust.onlyAsWritten)
        return key.verify(bytes.message, bytes.signature);
    const SignatureScheme scheme = key.writtenScheme();
    return key.verifies(bytes.message, bytes.signature, scheme) ? nameOf(scheme.hash) : QString();
}

// Which name of the leaf is believed by these terms: one of those it has. Nothing: none of them.
std::optional<QString> believedName(const Certificate &leaf, const CertificateTerms &terms)
{
    const content::SigningCertificate summary = summaryOf(leaf);
    if (!terms.issuers.isEmpty() && !terms.issuers.contains(summary.issuer))
        return {};
    for (const QString &identity : terms.identities)
        if (leaf.names(identity))
            return identity;
    if (terms.identities.contains(CertificateTerms::anybody))
        return summary.identity;
    return {};
}

// The verdict on a leaf for which the roots vouch.
SignatureCheck judgedByName(SignatureCheck check, const Certificate &leaf, const PublicKey &key,
                            const CertificateTerms &terms)
{
    const std::optional<QString> name = believedName(leaf, terms);
    if (name)
        check.certificate->identity = *name;
    const QString who =
        Text::tr("%1 (vouched for by %2)").arg(shown(check.certificate->identity), shown(check.certificate->issuer));
    if (terms.identities.isEmpty())
        return notChecked(check, SignatureCheck::Lack::Roots,
                          Text::tr("Signed by a certificate these roots vouch for: %1. Not verified, because nobody is "
                                   "named who may sign, and they may vouch for anybody.")
                              .arg(who));
    if (!name)
        return concluded(
            check, Verdict::Failed,
            Text::tr("Signed by a certificate these roots vouch for, but not of one who may sign: %1.").arg(who));
    check.key = key.withName(*name).description();
    if (terms.identities.contains(CertificateTerms::anybody))
        return concluded(
            check, Verdict::Verified,
            Text::tr("Signed by a certificate these roots vouch for: %1. Anybody they vouch for passes; no "
                     "log says when it signed.")
                .arg(who));
    return concluded(
        check, Verdict::Verified,
        Text::tr("Its certificate names %1 and leads to a trusted root; no log says when it signed.").arg(who));
}

// Whoever issues certificates may do so for the purposes it has itself, if it names any: RFC 5280 does not say so, but
// those who check them hold to it, cosign among them.
bool mayIssueForCode(const Certificate &issuer)
{
    const QStringList &purposes = issuer.use().purposes;
    return purposes.isEmpty() || purposes.contains(codeSigning) || purposes.contains(anyPurpose);
}

QString issuersProblem(const CertificateChain &path)
{
    const QList<Certificate> &all = path.certificates();
    const auto found = std::find_if_not(all.begin() + 1, all.end(), mayIssueForCode);
    if (found == all.end())
        return {};
    return Text::tr("“%1” may not issue certificates that sign code: its extended key usage lacks codeSigning.")
        .arg(shown(found->identity().shortForm()));
}

// Why the roots do not vouch for the leaf; empty where they do.
QString pathProblem(const Certificate &leaf, const QList<Certificate> &others, const Trust &trust)
{
    const QStringList problems = leafProblems(leaf);
    if (!problems.isEmpty())
        return problems.constFirst();
    if (!leaf.use().purposes.contains(codeSigning))
        return Text::tr("“%1” may not sign code: its extended key usage lacks codeSigning.")
            .arg(shown(leaf.identity().shortForm()));
    const QDateTime when = trust.now.isNull() ? QDateTime::currentDateTimeUtc() : trust.now;
    const auto path = pathToRoots(leaf, others, trust.roots, when);
    if (path)
        return issuersProblem(*path);
    if (leaf.validUntil() < when)
        return path.error().message + QLatin1Char(' ') +
               Text::tr("Without a log or a time stamp it is not proven that it signed before.");
    return path.error().message;
}

SignatureCheck madeByCertificate(SignatureCheck check, const SignedBytes &bytes, const Trust &trust)
{
    if (bytes.certificates.size() > base::limits::chain)
        return concluded(check, Verdict::Failed,
                         Text::tr("It comes with %1 certificates; more than %2 are not read.")
                             .arg(bytes.certificates.size())
                             .arg(base::limits::chain));
    QList<Certificate> all;
    for (const QByteArray &der : bytes.certificates) {
        const base::Result<Certificate> each = Certificate::fromDer(der, Text::tr("the signature"));
        if (!each)
            return concluded(check, Verdict::Failed, each.error().message);
        all.append(*each);
    }
    const Certificate leaf = all.takeFirst();
    check.certificate = summaryOf(leaf);
    const base::Result<PublicKey> key = leaf.publicKey();
    if (!key)
        return concluded(check, Verdict::Failed, key.error().message);
    const QString how = howSigned(*key, bytes, trust);
    if (how.isEmpty())
        return concluded(
            check, Verdict::Failed,
            Text::tr("The signature was not made by the key of its certificate, or what it signs was changed."));
    check.algorithm = key->algorithm() + QLatin1String(", ") + how;
    const QString who =
        Text::tr("%1 (vouched for by %2)").arg(shown(check.certificate->identity), shown(check.certificate->issuer));
    if (trust.roots.isEmpty())
        return notChecked(check, SignatureCheck::Lack::Roots,
                          Text::tr("Its certificate names %1, which was not verified against a log.").arg(who));
    if (const QString problem = pathProblem(leaf, all, trust); !problem.isEmpty())
        return concluded(check, Verdict::Failed, problem);
    return judgedByName(check, leaf, *key, trust.terms);
}
} // namespace

Trust Trust::asWrittenBy(const PublicKey &key)
{
    Trust trust;
    trust.keys.append(key);
    trust.onlyAsWritten = true;
    return trust;
}

bool isBelieved(const SignedBytes &bytes, const Trust &trust)
{
    return std::ranges::any_of(trust.keys,
                               [&](const PublicKey &key) { return !howSigned(key, bytes, trust).isEmpty(); });
}

content::SigningCertificate summaryOf(const Certificate &leaf)
{
    const CertificateIdentity &identity = leaf.identity();
    return {identity.shortForm(), identity.oidcIssuer.isEmpty() ? leaf.issuer() : identity.oidcIssuer,
            leaf.thumbprint(), leaf.validFrom(), leaf.validUntil()};
}

SignatureCheck madeBy(SignatureCheck check, const SignedBytes &bytes, const Trust &trust)
{
    for (const PublicKey &key : trust.keys) {
        const QString how = howSigned(key, bytes, trust);
        if (how.isEmpty())
            continue;
        check.key = key.description();
        check.algorithm = key.algorithm() + QLatin1String(", ") + how;
        return concluded(check, Verdict::Verified, {});
    }
    if (!bytes.certificates.isEmpty())
        return madeByCertificate(check, bytes, trust);
    if (trust.keys.isEmpty() && trust.roots.isEmpty())
        return notChecked(check, SignatureCheck::Lack::Key, Text::tr("Not checked: no key was given."));
    if (trust.keys.isEmpty())
        return notChecked(check, SignatureCheck::Lack::Key,
                          Text::tr("Not checked: it was made with a key, and none was given."));
    return concluded(check, Verdict::Failed,
                     trust.keys.size() == 1
                         ? Text::tr("The signature was not made by this key, or what it signs was changed.")
                         : Text::tr("The signature was made by none of these keys, or what it signs was changed."));
}

} // namespace colophon::signing
