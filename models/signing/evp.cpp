// SPDX-License-Identifier: Apache-2.0
#include "signing/evp.h"
#include "signing/releasedby.h"

#include <QCoreApplication>

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <array>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr int smallestRsa = 2048;
constexpr int largestRsa = 16384; // OpenSSL's own bound; more costs seconds a signature

using Context = std::unique_ptr<EVP_MD_CTX, ReleasedBy<EVP_MD_CTX, EVP_MD_CTX_free>>;

const EVP_MD *digestOf(HashKind hash)
{
    switch (hash) {
    case HashKind::Sha256:
        return EVP_sha256();
    case HashKind::Sha384:
        return EVP_sha384();
    case HashKind::Sha512:
        return EVP_sha512();
    case HashKind::None:
        return nullptr;
    }
    return nullptr;
}

const unsigned char *bytesOf(const QByteArray &array)
{
    return reinterpret_cast<const unsigned char *>(array.constData());
}

// Without a digest OpenSSL would take the one it likes best.
bool fits(const EvpKey &key, SignatureScheme scheme)
{
    return (EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_ED25519) == (scheme.hash == HashKind::None);
}

// `context` is the one that signing or verifying has just been begun with.
bool isPadded(EVP_PKEY_CTX *context, const EvpKey &key, RsaPadding padding)
{
    if (padding == RsaPadding::Pkcs1 || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
        return true;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}
} // namespace

EvpKey owned(EVP_PKEY *key)
{
    ERR_clear_error();
    return {key, [](EVP_PKEY *each) { EVP_PKEY_free(each); }};
}

base::Result<KeyKind> kindOf(const EvpKey &key, const QString &name)
{
    switch (EVP_PKEY_get_base_id(key.get())) {
    case EVP_PKEY_EC: {
        std::array<char, 80> group{};
        EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), nullptr);
        const QByteArray curve(group.data());
        if (curve == "prime256v1" || curve == "P-256")
            return KeyKind::EcdsaP256;
        if (curve == "secp384r1" || curve == "P-384")
            return KeyKind::EcdsaP384;
        if (curve == "secp521r1" || curve == "P-521")
            return KeyKind::EcdsaP521;
        break;
    }
    case EVP_PKEY_RSA: {
        const int bits = EVP_PKEY_get_bits(key.get());
        if (bits >= smallestRsa && bits <= largestRsa)
            return KeyKind::Rsa;
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is an RSA key of %2 bits, which is not accepted.").arg(name).arg(bits),
                          Text::tr("Use one of %1 to %2 bits.").arg(smallestRsa).arg(largestRsa));
    }
    case EVP_PKEY_ED25519:
        return KeyKind::Ed25519;
    default:
        break;
    }
    return base::fail(base::ErrorKind::InvalidData, Text::tr("%1 is of a kind that signs no images.").arg(name),
                      Text::tr("Use ECDSA on P-256, P-384 or P-521, RSA or Ed25519."));
}

QString algorithmOf(const EvpKey &key, KeyKind kind)
{
    switch (kind) {
    case KeyKind::EcdsaP256:
        return QStringLiteral("ECDSA P-256");
    case KeyKind::EcdsaP384:
        return QStringLiteral("ECDSA P-384");
    case KeyKind::EcdsaP521:
        return QStringLiteral("ECDSA P-521");
    case KeyKind::Rsa:
        return QStringLiteral("RSA %1").arg(EVP_PKEY_get_bits(key.get()));
    case KeyKind::Ed25519:
        return QStringLiteral("Ed25519");
    }
    return {};
}

QString nameOf(HashKind hash)
{
    switch (hash) {
    case HashKind::Sha256:
        return QStringLiteral("SHA-256");
    case HashKind::Sha384:
        return QStringLiteral("SHA-384");
    case HashKind::Sha512:
        return QStringLiteral("SHA-512");
    case HashKind::None:
        return QStringLiteral("pure");
    }
    return {};
}

EvpKey privateKeyFromDer(const QByteArray &der)
{
    const unsigned char *position = bytesOf(der);
    return owned(d2i_AutoPrivateKey(nullptr, &position, static_cast<long>(der.size())));
}

base::Secret privateKeyToDer(const EvpKey &key)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key.get());
    unsigned char *bytes = nullptr;
    const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info, &bytes) : 0;
    PKCS8_PRIV_KEY_INFO_free(info);
    ERR_clear_error();
    if (size <= 0)
        return {};
    base::Secret der(QByteArray(reinterpret_cast<const char *>(bytes), size));
    OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
    return der;
}

EvpKey newP256Key() { return owned(EVP_EC_gen("P-256")); }

EvpKey publicKeyFromDer(const QByteArray &spki)
{
    const unsigned char *position = bytesOf(spki);
    EvpKey key = owned(d2i_PUBKEY(nullptr, &position, static_cast<long>(spki.size())));
    if (position != bytesOf(spki) + spki.size())
        return {};
    return key;
}

QByteArray publicKeyToDer(const EvpKey &key)
{
    unsigned char *bytes = nullptr;
    const int size = i2d_PUBKEY(key.get(), &bytes);
    if (size <= 0)
        return {};
    QByteArray der(reinterpret_cast<const char *>(bytes), size);
    OPENSSL_free(bytes);
    return der;
}

QByteArray signatureOf(const QByteArray &message, const EvpKey &key, SignatureScheme scheme)
{
    const Context context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *choices = nullptr; // belongs to the context
    const auto length = static_cast<std::size_t>(message.size());
    std::size_t size = 0;
    QByteArray signature;
    if (context && fits(key, scheme) &&
        EVP_DigestSignInit(context.get(), &choices, digestOf(scheme.hash), nullptr, key.get()) == 1 &&
        isPadded(choices, key, scheme.padding) &&
        EVP_DigestSign(context.get(), nullptr, &size, bytesOf(message), length) == 1) {
        signature.resize(static_cast<qsizetype>(size));
        if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size, bytesOf(message),
                           length) == 1)
            signature.resize(static_cast<qsizetype>(size));
        else
            signature.clear();
    }
    ERR_clear_error();
    return signature;
}

bool isSignatureOf(const QByteArray &message, const QByteArray &signature, const EvpKey &key, SignatureScheme scheme)
{
    const Context context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *choices = nullptr;
    const bool isGood = context && fits(key, scheme) &&
                        EVP_DigestVerifyInit(context.get(), &choices, digestOf(scheme.hash), nullptr, key.get()) == 1 &&
                        isPadded(choices, key, scheme.padding) &&
                        EVP_DigestVerify(context.get(), bytesOf(signature), static_cast<std::size_t>(signature.size()),
                                         bytesOf(message), static_cast<std::size_t>(message.size())) == 1;
    ERR_clear_error();
    return isGood;
}

bool isPrehashedEd25519Of(const QByteArray &message, const QByteArray &signature, const EvpKey &key)
{
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> point{};
    std::size_t size = point.size();
    if (!prepareSodium() || signature.size() != crypto_sign_BYTES ||
        EVP_PKEY_get_raw_public_key(key.get(), point.data(), &size) != 1 || size != point.size())
        return false;
    crypto_sign_state state;
    return crypto_sign_init(&state) == 0 &&
           crypto_sign_update(&state, bytesOf(message), static_cast<unsigned long long>(message.size())) == 0 &&
           crypto_sign_final_verify(&state, bytesOf(signature), point.data()) == 0;
}

bool prepareSodium()
{
    static const bool isReady = sodium_init() >= 0;
    return isReady;
}

} // namespace colophon::signing
