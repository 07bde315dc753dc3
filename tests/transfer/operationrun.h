// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs an Operation from a test and counts how often it says that it is finished.

#include "transfer/operation.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QTest>

namespace colophon::test {

// Turns the event loop until nothing happens any more.
inline void settle()
{
    for (int i = 0; i < 20; ++i)
        QCoreApplication::processEvents();
}

// Starts the operation and waits for its end; fails the test's expectation where finished() does not come exactly once.
inline bool finish(transfer::Operation &operation)
{
    int finished = 0;
    QObject::connect(&operation, &transfer::Operation::finished, &operation, [&finished] { ++finished; });
    operation.start();
    const bool isEarly = finished > 0;
    const bool isDone = QTest::qWaitFor([&] { return finished > 0; }, 10'000);
    settle();
    return !isEarly && isDone && finished == 1 && operation.isFinished();
}

} // namespace colophon::test
