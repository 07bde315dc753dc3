// SPDX-License-Identifier: Apache-2.0
#pragma once

// A new pair of keys as cosign would make it: ECDSA on P-256, the private key under a passphrase in PREFIX.key, which
// only its owner may read, the public one in PREFIX.pub. Neither file is ever overwritten.

#include "base/result.h"
#include "base/secret.h"
#include "signing/keys.h"

#include <QString>

namespace colophon::signing {

struct KeyPairFiles
{
    QString privateKey; // paths
    QString publicKey;
};
KeyPairFiles keyPairFiles(const QString &prefix);

// Usage where one of the files is there already or the folder is not; ask before asking for a passphrase.
base::Result<void> canCreateKeyPair(const QString &prefix);

// A new private key that is nowhere but in memory, and gone with it. Failed where there is no randomness.
base::Result<SigningKey> newKey(const QString &name);

// Both files are there afterwards, or neither.
base::Result<PublicKey> createKeyPair(const QString &prefix, const base::Secret &passphrase);

} // namespace colophon::signing
