// SPDX-License-Identifier: Apache-2.0
#include "signing/certificaterules.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "signing/certificatepath.h"
#include "signing/jws.h"

#include <QCoreApplication>

#include <openssl/x509v3.h>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

QString nameOf(const Certificate &certificate)
{
    const QString subject = certificate.subject();
    return subject.isEmpty() ? Text::tr("The certificate without a name")
                             : QStringLiteral("“%1”").arg(base::visible(subject, 200));
}

// RFC 5280 4.2.1.3, in its order and spelling.
struct UsageBit
{
    quint32 bit;
    QLatin1String name;
};
constexpr UsageBit forbiddenBits[] = {
    {KU_KEY_ENCIPHERMENT, QLatin1String("keyEncipherment")},
    {KU_DATA_ENCIPHERMENT, QLatin1String("dataEncipherment")},
    {KU_KEY_AGREEMENT, QLatin1String("keyAgreement")},
    {KU_KEY_CERT_SIGN, QLatin1String("keyCertSign")},
    {KU_CRL_SIGN, QLatin1String("cRLSign")},
    {KU_ENCIPHER_ONLY, QLatin1String("encipherOnly")},
    {KU_DECIPHER_ONLY, QLatin1String("decipherOnly")},
};

// RFC 5280 4.2.1.12: what a leaf may not be for.
QString forbiddenPurpose(const QString &oid)
{
    if (oid == QLatin1String("1.3.6.1.5.5.7.3.1"))
        return Text::tr("TLS servers (extended key usage serverAuth)");
    if (oid == QLatin1String("1.3.6.1.5.5.7.3.2"))
        return Text::tr("TLS clients (extended key usage clientAuth)");
    if (oid == QLatin1String("1.3.6.1.5.5.7.3.4"))
        return Text::tr("e-mail (extended key usage emailProtection)");
    if (oid == QLatin1String("1.3.6.1.5.5.7.3.8"))
        return Text::tr("time stamps (extended key usage timeStamping)");
    if (oid == QLatin1String("1.3.6.1.5.5.7.3.9"))
        return Text::tr("answers about revocation (extended key usage OCSPSigning)");
    return {};
}

void checkKeyUsage(const Certificate &leaf, QStringList &problems)
{
    const QString name = nameOf(leaf);
    const CertificateUse &use = leaf.use();
    if (leaf.version() != 3) {
        problems.append(Text::tr("%1 is an X.509 version %2 certificate, which cannot say what it may be used for: "
                                 "version 3 with a key usage is needed.")
                            .arg(name)
                            .arg(leaf.version()));
        return;
    }
    if (!use.keyUsage) {
        problems.append(Text::tr("%1 may not sign code: it has no key usage.").arg(name));
        return;
    }
    if (!use.isKeyUsageCritical)
        problems.append(Text::tr("%1 may not sign code: its key usage is not marked critical.").arg(name));
    if ((*use.keyUsage & KU_DIGITAL_SIGNATURE) == 0)
        problems.append(Text::tr("%1 may not sign code: its key usage lacks digitalSignature.").arg(name));
    QStringList others;
    for (const UsageBit &each : forbiddenBits)
        if ((*use.keyUsage & each.bit) != 0)
            others.append(each.name);
    if (!others.isEmpty())
        problems.append(
            Text::tr("%1 may not sign code: its key usage must be digitalSignature alone, but has %2 as well.")
                .arg(name, others.join(QStringLiteral(", "))));
}

void checkKey(const Certificate &certificate, QStringList &problems)
{
    const QString name = nameOf(certificate);
    EVP_PKEY *key = X509_get0_pubkey(certificate.handle());
    const int bits = EVP_PKEY_get_bits(key);
    const bool isRsa = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
    const bool isEc = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;
    if (isRsa && bits < 2048)
        problems.append(Text::tr("The RSA key of %1 is of %2 bits, which is too short: at least 2048 are needed.")
                            .arg(name)
                            .arg(bits));
    else if (isEc && bits < 256)
        problems.append(
            Text::tr("The elliptic-curve key of %1 is of %2 bits, which is too short: at least 256 are needed.")
                .arg(name)
                .arg(bits));
    else if (!isRsa && !isEc)
        problems.append(Text::tr("The key of %1 is neither RSA nor on an elliptic curve of NIST's.").arg(name));
}

void checkHash(const Certificate &certificate, QStringList &problems)
{
    const QString hash = certificate.signatureHash();
    if (hash != QLatin1String("SHA256") && hash != QLatin1String("SHA384") && hash != QLatin1String("SHA512"))
        problems.append(Text::tr("%1 is signed with %2, which is not accepted: SHA-256, SHA-384 or SHA-512 is needed.")
                            .arg(nameOf(certificate), hash == QLatin1String("SHA1") ? QStringLiteral("SHA-1")
                                                      : hash.isEmpty()              ? Text::tr("an unknown hash")
                                                                                    : base::visible(hash, 40)));
}

