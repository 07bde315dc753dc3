// SPDX-License-Identifier: Apache-2.0
// Everything that can go wrong on the wire, and what is said about it.
#include "registry/httptesting.h"

#include <QTcpServer>

using namespace colophon;
using base::ErrorKind;
using registry::http::Transport;
using registry::http::TransportOptions;
using test::bodyText;
using test::request;
using namespace std::chrono_literals;

namespace {

const QByteArray ok = "HTTP/1.1 200 OK\r\n";

TransportOptions hasty()
{
    TransportOptions options;
    options.connectTimeout = 300ms;
    options.firstByteTimeout = 300ms;
    options.idleTimeout = 300ms;
    return options;
}

} // namespace

class TransportFaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheFailure_data();
    void namesTheFailure();
    void namesTheFailureOfABody_data();
    void namesTheFailureOfABody();
    void aByteNowAndThenIsTooSlow();
    void saysWhoRefusedTheConnection();
    void readsEarlyAnswers_data();
    void readsEarlyAnswers();
    void goesOnAfterInterimAnswers();
    void givesUpOnAServerThatTakesNothing();
    void saysWhoBrokeOffAnUpload();
    void neverCompletesABodyOfTheWrongLength_data();
    void neverCompletesABodyOfTheWrongLength();
    void neverCompletesABodyThatFailsItsCheck();
    void passesTheBodysOwnError();
};

