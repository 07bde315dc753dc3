// SPDX-License-Identifier: Apache-2.0
#include "signing/keys.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "oci/digest.h"
#include "signing/cosignkeyfile.h"
#include "signing/evp.h"
#include "signing/pem.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace colophon::signing {

struct PublicKey::Data
{
    EvpKey key;
    KeyKind kind = KeyKind::EcdsaP256;
    QString name;
    QByteArray spki;
};

struct SigningKey::Data
{
    EvpKey key;
    KeyKind kind = KeyKind::EcdsaP256;
    PublicKey publicKey;
};

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr qsizetype shownFingerprint = 8;
constexpr char publicLabel[] = "PUBLIC KEY";

QString shown(const QString &name) { return base::visible(name, 200); }
QString fileNameOf(const QString &path) { return QFileInfo(path).fileName(); }

base::Result<QByteArray> readKeyFile(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return base::fail(base::ErrorKind::Usage, Text::tr("There is no key file %1.").arg(shown(path)));
    if (!info.isFile()) // a device or pipe may never end
        return base::fail(base::ErrorKind::Usage, Text::tr("%1 is not a file.").arg(shown(path)));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return base::fail(base::ErrorKind::Failed,
                          Text::tr("The key file %1 cannot be read: %2.").arg(shown(path), file.errorString()));
    QByteArray text = file.read(base::limits::keyFile + 1);
    if (text.size() > base::limits::keyFile)
        return base::fail(base::ErrorKind::TooLarge,
                          Text::tr("%1 is larger than 1 MiB, which no key is.").arg(shown(fileNameOf(path))));
    return text;
}

// What to say about a file that is not the kind of private key we open. New formats are told apart here first.
base::Error notASigningKey(const QByteArray &text, const QString &name)
{
    const QByteArray label = firstPemLabel(text);
    if (isCosignKeyLabel(label))
        return base::fail(
                   base::ErrorKind::InvalidData,
                   Text::tr("%1 is a cosign key file, but it is damaged: its PEM block cannot be read.").arg(name),
                   Text::tr("Take it from a backup, or make a new pair with “cosign generate-key-pair”."))
            .error();
    if (label == publicLabel)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is a public key: it verifies, but it cannot sign.").arg(name),
                          Text::tr("Sign with the private key that belongs to it."))
            .error();
    if (label.endsWith("PRIVATE KEY"))
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is a private key, but not a cosign key file.").arg(name),
                          Text::tr("Make one of it with “cosign import-key-pair --key %1”.").arg(name))
            .error();
    return base::fail(base::ErrorKind::InvalidData, Text::tr("%1 is not a cosign key file.").arg(name),
                      Text::tr("A new key pair is made by “cosign generate-key-pair”."))
        .error();
}

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
} // namespace

base::Result<PublicKey> PublicKey::fromPem(const QByteArray &pem, const QString &name)
{
    const std::optional<PemBlock> block =
        pem.size() <= base::limits::keyFile ? firstPemBlock(pem) : std::optional<PemBlock>();
    const QByteArray label = firstPemLabel(pem);
    if (label.endsWith("PRIVATE KEY"))
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is a private key; verifying takes the public one.").arg(shown(name)),
                          Text::tr("cosign keeps it beside the private key, in a file that ends in .pub."));
    EvpKey key = block && block->label == publicLabel ? publicKeyFromDer(block->bytes) : EvpKey();
    if (!key)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is not a public key in PEM form.").arg(shown(name)),
                          Text::tr("It should start with “-----BEGIN PUBLIC KEY-----”."));
    const base::Result<KeyKind> kind = kindOf(key, shown(name));
    if (!kind)
        return base::fail(kind.error());
    PublicKey made;
    QByteArray spki = publicKeyToDer(key);
    made.m_data = std::make_shared<const Data>(Data{std::move(key), *kind, name, std::move(spki)});
    return made;
}

