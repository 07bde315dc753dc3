// SPDX-License-Identifier: Apache-2.0
// One exchange in good order: what is sent, what comes back, and that connections are kept and bounded.
#include "registry/http/transport.h"

#include "support/await.h"
#include "support/faultserver/faultserver.h"

#include <QCryptographicHash>
#include <QTest>

using namespace colophon;
using registry::http::Request;
using registry::http::Response;
using registry::http::Transport;

class TransportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void getsAnAnswer();
    void putsABody();
};

void TransportTest::getsAnAnswer()
{
    test::FaultServer server;
    server.always("GET", QStringLiteral("/v2/\\?a=%2Fb"), test::answer(200, "hello").with("X-One", "1"));
    Transport transport;
    Request request;
    request.url = server.url(QStringLiteral("/v2/?a=%2Fb"));
    request.headers.add("Accept-Encoding", "identity");
    auto response = test::await(transport.send(std::move(request), {}));
    QVERIFY2(response, response ? "" : qPrintable(response.error().message));
    QCOMPARE(response->status, 200);
    QCOMPARE(response->headers.value("x-one"), QByteArray("1"));
    QCOMPARE(response->contentLength, 5);
    QCOMPARE(response->peer, QHostAddress(QHostAddress::LocalHost));
    QVERIFY(response->bodySent);
    const auto body = test::await(content::readAll(std::move(response->body), 100));
    QVERIFY(body);
    QCOMPARE(*body, QByteArray("hello"));
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
    Request request;
    request.method = "PUT";
    request.url = server.url(QStringLiteral("/up"));
    request.body = content::readerOf(bytes);
    request.bodyLength = bytes.size();
    qint64 progress = 0;
    request.progress = [&progress](qint64 now) { progress = now; };
    auto response = test::await(transport.send(std::move(request), {}));
    QVERIFY2(response, response ? "" : qPrintable(response.error().message));
    QCOMPARE(response->status, 201);
    QVERIFY(response->bodySent);
    QCOMPARE(progress, bytes.size());
    QCOMPARE(server.requests().first().bodySize, bytes.size());
    QVERIFY(server.requests().first().isComplete);
    QCOMPARE(server.requests().first().bodySha256, QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

QTEST_GUILESS_MAIN(TransportTest)
#include "tst_transport.moc"
