// SPDX-License-Identifier: Apache-2.0
// https: what is trusted, what is refused and in which words, and that nothing falls back to http.
#include "registry/httptesting.h"

#include <QTemporaryFile>

using namespace colophon;
using base::ErrorKind;
using registry::http::Transport;
using registry::http::TransportOptions;
using test::bodyText;
using test::request;
using test::TestAuthority;

class TransportTlsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void trustsTheGivenAuthority_data();
    void trustsTheGivenAuthority();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void doesNotFallBackToHttp();
    void refusesABadFileOfAuthorities();
    void movesLargeBodies();
    void replacesAStaleConnection();
    void readsEarlyAnswers();
};

void TransportTlsTest::trustsTheGivenAuthority_data()
{
    QTest::addColumn<QString>("host");
    QTest::newRow("name") << QStringLiteral("localhost");
    QTest::newRow("address") << QStringLiteral("127.0.0.1");
}

void TransportTlsTest::trustsTheGivenAuthority()
{
    QFETCH(QString, host);
    const TestAuthority authority;
    test::FaultServer server(authority, TestAuthority::Kind::Good);
    server.always("GET", QStringLiteral("/"), test::answer(200, "safe"));
    Transport transport(TransportOptions{.caFile = authority.caFile()});
    for (int i = 0; i < 3; ++i) {
        auto response = test::await(transport.send(request("GET", server.url(QStringLiteral("/"), host)), {}));
        COLOPHON_REQUIRE(response);
        QCOMPARE(bodyText(*response), QByteArray("safe"));
        QCOMPARE(response->peer, QHostAddress(QHostAddress::LocalHost));
        QVERIFY(server.requests().last().isTls);
        QTest::qWait(20); // session tickets come late, and are no reason to close
    }
    QCOMPARE(server.connections(), 1);
}

void TransportTlsTest::saysWhatIsWrong_data()
{
    QTest::addColumn<TestAuthority::Kind>("kind");
    QTest::addColumn<bool>("isAuthorityGiven");
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("advice");
    QTest::newRow("unknown authority") << TestAuthority::Kind::Good << false << "authority" << "--ca-file";
    QTest::newRow("expired") << TestAuthority::Kind::Expired << true << "expired" << "clock";
    QTest::newRow("wrong host") << TestAuthority::Kind::WrongHost << true << "another host" << "name";
    QTest::newRow("self-signed") << TestAuthority::Kind::SelfSigned << false << "self-signed" << "--ca-file";
}

void TransportTlsTest::saysWhatIsWrong()
{
    QFETCH(TestAuthority::Kind, kind);
    QFETCH(bool, isAuthorityGiven);
    QFETCH(QString, word);
    QFETCH(QString, advice);
    const TestAuthority authority;
    test::FaultServer server(authority, kind);
    server.always("GET", QStringLiteral("/"), test::answer(200));
    Transport transport(TransportOptions{.caFile = isAuthorityGiven ? authority.caFile() : QString()});
    const auto response =
        test::await(transport.send(request("GET", server.url(QStringLiteral("/"), QStringLiteral("localhost"))), {}));
    QVERIFY(!response);
    QCOMPARE(response.error().kind, ErrorKind::Tls);
    QVERIFY2(response.error().message.contains(word), qPrintable(response.error().message));
    QVERIFY2(response.error().message.contains(QStringLiteral("localhost")), qPrintable(response.error().message));
    QVERIFY2(response.error().hint.contains(advice), qPrintable(response.error().hint));
    QVERIFY(server.requests().isEmpty());
}

void TransportTlsTest::doesNotFallBackToHttp()
{
    test::FaultServer plain;
    plain.always("", QStringLiteral(".*"), test::answer(200));
    Transport transport;
    QUrl url = plain.url(QStringLiteral("/"));
    url.setScheme(QStringLiteral("https"));
    plain.always("", QStringLiteral(""), test::raw("HTTP/1.0 400 Bad Request\r\n\r\n"));
    TransportOptions options;
    options.connectTimeout = std::chrono::milliseconds(500);
    Transport hasty(options); // this server waits for a request's head that never comes
    const auto response = test::await(hasty.send(request("GET", url), {}));
    QVERIFY(!response);
    QVERIFY(response.error().kind == ErrorKind::Tls || response.error().kind == ErrorKind::Timeout);
    for (const test::RecordedRequest &seen : plain.requests())
        QVERIFY(seen.method != "GET");
}

void TransportTlsTest::refusesABadFileOfAuthorities()
{
    QTemporaryFile empty;
    QVERIFY(empty.open());
    for (const QString &file : {QStringLiteral("/no/such/file.pem"), empty.fileName()}) {
        Transport transport(TransportOptions{.caFile = file});
        const auto response =
            test::await(transport.send(request("GET", QUrl(QStringLiteral("https://127.0.0.1:1/"))), {}));
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::Tls);
        QVERIFY(response.error().message.contains(file));
    }
}

void TransportTlsTest::movesLargeBodies()
{
    constexpr qint64 size = 8 * base::limits::MiB;
    const TestAuthority authority;
    test::FaultServer server(authority, TestAuthority::Kind::Good);
    server.always("GET", QStringLiteral("/"), test::filler(size));
    server.always("PUT", QStringLiteral("/"), test::answer(201));
    Transport transport(TransportOptions{.caFile = authority.caFile()});
    auto got = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
    COLOPHON_REQUIRE(got);
    auto asked = request("PUT", server.url(QStringLiteral("/")));
    asked.body = std::move(got->body);
    asked.bodyLength = size;
    auto put = test::await(transport.send(std::move(asked), {}));
    COLOPHON_REQUIRE(put);
    QCOMPARE(put->status, 201);
    QCOMPARE(server.requests("PUT").first().bodySize, size);
    QVERIFY(server.requests("PUT").first().isComplete);
}

void TransportTlsTest::replacesAStaleConnection()
{
    const TestAuthority authority;
    test::FaultServer server(authority, TestAuthority::Kind::Good);
    server.always("GET", QStringLiteral("/"), test::answer(200, "x"));
    Transport transport(TransportOptions{.caFile = authority.caFile()});
    for (int i = 1; i <= 3; ++i) {
        auto response = test::await(transport.send(request("GET", server.url(QStringLiteral("/"))), {}));
        COLOPHON_REQUIRE(response);
        QCOMPARE(bodyText(*response), QByteArray("x"));
        QCOMPARE(server.connections(), i);
        server.closeAll();
    }
}

void TransportTlsTest::readsEarlyAnswers()
{
    const TestAuthority authority;
    test::FaultServer server(authority, TestAuthority::Kind::Good);
    server.always("PUT", QStringLiteral("/"), test::answer(413, "big").earlyUnread());
    Transport transport(TransportOptions{.caFile = authority.caFile()});
    auto response =
        test::await(transport.send(test::upload("PUT", server.url(QStringLiteral("/")), 64 * base::limits::MiB), {}));
    COLOPHON_REQUIRE(response);
    QCOMPARE(response->status, 413);
    QVERIFY(!response->bodySent);
    QCOMPARE(bodyText(*response), QByteArray("big"));
}

QTEST_GUILESS_MAIN(TransportTlsTest)
#include "tst_transporttls.moc"
