// SPDX-License-Identifier: Apache-2.0
// Redirects, hop by hop: where the credential goes along and where it does not, and what never leaves without
// encryption.

#include "registry/courier.h"
#include "support/await.h"
#include "support/canary/canary.h"
#include "support/faultserver/faultserver.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using test::answer;
using test::await;
using test::FaultServer;
using test::TestAuthority;
using namespace std::chrono_literals;

class TestCourier : public QObject
{
    Q_OBJECT

    TestAuthority m_authority;
    FaultServer m_plain[2];
    FaultServer m_secure[2]{{m_authority, TestAuthority::Kind::Good}, {m_authority, TestAuthority::Kind::Good}};
    std::shared_ptr<registry::Courier> m_courier;

private Q_SLOTS:
    void initTestCase()
    {
        registry::ClientOptions options;
        options.transport.caFile = m_authority.caFile();
        m_courier = std::make_shared<registry::Courier>(options);
    }

    void theCredentialStaysAtHome_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("from"); // scheme
        QTest::addColumn<QByteArray>("to");   // "", or another port, host or scheme
        for (const char *method : {"GET", "HEAD", "PUT", "PATCH"}) {
            for (const int status : {301, 302, 303, 307, 308}) {
                for (const char *from : {"http", "https"}) {
                    for (const char *to : {"same", "port", "host", "scheme"}) {
                        QTest::addRow("%s %d %s to another %s", method, status, from, to)
                            << QByteArray(method) << status << QByteArray(from) << QByteArray(to);
                    }
                }
            }
        }
    }

    void theCredentialStaysAtHome()
    {
        QFETCH(QByteArray, method);
        QFETCH(int, status);
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        const bool isTls = from == "https";
        FaultServer *const home = isTls ? &m_secure[0] : &m_plain[0];
        FaultServer *const other = (to == "scheme") != isTls ? &m_secure[1] : &m_plain[1];
        home->forget();
        other->forget();
        FaultServer &there = to == "same" || to == "host" ? *home : *other;
        const QUrl target = there.url(QStringLiteral("/there"),
                                      to == "host" ? QStringLiteral("localhost") : QStringLiteral("127.0.0.1"));
        home->always("", QStringLiteral("/here"), answer(status).with("Location", target.toEncoded()));
        there.always("", QStringLiteral("/there"), answer(200));
        registry::Errand errand;
        errand.method = method;
        errand.url = home->url(QStringLiteral("/here"));
        const bool isReading = method == "GET" || method == "HEAD";
        if (!isReading)
            errand.bytes = QByteArray("body");
        registry::Terms terms;
        terms.home = registry::Origin::of(errand.url);
        terms.from = registry::AddressClass::Loopback;
        terms.authorization = base::Secret("Basic " COLOPHON_CANARY);
        const auto sent = await(registry::Courier::send(m_courier, errand, terms, {}));
        QCOMPARE(home->requests("", QStringLiteral("/here")).first().header("Authorization"),
                 QByteArray("Basic " COLOPHON_CANARY));
        const auto arrived = there.requests("", QStringLiteral("/there"));
        const bool isDowngrade = isTls && to == "scheme";
        const bool losesBody = !isReading && status == 303;
        QCOMPARE(sent.has_value(), !isDowngrade && !losesBody);
        QCOMPARE(arrived.size(), sent ? 1 : 0);
        if (isDowngrade && !losesBody)
            QCOMPARE(sent.error().kind, ErrorKind::Denied);
        for (const auto &request : arrived) {
            QCOMPARE(request.method, method);
            QCOMPARE(request.body, isReading ? QByteArray() : QByteArray("body"));
            QCOMPARE(request.has("Authorization"), to == "same");
            QVERIFY(!request.has("Cookie") && !request.has("Proxy-Authorization"));
        }
    }

    void addressesAreLoggedWithoutSecrets_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("shown");
        QTest::newRow("harmless") << QStringLiteral("n=1&digest=sha256:a") << QStringLiteral("n=1&digest=sha256:a");
        QTest::newRow("others") << QStringLiteral("sig=SECRET&n=1") << QStringLiteral("sig=***&n=1");
        QTest::newRow("without a name") << QStringLiteral("SECRET") << QStringLiteral("***");
        QTest::newRow("in between") << QStringLiteral("n&SECRET&sig") << QStringLiteral("n&***&***");
    }
    void addressesAreLoggedWithoutSecrets()
    {
        QFETCH(QString, query);
        const QString at = QStringLiteral("https://r.example/x?");
        QTEST(registry::maskedUrl(QUrl(at + query)).mid(at.size()), "shown");
    }

    void aSecretDoesNotTravelInClear_data()
    {
        QTest::addColumn<bool>("isForm");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("header") << false << false;
        QTest::newRow("form") << true << false;
        QTest::newRow("header, allowed") << false << true;
    }

    void aSecretDoesNotTravelInClear()
    {
        QFETCH(bool, isForm);
        QFETCH(bool, isAllowed);
        // 192.0.2.0/24 is for documentation: nothing is there, and nothing is sent where it is refused.
        registry::ClientOptions few;
        few.transport.connectTimeout = 200ms;
        auto courier = std::make_shared<registry::Courier>(few);
        registry::Errand errand;
        errand.url = QUrl(QStringLiteral("http://192.0.2.1/"));
        registry::Terms terms;
        terms.home = registry::Origin::of(errand.url);
        terms.authorization = isForm ? base::Secret() : base::Secret("Basic x");
        terms.holdsSecret = isForm;
        terms.allowInClear = isAllowed;
        const auto sent = await(registry::Courier::send(courier, errand, terms, {}));
        QVERIFY(!sent);
        QCOMPARE(sent.error().kind == ErrorKind::Denied, !isAllowed);
        if (!isAllowed)
            QVERIFY(sent.error().message.contains(QStringLiteral("not encrypted")));
    }
};

QTEST_GUILESS_MAIN(TestCourier)
#include "tst_courier.moc"
