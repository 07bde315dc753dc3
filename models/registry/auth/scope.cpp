// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/scope.h"

namespace colophon::registry::auth {

namespace {

// Behind the last colon: a name may hold one, where a registry puts its own host before it.
QString nameIn(const QString &scope) { return scope.left(scope.lastIndexOf(u':')); }
QStringList actionsIn(const QString &scope) { return scope.mid(scope.lastIndexOf(u':') + 1).split(u','); }

} // namespace

QString pullScope(const QString &repository)
{
    return QStringLiteral("repository:") + repository + QStringLiteral(":pull");
}

QString pushScope(const QString &repository) { return pullScope(repository) + QStringLiteral(",push"); }

Widened widened(const QStringList &scopes, const QString &challenged, bool mayDelete)
{
    QStringList allowed{QStringLiteral("pull"), QStringLiteral("push")};
    if (mayDelete)
        allowed.append(QStringLiteral("delete"));
    Widened result{scopes, {}};
    const QStringList wanted = challenged.split(u' ', Qt::SkipEmptyParts);
    for (const QString &each : wanted) {
        for (QString &scope : result.scopes) {
            if (nameIn(scope) != nameIn(each))
                continue;
            QStringList actions = actionsIn(scope);
            for (const QString &action : actionsIn(each)) {
                if (actions.contains(action))
                    continue;
                QStringList &place = allowed.contains(action) ? actions : result.refused;
                if (!place.contains(action))
                    place.append(action);
            }
            scope = nameIn(scope) + u':' + actions.join(u',');
        }
    }
    return result;
}

} // namespace colophon::registry::auth
