// SPDX-License-Identifier: Apache-2.0
// Through an http proxy: what it gets to see, what the server gets to see, and what is still checked.
#include "registry/addressclass.h"
#include "registry/httptesting.h"
#include "support/canary/canary.h"
#include "support/proxyserver/proxyserver.h"

#include <QHostInfo>
#include <QTimer>

using namespace colophon;
using base::ErrorKind;
using registry::http::ProxySettings;
using registry::http::Transport;
using registry::http::TransportOptions;
using test::bodyText;
using test::ProxyServer;
using test::request;
using test::TestAuthority;

namespace {

const QByteArray canary(COLOPHON_CANARY);
const QString elsewhere = QStringLiteral("other.example"); // leads nowhere but through the proxy

TransportOptions through(const QString &proxy, const TestAuthority &authority)
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("ALL_PROXY"), proxy);
    TransportOptions options;
    options.caFile = authority.caFile();
    options.proxies = ProxySettings::fromEnvironment(environment);
    return options;
}

} // namespace

class TransportProxyTest : public QObject
{
    Q_OBJECT

private:
    TestAuthority m_authority; // its WrongHost is for other.example, which is right here

private Q_SLOTS:
    void encryptedRequestsGoThroughATunnel()
    {
        ProxyServer proxy;
        proxy.requirePassword("user:" + canary);
        test::FaultServer server(m_authority, TestAuthority::Kind::WrongHost);
        server.always("GET", QStringLiteral("/x"), test::answer(200, "safe"));
        Transport transport(through(proxy.address(QStringLiteral("user:") +
                                                  QStringLiteral(COLOPHON_CANARY).replace(u'-', QStringLiteral("%2D"))),
                                    m_authority));
        for (int i = 0; i < 3; ++i) {
            auto response =
                test::await(transport.send(request("GET", server.url(QStringLiteral("/x"), elsewhere)), {}));
            COLOPHON_REQUIRE(response);
            QCOMPARE(bodyText(*response), QByteArray("safe"));
            QVERIFY(response->peer.isNull());
        }
        QCOMPARE(server.connections(), 1);
        QCOMPARE(proxy.requests().size(), 1); // and kept alive
        QCOMPARE(proxy.requests().first().method, QByteArray("CONNECT"));
        QCOMPARE(proxy.requests().first().target, "other.example:" + QByteArray::number(server.port()));
        for (const auto &seen : server.requests())
            QVERIFY(!seen.has("Proxy-Authorization"));
    }

