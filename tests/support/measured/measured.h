// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs a program to its end and says what that took, as the kernel counted it.

#include <QStringList>

namespace colophon::test {

struct Measured
{
    int exitCode = -1; // -1: it did not start or crashed
    double seconds = 0;
    double peakMiB = 0; // resident; of the largest process where it starts others
};

// With this program's environment and output. The peak is never less than this program's own size when it starts the
// other, so keep that small.
Measured measured(const QString &program, const QStringList &arguments);

} // namespace colophon::test
