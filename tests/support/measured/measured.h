// SPDX-License-Identifier: Apache-2.0
#pragma once

// What work costs, as the kernel counts it: a program run to its end, or a piece of this one.

#include <QStringList>

#include <functional>

namespace colophon::test {

struct Measured
{
    int exitCode = -1; // of a program; -1: it did not start or crashed
    double seconds = 0;
    double cpuSeconds = 0; // user and system together: other work on the machine lengthens only the seconds
    double peakMiB = 0;    // resident; of the largest process where a program starts others
};

// A program, with this program's environment and output.
Measured measured(const QString &program, const QStringList &arguments);

// A piece of this program. The peak is this process's while it ran.
Measured measured(const std::function<void()> &work);

} // namespace colophon::test
