// SPDX-License-Identifier: Apache-2.0
#include "signing/keys.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/digest.h"
#include "signing/evp.h"
#include "signing/keyfile.h"
#include "signing/pem.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace colophon::signing {

struct PublicKey::Data
{
    EvpKey key;
    KeyKind kind = KeyKind::EcdsaP256;
    QString name;
    QByteArray spki;
};

namespace {
using base::Result;
using base::Task;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr qsizetype shownFingerprint = 8;
constexpr char publicLabel[] = "PUBLIC KEY";

QString shown(const QString &name) { return base::visible(name, 200); }
QString fileNameOf(const QString &path) { return QFileInfo(path).fileName(); }

// cosign signs with the curve's own hash where the curve is larger than P-256; its verifier, and ours, take SHA-256
// from any. What matched is said, because not every verifier takes both.
QList<HashKind> hashesOf(KeyKind kind)
{
    switch (kind) {
    case KeyKind::EcdsaP384:
        return {HashKind::Sha256, HashKind::Sha384};
    case KeyKind::EcdsaP521:
        return {HashKind::Sha256, HashKind::Sha512};
    case KeyKind::EcdsaP256:
    case KeyKind::Rsa:
        return {HashKind::Sha256};
    case KeyKind::Ed25519:
        return {HashKind::None};
    }
    return {};
}

// A key that was read from a file.
class LocalKey final : public PrivateKey
{
public:
    LocalKey(EvpKey key, QString name)
        : m_key(std::move(key))
        , m_name(std::move(name))
    {
    }
    Task<Result<QByteArray>> sign(QByteArray message, SignatureScheme scheme, std::stop_token /*stop*/) override
    {
        return signature(m_key, m_name, std::move(message), scheme);
    }

private:
    static Task<Result<QByteArray>> signature(EvpKey key, QString name, QByteArray message, SignatureScheme scheme)
    {
        QByteArray signature = signatureOf(message, key, scheme);
        if (signature.isEmpty())
            co_return base::fail(base::ErrorKind::Failed, Text::tr("%1 could not sign.").arg(shown(name)));
        co_return signature;
    }
    EvpKey m_key;
    QString m_name;
};
} // namespace

Result<PublicKey> PublicKey::fromPem(const QByteArray &pem, const QString &name)
{
    const std::optional<PemBlock> block =
        pem.size() <= base::limits::keyFile ? firstPemBlock(pem) : std::optional<PemBlock>();
    const QByteArrayList labels = pemLabels(pem);
    if (std::ranges::any_of(labels, [](const QByteArray &label) { return label.endsWith("PRIVATE KEY"); }))
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is a private key; verifying takes the public one.").arg(shown(name)),
                          Text::tr("cosign keeps it beside the private key, in a file that ends in .pub."));
    if (const qsizetype count = labels.count(publicLabel); count > 1)
        return base::fail(
            base::ErrorKind::InvalidData,
            Text::tr("There are %1 public keys in %2, and nothing says which is meant.").arg(count).arg(shown(name)),
            Text::tr("Put each into a file of its own; several may be given."));
    if (!block || block->label != publicLabel)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is not a public key in PEM form.").arg(shown(name)),
                          Text::tr("It should start with “-----BEGIN PUBLIC KEY-----”."));
    return fromDer(block->bytes.reveal(), name);
}

Result<PublicKey> PublicKey::fromFile(const QString &path)
{
    const Result<base::Secret> text = readKeyFile(path);
    if (!text)
        return base::fail(text.error());
    return fromPem(text->reveal(), fileNameOf(path));
}

Result<PublicKey> PublicKey::fromDer(const QByteArray &spki, const QString &name)
{
    EvpKey key = publicKeyFromDer(spki);
    if (!key)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is not a public key: what it holds cannot be read.").arg(shown(name)));
    const Result<KeyKind> kind = kindOf(key, shown(name));
    if (!kind)
        return base::fail(kind.error());
    PublicKey made;
    QByteArray der = publicKeyToDer(key); // one way of writing it, whatever it was read from
    made.m_data = std::make_shared<const Data>(Data{std::move(key), *kind, name, std::move(der)});
    return made;
}

