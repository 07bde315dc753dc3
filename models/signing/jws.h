// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON Web Signatures as the Notary Project allows them (RFC 7515, RFC 7518; notaryproject signature-specification,
// "Algorithm Selection"): every key has exactly one algorithm, so that no envelope can choose another.

#include "signing/keys.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace colophon::signing {

enum class JwsAlgorithm { PS256, PS384, PS512, ES256, ES384, ES512 };
QString nameOf(JwsAlgorithm algorithm); // "PS256"

// The one algorithm of this key: RSA of 2048, 3072 or 4096 bits, ECDSA on P-256, P-384 or P-521. Others have none.
std::optional<JwsAlgorithm> jwsAlgorithmOf(const PublicKey &key);

// ECDSA: r and s side by side, each of the curve's width; RSA: PSS, the salt as long as the hash. Usage where the key
// has no algorithm.
base::Task<base::Result<QByteArray>> jwsSignature(SigningKey key, QByteArray message, std::stop_token stop);
bool isJwsSignature(const QByteArray &message, const QByteArray &signature, const PublicKey &key);

// base64url without padding (RFC 7515 2), and back without any leniency.
QByteArray base64Url(const QByteArray &bytes);
std::optional<QByteArray> strictBase64Url(const QByteArray &text);

} // namespace colophon::signing
