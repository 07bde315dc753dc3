// SPDX-License-Identifier: Apache-2.0
// Exchanges in good order: what is sent, what comes back, and that connections are kept, shared and bounded.
#include "registry/httptesting.h"

#include <QCryptographicHash>
#include <QFile>

using namespace colophon;
using registry::http::Response;
using registry::http::Transport;
using registry::http::TransportOptions;
using test::bodyText;
using test::request;

namespace {

qint64 peakMemory() // KiB
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmHWM:"))
            return line.sliced(6).trimmed().split(' ').first().toLongLong();
    }
    return 0;
}

} // namespace

class TransportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void getsAnAnswer();
    void putsABody();
    void sendsOnlyWhatBelongsThere();
    void refusesBadRequests_data();
    void refusesBadRequests();
    void readsBodies_data();
    void readsBodies();
    void keepsConnections();
    void boundsConnections();
    void closesWhatWasNotRead();
    void drainsATinyRest();
    void replacesAStaleConnection();
    void replacesItOnlyOnce();
    void doesNotRepeatABodyThatWasRead();
    void doesNotReuseAfterGarbage();
    void asksAboutTheAddress();
    void asksAgainForAKeptConnection();
    void resolvesNames();
    void streamsInFlatMemory();
};

void TransportTest::getsAnAnswer()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral("/v2/\\?a=%2Fb"), test::answer(200, "hello").with("X-One", "1"));
    Transport transport;
    auto asked = request("GET", server.url(QStringLiteral("/v2/?a=%2Fb")));
    asked.headers.add("Accept-Encoding", "identity");
    auto response = test::await(transport.send(std::move(asked), {}));
    COLOPHON_REQUIRE(response);
    QCOMPARE(response->status, 200);
    QCOMPARE(response->headers.value("x-one"), QByteArray("1"));
    QCOMPARE(response->contentLength, 5);
    QCOMPARE(response->peer, QHostAddress(QHostAddress::LocalHost));
    QVERIFY(response->bodySent);
    QCOMPARE(bodyText(*response), QByteArray("hello"));
    const auto seen = server.requests();
    QCOMPARE(seen.size(), 1);
    QCOMPARE(seen.first().header("Host"), server.authority().toLatin1());
    QCOMPARE(seen.first().header("Accept-Encoding"), QByteArray("identity"));
    QCOMPARE(seen.first().header("User-Agent"), QByteArray("colophon"));
    QVERIFY(!seen.first().has("Content-Length"));
}

void TransportTest::putsABody()
{
    test::FaultServer server;
    server.always("PUT", QStringLiteral("/up"), test::answer(201));
    Transport transport;
    const QByteArray bytes(3'000'000, 'a');
    auto asked = request("PUT", server.url(QStringLiteral("/up")));
    asked.body = content::readerOf(bytes);
    asked.bodyLength = bytes.size();
    QList<qint64> progress;
    asked.progress = [&progress](qint64 now) { progress.append(now); };
    auto response = test::await(transport.send(std::move(asked), {}));
    COLOPHON_REQUIRE(response);
    QCOMPARE(response->status, 201);
    QVERIFY(response->bodySent);
    QVERIFY(std::is_sorted(progress.cbegin(), progress.cend()));
    QCOMPARE(progress.last(), bytes.size());
    QCOMPARE(server.requests().first().header("Content-Length"), QByteArray("3000000"));
    QCOMPARE(server.requests().first().bodySha256, QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
    QVERIFY(server.requests().first().isComplete);
}

void TransportTest::sendsOnlyWhatBelongsThere()
{
    test::FaultServer server;
    server.always("", QStringLiteral(".*"), test::answer(202));
    Transport transport(TransportOptions{.userAgent = "other/1"});
    QUrl url = server.url(QStringLiteral("?q=a%20b#part"));
    url.setUserInfo(QStringLiteral("user:secret"));
    auto asked = request("POST", url);
    asked.headers.add("Host", "evil.example");
    asked.headers.add("content-length", "5");
    asked.headers.add("Transfer-Encoding", "chunked");
    asked.headers.add("Connection", "upgrade");
    asked.headers.add("X-Mine", "1");
    const auto response = test::await(transport.send(std::move(asked), {}));
    COLOPHON_REQUIRE(response);
    const auto seen = server.requests().first();
    QCOMPARE(seen.target, QByteArray("/?q=a%20b"));
    QCOMPARE(seen.header("Host"), server.authority().toLatin1());
    QCOMPARE(seen.header("Content-Length"), QByteArray("0"));
    QCOMPARE(seen.header("User-Agent"), QByteArray("other/1"));
    QCOMPARE(seen.header("X-Mine"), QByteArray("1"));
    for (const char *name : {"Transfer-Encoding", "Connection", "Authorization", "Cookie"})
        QVERIFY2(!seen.has(name), name);
}

void TransportTest::refusesBadRequests_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    const QString good = QStringLiteral("http://127.0.0.1:1/");
    QTest::newRow("file") << QByteArray("GET") << QStringLiteral("file:///etc/passwd") << QByteArray("A")
                          << QByteArray();
    QTest::newRow("ftp") << QByteArray("GET") << QStringLiteral("ftp://127.0.0.1/") << QByteArray("A") << QByteArray();
    QTest::newRow("relative") << QByteArray("GET") << QStringLiteral("/v2/") << QByteArray("A") << QByteArray();
    QTest::newRow("no host") << QByteArray("GET") << QStringLiteral("http:///v2/") << QByteArray("A") << QByteArray();
    QTest::newRow("method") << QByteArray("GET / HTTP/1.1\r\nX:") << good << QByteArray("A") << QByteArray();
    QTest::newRow("line in a value") << QByteArray("GET") << good << QByteArray("A") << QByteArray("b\r\nC: d");
    QTest::newRow("NUL in a value") << QByteArray("GET") << good << QByteArray("A") << QByteArray("b\0c", 3);
    QTest::newRow("line in a name") << QByteArray("GET") << good << QByteArray("A\r\nB") << QByteArray("c");
}

