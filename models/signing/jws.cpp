// SPDX-License-Identifier: Apache-2.0
#include "signing/jws.h"
#include "signing/releasedby.h"

#include <QCoreApplication>

#include <openssl/ecdsa.h>
#include <openssl/err.h>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

using Signature = std::unique_ptr<ECDSA_SIG, ReleasedBy<ECDSA_SIG, ECDSA_SIG_free>>;

constexpr auto urlSafe = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

struct Recipe
{
    SignatureScheme scheme;
    int width; // of r and of s in bytes; 0: RSA
};

Recipe recipeOf(JwsAlgorithm algorithm)
{
    switch (algorithm) {
    case JwsAlgorithm::PS256:
        return {{HashKind::Sha256, RsaPadding::Pss}, 0};
    case JwsAlgorithm::PS384:
        return {{HashKind::Sha384, RsaPadding::Pss}, 0};
    case JwsAlgorithm::PS512:
        return {{HashKind::Sha512, RsaPadding::Pss}, 0};
    case JwsAlgorithm::ES256:
        return {{HashKind::Sha256}, 32};
    case JwsAlgorithm::ES384:
        return {{HashKind::Sha384}, 48};
    case JwsAlgorithm::ES512:
        return {{HashKind::Sha512}, 66};
    }
    return {};
}

const unsigned char *bytesOf(const QByteArray &array)
{
    return reinterpret_cast<const unsigned char *>(array.constData());
}

// What keys make and take is a DER sequence of two integers.
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

std::optional<JwsAlgorithm> jwsAlgorithmOf(const PublicKey &key)
{
    switch (key.kind()) {
    case KeyKind::EcdsaP256:
        return JwsAlgorithm::ES256;
    case KeyKind::EcdsaP384:
        return JwsAlgorithm::ES384;
    case KeyKind::EcdsaP521:
        return JwsAlgorithm::ES512;
    case KeyKind::Rsa:
        switch (key.bits()) {
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

base::Task<base::Result<QByteArray>> jwsSignature(SigningKey key, QByteArray message, std::stop_token stop)
{
    const std::optional<JwsAlgorithm> algorithm = jwsAlgorithmOf(key.publicKey());
    if (!algorithm)
        co_return base::fail(base::ErrorKind::Usage,
                             Text::tr("The Notary Project has no algorithm for %1.").arg(key.description()),
                             Text::tr("Use RSA of 2048, 3072 or 4096 bits, or ECDSA on P-256, P-384 or P-521."));
    const Recipe recipe = recipeOf(*algorithm);
    base::Result<QByteArray> signature = co_await key.signAs(recipe.scheme, message, stop);
    if (!signature || recipe.width == 0)
        co_return signature;
    QByteArray both = sideBySide(*signature, recipe.width);
    ERR_clear_error();
    if (both.isEmpty())
        co_return base::fail(base::ErrorKind::Failed,
                             Text::tr("What %1 signed is no ECDSA signature.").arg(key.description()));
    co_return both;
}

bool isJwsSignature(const QByteArray &message, const QByteArray &signature, const PublicKey &key)
{
    const std::optional<JwsAlgorithm> algorithm = jwsAlgorithmOf(key);
    if (!algorithm)
        return false;
    const Recipe recipe = recipeOf(*algorithm);
    const QByteArray whole = recipe.width > 0 ? asDer(signature, recipe.width) : signature;
    ERR_clear_error();
    return !whole.isEmpty() && key.verifies(message, whole, recipe.scheme);
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
