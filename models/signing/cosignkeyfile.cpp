// SPDX-License-Identifier: Apache-2.0
#include "signing/cosignkeyfile.h"

#include "base/limits.h"
#include "oci/jsondocument.h"
#include "signing/evp.h"
#include "signing/pem.h"

#include <QCoreApplication>

#include <openssl/err.h>
#include <sodium.h>

#include <optional>

namespace colophon::signing {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(signing)
};

constexpr qsizetype saltSize = 32;
// N=131072 takes 128 MiB; OpenSSL's default bound of 32 MiB would refuse even what cosign writes.
constexpr std::uint64_t scryptMemory = 256ULL * 1024 * 1024;
constexpr std::uint64_t writtenCost = 65536;
constexpr char writtenLabel[] = "ENCRYPTED SIGSTORE PRIVATE KEY";

struct Box
{
    std::uint64_t cost = 0; // scrypt's N
    QByteArray salt;
    QByteArray nonce;
    QByteArray sealed;
};

std::unexpected<base::Error> damaged(const QString &name, const QString &why)
{
    return base::fail(base::ErrorKind::InvalidData,
                      Text::tr("%1 is a cosign key file, but it is damaged: %2.").arg(name, why),
                      Text::tr("Take it from a backup, or make a new pair with “colophonctl key create”."));
}

std::optional<QByteArray> bytesIn(const oci::JsonValue &value)
{
    const std::optional<QString> text = value.string();
    return text ? strictBase64(text->toUtf8()) : std::nullopt;
}

base::Result<Box> readBox(const QByteArray &body, const QString &name)
{
    const base::Result<oci::JsonDocument> json = oci::JsonDocument::parse(body, base::limits::keyFile);
    if (!json)
        return damaged(name, Text::tr("what it holds is no JSON"));
    if (!json->duplicates().isEmpty())
        return damaged(name, Text::tr("a member occurs twice"));
    const oci::JsonValue root = json->root();
    const oci::JsonValue derivation = root["kdf"];
    if (derivation["name"].string() != QStringLiteral("scrypt") ||
        root["cipher"]["name"].string() != QStringLiteral("nacl/secretbox"))
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 is encrypted in a way that cosign does not use.").arg(name));
    // As cosign does: other costs are refused, because a file could ask for all memory and time.
    const std::optional<qint64> cost = derivation["params"]["N"].integer();
    if ((cost != 32768 && cost != 65536 && cost != 131072) || derivation["params"]["r"].integer() != 8 ||
        derivation["params"]["p"].integer() != 1)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("%1 asks for scrypt parameters that cosign does not use.").arg(name),
                          Text::tr("Accepted are N 32768, 65536 or 131072 with r 8 and p 1."));
    const std::optional<QByteArray> salt = bytesIn(derivation["salt"]);
    const std::optional<QByteArray> nonce = bytesIn(root["cipher"]["nonce"]);
    const std::optional<QByteArray> sealed = bytesIn(root["ciphertext"]);
    if (!salt || salt->size() != saltSize)
        return damaged(name, Text::tr("its salt is not 32 bytes in base64"));
    if (!nonce || nonce->size() != crypto_secretbox_NONCEBYTES)
        return damaged(name, Text::tr("its nonce is not 24 bytes in base64"));
    if (!sealed || sealed->size() <= crypto_secretbox_MACBYTES)
        return damaged(name, Text::tr("its ciphertext is missing or no base64"));
    return Box{static_cast<std::uint64_t>(*cost), *salt, *nonce, *sealed};
}

const unsigned char *bytesOf(const QByteArray &array)
{
    return reinterpret_cast<const unsigned char *>(array.constData());
}

unsigned char *bytesOf(QByteArray &array) { return reinterpret_cast<unsigned char *>(array.data()); }

// The key of the box; empty where there is not enough memory.
base::Secret derived(const base::Secret &passphrase, const QByteArray &salt, std::uint64_t cost)
{
    QByteArray key(qsizetype(crypto_secretbox_KEYBYTES), '\0');
    const QByteArray &secret = passphrase.reveal();
    const bool isDerived =
        EVP_PBE_scrypt(secret.isNull() ? "" : secret.constData(), static_cast<std::size_t>(secret.size()),
                       bytesOf(salt), static_cast<std::size_t>(salt.size()), cost, 8, 1, scryptMemory, bytesOf(key),
                       static_cast<std::size_t>(key.size())) == 1;
    ERR_clear_error();
    base::Secret made(std::move(key));
    return isDerived ? made : base::Secret();
}

QByteArray random(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    randombytes_buf(bytes.data(), static_cast<std::size_t>(size));
    return bytes;
}

std::unexpected<base::Error> noSodium()
{
    return base::fail(base::ErrorKind::Failed, Text::tr("libsodium could not be started."));
}
} // namespace

bool isCosignKeyLabel(const QByteArray &pemLabel)
{
    return pemLabel == writtenLabel || pemLabel == "ENCRYPTED COSIGN PRIVATE KEY";
}

base::Result<base::Secret> openCosignKey(const QByteArray &body, const base::Secret &passphrase, const QString &name)
{
    const base::Result<Box> box = readBox(body, name);
    if (!box)
        return base::fail(box.error());
    if (!prepareSodium())
        return noSodium();
    const base::Secret key = derived(passphrase, box->salt, box->cost);
    if (key.isEmpty())
        return base::fail(base::ErrorKind::Failed,
                          Text::tr("There is not enough memory to open %1; up to 128 MiB are needed.").arg(name));
    QByteArray opened(box->sealed.size() - qsizetype(crypto_secretbox_MACBYTES), Qt::Uninitialized);
    const bool isOpen = crypto_secretbox_open_easy(bytesOf(opened), bytesOf(box->sealed),
                                                   static_cast<unsigned long long>(box->sealed.size()),
                                                   bytesOf(box->nonce), bytesOf(key.reveal())) == 0;
    if (!isOpen)
        return base::fail(base::ErrorKind::CheckFailed, Text::tr("Wrong passphrase for %1.").arg(name));
    return base::Secret(std::move(opened));
}

base::Result<QByteArray> sealCosignKey(const base::Secret &pkcs8, const base::Secret &passphrase)
{
    if (!prepareSodium())
        return noSodium();
    const QByteArray salt = random(saltSize);
    const QByteArray nonce = random(crypto_secretbox_NONCEBYTES);
    const base::Secret key = derived(passphrase, salt, writtenCost);
    if (key.isEmpty())
        return base::fail(base::ErrorKind::Failed,
                          Text::tr("There is not enough memory to encrypt a key; 64 MiB are needed."));
    const QByteArray &content = pkcs8.reveal();
    QByteArray sealed(content.size() + qsizetype(crypto_secretbox_MACBYTES), Qt::Uninitialized);
    crypto_secretbox_easy(bytesOf(sealed), bytesOf(content), static_cast<unsigned long long>(content.size()),
                          bytesOf(nonce), bytesOf(key.reveal()));
    return toPem(writtenLabel, R"({"kdf":{"name":"scrypt","params":{"N":)" + QByteArray::number(writtenCost) +
                                   R"(,"r":8,"p":1},"salt":")" + salt.toBase64() +
                                   R"("},"cipher":{"name":"nacl/secretbox","nonce":")" + nonce.toBase64() +
                                   R"("},"ciphertext":")" + sealed.toBase64() + "\"}");
}

} // namespace colophon::signing
