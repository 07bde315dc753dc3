// SPDX-License-Identifier: Apache-2.0
#include "signing/trust.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "signing/certificatepath.h"
#include "signing/certificaterules.h"

#include <QCoreApplication>

namespace colophon::signing {

namespace {
using content::SignatureCheck;
using Verdict = content::CheckVerdict;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr QLatin1String codeSigning("1.3.6.1.5.5.7.3.3");

QString shown(const QString &outside) { return base::visible(outside, 200); }

SignatureCheck concluded(SignatureCheck check, Verdict verdict, const QString &reason)
{
    check.verdict = verdict;
    check.reason = reason;
    return check;
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
        return {};
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
    const QString how = key->verify(bytes.message, bytes.signature);
    if (how.isEmpty())
        return concluded(
            check, Verdict::Failed,
            Text::tr("The signature was not made by the key of its certificate, or what it signs was changed."));
    check.algorithm = key->algorithm() + QLatin1String(", ") + how;
    const QString who =
        Text::tr("%1 (vouched for by %2)").arg(shown(check.certificate->identity), shown(check.certificate->issuer));
    if (trust.roots.isEmpty())
        return concluded(check, Verdict::NotChecked,
                         Text::tr("Its certificate names %1, which was not verified against a log.").arg(who));
    if (const QString problem = pathProblem(leaf, all, trust); !problem.isEmpty())
        return concluded(check, Verdict::Failed, problem);
    check.key = key->description();
    return concluded(
        check, Verdict::Verified,
        Text::tr("Its certificate names %1 and leads to a trusted root; no log says when it signed.").arg(who));
}
} // namespace

content::SigningCertificate summaryOf(const Certificate &leaf)
{
    const CertificateIdentity &identity = leaf.identity();
    return {identity.shortForm(), identity.oidcIssuer.isEmpty() ? leaf.issuer() : identity.oidcIssuer,
            leaf.thumbprint(), leaf.validFrom(), leaf.validUntil()};
}

SignatureCheck madeBy(SignatureCheck check, const SignedBytes &bytes, const Trust &trust)
{
    for (const PublicKey &key : trust.keys) {
        const QString how = key.verify(bytes.message, bytes.signature);
        if (how.isEmpty())
            continue;
        check.key = key.description();
        check.algorithm = key.algorithm() + QLatin1String(", ") + how;
        return concluded(check, Verdict::Verified, {});
    }
    if (!bytes.certificates.isEmpty())
        return madeByCertificate(check, bytes, trust);
    if (trust.keys.isEmpty() && trust.roots.isEmpty())
        return concluded(check, Verdict::NotChecked, Text::tr("Not checked: no key was given."));
    if (trust.keys.isEmpty())
        return concluded(check, Verdict::NotChecked,
                         Text::tr("Not checked: it was made with a key, and none was given."));
    return concluded(check, Verdict::Failed,
                     trust.keys.size() == 1
                         ? Text::tr("The signature was not made by this key, or what it signs was changed.")
                         : Text::tr("The signature was made by none of these keys, or what it signs was changed."));
}

} // namespace colophon::signing
