// SPDX-License-Identifier: Apache-2.0
// How long is waited before a request is sent again, and who waits with whom: on a clock of our own.

#include "registry/retry/pacer.h"
#include "support/await.h"
#include "support/virtualclock.h"

#include <QTest>
#include <QTimer>

using namespace colophon;
using namespace std::chrono_literals;
using registry::retry::Pacer;
using registry::retry::PacerOptions;
using registry::retry::Setback;
using registry::retry::Waiting;
using test::await;

namespace {

const QString host = QStringLiteral("registry.example");

Setback busy(std::optional<std::chrono::milliseconds> asked = {}) { return {QStringLiteral("it is busy"), asked}; }

Setback broken()
{
    Setback setback{QStringLiteral("it broke off"), {}};
    setback.isBroken = true;
    return setback;
}

struct Bench
{
    explicit Bench(double chance = 1.0)
        : clock(std::make_shared<test::VirtualClock>(chance))
    {
        PacerOptions options;
        options.clock = clock;
        options.waiting = [this](const Waiting &waiting) { told.append(waiting); };
        pacer = std::make_shared<Pacer>(options);
    }
    Pacer::Pass enter(bool mayLead = true) { return *await(Pacer::enter(pacer, host, mayLead, {})); }
    bool wait(int attempt, const Setback &setback)
    {
        return await(Pacer::waitAfter(pacer, enter(), attempt, setback, {}));
    }

    std::shared_ptr<test::VirtualClock> clock;
    std::shared_ptr<Pacer> pacer;
    QList<Waiting> told;
};

// One of many who ask the same host: refused the first `refusals` times that the server is asked at all.
struct Server
{
    int asked = 0;
    int atOnce = 0;
    int most = 0;
    int refusals = 0;
};

base::Task<int> worker(std::shared_ptr<Pacer> pacer, Server *server)
{
    int attempt = 1;
    for (;; ++attempt) {
        auto pass = co_await Pacer::enter(pacer, host, true, {});
        ++server->asked;
        server->most = std::max(server->most, ++server->atOnce);
        co_await pacer->clock()->sleep(10ms, {}); // on its way
        --server->atOnce;
        if (server->asked > server->refusals) {
            pacer->wentWell(*pass);
            co_return attempt;
        }
        if (!co_await Pacer::waitAfter(pacer, *pass, attempt, busy(2s), {}))
            co_return -1;
    }
}

} // namespace

class TestPacer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waitsTwiceAsLongEachTime()
    {
        Bench bench;
        for (int attempt = 1; attempt <= 5; ++attempt)
            QVERIFY(bench.wait(attempt, busy()));
        QCOMPARE(bench.clock->slept, (QList<std::chrono::milliseconds>{500ms, 1s, 2s, 4s, 8s}));
        QVERIFY(!bench.wait(6, busy())); // six tries are enough
        QCOMPARE(bench.clock->slept.size(), 5);
    }

    void theWaitIsAnythingUpToThat()
    {
        Bench half(0.5);
        QVERIFY(half.wait(3, busy()));
        QCOMPARE(half.clock->slept.last(), 1s);
        Bench none(0.0);
        QVERIFY(none.wait(3, busy()));
        QCOMPARE(none.clock->slept.last(), 0s);
    }

    void neverLongerThanAMinuteByItself()
    {
        auto clock = std::make_shared<test::VirtualClock>();
        PacerOptions options;
        options.clock = clock;
        options.tries = 100;
        auto pacer = std::make_shared<Pacer>(options);
        for (const int attempt : {8, 40, 99}) {
            auto pass = await(Pacer::enter(pacer, host, true, {}));
            QVERIFY(await(Pacer::waitAfter(pacer, *pass, attempt, busy(), {})));
            QCOMPARE(clock->slept.last(), 60s);
        }
    }

    void whatIsAskedForIsKept()
    {
        Bench bench;
        QVERIFY(bench.wait(1, busy(42s)));
        QCOMPARE(bench.clock->slept, QList<std::chrono::milliseconds>{42s});
        QCOMPARE(bench.told.size(), 2);
        QCOMPARE(bench.told.last().time, 0s); // over
        QCOMPARE(bench.told.first().host, host);
        QCOMPARE(bench.told.first().reason, QStringLiteral("it is busy"));
        QCOMPARE(bench.told.first().time, 42s);
    }

    void moreThanFiveMinutesIsGivenUp()
    {
        Bench bench;
        QVERIFY(bench.wait(1, busy(300s)));
        QVERIFY(!bench.wait(2, busy(301s)));
        QCOMPARE(bench.clock->slept.size(), 1);
    }

    void brokenConnectionsAreTriedLessOften()
    {
        Bench bench;
        for (int attempt = 1; attempt <= 2; ++attempt)
            QVERIFY(bench.wait(attempt, broken()));
        QVERIFY(!bench.wait(3, broken()));
        QVERIFY(!bench.pacer->hasAnswered(host)); // no answer is none
        QVERIFY(bench.wait(1, busy()));
        QVERIFY(bench.pacer->hasAnswered(host));
    }

    void tenThatWereRefusedComeBackOneAfterTheOther()
    {
        Bench bench;
        Server server;
        server.refusals = 12; // all ten, and the first two who ask for the rest
        std::vector<base::Task<int>> workers;
        for (int i = 0; i < 10; ++i)
            workers.push_back(worker(bench.pacer, &server));
        int most = 0;
        for (auto &each : workers)
            most = std::max(most, await(std::move(each)));
        // Ten together, then one that is refused, another one, and when the third went well the other nine.
        QCOMPARE(server.asked, 10 + 1 + 1 + 10);
        QVERIFY2(most <= 4, qPrintable(QString::number(most)));
    }

    void aLongUploadDoesNotLead()
    {
        Bench bench;
        QVERIFY(bench.wait(1, busy()));
        QVERIFY(!bench.enter(false).leads);
        const auto leader = bench.enter(true);
        QVERIFY(leader.leads);
        bench.pacer->leave(leader);
    }

    void othersWaitForTheLeader()
    {
        Bench bench;
        QVERIFY(bench.wait(1, busy()));
        const auto leader = bench.enter();
        bool came = false;
        auto follow = [](std::shared_ptr<Pacer> pacer, bool *there) -> base::Task<void> {
            auto pass = co_await Pacer::enter(pacer, host, true, {});
            *there = true;
            pacer->leave(*pass);
        };
        auto following = follow(bench.pacer, &came);
        for (int i = 0; i < 20; ++i)
            QCoreApplication::processEvents();
        QVERIFY(!came);
        bench.pacer->wentWell(leader);
        QTRY_VERIFY(came);
    }

    void otherHostsDoNotWait()
    {
        Bench bench;
        QVERIFY(bench.wait(1, busy()));
        const auto leader = bench.enter();
        const auto other = await(Pacer::enter(bench.pacer, QStringLiteral("other.example"), true, {}));
        QVERIFY(other && !other->leads);
        bench.pacer->leave(leader);
    }

    void waitingIsCancelled()
    {
        auto pacer = std::make_shared<Pacer>(PacerOptions{}); // the real clock
        std::stop_source stop;
        auto pass = await(Pacer::enter(pacer, host, true, {}));
        QTimer::singleShot(20, this, [&stop] { stop.request_stop(); });
        QVERIFY(!await(Pacer::waitAfter(pacer, *pass, 1, busy(200s), stop.get_token())));
        const auto entered = await(Pacer::enter(pacer, host, true, stop.get_token()));
        QVERIFY(!entered && entered.error().kind == base::ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestPacer)
#include "tst_pacer.moc"