void TransportTest::refusesBadRequests()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, url);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    Transport transport;
    auto asked = request(method, QUrl(url));
    asked.headers.add(name, value);
    const auto response = test::await(transport.send(std::move(asked), {}));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, base::ErrorKind::Usage);
}

void TransportTest::readsBodies_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("length");
    QTest::newRow("length") << QByteArray("GET") << 0 << 200 << QByteArray(70'000, 'b') << 70'000;
    QTest::newRow("chunked") << QByteArray("GET") << 1 << 200 << QByteArray(70'000, 'b') << -1;
    QTest::newRow("byte by byte") << QByteArray("GET") << 2 << 200 << QByteArray("slowly") << 6;
    QTest::newRow("chunked, byte by byte") << QByteArray("GET") << 3 << 200 << QByteArray("slowly") << -1;
    QTest::newRow("to the end of the connection") << QByteArray("GET") << 4 << 200 << QByteArray("the end") << -1;
    QTest::newRow("HEAD") << QByteArray("HEAD") << 0 << 200 << QByteArray() << 70'000;
    QTest::newRow("204") << QByteArray("GET") << 5 << 204 << QByteArray() << -1;
    QTest::newRow("interim answers") << QByteArray("GET") << 6 << 200 << QByteArray("x") << 1;
}

void TransportTest::readsBodies()
{
    QFETCH(QByteArray, method);
    QFETCH(int, kind);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, length);
    test::FaultServer server;
    const test::Answer answers[] = {
        test::answer(200, QByteArray(70'000, 'b')),
        test::answer(200, QByteArray(70'000, 'b')).chunked(999),
        test::answer(200, "slowly").inPieces(1),
        test::answer(200, "slowly").chunked(2).inPieces(1),
        test::answer(200, "the end").declaring(-1).thenClose(),
        test::answer(204),
        test::raw("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"),
    };
    server.always(method, QStringLiteral("/"), answers[kind]);
    Transport transport;
    for (int i = 0; i < 2; ++i) {
        auto response = test::await(transport.send(request(method, server.url(QStringLiteral("/"))), {}));
        COLOPHON_REQUIRE(response);
        QCOMPARE(response->status, status);
        QCOMPARE(response->contentLength, length);
        QCOMPARE(bodyText(*response), body);
    }
    QCOMPARE(server.connections(), kind == 4 ? 2 : 1);
}

void TransportTest::keepsConnections()
{
    test::FaultServer server;
    test::FaultServer other;
    server.always("", QStringLiteral(".*"), test::answer(200, "x"));
    other.always("", QStringLiteral(".*"), test::answer(200, "y"));
    Transport transport;
    for (int i = 0; i < 5; ++i) {
        auto one = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
        COLOPHON_REQUIRE(one);
        QCOMPARE(bodyText(*one), QByteArray("x"));
        auto two = test::await(transport.send(request("GET", other.url(QStringLiteral("/"))), {}));
        COLOPHON_REQUIRE(two);
        QCOMPARE(bodyText(*two), QByteArray("y"));
        auto three = test::await(transport.send(test::upload("PUT", server.url(QStringLiteral("/")), 100'000), {}));
        COLOPHON_REQUIRE(three);
        QCOMPARE(bodyText(*three), QByteArray("x"));
    }
    QCOMPARE(server.connections(), 1);
    QCOMPARE(other.connections(), 1);
}

void TransportTest::boundsConnections()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::answer(200, "x").after(std::chrono::milliseconds(20)));
    Transport transport(TransportOptions{.connectionsPerOrigin = 2});
    const QUrl url = server.url(QStringLiteral("/"));
    const auto job = [&transport, url](int, std::stop_token stop) -> base::Task<base::Result<void>> {
        return [](Transport &by, QUrl to, std::stop_token until) -> base::Task<base::Result<void>> {
            auto response = co_await by.send(request("GET", to), until);
            if (!response)
                co_return base::fail(response.error());
            auto size = co_await test::drain(std::move(response->body));
            if (!size)
                co_return base::fail(size.error());
            co_return base::Result<void>{};
        }(transport, url, stop);
    };
    const auto done = test::await(base::forEachLimited(9, 9, job, {}));
    COLOPHON_REQUIRE(done);
    QCOMPARE(server.requests().size(), 9);
    QCOMPARE(server.connections(), 2);
}

void TransportTest::closesWhatWasNotRead()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::filler(50 * base::limits::MiB));
    Transport transport;
    for (int i = 1; i <= 2; ++i) {
        auto response = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
        COLOPHON_REQUIRE(response);
        QVERIFY(!test::await(response->body->read())->isEmpty());
        response->body.reset();
        QCOMPARE(server.connections(), i);
    }
    QVERIFY(test::FaultServer::until([&server] { return server.openConnections() == 0; }));
}

void TransportTest::drainsATinyRest()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::answer(404, QByteArray(1000, 'e')));
    Transport transport;
    for (int i = 0; i < 3; ++i) {
        auto response = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
        COLOPHON_REQUIRE(response);
        QTest::qWait(20);
        response->body.reset(); // nobody cares what the page says
    }
    QCOMPARE(server.connections(), 1);
}

void TransportTest::replacesAStaleConnection()
{
    test::FaultServer server;
    server.always("", QStringLiteral(".*"), test::answer(200, "x"));
    Transport transport;
    for (int i = 1; i <= 3; ++i) {
        auto response = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
        COLOPHON_REQUIRE(response);
        QCOMPARE(bodyText(*response), QByteArray("x"));
        QCOMPARE(server.connections(), i);
        server.closeAll(); // without a turn of our event loop
    }
    // Closed in the very moment of the request: seen only when the answer fails to come.
    server.forget();
    server.once("GET", QStringLiteral(".*"), test::answer(200, "x"));
    server.once("GET", QStringLiteral(".*"), test::hangUp());
    server.once("GET", QStringLiteral(".*"), test::answer(200, "fresh"));
    auto first = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
    COLOPHON_REQUIRE(first);
    bodyText(*first);
    auto second = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
    COLOPHON_REQUIRE(second);
    QCOMPARE(bodyText(*second), QByteArray("fresh"));
    QCOMPARE(server.requests().size(), 3);
}

void TransportTest::replacesItOnlyOnce()
{
    test::FaultServer server;
    server.once("GET", QStringLiteral(".*"), test::answer(200, "x"));
    server.always("GET", QStringLiteral(".*"), test::hangUp());
    Transport transport;
    auto first = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
    COLOPHON_REQUIRE(first);
    bodyText(*first);
    const auto second = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
    QVERIFY(!second);
    QCOMPARE(second.error().kind, base::ErrorKind::Network);
    QVERIFY(second.error().message.contains(QStringLiteral("127.0.0.1")));
    QCOMPARE(server.requests().size(), 3);
}

void TransportTest::doesNotRepeatABodyThatWasRead()
{
    test::FaultServer server;
    server.once("GET", QStringLiteral(".*"), test::answer(200, "x"));
    server.always("PUT", QStringLiteral(".*"), test::hangUp());
    Transport transport;
    auto first = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
    COLOPHON_REQUIRE(first);
    bodyText(*first);
    const auto second = test::await(transport.send(test::upload("PUT", server.url(QStringLiteral("/")), 1000), {}));
    QVERIFY(!second);
    QCOMPARE(second.error().kind, base::ErrorKind::Network);
    QCOMPARE(server.requests("PUT").size(), 1);
}

void TransportTest::doesNotReuseAfterGarbage()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"),
                  test::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 evil\r\n"));
    Transport transport;
    for (int i = 1; i <= 3; ++i) {
        auto response = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
        COLOPHON_REQUIRE(response);
        QCOMPARE(bodyText(*response), QByteArray("ok"));
        QCOMPARE(server.connections(), i);
    }
}

