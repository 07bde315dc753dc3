// SPDX-License-Identifier: Apache-2.0
#pragma once

// cosign's own private-key file: a JSON in a PEM block that holds a PKCS#8 key in a NaCl secretbox, under a key that
// scrypt makes from the passphrase (secure-systems-lab's "encrypted" format; empty passphrases are legal).

#include "base/result.h"
#include "base/secret.h"

#include <QByteArray>
#include <QString>

namespace colophon::signing {

// "ENCRYPTED SIGSTORE PRIVATE KEY", which cosign writes today, or "ENCRYPTED COSIGN PRIVATE KEY", which it wrote once.
bool isCosignKeyLabel(const QByteArray &pemLabel);

// The DER of the private key inside. `body` is what the PEM block holds. CheckFailed: the passphrase is wrong.
base::Result<base::Secret> openCosignKey(const QByteArray &body, const base::Secret &passphrase, const QString &name);

// The PEM text of a key file with this PKCS#8 key, under a fresh salt and nonce.
base::Result<QByteArray> sealCosignKey(const base::Secret &pkcs8, const base::Secret &passphrase);

} // namespace colophon::signing