    void plainRequestsArePassedOn()
    {
        ProxyServer proxy;
        proxy.requirePassword("user:" + canary);
        test::FaultServer server;
        server.always("", QStringLiteral("/x.*"), test::answer(200, "plain"));
        Transport transport(through(proxy.address(QStringLiteral("user:") + QLatin1String(canary)), m_authority));
        auto response = test::await(
            transport.send(test::upload("PUT", server.url(QStringLiteral("/x?y=1"), elsewhere), 100'000), {}));
        COLOPHON_REQUIRE(response);
        QCOMPARE(bodyText(*response), QByteArray("plain"));
        QCOMPARE(proxy.requests().first().target, server.url(QStringLiteral("/x?y=1"), elsewhere).toEncoded());
        QCOMPARE(server.requests().first().target, QByteArray("/x?y=1"));
        QCOMPARE(server.requests().first().bodySize, 100'000);
        QVERIFY(!server.requests().first().has("Proxy-Authorization"));
    }

    void aCallerCannotSpeakToTheProxy()
    {
        ProxyServer proxy;
        test::FaultServer server(m_authority, TestAuthority::Kind::WrongHost);
        server.always("GET", QStringLiteral("/"), test::answer(200));
        Transport transport(through(proxy.address(), m_authority));
        auto asked = request("GET", server.url(QStringLiteral("/"), elsewhere));
        asked.headers.add("Proxy-Authorization", "Basic x");
        const auto response = test::await(transport.send(std::move(asked), {}));
        COLOPHON_REQUIRE(response);
        QVERIFY(proxy.requests().first().authorization.isEmpty());
        QVERIFY(!server.requests().first().has("Proxy-Authorization"));
    }

    void thisComputerIsNotBehindIt()
    {
        ProxyServer proxy;
        test::FaultServer server(m_authority, TestAuthority::Kind::Good);
        server.always("GET", QStringLiteral("/"), test::answer(200));
        Transport transport(through(proxy.address(), m_authority));
        for (const auto &host : {QStringLiteral("localhost"), QStringLiteral("127.0.0.1")}) {
            const auto response =
                test::await(transport.send(request("GET", server.url(QStringLiteral("/"), host)), {}));
            COLOPHON_REQUIRE(response);
        }
        QCOMPARE(proxy.requests().size(), 0);
    }

    void theCertificateIsStillChecked()
    {
        ProxyServer proxy;
        test::FaultServer server(m_authority, TestAuthority::Kind::Good); // not for other.example
        Transport transport(through(proxy.address(), m_authority));
        const auto response =
            test::await(transport.send(request("GET", server.url(QStringLiteral("/"), elsewhere)), {}));
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::Tls);
        QVERIFY(response.error().message.contains(elsewhere));
        QVERIFY(server.requests().isEmpty());
    }

    void largeBodiesGoBothWays()
    {
        constexpr qint64 size = 8 * base::limits::MiB;
        ProxyServer proxy;
        test::FaultServer server(m_authority, TestAuthority::Kind::WrongHost);
        server.always("GET", QStringLiteral("/"), test::filler(size));
        server.always("PUT", QStringLiteral("/"), test::answer(201));
        Transport transport(through(proxy.address(), m_authority));
        auto got = test::await(transport.send(request("GET", server.url(QStringLiteral("/"), elsewhere)), {}));
        COLOPHON_REQUIRE(got);
        auto asked = request("PUT", server.url(QStringLiteral("/"), elsewhere));
        asked.body = std::move(got->body);
        asked.bodyLength = size;
        const auto put = test::await(transport.send(std::move(asked), {}));
        COLOPHON_REQUIRE(put);
        QCOMPARE(server.requests("PUT").first().bodySize, size);
    }

    void proxiesThatDoNot_data()
    {
        QTest::addColumn<QByteArray>("answer"); // of the proxy; empty: its own
        QTest::addColumn<QString>("word");
        QTest::newRow("wants a password") << QByteArray() << QStringLiteral("password");
        QTest::newRow("forbids") << QByteArray("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                                 << QStringLiteral("403");
        QTest::newRow("speaks something else") << QByteArray("SSH-2.0-x\r\n\r\n\r\n") << QStringLiteral("http");
        QTest::newRow("speaks for the server")
            << QByteArray("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n") << QStringLiteral("http");
    }

    void proxiesThatDoNot()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QString, word);
        ProxyServer proxy;
        proxy.requirePassword("somebody:else");
        proxy.answerWith(answer);
        test::FaultServer server(m_authority, TestAuthority::Kind::WrongHost);
        Transport transport(through(proxy.address(QStringLiteral("user:") + QLatin1String(canary)), m_authority));
        const auto response =
            test::await(transport.send(request("GET", server.url(QStringLiteral("/"), elsewhere)), {}));
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::Network);
        QVERIFY2(response.error().message.contains(QStringLiteral("proxy")), qPrintable(response.error().text()));
        QVERIFY2(response.error().text().contains(word), qPrintable(response.error().text()));
        QVERIFY(test::canaryIn(response.error().text().toUtf8()).isEmpty());
        QCOMPARE(server.connections(), 0);
    }

    void aProxyThatIsNotThere()
    {
        quint16 gone = 0;
        {
            const ProxyServer proxy;
            gone = proxy.port();
        }
        Transport transport(through(QStringLiteral("http://127.0.0.1:%1").arg(gone), m_authority));
        const auto response =
            test::await(transport.send(request("GET", QUrl(QStringLiteral("https://other.example/"))), {}));
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::Network);
        QVERIFY2(response.error().text().contains(QStringLiteral("HTTPS_PROXY")), qPrintable(response.error().text()));
    }

