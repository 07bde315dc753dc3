// SPDX-License-Identifier: Apache-2.0
#include "behaviour/runs/ownmounts.h"

#include <QDir>

#include <cerrno>
#include <cstring>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace colophon::test {

bool isRoot() { return ::geteuid() == 0; }

QString takeOwnMounts()
{
    const auto failed = [](const char *what) {
        return QStringLiteral("%1: %2").arg(QLatin1String(what), QString::fromLocal8Bit(std::strerror(errno)));
    };
    if (::unshare(CLONE_NEWNS) != 0)
        return failed("unshare");
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return failed("/");
    for (const char *place : {"/etc/docker", "/etc/cni", "/opt", "/run", "/dev/shm", "/var/lib/containers"}) {
        QDir().mkpath(QLatin1String(place));
        if (::mount("tmpfs", place, "tmpfs", 0, "mode=0755") != 0)
            return failed(place);
    }
    return {};
}

} // namespace colophon::test
