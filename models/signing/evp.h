// SPDX-License-Identifier: Apache-2.0
#pragma once

// The few things asked of OpenSSL's EVP and of libsodium: which kind of key this is, sign, verify.

#include "base/result.h"
#include "base/secret.h"
#include "signing/scheme.h"

#include <QByteArray>
#include <QString>

#include <openssl/evp.h>

#include <memory>

namespace colophon::signing {

using EvpKey = std::shared_ptr<EVP_PKEY>;

// InvalidData, naming `name`, for kinds that are not used.
base::Result<KeyKind> kindOf(const EvpKey &key, const QString &name);
QString algorithmOf(const EvpKey &key, KeyKind kind); // "ECDSA P-256", "RSA 2048", "Ed25519"

// PKCS#8 or the older forms; not encrypted.
EvpKey privateKeyFromDer(const QByteArray &der);
base::Secret privateKeyToDer(const EvpKey &key); // PKCS#8, not encrypted; empty where OpenSSL refuses
EvpKey newP256Key();                             // null where there is no randomness
EvpKey publicKeyFromDer(const QByteArray &spki);
QByteArray publicKeyToDer(const EvpKey &key);

// Null where OpenSSL refuses.
QByteArray signatureOf(const QByteArray &message, const EvpKey &key, SignatureScheme scheme);
bool isSignatureOf(const QByteArray &message, const QByteArray &signature, const EvpKey &key, SignatureScheme scheme);
// Ed25519ph (RFC 8032, with SHA-512 first), which OpenSSL 3.0 does not have.
bool isPrehashedEd25519Of(const QByteArray &message, const QByteArray &signature, const EvpKey &key);

// Takes over what OpenSSL made. Clears its queue of errors, which is the thread's: what failed here must not be read
// elsewhere.
EvpKey owned(EVP_PKEY *key);

// Makes libsodium ready; may be called from any thread, any number of times.
bool prepareSodium();

} // namespace colophon::signing
