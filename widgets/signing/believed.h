// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whom signatures are believed from: holders of public keys, certificates that lead to certain roots, and whatever a
// notation trust policy says; read from the files that are remembered.

#include "session/settings.h"
#include "signing/notationtrust.h"
#include "signing/trust.h"

#include <optional>

namespace colophon::widgets {

struct Believed
{
    signing::Trust cosign; // keys, and roots with who may sign of those they vouch for
    std::optional<signing::NotationTrust> notation;
};

// The roots in all these files. What the files are instead, or why one cannot be read.
base::Result<QList<signing::Certificate>> rootsIn(const QStringList &files);
// The policy with its stores; nothing where none is set. Why it cannot be read.
base::Result<std::optional<signing::NotationTrust>> notationTrustOf(const session::Settings::SignatureTrust &trust);

} // namespace colophon::widgets