void TransportFaultsTest::namesTheFailure_data()
{
    QTest::addColumn<test::Answer>("answer");
    QTest::addColumn<ErrorKind>("kind");
    const auto row = [](const char *name, const test::Answer &answer, ErrorKind kind) {
        QTest::newRow(name) << answer << kind;
    };
    row("closes without a word", test::hangUp(), ErrorKind::Network);
    row("resets without a word", test::answer(200).resetAfter(0), ErrorKind::Network);
    row("closes in the head", test::answer(200).closedAfter(20), ErrorKind::Network);
    row("resets in the head", test::answer(200).resetAfter(20), ErrorKind::Network);
    row("says nothing", test::silence(), ErrorKind::Timeout);
    row("stalls in the head", test::answer(200).stalledAfter(20), ErrorKind::Timeout);
    row("an endless drip of interim answers",
        test::raw(QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(5000)).inPieces(25), ErrorKind::TooLarge);
    row("endless head", test::raw(ok + "A: " + QByteArray(200'000, 'x')), ErrorKind::TooLarge);
    row("another protocol", test::raw("220 smtp.example ESMTP\r\n"), ErrorKind::Protocol);
    row("bad status", test::raw("HTTP/1.1 abc\r\n\r\n"), ErrorKind::Protocol);
    row("lengths that contradict", test::raw(ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
        ErrorKind::Protocol);
    row("length and chunked", test::raw(ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ErrorKind::Protocol);
    row("upgrade", test::raw("HTTP/1.1 101 Switching\r\n\r\n"), ErrorKind::Protocol);
}

void TransportFaultsTest::namesTheFailure()
{
    QFETCH(test::Answer, answer);
    QFETCH(ErrorKind, kind);
    test::FaultServer server;
    server.always("GET", QStringLiteral("/"), answer);
    TransportOptions options = hasty();
    if (kind != ErrorKind::Timeout)
        options = {};
    Transport transport(options);
    const auto response = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, kind);
    QVERIFY2(response.error().message.contains(QStringLiteral("127.0.0.1")), qPrintable(response.error().message));
    QVERIFY(!response.error().hint.isEmpty());
    QVERIFY(test::FaultServer::until([&server] { return server.openConnections() == 0; }));
}

// Never so long without a byte that it would be silence.
void TransportFaultsTest::aByteNowAndThenIsTooSlow()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral("/"), test::answer(200, QByteArray(100, 'x')).inPieces(10, 50ms));
    TransportOptions options;
    options.slowTimeout = 300ms;
    Transport transport(options);
    auto response = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
    COLOPHON_REQUIRE(response);
    const auto whole = test::await(content::readAll(std::move(response->body), 1000));
    QVERIFY(!whole);
    QCOMPARE(whole.error().kind, ErrorKind::Timeout);
    QVERIFY2(whole.error().message.contains(QStringLiteral("less than 1 KiB")), qPrintable(whole.error().message));
    // Slow, and fast enough.
    options.slowTimeout = 30s;
    Transport patient(options);
    response = test::await(patient.send(request("GET", server.url(QStringLiteral("/"))), {}));
    COLOPHON_REQUIRE(response);
    QVERIFY(test::await(content::readAll(std::move(response->body), 1000)));
}

void TransportFaultsTest::namesTheFailureOfABody_data()
{
    QTest::addColumn<test::Answer>("answer");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<qint64>("longest");
    const auto row = [](const char *name, const test::Answer &answer, ErrorKind kind, qint64 longest = 100'000) {
        QTest::newRow(name) << answer << kind << longest;
    };
    const QByteArray body(100'000, 'b');
    row("shorter than declared", test::answer(200, body).declaring(200'000).thenClose(), ErrorKind::Network);
    row("closed", test::answer(200, body).closedAfter(50'000), ErrorKind::Network);
    row("reset", test::answer(200, body).resetAfter(50'000), ErrorKind::Network);
    row("stalled", test::answer(200, body).stalledAfter(50'000), ErrorKind::Timeout);
    row("chunks cut", test::answer(200, body).chunked(1000).closedAfter(50'000), ErrorKind::Network);
    row("bad chunk", test::raw(ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\nzz\r\n\r\n"), ErrorKind::Protocol);
    row("endless trailers",
        test::raw(ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n" + QByteArray("A: b\r\n").repeated(50'000)),
        ErrorKind::TooLarge);
}

void TransportFaultsTest::namesTheFailureOfABody()
{
    QFETCH(test::Answer, answer);
    QFETCH(ErrorKind, kind);
    QFETCH(qint64, longest);
    test::FaultServer server;
    server.always("GET", QStringLiteral("/"), answer);
    Transport transport(kind == ErrorKind::Timeout ? hasty() : TransportOptions());
    auto response = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
    COLOPHON_REQUIRE(response);
    qint64 size = 0;
    while (true) {
        const auto block = test::await(response->body->read());
        if (!block) {
            QCOMPARE(block.error().kind, kind);
            QVERIFY2(block.error().message.contains(QStringLiteral("127.0.0.1")), qPrintable(block.error().message));
            break;
        }
        QVERIFY(!block->isEmpty());
        size += block->size();
    }
    QVERIFY(size <= longest);
    response->body.reset();
    QVERIFY(test::FaultServer::until([&server] { return server.openConnections() == 0; }));
}

void TransportFaultsTest::saysWhoRefusedTheConnection()
{
    QTcpServer nobody;
    QVERIFY(nobody.listen(QHostAddress::LocalHost));
    const quint16 port = nobody.serverPort();
    nobody.close();
    Transport transport;
    const auto response =
        test::await(transport.send(request("GET", QUrl(QStringLiteral("http://127.0.0.1:%1/").arg(port))), {}));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, ErrorKind::Network);
    QVERIFY(response.error().message.contains(QStringLiteral("127.0.0.1:%1").arg(port)));
    QVERIFY(response.error().message.contains(QStringLiteral("refused")));
}

void TransportFaultsTest::readsEarlyAnswers_data()
{
    QTest::addColumn<test::Answer>("answer");
    QTest::addColumn<int>("status");
    QTest::newRow("401, drained") << test::answer(401, "who?").with("WWW-Authenticate", "Basic").early() << 401;
    QTest::newRow("401, closed at once") << test::answer(401, "who?").earlyUnread().thenClose() << 401;
    QTest::newRow("413, not read, kept open") << test::answer(413, "big").earlyUnread() << 413;
    QTest::newRow("413 in the middle, closed") << test::answer(413, "big").whenRead(1'000'000).thenClose() << 413;
    QTest::newRow("307 in the middle, kept open") << test::answer(307).with("Location", "/x").whenRead(300'000) << 307;
}

void TransportFaultsTest::readsEarlyAnswers()
{
    QFETCH(test::Answer, answer);
    QFETCH(int, status);
    constexpr qint64 size = 64 * base::limits::MiB;
    test::FaultServer server;
    server.always("PUT", QStringLiteral("/up"), answer);
    server.always("GET", QStringLiteral("/"), test::answer(200, "x"));
    Transport transport;
    for (int round = 1; round <= 5; ++round) {
        qint64 given = 0;
        auto response =
            test::await(transport.send(test::upload("PUT", server.url(QStringLiteral("/up")), size, &given), {}));
        COLOPHON_REQUIRE(response);
        QCOMPARE(response->status, status);
        QVERIFY(!response->bodySent);
        QVERIFY2(given < size, qPrintable(QString::number(given)));
        QCOMPARE(bodyText(*response), answer.body);
        auto next = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
        COLOPHON_REQUIRE(next);
        bodyText(*next);
    }
    QVERIFY(server.connections() > 5); // half a request is left on none
    for (const test::RecordedRequest &put : server.requests("PUT"))
        QVERIFY(!put.isComplete);
}

void TransportFaultsTest::goesOnAfterInterimAnswers()
{
    test::FaultServer server;
    server.always("PUT", QStringLiteral("/up"),
                  [](const test::RecordedRequest &) { return test::raw("HTTP/1.1 102 Processing\r\n\r\n").early(); });
    Transport transport(hasty());
    const auto response =
        test::await(transport.send(test::upload("PUT", server.url(QStringLiteral("/up")), 20 * base::limits::MiB), {}));
    QVERIFY(!response); // the server of this test never says more
    QCOMPARE(response.error().kind, ErrorKind::Timeout);
    QVERIFY(test::FaultServer::until([&server] { return server.requests().first().isComplete; }));
    QCOMPARE(server.requests().first().bodySize, 20 * base::limits::MiB);
}

void TransportFaultsTest::givesUpOnAServerThatTakesNothing()
{
    test::FaultServer server;
    server.always("PUT", QStringLiteral("/up"), test::raw("").earlyUnread());
    Transport transport(hasty());
    qint64 given = 0;
    const auto response = test::await(
        transport.send(test::upload("PUT", server.url(QStringLiteral("/up")), 256 * base::limits::MiB, &given), {}));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, ErrorKind::Timeout);
    QVERIFY2(given < 64 * base::limits::MiB, qPrintable(QString::number(given)));
}

void TransportFaultsTest::saysWhoBrokeOffAnUpload()
{
    test::FaultServer server;
    server.once("PUT", QStringLiteral("/up"), test::answer(201).whenRead(1'000'000).closedAfter(0));
    server.once("PUT", QStringLiteral("/up"), test::answer(201).whenRead(1'000'000).resetAfter(0));
    Transport transport;
    for (int i = 0; i < 2; ++i) {
        const auto response = test::await(
            transport.send(test::upload("PUT", server.url(QStringLiteral("/up")), 64 * base::limits::MiB), {}));
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::Network);
        QVERIFY(response.error().message.contains(QStringLiteral("127.0.0.1")));
    }
    QCOMPARE(server.requests().size(), 2);
}

void TransportFaultsTest::neverCompletesABodyOfTheWrongLength_data()
{
    QTest::addColumn<qint64>("announced");
    QTest::addColumn<qint64>("size");
    QTest::newRow("one block, too short") << qint64(1000) << qint64(999);
    QTest::newRow("one block, too long") << qint64(999) << qint64(1000);
    QTest::newRow("many blocks, too short") << qint64(3'000'000) << qint64(2'999'999);
    QTest::newRow("many blocks, too long") << qint64(3'000'000) << qint64(3'000'001);
    QTest::newRow("exactly some blocks, too long") << qint64(524'288) << qint64(524'289);
    QTest::newRow("nothing there") << qint64(10) << qint64(0);
}

void TransportFaultsTest::neverCompletesABodyOfTheWrongLength()
{
    QFETCH(qint64, announced);
    QFETCH(qint64, size);
    test::FaultServer server;
    server.always("PUT", QStringLiteral("/up"), test::answer(201));
    Transport transport;
    auto asked = test::upload("PUT", server.url(QStringLiteral("/up")), size);
    asked.bodyLength = announced;
    const auto response = test::await(transport.send(std::move(asked), {}));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, ErrorKind::InvalidData);
    QVERIFY(test::FaultServer::until([&server] { return server.openConnections() == 0; }));
    for (const test::RecordedRequest &put : server.requests())
        QVERIFY(!put.isComplete);
}

void TransportFaultsTest::neverCompletesABodyThatFailsItsCheck()
{
    test::FaultServer server;
    server.always("PUT", QStringLiteral("/up"), test::answer(201));
    Transport transport;
    const QByteArray bytes(600'000, 'x');
    oci::Descriptor expected;
    expected.digest = oci::Digest::of(QByteArray("something else"));
    expected.size = bytes.size();
    auto asked = request("PUT", server.url(QStringLiteral("/up")));
    asked.body = content::verified(content::readerOf(bytes), expected, QStringLiteral("the layer"));
    asked.bodyLength = bytes.size();
    const auto response = test::await(transport.send(std::move(asked), {}));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, ErrorKind::InvalidData);
    QVERIFY(test::FaultServer::until([&server] { return server.openConnections() == 0; }));
    for (const test::RecordedRequest &put : server.requests())
        QVERIFY(!put.isComplete);
}

void TransportFaultsTest::passesTheBodysOwnError()
{
    test::FaultServer source;
    test::FaultServer destination;
    source.always("GET", QStringLiteral("/"), test::filler(10'000'000).closedAfter(5'000'000));
    destination.always("PUT", QStringLiteral("/"), test::answer(201));
    Transport transport;
    auto got =
        test::await(transport.send(request("GET", source.url(QStringLiteral("/"), QStringLiteral("localhost"))), {}));
    COLOPHON_REQUIRE(got);
    auto asked = request("PUT", destination.url(QStringLiteral("/")));
    asked.body = std::move(got->body);
    asked.bodyLength = 10'000'000;
    const auto put = test::await(transport.send(std::move(asked), {}));
    QVERIFY(!put);
    QCOMPARE(put.error().kind, ErrorKind::Network);
    QVERIFY2(put.error().message.contains(QStringLiteral("localhost")), qPrintable(put.error().message));
    QVERIFY(test::FaultServer::until([&] { return destination.openConnections() == 0; }));
    for (const test::RecordedRequest &seen : destination.requests())
        QVERIFY(!seen.isComplete);
}

QTEST_GUILESS_MAIN(TransportFaultsTest)
#include "tst_transportfaults.moc"