    void aSilentProxyTimesOut()
    {
        ProxyServer proxy;
        proxy.answerWith("HTTP/1.1 200");
        TransportOptions options = through(proxy.address(), m_authority);
        options.connectTimeout = std::chrono::milliseconds(300);
        Transport transport(options);
        const auto response =
            test::await(transport.send(request("GET", QUrl(QStringLiteral("https://other.example/"))), {}));
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::Timeout);
    }

    void cancelledWhileTheProxyThinks()
    {
        ProxyServer proxy;
        proxy.answerWith("HTTP/1.1 200");
        Transport transport(through(proxy.address(), m_authority));
        std::stop_source stop;
        QTimer::singleShot(200, this, [stop]() mutable { stop.request_stop(); });
        const auto response = test::await(
            transport.send(request("GET", QUrl(QStringLiteral("https://other.example/"))), stop.get_token()), 5'000);
        QVERIFY(!response);
        QCOMPARE(response.error().kind, ErrorKind::Cancelled);
    }

    // Where an address leads is judged as far as it is known here.
    void addressesAreStillJudged_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("isAsked");
        QTest::newRow("private") << QStringLiteral("10.0.0.1") << false;
        QTest::newRow("metadata") << QStringLiteral("169.254.169.254") << false;
        QTest::newRow("mapped metadata") << QStringLiteral("[::ffff:169.254.169.254]") << false;
        QTest::newRow("decimal") << QStringLiteral("2852039166") << false;
        QTest::newRow("public") << QStringLiteral("8.8.8.8") << true;
        QTest::newRow("a name unknown here") << elsewhere << true;
        // This machine's name leads to itself, where anybody knows it.
        const QHostInfo own = QHostInfo::fromName(QHostInfo::localHostName());
        const auto addresses = own.addresses();
        QTest::newRow("this machine") << QHostInfo::localHostName()
                                      << std::all_of(addresses.cbegin(), addresses.cend(), [](const auto &address) {
                                             return registry::classOf(address) == registry::AddressClass::Public;
                                         });
    }

    void addressesAreStillJudged()
    {
        QFETCH(QString, host);
        QFETCH(bool, isAsked);
        ProxyServer proxy;
        test::FaultServer server(m_authority, TestAuthority::Kind::WrongHost);
        server.always("GET", QStringLiteral("/"), test::answer(200));
        Transport transport(through(proxy.address(), m_authority));
        for (int i = 0; i < 2; ++i) { // also over a connection that is kept
            auto asked = request("GET", server.url(QStringLiteral("/"), host));
            asked.allowed = registry::checkNamedBy(registry::AddressClass::Public, {}, {});
            const auto response = test::await(transport.send(std::move(asked), {}));
            QCOMPARE(!response && response.error().kind == ErrorKind::Denied, !isAsked);
            QCOMPARE(proxy.requests().isEmpty(), !isAsked);
        }
    }

    // A secret in clear goes to nobody of whom we do not know where he is, not even over a connection that is there.
    void nothingSecretInClearToAnUnknownName()
    {
        ProxyServer proxy;
        test::FaultServer server;
        server.always("GET", QStringLiteral("/"), test::answer(200));
        Transport transport(through(proxy.address(), m_authority));
        for (const bool isSecret : {true, false, true}) {
            auto asked = request("GET", server.url(QStringLiteral("/"), elsewhere));
            if (isSecret)
                asked.allowed = registry::checkInClear();
            const auto response = test::await(transport.send(std::move(asked), {}));
            QCOMPARE(response.has_value(), !isSecret);
            if (!response)
                QCOMPARE(response.error().kind, ErrorKind::Denied);
        }
        QCOMPARE(server.requests().size(), 1);
    }
};

QTEST_GUILESS_MAIN(TransportProxyTest)
#include "tst_transportproxy.moc"