void checkExtensions(const Certificate &certificate, QStringList &problems)
{
    if (!certificate.use().unknownCritical.isEmpty())
        problems.append(Text::tr("%1 has a critical extension that is not understood: %2.")
                            .arg(nameOf(certificate), certificate.use().unknownCritical.join(QStringLiteral(", "))));
}

void checkAuthority(const Certificate &authority, qsizetype below, QStringList &problems)
{
    const QString name = nameOf(authority);
    const CertificateUse &use = authority.use();
    if (!use.isAuthority)
        problems.append(Text::tr("%1 issued the one before it, but it is not a CA.").arg(name));
    else if (!use.areConstraintsCritical)
        problems.append(Text::tr("%1 is a CA, but its basic constraints are not marked critical.").arg(name));
    if (use.isAuthority && use.pathLength && *use.pathLength < below)
        problems.append(
            Text::tr("%1 allows %2 CAs below it, but there are %3.").arg(name).arg(*use.pathLength).arg(below));
    if (!use.keyUsage)
        problems.append(Text::tr("%1 may not issue certificates: it has no key usage.").arg(name));
    else if (!use.isKeyUsageCritical)
        problems.append(Text::tr("%1 may not issue certificates: its key usage is not marked critical.").arg(name));
    if (use.keyUsage && (*use.keyUsage & KU_KEY_CERT_SIGN) == 0)
        problems.append(Text::tr("%1 may not issue certificates: its key usage lacks keyCertSign.").arg(name));
    checkKey(authority, problems);
    checkHash(authority, problems);
    checkExtensions(authority, problems);
}

// Each issued by the next, the last by itself and no other by itself.
void checkOrder(const QList<Certificate> &all, QStringList &problems)
{
    for (qsizetype i = 0; i + 1 < all.size(); ++i) {
        if (all.at(i).isSelfSigned()) {
            problems.append(
                Text::tr(
                    "The certificates are not in order from leaf to root: %1 is self-signed, but others follow it.")
                    .arg(nameOf(all.at(i))));
            return;
        }
        if (!all.at(i).isIssuedBy(all.at(i + 1))) {
            problems.append(Text::tr("The certificates are not in order from leaf to root: %1 was not issued by %2, "
                                     "which follows it.")
                                .arg(nameOf(all.at(i)), nameOf(all.at(i + 1))));
            return;
        }
    }
    if (!all.constLast().isSelfSigned())
        problems.append(Text::tr("The chain does not end in a self-signed root: %1 was issued by “%2”.")
                            .arg(nameOf(all.constLast()), base::visible(all.constLast().issuer(), 200)));
}

QString shown(const QDateTime &time) { return time.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")); }
} // namespace

QStringList leafProblems(const Certificate &leaf)
{
    QStringList problems;
    const QString name = nameOf(leaf);
    if (leaf.use().isAuthority)
        problems.append(Text::tr("%1 is a CA, and a CA may not sign code.").arg(name));
    checkKeyUsage(leaf, problems);
    for (const QString &purpose : leaf.use().purposes)
        if (const QString what = forbiddenPurpose(purpose); !what.isEmpty())
            problems.append(Text::tr("%1 is for %2, not for signing code.").arg(name, what));
    checkKey(leaf, problems);
    checkHash(leaf, problems);
    checkExtensions(leaf, problems);
    return problems;
}

QStringList chainProblems(const CertificateChain &chain)
{
    if (chain.isEmpty())
        return {Text::tr("There is no certificate.")};
    const QList<Certificate> &all = chain.certificates();
    if (all.size() > base::limits::chain)
        return {Text::tr("There are %1 certificates in the chain; more than %2 are not read.")
                    .arg(all.size())
                    .arg(base::limits::chain)};
    QStringList problems;
    checkOrder(all, problems);
    problems += leafProblems(chain.leaf());
    const base::Result<PublicKey> key = chain.leaf().publicKey();
    if (problems.isEmpty() && (!key || !jwsAlgorithmOf(*key)))
        problems.append(
            Text::tr("The Notary Project has no algorithm for the key of %1: RSA of 2048, 3072 or 4096 bits, "
                     "P-256, P-384 or P-521 is needed.")
                .arg(nameOf(chain.leaf())));
    for (qsizetype i = 1; i < all.size(); ++i)
        checkAuthority(all.at(i), i - 1, problems);
    if (problems.isEmpty())
        problems.append(constraintProblem(chain));
    problems.removeAll(QString());
    return problems;
}

QStringList validityProblems(const CertificateChain &chain, const QDateTime &when)
{
    QStringList problems;
    for (const Certificate &each : chain.certificates()) {
        if (when < each.validFrom())
            problems.append(Text::tr("%1 is not valid before %2 UTC.").arg(nameOf(each), shown(each.validFrom())));
        else if (when > each.validUntil())
            problems.append(Text::tr("%1 expired on %2 UTC.").arg(nameOf(each), shown(each.validUntil())));
    }
    return problems;
}

} // namespace colophon::signing