void TransportTest::asksAboutTheAddress()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::answer(200, "x"));
    Transport transport;
    QList<QHostAddress> askedAbout;
    auto refused = request("GET", server.url(QStringLiteral("/"), QStringLiteral("localhost")));
    refused.allowed = [&askedAbout](const QHostAddress &address) -> base::Result<void> {
        askedAbout.append(address);
        return base::fail(base::ErrorKind::Denied, QStringLiteral("not there"));
    };
    const auto response = test::await(transport.send(std::move(refused), {}));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, base::ErrorKind::Denied);
    QCOMPARE(response.error().message, QStringLiteral("not there"));
    QVERIFY(askedAbout.contains(QHostAddress(QHostAddress::LocalHost)));
    QCOMPARE(server.connections(), 0);
}

void TransportTest::asksAgainForAKeptConnection()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::answer(200, "x"));
    Transport transport;
    bool isAllowed = true;
    const auto ask = [&](bool checked) {
        auto asked = request("GET", server.url(QStringLiteral("/")));
        if (checked)
            asked.allowed = [&isAllowed](const QHostAddress &) -> base::Result<void> {
                if (isAllowed)
                    return {};
                return base::fail(base::ErrorKind::Denied, QStringLiteral("not there"));
            };
        auto response = test::await(transport.send(std::move(asked), {}));
        if (response)
            bodyText(*response);
        return response.has_value();
    };
    QVERIFY(ask(false));
    QVERIFY(ask(true)); // not on the connection nobody checked
    QCOMPARE(server.connections(), 2);
    QVERIFY(ask(true));
    QCOMPARE(server.connections(), 2);
    isAllowed = false; // the rule of another request
    QVERIFY(!ask(true));
    QVERIFY(ask(false));
    QCOMPARE(server.connections(), 2);
}

