// SPDX-License-Identifier: Apache-2.0
// Stopping in the middle of real transfers, at many moments, from this thread and from others. Meant to be run under
// the address sanitizer, too: what it must not find is a socket, a frame or a buffer used after its end.
#include "registry/httptesting.h"

#include <QElapsedTimer>
#include <QTimer>

#include <thread>

using namespace colophon;
using base::ErrorKind;
using registry::http::Transport;
using registry::http::TransportOptions;
using test::request;

namespace {

constexpr qint64 large = qint64(1) << 40; // never finished

base::Task<base::Result<qint64>> download(Transport &transport, QUrl url, std::stop_token stop)
{
    auto asked = request("GET", url);
    auto response = co_await transport.send(std::move(asked), stop);
    if (!response)
        co_return base::fail(response.error());
    co_return co_await test::drain(std::move(response->body));
}

base::Task<base::Result<qint64>> put(Transport &transport, QUrl url, std::stop_token stop)
{
    auto asked = test::upload("PUT", url, large);
    auto response = co_await transport.send(std::move(asked), stop);
    if (!response)
        co_return base::fail(response.error());
    co_return response->status;
}

base::Task<base::Result<qint64>> copy(Transport &transport, QUrl from, QUrl to, std::stop_token stop)
{
    auto asked = request("GET", from);
    auto got = co_await transport.send(std::move(asked), stop);
    if (!got)
        co_return base::fail(got.error());
    auto sending = request("PUT", to);
    sending.body = std::move(got->body);
    sending.bodyLength = large;
    auto response = co_await transport.send(std::move(sending), stop);
    if (!response)
        co_return base::fail(response.error());
    co_return response->status;
}

} // namespace

class TransportCancelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stops_data();
    void stops();
    void stopsBeforeItBegins();
    void stopsWhileQueued();
    void stopsWhileNobodyReads();
    void endsWithTheTransport();
    void outlivesTheTransport();
    void dropsBodiesAnytime();
};

void TransportCancelTest::stops_data()
{
    QTest::addColumn<int>("what");
    QTest::addColumn<int>("milliseconds");
    QTest::addColumn<bool>("isOtherThread");
    QTest::addColumn<bool>("isTls");
    const char *const names[] = {"download", "upload", "copy", "no answer", "handshake", "upload nobody reads"};
    for (int what = 0; what < 6; ++what) {
        for (const int milliseconds : {0, 1, 3, 10, 40, 150}) {
            for (const bool isOtherThread : {false, true}) {
                for (const bool isTls : {false, true}) {
                    if (isTls && (what >= 4 || milliseconds == 3))
                        continue;
                    QTest::addRow("%s %d ms%s%s", names[what], milliseconds, isOtherThread ? ", other thread" : "",
                                  isTls ? ", TLS" : "")
                        << what << milliseconds << isOtherThread << isTls;
                }
            }
        }
    }
}

void TransportCancelTest::stops()
{
    QFETCH(int, what);
    QFETCH(int, milliseconds);
    QFETCH(bool, isOtherThread);
    QFETCH(bool, isTls);
    static const test::TestAuthority authority;
    const auto made = isTls ? std::make_unique<test::FaultServer>(authority, test::TestAuthority::Kind::Good)
                            : std::make_unique<test::FaultServer>();
    test::FaultServer &server = *made;
    server.always("GET", QStringLiteral("/silent"), test::silence());
    server.always("GET", QStringLiteral(".*"), test::filler(large));
    server.always("PUT", QStringLiteral("/unread"), test::raw("").earlyUnread());
    server.always("PUT", QStringLiteral(".*"), test::answer(201));
    Transport transport(TransportOptions{.caFile = authority.caFile()});

    std::stop_source source;
    QUrl url = server.url(QStringLiteral("/x"));
    base::Task<base::Result<qint64>> task = [&]() -> base::Task<base::Result<qint64>> {
        switch (what) {
        case 0:
            return download(transport, url, source.get_token());
        case 1:
            return put(transport, url, source.get_token());
        case 2:
            return copy(transport, url, url, source.get_token());
        case 3:
            return download(transport, server.url(QStringLiteral("/silent")), source.get_token());
        case 4:
            url.setScheme(QStringLiteral("https")); // of a server that waits for plain http
            return download(transport, url, source.get_token());
        default:
            return put(transport, server.url(QStringLiteral("/unread")), source.get_token());
        }
    }();
    QElapsedTimer stopped;
    std::jthread other;
    if (isOtherThread) {
        stopped.start();
        other = std::jthread([&source, milliseconds] {
            std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
            source.request_stop();
            source.request_stop();
        });
    } else {
        QTimer::singleShot(milliseconds, this, [&] {
            stopped.start();
            source.request_stop();
        });
    }
    const auto result = test::await(std::move(task));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    QVERIFY2(stopped.elapsed() < milliseconds + 1000, qPrintable(QString::number(stopped.elapsed())));
    if (what != 5) // a server that reads nothing does not see the end either
        QVERIFY(test::FaultServer::until([&server] { return server.openConnections() == 0; }));
}

