// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one name of a registry that has several: Docker's.

#include <QString>

namespace colophon::registry {

// Docker's registry as it stands in a Reference.
inline QString dockerRegistry() { return QStringLiteral("docker.io"); }

// In lower case; any of Docker's names as dockerRegistry().
inline QString canonicalRegistry(const QString &registry)
{
    const QString name = registry.toLower();
    const bool isDocker = name == QLatin1String("index.docker.io") || name == QLatin1String("registry-1.docker.io");
    return isDocker ? dockerRegistry() : name;
}

} // namespace colophon::registry
