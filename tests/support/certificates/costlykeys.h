// SPDX-License-Identifier: Apache-2.0
#pragma once

// Key files that ask for more work than anybody should do to open them. Made without doing that work; there is no key
// in them.

#include <QByteArray>

namespace colophon::test {

// PKCS#8 (PEM) under PBKDF2 with so many rounds, under PKCS#5's older derivation, and under scrypt.
QByteArray pbkdf2Key(int rounds);
QByteArray pbes1Key(int rounds);
QByteArray scryptKey(quint64 n, quint64 r, quint64 p);

// PKCS#12 under this passphrase in which one place asks for 8,388,607 rounds.
enum class CostlyPlace { Mac, Key, Encrypted, WithinEncrypted };
QByteArray costlyPkcs12(CostlyPlace place, const QByteArray &passphrase);

} // namespace colophon::test
