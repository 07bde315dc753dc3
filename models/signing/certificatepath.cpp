// SPDX-License-Identifier: Apache-2.0
#include "signing/certificatepath.h"

#include "base/limits.h"
#include "base/plaintext.h"

#include <QCoreApplication>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

// 112 bits: no RSA key below 2048 bits, no SHA-1 (SSL_CTX_set_security_level(3)).
constexpr int authLevel = 2;

struct Free
{
    void operator()(X509_STORE *store) const { X509_STORE_free(store); }
    void operator()(X509_STORE_CTX *context) const { X509_STORE_CTX_free(context); }
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); } // the certificates are not its own
};

QString nameOf(const Certificate &certificate)
{
    return QStringLiteral("“%1”").arg(base::visible(certificate.identity().shortForm(), 200));
}

QString reasonOf(int code, const QString &name, const QDateTime &when)
{
    switch (code) {
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
        return Text::tr("%1 has a name that its issuers may not vouch for, by their name constraints.").arg(name);
    case X509_V_ERR_NO_EXPLICIT_POLICY:
        return Text::tr("The issuers of %1 ask for a certificate policy that it does not have.").arg(name);
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return Text::tr("%1 was expired at %2 UTC.")
            .arg(name, when.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")));
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return Text::tr("%1 was not valid yet at %2 UTC.")
            .arg(name, when.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")));
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return Text::tr("%1 does not lead to any of the trusted roots.").arg(name);
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return Text::tr("%1 is not signed by the one that is named as its issuer.").arg(name);
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
        return Text::tr("The key of %1 is too short.").arg(name);
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return Text::tr("%1 is signed with a hash that can be forged, such as SHA-1.").arg(name);
    case X509_V_ERR_INVALID_CA:
        return Text::tr("%1 issued another one, but it is not a CA.").arg(name);
    default:
        return Text::tr("%1 is not accepted: %2.").arg(name, QString::fromLatin1(X509_verify_cert_error_string(code)));
    }
}
// A null `when`: at any time.
base::Result<CertificateChain> path(const Certificate &leaf, const QList<Certificate> &intermediates,
                                    const QList<Certificate> &roots, const QDateTime &when)
{
    const std::unique_ptr<X509_STORE, Free> store(X509_STORE_new());
    const std::unique_ptr<X509_STORE_CTX, Free> context(X509_STORE_CTX_new());
    const std::unique_ptr<STACK_OF(X509), Free> others(sk_X509_new_null());
    bool isReady = store && context && others;
    QList<Certificate> known;
    for (const Certificate &each : roots) {
        if (known.contains(each)) // the store takes each once
            continue;
        known.append(each);
        isReady = isReady && X509_STORE_add_cert(store.get(), each.handle()) == 1;
    }
    for (const Certificate &each : intermediates)
        isReady = isReady && sk_X509_push(others.get(), each.handle()) > 0;
    isReady = isReady && X509_STORE_CTX_init(context.get(), store.get(), leaf.handle(), others.get()) == 1;
    if (!isReady) {
        ERR_clear_error();
        return base::fail(base::ErrorKind::Failed, Text::tr("The certificates cannot be checked."));
    }
    X509_VERIFY_PARAM *wishes = X509_STORE_CTX_get0_param(context.get());
    if (when.isNull())
        X509_VERIFY_PARAM_set_flags(wishes, X509_V_FLAG_NO_CHECK_TIME);
    else
        X509_VERIFY_PARAM_set_time(wishes, static_cast<time_t>(when.toSecsSinceEpoch()));
    // Without being told OpenSSL passes by what an authority demands of policies, critical or not.
    X509_VERIFY_PARAM_set_flags(wishes, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_POLICY_CHECK);
    X509_VERIFY_PARAM_set_auth_level(wishes, authLevel);
    X509_VERIFY_PARAM_set_depth(wishes, base::limits::chain);
    const bool isGood = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    if (!isGood) {
        X509 *at = X509_STORE_CTX_get_current_cert(context.get());
        QString name = nameOf(leaf);
        for (const Certificate &each : known + intermediates)
            if (at && X509_cmp(each.handle(), at) == 0)
                name = nameOf(each);
        return base::fail(base::ErrorKind::CheckFailed, reasonOf(X509_STORE_CTX_get_error(context.get()), name, when));
    }
    QList<Certificate> found{leaf};
    STACK_OF(X509) *verified = X509_STORE_CTX_get0_chain(context.get());
    for (int i = 1; i < sk_X509_num(verified); ++i)
        for (const Certificate &each : intermediates + known)
            if (X509_cmp(each.handle(), sk_X509_value(verified, i)) == 0) {
                found.append(each);
                break;
            }
    // OpenSSL lets old ways of being a CA pass as well.
    for (qsizetype i = 1; i < found.size(); ++i)
        if (!found.at(i).use().isAuthority)
            return base::fail(base::ErrorKind::CheckFailed, reasonOf(X509_V_ERR_INVALID_CA, nameOf(found.at(i)), when));
    return CertificateChain(std::move(found));
}
} // namespace

base::Result<CertificateChain> pathToRoots(const Certificate &leaf, const QList<Certificate> &intermediates,
                                           const QList<Certificate> &roots, const QDateTime &when)
{
    Q_ASSERT(!when.isNull());
    return path(leaf, intermediates, roots, when);
}

QString constraintProblem(const CertificateChain &chain)
{
    const QList<Certificate> &all = chain.certificates();
    const auto done = path(all.constFirst(), all, {all.constLast()}, {});
    return done ? QString() : done.error().message;
}

} // namespace colophon::signing