void TransportTest::resolvesNames()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::answer(200, "x"));
    Transport transport;
    auto response =
        test::await(transport.send(request("GET", server.url(QStringLiteral("/"), QStringLiteral("LOCALHOST"))), {}));
    COLOPHON_REQUIRE(response);
    QCOMPARE(response->peer, QHostAddress(QHostAddress::LocalHost));
    QCOMPARE(server.requests().first().header("Host"), server.authority(QStringLiteral("localhost")).toLatin1());

    const auto missing =
        test::await(transport.send(request("GET", QUrl(QStringLiteral("http://no-such-host.invalid/"))), {}));
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, base::ErrorKind::Network);
    QVERIFY(missing.error().message.contains(QStringLiteral("no-such-host.invalid")));
}

void TransportTest::streamsInFlatMemory()
{
    constexpr qint64 size = 64 * base::limits::MiB;
    test::FaultServer server;
    server.always("GET", QStringLiteral(".*"), test::filler(size));
    server.always("PUT", QStringLiteral(".*"), test::answer(201));
    Transport transport;
    // What a first small round costs is not counted.
    auto small = test::await(transport.send(test::upload("PUT", server.url(QStringLiteral("/")), 4'000'000), {}));
    COLOPHON_REQUIRE(small);
    const qint64 before = peakMemory();
    for (int i = 0; i < 2; ++i) {
        auto got = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
        COLOPHON_REQUIRE(got);
        auto asked = request("PUT", server.url(QStringLiteral("/")));
        asked.body = std::move(got->body);
        asked.bodyLength = size;
        auto put = test::await(transport.send(std::move(asked), {}));
        COLOPHON_REQUIRE(put);
        QCOMPARE(put->status, 201);
        QCOMPARE(server.requests("PUT").last().bodySize, size);
    }
#if !defined(__SANITIZE_ADDRESS__)
    QVERIFY2(peakMemory() - before < 16 * 1024, qPrintable(QString::number(peakMemory() - before)));
#else
    Q_UNUSED(before)
#endif
}

QTEST_GUILESS_MAIN(TransportTest)
#include "tst_transport.moc"
