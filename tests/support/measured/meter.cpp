// SPDX-License-Identifier: Apache-2.0
// Runs the program it is given and writes on descriptor 3 what that took: seconds, seconds of CPU, peak in KiB, exit
// code. A small program between the measuring one and the measured: the kernel counts to a program's peak what its
// parent needs when it starts it.
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    if (argc < 2)
        return 2;
    fcntl(3, F_SETFD, FD_CLOEXEC);
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    while (wait4(child, &status, 0, &usage) < 0) {
        if (errno != EINTR)
            return 1;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    dprintf(3, "%f %f %ld %d\n", took.count(), seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss,
            WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return 0;
}
