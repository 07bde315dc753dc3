// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a token is asked for: "repository:vendor/app:pull,push" (distribution "Token Scope Documentation").

#include <QString>
#include <QStringList>

namespace colophon::registry::auth {

QString pullScope(const QString &repository);
QString pushScope(const QString &repository);

// Our scopes with what a challenge wants beyond them, as far as that is pulling, pushing or deleting in the very
// repositories we came for; anything else it names is not asked for.
QStringList widened(const QStringList &scopes, const QString &challenged);

} // namespace colophon::registry::auth
