// SPDX-License-Identifier: Apache-2.0
#pragma once

// The few things asked of OpenSSL's EVP and of libsodium: which kind of key this is, sign, verify. Only kinds that are
// named here are ever used (security I13: an allow-list, so that no file can choose a weak algorithm).

#include "base/result.h"

#include <QByteArray>
#include <QString>

#include <openssl/evp.h>

#include <memory>

namespace colophon::signing {

using EvpKey = std::shared_ptr<EVP_PKEY>;

enum class KeyKind { EcdsaP256, EcdsaP384, EcdsaP521, Rsa, Ed25519 };
enum class HashKind { Sha256, Sha384, Sha512, None };

// InvalidData, naming `name`, for kinds that are not used.
base::Result<KeyKind> kindOf(const EvpKey &key, const QString &name);
QString algorithmOf(const EvpKey &key, KeyKind kind); // "ECDSA P-256", "RSA 2048", "Ed25519"
QString nameOf(HashKind hash);                        // "SHA-256"

// PKCS#8 or the older forms; not encrypted.
EvpKey privateKeyFromDer(const QByteArray &der);
EvpKey publicKeyFromDer(const QByteArray &spki);
QByteArray publicKeyToDer(const EvpKey &key);

// ECDSA: ASN.1 DER; RSA: PKCS#1 v1.5. HashKind::None only for Ed25519. Null where OpenSSL refuses.
QByteArray signatureOf(const QByteArray &message, const EvpKey &key, HashKind hash);
bool isSignatureOf(const QByteArray &message, const QByteArray &signature, const EvpKey &key, HashKind hash);
// Ed25519ph (RFC 8032, with SHA-512 first), which OpenSSL 3.0 does not have.
bool isPrehashedEd25519Of(const QByteArray &message, const QByteArray &signature, const EvpKey &key);

// Makes libsodium ready; may be called from any thread, any number of times.
bool prepareSodium();

} // namespace colophon::signing
