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

QStringList widened(const QStringList &scopes, const QString &challenged)
{
    static const QStringList known{QStringLiteral("pull"), QStringLiteral("push"), QStringLiteral("delete")};
    QStringList result = scopes;
    const QStringList wanted = challenged.split(u' ', Qt::SkipEmptyParts);
    for (const QString &each : wanted) {
        for (QString &scope : result) {
            if (nameIn(scope) != nameIn(each))
                continue;
            QStringList actions = actionsIn(scope);
            for (const QString &action : actionsIn(each)) {
                if (known.contains(action) && !actions.contains(action))
                    actions.append(action);
            }
            scope = nameIn(scope) + u':' + actions.join(u',');
        }
    }
    return result;
}

} // namespace colophon::registry::auth
