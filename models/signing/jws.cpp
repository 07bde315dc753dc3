// SPDX-License-Identifier: Apache-2.0
#include "signing/jws.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

namespace colophon::signing {

namespace {
struct FreeContext
{
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};
struct FreeSignature
{
    void operator()(ECDSA_SIG *signature) const { ECDSA_SIG_free(signature); }
};
using Signature = std::unique_ptr<ECDSA_SIG, FreeSignature>;

constexpr auto urlSafe = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

struct Recipe
{
    HashKind hash;
    const EVP_MD *(*digest)();
    int width; // of r and of s in bytes; 0: RSA
};

Recipe recipeOf(JwsAlgorithm algorithm)
{
    switch (algorithm) {
    case JwsAlgorithm::PS256:
        return {HashKind::Sha256, EVP_sha256, 0};
    case JwsAlgorithm::PS384:
        return {HashKind::Sha384, EVP_sha384, 0};
    case JwsAlgorithm::PS512:
        return {HashKind::Sha512, EVP_sha512, 0};
    case JwsAlgorithm::ES256:
        return {HashKind::Sha256, EVP_sha256, 32};
    case JwsAlgorithm::ES384:
        return {HashKind::Sha384, EVP_sha384, 48};
    case JwsAlgorithm::ES512:
        return {HashKind::Sha512, EVP_sha512, 66};
    }
    return {HashKind::None, nullptr, 0};
}

const unsigned char *bytesOf(const QByteArray &array)
{
    return reinterpret_cast<const unsigned char *>(array.constData());
}

// What EVP makes and takes is a DER sequence of two integers.
QByteArray sideBySide(const QByteArray &der, int width)
{
    const unsigned char *position = bytesOf(der);
    const Signature signature(d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(der.size())));
    QByteArray both(qsizetype(2) * width, Qt::Uninitialized);
    auto *out = reinterpret_cast<unsigned char *>(both.data());
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, width) != width ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + width, width) != width)
        return {};
    return both;
}

QByteArray asDer(const QByteArray &both, int width)
{
    if (both.size() != qsizetype(2) * width)
        return {};
    const Signature signature(ECDSA_SIG_new());
    BIGNUM *r = BN_bin2bn(bytesOf(both), width, nullptr);
    BIGNUM *s = BN_bin2bn(bytesOf(both) + width, width, nullptr);
    if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char *bytes = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &bytes);
    if (size <= 0)
        return {};
    QByteArray der(reinterpret_cast<const char *>(bytes), size);
    OPENSSL_free(bytes);
    return der;
}

// PSS with everything said: hash, the same for its mask, and a salt as long as the hash.
class Pss
{
public:
    Pss(const EvpKey &key, const EVP_MD *digest, bool isToSign)
        : m_context(EVP_MD_CTX_new())
    {
        EVP_PKEY_CTX *padding = nullptr;
        m_isReady = m_context &&
                    (isToSign ? EVP_DigestSignInit(m_context.get(), &padding, digest, nullptr, key.get())
                              : EVP_DigestVerifyInit(m_context.get(), &padding, digest, nullptr, key.get())) == 1 &&
                    EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1 &&
                    EVP_PKEY_CTX_set_rsa_mgf1_md(padding, digest) == 1 &&
                    EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST) == 1;
    }
    QByteArray sign(const QByteArray &message) const
    {
        std::size_t size = 0;
        const auto length = static_cast<std::size_t>(message.size());
        if (!m_isReady || EVP_DigestSign(m_context.get(), nullptr, &size, bytesOf(message), length) != 1)
            return {};
        QByteArray signature(static_cast<qsizetype>(size), Qt::Uninitialized);
        if (EVP_DigestSign(m_context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size,
                           bytesOf(message), length) != 1)
            return {};
        signature.truncate(static_cast<qsizetype>(size));
        return signature;
    }
    bool verify(const QByteArray &message, const QByteArray &signature) const
    {
        return m_isReady &&
               EVP_DigestVerify(m_context.get(), bytesOf(signature), static_cast<std::size_t>(signature.size()),
                                bytesOf(message), static_cast<std::size_t>(message.size())) == 1;
    }

private:
    std::unique_ptr<EVP_MD_CTX, FreeContext> m_context;
    bool m_isReady = false;
};
} // namespace

QString nameOf(JwsAlgorithm algorithm)
{
    switch (algorithm) {
    case JwsAlgorithm::PS256:
        return QStringLiteral("PS256");
    case JwsAlgorithm::PS384:
        return QStringLiteral("PS384");
    case JwsAlgorithm::PS512:
        return QStringLiteral("PS512");
    case JwsAlgorithm::ES256:
        return QStringLiteral("ES256");
    case JwsAlgorithm::ES384:
        return QStringLiteral("ES384");
    case JwsAlgorithm::ES512:
        return QStringLiteral("ES512");
    }
    return {};
}

std::optional<JwsAlgorithm> jwsAlgorithmOf(const EvpKey &key)
{
    const base::Result<KeyKind> kind = kindOf(key, {});
    if (!kind)
        return {};
    switch (*kind) {
    case KeyKind::EcdsaP256:
        return JwsAlgorithm::ES256;
    case KeyKind::EcdsaP384:
        return JwsAlgorithm::ES384;
    case KeyKind::EcdsaP521:
        return JwsAlgorithm::ES512;
    case KeyKind::Rsa:
        switch (EVP_PKEY_get_bits(key.get())) {
        case 2048:
            return JwsAlgorithm::PS256;
        case 3072:
            return JwsAlgorithm::PS384;
        case 4096:
            return JwsAlgorithm::PS512;
        default:
            return {};
        }
    case KeyKind::Ed25519:
        return {};
    }
    return {};
}

QByteArray jwsSignatureOf(const QByteArray &message, const EvpKey &key)
{
    const std::optional<JwsAlgorithm> algorithm = jwsAlgorithmOf(key);
    if (!algorithm)
        return {};
    const Recipe recipe = recipeOf(*algorithm);
    QByteArray signature = recipe.width > 0 ? sideBySide(signatureOf(message, key, {recipe.hash}), recipe.width)
                                            : Pss(key, recipe.digest(), true).sign(message);
    ERR_clear_error();
    return signature;
}

bool isJwsSignatureOf(const QByteArray &message, const QByteArray &signature, const EvpKey &key)
{
    const std::optional<JwsAlgorithm> algorithm = jwsAlgorithmOf(key);
    if (!algorithm)
        return false;
    const Recipe recipe = recipeOf(*algorithm);
    const bool isGood = recipe.width > 0 ? isSignatureOf(message, asDer(signature, recipe.width), key, {recipe.hash})
                                         : Pss(key, recipe.digest(), false).verify(message, signature);
    ERR_clear_error();
    return isGood;
}

QByteArray base64Url(const QByteArray &bytes) { return bytes.toBase64(urlSafe); }

std::optional<QByteArray> strictBase64Url(const QByteArray &text)
{
    const auto decoded = QByteArray::fromBase64Encoding(text, urlSafe | QByteArray::AbortOnBase64DecodingErrors);
    if (decoded.decodingStatus != QByteArray::Base64DecodingStatus::Ok || base64Url(decoded.decoded) != text)
        return {};
    return decoded.decoded;
}

} // namespace colophon::signing
