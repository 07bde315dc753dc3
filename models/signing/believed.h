// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whom signatures are believed from: holders of public keys, certificates that lead to certain roots, and whatever a
// notation trust policy says; read from the files in which a person keeps them.

#include "signing/notationtrust.h"
#include "signing/trust.h"

#include <QStringList>

#include <optional>

namespace colophon::signing {

struct Believed
{
    Trust cosign; // keys and roots
    std::optional<NotationTrust> notation;
};

// The public keys in these files, one each. Why one cannot be read.
base::Result<QList<PublicKey>> keysIn(const QStringList &files);
// The roots in all these files. What the files are instead, or why one cannot be read.
base::Result<QList<Certificate>> rootsIn(const QStringList &files);
// The policy with its stores; nothing where no policy is named. Why it cannot be read.
base::Result<std::optional<NotationTrust>> notationTrustIn(const QString &storeFolder, const QString &policyFile);

} // namespace colophon::signing