QString PublicKey::name() const { return m_data->name; }

KeyKind PublicKey::kind() const { return m_data->kind; }

int PublicKey::bits() const { return EVP_PKEY_get_bits(m_data->key.get()); }

QString PublicKey::algorithm() const { return algorithmOf(m_data->key, m_data->kind); }

QString PublicKey::fingerprint() const { return oci::Digest::of(m_data->spki).hex(); }

QString PublicKey::description() const
{
    const QString key = QStringLiteral("%1 · SHA256:%2…").arg(algorithm(), fingerprint().left(shownFingerprint));
    return name().isEmpty() ? key : shown(name()) + QStringLiteral(" · ") + key;
}

const QByteArray &PublicKey::toDer() const { return m_data->spki; }

QByteArray PublicKey::toPem() const { return signing::toPem(publicLabel, m_data->spki); }

PublicKey PublicKey::withName(const QString &name) const
{
    PublicKey changed;
    changed.m_data = std::make_shared<const Data>(Data{m_data->key, m_data->kind, name, m_data->spki});
    return changed;
}

QString PublicKey::verify(const QByteArray &message, const QByteArray &signature) const
{
    for (const HashKind hash : hashesOf(m_data->kind))
        if (verifies(message, signature, {hash}))
            return nameOf(hash);
    if (m_data->kind == KeyKind::Ed25519 && isPrehashedEd25519Of(message, signature, m_data->key))
        return QStringLiteral("prehashed (Ed25519ph)");
    return {};
}

SignatureScheme PublicKey::writtenScheme() const
{
    return {m_data->kind == KeyKind::Ed25519 ? HashKind::None : HashKind::Sha256};
}

bool PublicKey::verifies(const QByteArray &message, const QByteArray &signature, SignatureScheme scheme) const
{
    return isSignatureOf(message, signature, m_data->key, scheme);
}

Result<SigningKey> SigningKey::fromBytes(const base::Secret &file, const base::Secret &passphrase, const QString &name)
{
    const Result<KeyFile> opened = openKeyFile(file, passphrase, shown(name));
    if (!opened)
        return base::fail(opened.error());
    const Result<PublicKey> publicKey = PublicKey::fromDer(publicKeyToDer(opened->key), name);
    if (!publicKey)
        return base::fail(publicKey.error());
    return SigningKey(*publicKey, std::make_shared<LocalKey>(opened->key, name), opened->certificates);
}

Result<SigningKey> SigningKey::fromFile(const QString &path, const base::Secret &passphrase)
{
    const Result<base::Secret> content = readKeyFile(path);
    if (!content)
        return base::fail(content.error());
    return fromBytes(*content, passphrase, fileNameOf(path));
}

Result<bool> SigningKey::needsPassphrase(const QString &path)
{
    const Result<SigningKey> opened = fromFile(path, base::Secret());
    if (opened)
        return false;
    if (opened.error().kind == base::ErrorKind::CheckFailed)
        return true;
    return base::fail(opened.error());
}

SigningKey::SigningKey(PublicKey publicKey, std::shared_ptr<PrivateKey> privateKey, QList<QByteArray> certificates)
    : m_publicKey(std::move(publicKey))
    , m_privateKey(std::move(privateKey))
    , m_certificates(std::move(certificates))
{
}

Task<Result<QByteArray>> SigningKey::sign(QByteArray message, std::stop_token stop) const
{
    return signAs(m_publicKey.writtenScheme(), std::move(message), std::move(stop));
}

Task<Result<QByteArray>> SigningKey::signAs(SignatureScheme scheme, QByteArray message, std::stop_token stop) const
{
    return m_privateKey->sign(std::move(message), scheme, std::move(stop));
}

} // namespace colophon::signing