void TransportCancelTest::stopsBeforeItBegins()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::answer(200));
    Transport transport;
    std::stop_source source;
    source.request_stop();
    const auto result = test::await(download(transport, server.url(QStringLiteral("/")), source.get_token()));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    QCOMPARE(server.connections(), 0);
}

void TransportCancelTest::stopsWhileQueued()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::silence());
    Transport transport(TransportOptions{.connectionsPerOrigin = 1});
    std::stop_source first;
    std::stop_source second;
    auto holds = download(transport, server.url(QStringLiteral("/1")), first.get_token());
    auto waits = download(transport, server.url(QStringLiteral("/2")), second.get_token());
    QTimer::singleShot(20, this, [&second] { second.request_stop(); });
    const auto queued = test::await(std::move(waits));
    QVERIFY(!queued);
    QCOMPARE(queued.error().kind, ErrorKind::Cancelled);
    // The place of one that gave up is not lost.
    auto third = download(transport, server.url(QStringLiteral("/3")), second.get_token());
    QVERIFY(!test::await(std::move(third)));
    first.request_stop();
    QVERIFY(!test::await(std::move(holds)));
    server.forget();
    server.always("GET", QStringLiteral(".*"), test::answer(200, "x"));
    const auto after = test::await(download(transport, server.url(QStringLiteral("/4")), {}));
    COLOPHON_REQUIRE(after);
    QCOMPARE(*after, 1);
}

void TransportCancelTest::stopsWhileNobodyReads()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::filler(large));
    Transport transport;
    std::stop_source source;
    auto response = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), source.get_token()));
    COLOPHON_REQUIRE(response);
    source.request_stop();
    const auto block = test::await([](content::Reader &reader) -> base::Task<base::Result<QByteArray>> {
        base::Result<QByteArray> first = co_await reader.read(); // may still be what came with the head
        if (!first)
            co_return first;
        co_return co_await reader.read();
    }(*response->body));
    QVERIFY(!block);
    QCOMPARE(block.error().kind, ErrorKind::Cancelled);
    response->body.reset();
    QVERIFY(test::FaultServer::until([&server] { return server.openConnections() == 0; }));
}

void TransportCancelTest::endsWithTheTransport()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::filler(large));
    server.always("PUT", QStringLiteral(".*"), test::answer(201));
    for (const int milliseconds : {0, 2, 20}) {
        auto transport = std::make_unique<Transport>(TransportOptions{.connectionsPerOrigin = 3});
        const QUrl url = server.url(QStringLiteral("/"));
        QList<ErrorKind> ends;
        const auto follow = [](base::Task<base::Result<qint64>> task, QList<ErrorKind> &to) -> base::Task<void> {
            const base::Result<qint64> result = co_await task;
            to.append(result ? ErrorKind::Failed : result.error().kind);
        };
        std::vector<base::Task<void>> tasks;
        tasks.push_back(follow(copy(*transport, url, url, {}), ends));
        tasks.push_back(follow(download(*transport, url, {}), ends));
        tasks.push_back(follow(download(*transport, url, {}), ends));
        tasks.push_back(follow(put(*transport, url, {}), ends));
        QTest::qWait(milliseconds);
        transport.reset();
        QTRY_COMPARE(ends.size(), 4);
        for (const ErrorKind end : ends)
            QCOMPARE(end, ErrorKind::Cancelled);
    }
    QVERIFY(test::FaultServer::until([&server] { return server.openConnections() == 0; }));
}

void TransportCancelTest::outlivesTheTransport()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::filler(large));
    auto transport = std::make_unique<Transport>();
    auto response = test::await(transport->send(request("GET", server.url(QStringLiteral("/"))), {}));
    COLOPHON_REQUIRE(response);
    transport.reset();
    const auto rest = test::await(test::drain(std::move(response->body)));
    QVERIFY(!rest);
    QCOMPARE(rest.error().kind, ErrorKind::Cancelled);
}

void TransportCancelTest::dropsBodiesAnytime()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral("/chunks"),
                  test::answer(200, QByteArray(300'000, 'c')).chunked(1000).inPieces(777));
    server.always("GET", QStringLiteral(".*"), test::filler(3'000'000));
    Transport transport;
    for (int i = 0; i < 40; ++i) {
        auto response = test::await(transport.send(
            request("GET", server.url(i % 2 == 0 ? QStringLiteral("/") : QStringLiteral("/chunks"))), {}));
        COLOPHON_REQUIRE(response);
        for (int blocks = 0; blocks < i % 5; ++blocks)
            QVERIFY(test::await(response->body->read()));
        response->body.reset();
    }
}

QTEST_GUILESS_MAIN(TransportCancelTest)
#include "tst_transportcancel.moc"
