// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON Web Signatures as the Notary Project allows them (RFC 7515, RFC 7518; notaryproject signature-specification,
// "Algorithm Selection"): every key has exactly one algorithm, so that no envelope can choose another.

#include "signing/evp.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace colophon::signing {

enum class JwsAlgorithm { PS256, PS384, PS512, ES256, ES384, ES512 };
QString nameOf(JwsAlgorithm algorithm); // "PS256"

// The one algorithm of this key: RSA of 2048, 3072 or 4096 bits, EC on P-256, P-384 or P-521. Others have none.
std::optional<JwsAlgorithm> jwsAlgorithmOf(const EvpKey &key);

// ECDSA: r and s side by side, each of the curve's width; RSA: PSS, the salt as long as the hash. Null where the key
// has no algorithm or OpenSSL refuses.
QByteArray jwsSignatureOf(const QByteArray &message, const EvpKey &key);
bool isJwsSignatureOf(const QByteArray &message, const QByteArray &signature, const EvpKey &key);

// base64url without padding (RFC 7515 2), and back without any leniency.
QByteArray base64Url(const QByteArray &bytes);
std::optional<QByteArray> strictBase64Url(const QByteArray &text);

} // namespace colophon::signing
