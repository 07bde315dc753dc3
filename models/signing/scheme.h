// SPDX-License-Identifier: Apache-2.0
#pragma once

// The kinds of keys that are used at all, and the ways they sign (an allow-list, so that no file can
// choose a weak algorithm).

#include <QString>

namespace colophon::signing {

enum class KeyKind { EcdsaP256, EcdsaP384, EcdsaP521, Rsa, Ed25519 };
enum class HashKind { Sha256, Sha384, Sha512, None };
enum class RsaPadding { Pkcs1, Pss };

// ECDSA signatures are always ASN.1 DER. With PSS the salt is as long as the digest.
struct SignatureScheme
{
    HashKind hash = HashKind::Sha256; // None: only with Ed25519, and always with it
    RsaPadding padding = RsaPadding::Pkcs1;
    bool operator==(const SignatureScheme &) const = default;
};

QString nameOf(HashKind hash); // "SHA-256"; "pure" for None

} // namespace colophon::signing
