// SPDX-License-Identifier: Apache-2.0
#include "signing/keyfile.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "signing/cosignkeyfile.h"
#include "signing/keycost.h"
#include "signing/pem.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr char privateEnding[] = "PRIVATE KEY";
constexpr char publicLabel[] = "PUBLIC KEY";
constexpr char certificateLabel[] = "CERTIFICATE";
constexpr char opensshLabel[] = "OPENSSH PRIVATE KEY";
constexpr char pbes2Label[] = "ENCRYPTED PRIVATE KEY";

std::unexpected<base::Error> damaged(const QString &name, const QByteArray &label)
{
    const QString what = isCosignKeyLabel(label) ? Text::tr("a cosign key file") : Text::tr("a private key");
    return base::fail(base::ErrorKind::InvalidData,
                      Text::tr("%1 is %2, but it is damaged: its PEM block cannot be read.").arg(name, what),
                      Text::tr("Take it from a backup, or make a new pair with “colophonctl key create”."));
}

// What to say about a file in which no private key stands.
std::unexpected<base::Error> noPrivateKey(const QByteArrayList &labels, const QString &name)
{
    if (std::ranges::any_of(labels, [](const QByteArray &label) { return label.endsWith(publicLabel); }))
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is a public key: it verifies, but it cannot sign.").arg(name),
                          Text::tr("Sign with the private key that belongs to it."));
    if (labels.contains(certificateLabel))
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is a certificate without its key: it cannot sign.").arg(name),
                          Text::tr("Sign with the private key that belongs to it."));
    return base::fail(base::ErrorKind::InvalidData, Text::tr("%1 is not a cosign, PEM or PKCS#12 key.").arg(name),
                      Text::tr("A new key pair is made by “colophonctl key create”."));
}

// `passphrase` for OpenSSL, as often as it asks.
int givePassphrase(char *into, int size, int /*forWriting*/, void *passphrase)
{
    const QByteArray &secret = static_cast<const base::Secret *>(passphrase)->reveal();
    if (secret.size() > size)
        return -1;
    std::memcpy(into, secret.constData(), static_cast<std::size_t>(secret.size()));
    return static_cast<int>(secret.size());
}

// PKCS#8 under a passphrase (RFC 8018, PBES2 and the older PBES1).
base::Result<EvpKey> openPbes2(const QByteArray &der, const base::Secret &passphrase, const QString &name)
{
    const auto *position = reinterpret_cast<const unsigned char *>(der.constData());
    const std::unique_ptr<X509_SIG, decltype(&X509_SIG_free)> sealed(
        d2i_X509_SIG(nullptr, &position, static_cast<long>(der.size())), X509_SIG_free);
    ERR_clear_error();
    if (!sealed)
        return damaged(name, pbes2Label);
    const X509_ALGOR *algorithm = nullptr;
    X509_SIG_get0(sealed.get(), &algorithm, nullptr);
    if (const base::Result<void> bearable = checkDerivations(derivationsOf(algorithm), name); !bearable)
        return base::fail(bearable.error());
    const QByteArray &secret = passphrase.reveal();
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> opened(
        PKCS8_decrypt(sealed.get(), secret.isNull() ? "" : secret.constData(), static_cast<int>(secret.size())),
        PKCS8_PRIV_KEY_INFO_free);
    if (!opened)
        return notUnlocked(name);
    return owned(EVP_PKCS82PKEY(opened.get()));
}

// PKCS#1 and SEC1 under a passphrase (RFC 1421 4.6.1.1, 4.6.1.3).
base::Result<EvpKey> openProcType(const PemBlock &block, const base::Secret &passphrase, const QString &name)
{
    EVP_CIPHER_INFO cipher{};
    QByteArray headers = block.headers;
    if (PEM_get_EVP_CIPHER_INFO(headers.data(), &cipher) != 1) {
        ERR_clear_error();
        return damaged(name, block.label);
    }
    QByteArray der = block.bytes.reveal();
    long size = der.size();
    base::Secret given = passphrase;
    const bool isOpen =
        PEM_do_header(&cipher, reinterpret_cast<unsigned char *>(der.data()), &size, givePassphrase, &given) == 1;
    const base::Secret opened(std::move(der));
    if (!isOpen)
        return notUnlocked(name);
    EvpKey key = privateKeyFromDer(opened.reveal().first(size));
    if (!key) // one wrong passphrase in 256 leaves what looks like an end
        return notUnlocked(name);
    return key;
}

