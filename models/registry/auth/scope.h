// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a token is asked for: "repository:vendor/app:pull,push" (distribution "Token Scope Documentation").

#include <QString>
#include <QStringList>

namespace colophon::registry::auth {

QString pullScope(const QString &repository);
QString pushScope(const QString &repository);

struct Widened
{
    QStringList scopes;  // ours with what a challenge wants beyond them
    QStringList refused; // actions in the very repositories we came for that it wants and nobody asks for
};
// What is added is pulling and pushing in the very repositories we came for, since some registries let nobody read who
// may not write; deleting only where we came to delete. Other names are not even refused.
Widened widened(const QStringList &scopes, const QString &challenged, bool mayDelete);

} // namespace colophon::registry::auth
