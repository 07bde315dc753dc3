// SPDX-License-Identifier: Apache-2.0
#include "operationrun.h"
#include "support/faketarget/faketarget.h"

#include <QPointer>
#include <QSignalSpy>

using namespace colophon;
using base::ErrorKind;

namespace {
struct Trace
{
    int begun = 0;
    int ended = 0;
};

class Work final : public transfer::Operation
{
public:
    enum class Kind { AtOnce, FailsAtOnce, Turns, Waits, TellsForever };
    Work(Kind kind, std::shared_ptr<Trace> trace)
        : m_kind(kind)
        , m_trace(std::move(trace))
    {
    }

protected:
    base::Task<base::Result<void>> run(std::stop_token stop) override { return work(m_kind, m_trace, voice(), stop); }

private:
    static base::Task<base::Result<void>> work(Kind kind, std::shared_ptr<Trace> trace, VoicePtr voice,
                                               std::stop_token stop)
    {
        ++trace->begun;
        voice->activity(QStringLiteral("Working…"));
        if (kind == Kind::Turns)
            for (int i = 1; i <= 3; ++i) {
                co_await test::nextTurn();
                voice->progress(i, 3);
            }
        if (kind == Kind::Waits)
            co_await test::stopped(stop);
        if (kind == Kind::TellsForever)
            while (!stop.stop_requested()) {
                co_await test::nextTurn();
                voice->progress(1, 2);
            }
        voice->activity(QStringLiteral("Done."));
        ++trace->ended;
        if (kind == Kind::FailsAtOnce)
            co_return base::fail(ErrorKind::Failed, QStringLiteral("No."));
        if (stop.stop_requested())
            co_return base::cancelled();
        co_return base::Result<void>();
    }

    Kind m_kind;
    std::shared_ptr<Trace> m_trace;
};
} // namespace

class TestOperation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finishesOnce_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("succeeds");
        QTest::newRow("at once") << int(Work::Kind::AtOnce) << true;
        QTest::newRow("fails at once") << int(Work::Kind::FailsAtOnce) << false;
        QTest::newRow("after turns") << int(Work::Kind::Turns) << true;
    }
    void finishesOnce()
    {
        QFETCH(int, kind);
        QFETCH(bool, succeeds);
        Work work(Work::Kind(kind), trace);
        QVERIFY(!work.isRunning());
        QVERIFY(test::finish(work));
        QCOMPARE(work.error().has_value(), !succeeds);
        QVERIFY(!work.isRunning());
        QCOMPARE(trace->ended, 1);
        work.start();
        work.cancel();
        test::settle();
        QCOMPARE(trace->begun, 1);
    }
    void tellsWhatHappens()
    {
        Work work(Work::Kind::Turns, trace);
        QSignalSpy activity(&work, &transfer::Operation::activityChanged);
        QSignalSpy progress(&work, &transfer::Operation::progressChanged);
        QVERIFY(test::finish(work));
        QCOMPARE(activity.size(), 2);
        QCOMPARE(progress.size(), 3);
        QCOMPARE(progress.last().at(0).toLongLong(), 3);
    }
    void cancelled()
    {
        Work work(Work::Kind::Waits, trace);
        QSignalSpy finished(&work, &transfer::Operation::finished);
        work.start();
        QVERIFY(work.isRunning());
        work.cancel();
        work.cancel();
        QCOMPARE(finished.size(), 0);
        QVERIFY(QTest::qWaitFor([&] { return !finished.isEmpty(); }));
        test::settle();
        QCOMPARE(finished.size(), 1);
        QCOMPARE(work.error()->kind, ErrorKind::Cancelled);
    }
    void cancelledBeforeStart()
    {
        Work work(Work::Kind::AtOnce, trace);
        work.cancel();
        QVERIFY(test::finish(work));
        QCOMPARE(work.error()->kind, ErrorKind::Cancelled);
        QCOMPARE(trace->begun, 0);
    }
    void destroyedWhileRunning_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("waiting") << int(Work::Kind::Waits);
        QTest::newRow("at once, finished() under way") << int(Work::Kind::AtOnce);
        QTest::newRow("between turns") << int(Work::Kind::Turns);
    }
    void destroyedWhileRunning()
    {
        QFETCH(int, kind);
        auto *work = new Work(Work::Kind(kind), trace);
        int finished = 0;
        connect(work, &transfer::Operation::finished, this, [&] { ++finished; });
        work->start();
        delete work;
        test::settle();
        QCOMPARE(finished, 0);
        QCOMPARE(trace->ended, 1);
    }
    void destroyedByItsOwnSignal_data()
    {
        QTest::addColumn<QString>("what");
        QTest::newRow("activity") << "activity";
        QTest::newRow("activity, inside start()") << "start";
        QTest::newRow("progress") << "progress";
        QTest::newRow("finished") << "finished";
    }
    void destroyedByItsOwnSignal()
    {
        QFETCH(QString, what);
        QPointer<Work> work =
            new Work(what == QStringLiteral("progress") ? Work::Kind::TellsForever : Work::Kind::Turns, trace);
        const auto destroy = [&] { delete work.data(); };
        if (what == QStringLiteral("start"))
            connect(work, &transfer::Operation::activityChanged, this, destroy);
        else if (what == QStringLiteral("activity"))
            connect(work, &transfer::Operation::activityChanged, this, [&](const QString &text) {
                if (text == QStringLiteral("Done."))
                    destroy();
            });
        else if (what == QStringLiteral("progress"))
            connect(work, &transfer::Operation::progressChanged, this, destroy);
        else
            connect(work, &transfer::Operation::finished, this, destroy);
        work->start();
        QVERIFY(QTest::qWaitFor([&] { return work.isNull(); }));
        test::settle();
        QCOMPARE(trace->ended, 1);
    }
    void cancelledByItsOwnSignal()
    {
        Work work(Work::Kind::TellsForever, trace);
        connect(&work, &transfer::Operation::progressChanged, &work, [&] { work.cancel(); });
        QVERIFY(test::finish(work));
        QCOMPARE(work.error()->kind, ErrorKind::Cancelled);
    }
    void init() { trace = std::make_shared<Trace>(); }

private:
    std::shared_ptr<Trace> trace;
};

QTEST_GUILESS_MAIN(TestOperation)
#include "tst_operation.moc"
