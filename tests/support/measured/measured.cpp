// SPDX-License-Identifier: Apache-2.0
#include "support/measured/measured.h"

#include <QElapsedTimer>
#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace colophon::test {

namespace {
double ownCpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void forgetPeak()
{
    QFile file(QStringLiteral("/proc/self/clear_refs")); // proc(5): "5" resets the peak resident size
    if (file.open(QIODevice::WriteOnly))
        file.write("5");
}

double ownPeakMiB()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray status = file.readAll();
    const qsizetype at = status.indexOf("VmHWM:") + 6;
    return status.mid(at, status.indexOf("kB", at) - at).trimmed().toDouble() / 1024.0;
}
} // namespace

Measured measured(const QString &program, const QStringList &arguments)
{
    QList<QByteArray> words{QByteArrayLiteral(COLOPHON_METER), QFile::encodeName(program)};
    for (const QString &each : arguments)
        words.append(each.toUtf8());
    std::vector<char *> pointers;
    for (QByteArray &each : words)
        pointers.push_back(each.data());
    pointers.push_back(nullptr);

    Measured result;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return result;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (ends[1] == 3) // dup2() onto itself would leave it to be closed
        fcntl(3, F_SETFD, 0);
    else
        posix_spawn_file_actions_adddup2(&actions, ends[1], 3);
    pid_t child = 0;
    const bool started = posix_spawn(&child, pointers.front(), &actions, nullptr, pointers.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    QFile said;
    if (started && said.open(ends[0], QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)) {
        const QList<QByteArray> numbers = said.readAll().trimmed().split(' ');
        if (numbers.size() == 4) {
            result.seconds = numbers[0].toDouble();
            result.cpuSeconds = numbers[1].toDouble();
            result.peakMiB = numbers[2].toDouble() / 1024.0;
            result.exitCode = numbers[3] == "127" ? -1 : numbers[3].toInt();
        }
    } else {
        close(ends[0]);
    }
    while (started && waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    return result;
}

Measured measured(const std::function<void()> &work)
{
    Measured result;
    forgetPeak();
    const double before = ownCpuSeconds();
    QElapsedTimer clock;
    clock.start();
    work();
    result.seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    result.cpuSeconds = ownCpuSeconds() - before;
    result.peakMiB = ownPeakMiB();
    result.exitCode = 0;
    return result;
}

} // namespace colophon::test