base::Result<PublicKey> PublicKey::fromFile(const QString &path)
{
    const base::Result<QByteArray> text = readKeyFile(path);
    if (!text)
        return base::fail(text.error());
    return fromPem(*text, fileNameOf(path));
}

QString PublicKey::name() const { return m_data->name; }

QString PublicKey::algorithm() const { return algorithmOf(m_data->key, m_data->kind); }

QString PublicKey::fingerprint() const { return oci::Digest::of(m_data->spki).hex(); }

QString PublicKey::description() const
{
    const QString key = QStringLiteral("%1 · SHA256:%2…").arg(algorithm(), fingerprint().left(shownFingerprint));
    return name().isEmpty() ? key : shown(name()) + QStringLiteral(" · ") + key;
}

QByteArray PublicKey::toPem() const { return signing::toPem(publicLabel, m_data->spki); }

QString PublicKey::verify(const QByteArray &message, const QByteArray &signature) const
{
    for (const HashKind hash : hashesOf(m_data->kind))
        if (isSignatureOf(message, signature, m_data->key, hash))
            return nameOf(hash);
    if (m_data->kind == KeyKind::Ed25519 && isPrehashedEd25519Of(message, signature, m_data->key))
        return QStringLiteral("prehashed (Ed25519ph)");
    return {};
}

base::Result<SigningKey> SigningKey::fromPem(const QByteArray &pem, const base::Secret &passphrase, const QString &name)
{
    if (pem.size() > base::limits::keyFile)
        return base::fail(base::ErrorKind::TooLarge,
                          Text::tr("%1 is larger than 1 MiB, which no key is.").arg(shown(name)));
    const std::optional<PemBlock> block = firstPemBlock(pem);
    if (!block || !isCosignKeyLabel(block->label))
        return base::fail(notASigningKey(pem, shown(name)));
    const base::Result<base::Secret> der = openCosignKey(block->bytes, passphrase, shown(name));
    if (!der)
        return base::fail(der.error());
    EvpKey key = privateKeyFromDer(der->reveal());
    if (!key)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 can be decrypted, but what is in it is no private key.").arg(shown(name)));
    const base::Result<KeyKind> kind = kindOf(key, shown(name));
    if (!kind)
        return base::fail(kind.error());
    QByteArray spki = publicKeyToDer(key);
    PublicKey publicKey;
    publicKey.m_data = std::make_shared<const PublicKey::Data>(PublicKey::Data{key, *kind, name, std::move(spki)});
    SigningKey made;
    made.m_data = std::make_shared<const Data>(Data{std::move(key), *kind, std::move(publicKey)});
    return made;
}

base::Result<SigningKey> SigningKey::fromFile(const QString &path, const base::Secret &passphrase)
{
    const base::Result<QByteArray> text = readKeyFile(path);
    if (!text)
        return base::fail(text.error());
    return fromPem(*text, passphrase, fileNameOf(path));
}

base::Result<bool> SigningKey::needsPassphrase(const QString &path)
{
    const base::Result<SigningKey> opened = fromFile(path, base::Secret());
    if (opened)
        return false;
    if (opened.error().kind == base::ErrorKind::CheckFailed)
        return true;
    return base::fail(opened.error());
}

PublicKey SigningKey::publicKey() const { return m_data->publicKey; }

QString SigningKey::description() const { return m_data->publicKey.description(); }

base::Result<QByteArray> SigningKey::sign(const QByteArray &message) const
{
    // SHA-256 also on the larger curves: what `cosign verify` and containers/image take without being told.
    const HashKind hash = m_data->kind == KeyKind::Ed25519 ? HashKind::None : HashKind::Sha256;
    QByteArray signature = signatureOf(message, m_data->key, hash);
    if (signature.isEmpty())
        return base::fail(base::ErrorKind::Failed, Text::tr("%1 could not sign.").arg(shown(m_data->publicKey.name())));
    return signature;
}

} // namespace colophon::signing