base::Result<EvpKey> openBlock(const PemBlock &block, const base::Secret &passphrase, const QString &name)
{
    if (block.label == pbes2Label)
        return openPbes2(block.bytes.reveal(), passphrase, name);
    if (isCosignKeyLabel(block.label)) {
        const base::Result<base::Secret> der = openCosignKey(block.bytes.reveal(), passphrase, name);
        if (!der)
            return base::fail(der.error());
        return privateKeyFromDer(der->reveal());
    }
    if (block.headers.contains("ENCRYPTED"))
        return openProcType(block, passphrase, name);
    EvpKey key = privateKeyFromDer(block.bytes.reveal());
    if (!key)
        return damaged(name, block.label);
    return key;
}

base::Result<KeyFile> openPem(const QByteArray &text, const base::Secret &passphrase, const QString &name)
{
    const QByteArrayList labels = pemLabels(text);
    const auto isPrivate = [](const QByteArray &label) { return label.endsWith(privateEnding); };
    const auto label = std::ranges::find_if(labels, isPrivate);
    if (label == labels.end())
        return noPrivateKey(labels, name);
    if (const qsizetype count = std::ranges::count_if(labels, isPrivate); count > 1)
        return base::fail(
            base::ErrorKind::InvalidData,
            Text::tr("There are %1 private keys in %2, and nothing says which is meant.").arg(count).arg(name),
            Text::tr("Put each into a file of its own."));
    if (*label == opensshLabel)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is an OpenSSH key, which signs no images.").arg(name),
                          Text::tr("Write a copy of it as PKCS#8 with “ssh-keygen -p -m PKCS8”."));
    const QList<PemBlock> blocks = pemBlocks(text);
    const auto block = std::ranges::find_if(blocks, isPrivate, &PemBlock::label);
    if (block == blocks.end())
        return damaged(name, *label);
    base::Result<EvpKey> key = openBlock(*block, passphrase, name);
    if (!key)
        return base::fail(key.error());
    if (!*key)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 can be decrypted, but what is in it is no private key.").arg(name));
    KeyFile opened{std::move(*key), {}};
    for (const PemBlock &each : blocks)
        if (each.label == certificateLabel)
            opened.certificates.append(each.bytes.reveal());
    return opened;
}
} // namespace

base::Result<KeyFile> openKeyFile(const base::Secret &content, const base::Secret &passphrase, const QString &name)
{
    if (looksLikePkcs12(content.reveal()))
        return openPkcs12(content.reveal(), passphrase, name);
    return openPem(content.reveal(), passphrase, name);
}

std::unexpected<base::Error> notUnlocked(const QString &name)
{
    bool isUnsupported = false;
    while (const unsigned long error = ERR_get_error()) {
        const int reason = ERR_GET_REASON(error);
        isUnsupported = isUnsupported || reason == ERR_R_UNSUPPORTED ||
                        (ERR_GET_LIB(error) == ERR_LIB_EVP &&
                         (reason == EVP_R_UNKNOWN_PBE_ALGORITHM || reason == EVP_R_UNSUPPORTED_ALGORITHM ||
                          reason == EVP_R_UNSUPPORTED_CIPHER));
    }
    if (isUnsupported)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is encrypted in a way that is not supported any more.").arg(name),
                          Text::tr("Write it anew, e.g. with “openssl pkcs8 -topk8” or “openssl pkcs12 -legacy”."));
    return base::fail(base::ErrorKind::CheckFailed, Text::tr("Wrong passphrase for %1.").arg(name));
}

base::Result<base::Secret> readKeyFile(const QString &path)
{
    const QString shown = base::visible(path, 200);
    const QFileInfo info(path);
    if (!info.exists())
        return base::fail(base::ErrorKind::Usage, Text::tr("There is no key file %1.").arg(shown));
    if (!info.isFile()) // a device or pipe may never end
        return base::fail(base::ErrorKind::Usage, Text::tr("%1 is not a file.").arg(shown));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return base::fail(base::ErrorKind::Failed,
                          Text::tr("The key file %1 cannot be read: %2.").arg(shown, file.errorString()));
    base::Secret content(file.read(base::limits::keyFile + 1));
    if (content.reveal().size() > base::limits::keyFile)
        return base::fail(
            base::ErrorKind::TooLarge,
            Text::tr("%1 is larger than 1 MiB, which no key is.").arg(base::visible(info.fileName(), 200)));
    return content;
}

} // namespace colophon::signing
