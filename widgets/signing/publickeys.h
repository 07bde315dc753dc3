// SPDX-License-Identifier: Apache-2.0
#pragma once

// The public keys signatures are checked with: chosen ones, and those beside signing keys that were used here.

#include "session/settings.h"
#include "signing/keys.h"

#include <functional>

class QWidget;

namespace colophon::widgets {

// Of key files: `k.pub` itself, or the `k.pub` beside `k.key`. What cannot be read is left out.
QList<signing::PublicKey> publicKeysBeside(const QStringList &keyFiles);
// The remembered files that may sign.
QStringList rememberedSigningKeys(const session::Settings &settings);
// `known` and those of `more` that are not in it.
QList<signing::PublicKey> joined(const QList<signing::PublicKey> &known, const QList<signing::PublicKey> &more);
// Asks for a file. Returns at once; `chosen` gets its path.
void choosePublicKey(QWidget *window, const std::function<void(const QString &path)> &chosen);

} // namespace colophon::widgets
