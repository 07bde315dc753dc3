// SPDX-License-Identifier: Apache-2.0
#pragma once

// The public keys signatures are checked with: chosen ones, and those beside signing keys that were used here.

#include "session/settings.h"
#include "signing/keys.h"

#include <functional>
#include <optional>

class QWidget;

namespace colophon::widgets {

// Of a remembered key file: `k.pub` itself, or the `k.pub` beside `k.key`. That may be anybody's, so it counts only
// where it is the other half of what was in `k.key` when that was opened. Nothing: it is not, or it cannot be read.
std::optional<signing::PublicKey> publicKeyOf(const session::Settings &settings, const QString &keyFile);
QList<signing::PublicKey> rememberedPublicKeys(const session::Settings &settings); // of all of them
// Of pairs that this program wrote itself.
QList<signing::PublicKey> publicKeysBeside(const QStringList &keyFiles);
// The remembered files that may sign.
QStringList rememberedSigningKeys(const session::Settings &settings);
// `known` and those of `more` that are not in it.
QList<signing::PublicKey> joined(const QList<signing::PublicKey> &known, const QList<signing::PublicKey> &more);
// Asks for a file. Returns at once; `chosen` gets its path.
void choosePublicKey(QWidget *window, const std::function<void(const QString &path)> &chosen);

} // namespace colophon::widgets
