// SPDX-License-Identifier: Apache-2.0
#pragma once

// What it would cost to open a key under a passphrase, as the file itself asks (RFC 8018, RFC 7914, RFC 7292): one made
// to harm asks for years. Read before anything is derived, and refused beyond limits::derivations.

#include "base/result.h"

#include <QString>

#include <openssl/pkcs12.h>
#include <openssl/x509.h>

namespace colophon::signing {

// Rounds of PBKDF2, of PKCS#12's derivation, or scrypt's N·r·p. 0: it derives nothing, or in a way that is not known.
// Never more than a bit beyond limits::derivations.
qint64 derivationsOf(const X509_ALGOR *algorithm);
// Of a file's MAC.
qint64 macDerivationsOf(const PKCS12 *file);
// Of everything encrypted in a file, to all depths. What lies in an encrypted part has to be opened to be counted,
// which is done as long as there are not too many already.
qint64 contentDerivationsOf(const PKCS12 *file, const char *passphrase);

// TooLarge, with what to do.
base::Result<void> checkDerivations(qint64 count, const QString &name);

} // namespace colophon::signing
