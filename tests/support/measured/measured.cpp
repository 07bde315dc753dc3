// SPDX-License-Identifier: Apache-2.0
#include "support/measured/measured.h"

#include <QElapsedTimer>
#include <QFile>

#include <cerrno>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace colophon::test {

Measured measured(const QString &program, const QStringList &arguments)
{
    QList<QByteArray> words{QFile::encodeName(program)};
    for (const QString &each : arguments)
        words.append(each.toUtf8());
    std::vector<char *> pointers;
    for (QByteArray &each : words)
        pointers.push_back(each.data());
    pointers.push_back(nullptr);

    Measured result;
    QElapsedTimer clock;
    clock.start();
    pid_t child = 0;
    if (posix_spawnp(&child, pointers.front(), nullptr, nullptr, pointers.data(), environ) != 0)
        return result;
    int status = 0;
    rusage usage{};
    while (wait4(child, &status, 0, &usage) < 0) {
        if (errno != EINTR)
            return result;
    }
    result.seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    result.peakMiB = static_cast<double>(usage.ru_maxrss) / 1024.0;
    if (WIFEXITED(status))
        result.exitCode = WEXITSTATUS(status);
    return result;
}

} // namespace colophon::test
