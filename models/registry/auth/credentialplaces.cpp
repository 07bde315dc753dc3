// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/credentialplaces.h"

#include "base/plaintext.h"

#include <QDir>

#include <unistd.h>

namespace colophon::registry::auth {

namespace {

QString variable(const char *name) { return QString::fromLocal8Bit(qgetenv(name)); }

// The directory a variable names, or the usual one.
QString directory(const char *name, const QString &usual)
{
    const QString named = variable(name);
    return named.isEmpty() ? usual : named;
}

} // namespace

CredentialPlaces CredentialPlaces::ofThisUser(const QString &named)
{
    using Format = CredentialFile::Format;
    CredentialPlaces places;
    places.home = QDir::homePath();
    places.named = named.isEmpty() ? variable("REGISTRY_AUTH_FILE") : named;
    places.document = qgetenv("DOCKER_AUTH_CONFIG");
    const QString containers = QStringLiteral("/containers/auth.json");
    const QString runtime =
        directory("XDG_RUNTIME_DIR", QStringLiteral("/run/containers/%1").arg(static_cast<qulonglong>(::getuid())));
    // Without the variable podman leaves the inner directory out.
    const bool hasRuntime = !variable("XDG_RUNTIME_DIR").isEmpty();
    places.files = {
        {hasRuntime ? runtime + containers : runtime + QStringLiteral("/auth.json"), Format::Containers},
        {directory("XDG_CONFIG_HOME", places.home + QStringLiteral("/.config")) + containers, Format::Containers},
        {directory("DOCKER_CONFIG", places.home + QStringLiteral("/.docker")) + QStringLiteral("/config.json"),
         Format::Docker},
        {places.home + QStringLiteral("/.dockercfg"), Format::Legacy},
    };
    const QStringList path = variable("PATH").split(QDir::listSeparator(), Qt::SkipEmptyParts);
    for (const QString &each : path) {
        if (QDir::isAbsolutePath(each))
            places.programs.append(each);
    }
    return places;
}

QString CredentialPlaces::shown(const QString &path) const
{
    const bool isBelow = !home.isEmpty() && home != QLatin1String("/") && path.startsWith(home + u'/');
    return base::visible(isBelow ? u'~' + path.sliced(home.size()) : path, 1000);
}

} // namespace colophon::registry::auth
