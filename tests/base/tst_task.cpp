// SPDX-License-Identifier: Apache-2.0
// The idiom for asynchrony: an event wakes its waiter, and parallel work ends as a whole.
#include "base/task.h"

#include "support/await.h"

#include <QList>
#include <QTest>

#include <deque>

using namespace colophon;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {
// Work whose every part waits until it is let go. It lives longer than any task of a test.
struct Work
{
    struct Part
    {
        base::Event event;
        bool isLetGo = false;
        bool isStopSeen = false;
        std::optional<base::Error> error = {};
    };
    explicit Work(int count) { parts.resize(static_cast<std::size_t>(count)); }

    void letGo(int number, std::optional<base::Error> error = std::nullopt)
    {
        Part &part = parts.at(static_cast<std::size_t>(number));
        part.isLetGo = true;
        part.error = std::move(error);
        part.event.notify();
    }

    std::deque<Part> parts;
    QList<int> begun;
    QList<int> ended;
    int running = 0;
    int mostRunning = 0;
};

Task<Result<void>> doPart(Work &work, int number, std::stop_token stop)
{
    Work::Part &part = work.parts.at(static_cast<std::size_t>(number));
    work.begun.append(number);
    work.mostRunning = std::max(work.mostRunning, ++work.running);
    while (!part.isLetGo)
        co_await part.event;
    part.isStopSeen = stop.stop_requested();
    --work.running;
    work.ended.append(number);
    if (part.error)
        co_return base::fail(*part.error);
    if (part.isStopSeen)
        co_return base::cancelled();
    co_return Result<void>();
}

base::Error broken(const QString &message)
{
    base::Error error;
    error.kind = ErrorKind::Network;
    error.message = message;
    return error;
}

Task<Result<void>> waitFor(base::Event &event, bool &isReady, int &wakings)
{
    while (!isReady) {
        co_await event;
        ++wakings;
    }
    co_return Result<void>();
}

Task<Result<void>> atOnce(int &done)
{
    ++done;
    co_return Result<void>();
}
} // namespace

class TestTask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEventWakesItsWaiter()
    {
        base::Event event;
        bool isReady = false;
        int wakings = 0;
        event.notify(); // nobody waits: it is not remembered
        Task<Result<void>> task = waitFor(event, isReady, wakings);
        QVERIFY(!task.isReady());
        event.notify(); // woken, but what it waits for has not come
        QCOMPARE(wakings, 1);
        QVERIFY(!task.isReady());
        isReady = true;
        QVERIFY(!task.isReady());
        event.notify();
        QCOMPARE(wakings, 2);
        QVERIFY(task.isReady());
        event.notify(); // nobody waits any more
        QCOMPARE(wakings, 2);
        QVERIFY(test::await(std::move(task)).has_value());
    }

    void allAreDoneOnSoManyLanes()
    {
        Work work(5);
        const auto job = [&work](int i, std::stop_token stop) { return doPart(work, i, std::move(stop)); };
        Task<Result<void>> task = base::forEachLimited(5, 2, job, {});
        QCOMPARE(work.begun, (QList<int>{0, 1}));
        work.letGo(1);
        QCOMPARE(work.begun, (QList<int>{0, 1, 2}));
        work.letGo(2);
        work.letGo(0);
        work.letGo(4);
        QVERIFY(!task.isReady());
        work.letGo(3);
        QVERIFY(test::await(std::move(task)).has_value());
        QCOMPARE(work.ended, (QList<int>{1, 2, 0, 4, 3}));
        QCOMPARE(work.mostRunning, 2);
    }

    void nothingToDoIsDone()
    {
        const auto job = [](int, std::stop_token) -> Task<Result<void>> { qFatal("There is no job."); };
        QVERIFY(test::await(base::forEachLimited(0, 4, job, {})).has_value());
    }

    // A limit that makes no sense is one lane, not none.
    void thereIsAlwaysALane()
    {
        int done = 0;
        const auto job = [&done](int, std::stop_token) { return atOnce(done); };
        QVERIFY(test::await(base::forEachLimited(3, 0, job, {})).has_value());
        QCOMPARE(done, 3);
    }

    void theFirstErrorStopsTheRest()
    {
        Work work(6);
        const auto job = [&work](int i, std::stop_token stop) { return doPart(work, i, std::move(stop)); };
        Task<Result<void>> task = base::forEachLimited(6, 3, job, {});
        work.letGo(1, broken(QStringLiteral("first")));
        QVERIFY2(!task.isReady(), "lanes are still at work");
        work.letGo(2, broken(QStringLiteral("second")));
        QVERIFY2(!task.isReady(), "a lane is still at work");
        work.letGo(0);
        QVERIFY(task.isReady());
        const Result<void> result = test::await(std::move(task));
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().message, QStringLiteral("first"));
        QCOMPARE(work.begun, (QList<int>{0, 1, 2})); // nothing new after the error
        QCOMPARE(work.ended, (QList<int>{1, 2, 0})); // every lane was joined
        QCOMPARE(work.running, 0);
        QVERIFY(work.parts[0].isStopSeen);
    }

    void cancellingStopsAll()
    {
        Work work(6);
        const auto job = [&work](int i, std::stop_token stop) { return doPart(work, i, std::move(stop)); };
        std::stop_source source;
        Task<Result<void>> task = base::forEachLimited(6, 2, job, source.get_token());
        work.letGo(0);
        QVERIFY(!work.parts[0].isStopSeen);
        source.request_stop();
        QVERIFY2(!task.isReady(), "both lanes are still at work");
        work.letGo(2);
        QVERIFY2(!task.isReady(), "a lane is still at work");
        work.letGo(1);
        const Result<void> result = test::await(std::move(task));
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
        QCOMPARE(work.begun, (QList<int>{0, 1, 2}));
        QCOMPARE(work.running, 0);
        QVERIFY(work.parts[1].isStopSeen);
        QVERIFY(work.parts[2].isStopSeen);
    }

    void whatIsCancelledBeforehandDoesNotBegin()
    {
        int done = 0;
        const auto job = [&done](int, std::stop_token) { return atOnce(done); };
        std::stop_source source;
        source.request_stop();
        const Result<void> result = test::await(base::forEachLimited(3, 2, job, source.get_token()));
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
        QCOMPARE(done, 0);
    }

    // The error of a job does not reach the caller's own token: other work goes on.
    void anErrorDoesNotStopTheParent()
    {
        std::stop_source source;
        const auto job = [](int, std::stop_token) -> Task<Result<void>> {
            co_return base::fail(broken(QStringLiteral("broken")));
        };
        QVERIFY(!test::await(base::forEachLimited(3, 2, job, source.get_token())).has_value());
        QVERIFY(!source.stop_requested());
    }

    // Jobs that end at once must not pile up on the stack.
    void manySynchronousJobs()
    {
        int done = 0;
        const auto job = [&done](int, std::stop_token) { return atOnce(done); };
        QVERIFY(test::await(base::forEachLimited(20'000, 4, job, {})).has_value());
        QCOMPARE(done, 20'000);
    }
};

QTEST_GUILESS_MAIN(TestTask)
#include "tst_task.moc"
