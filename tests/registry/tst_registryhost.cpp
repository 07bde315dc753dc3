// SPDX-License-Identifier: Apache-2.0
// Where credentials go and where they do not: token services, redirects and other origins on a scripted server.

#include "registry/client.h"
#include "support/await.h"
#include "support/canary/canary.h"
#include "support/faultserver/faultserver.h"
#include "support/virtualclock.h"

#include <QTest>
#include <QTimer>

using namespace colophon;
using base::ErrorKind;
using test::answer;
using test::await;
using test::FaultServer;
using test::TestAuthority;

namespace {

const QByteArray canary(COLOPHON_CANARY);
const QByteArray theBlob("the blob");

oci::Descriptor blob() { return oci::Descriptor::of({}, theBlob); }

bool carriesCredentials(const FaultServer &server)
{
    for (const auto &request : server.requests()) {
        if (request.has("Authorization") || request.has("Cookie") || request.has("Proxy-Authorization"))
            return true;
    }
    return false;
}

} // namespace

class TestRegistryHost : public QObject
{
    Q_OBJECT

private:
    TestAuthority m_authority;
    std::unique_ptr<FaultServer> m_registry;
    std::unique_ptr<FaultServer> m_other; // the collector: what it is not meant to see
    QStringList m_log;

    registry::ClientOptions options()
    {
        registry::ClientOptions all;
        all.transport.caFile = m_authority.caFile();
        all.patience.clock = std::make_shared<test::VirtualClock>();
        all.log = [this](const content::RequestRecord &record) {
            if (!record.isOutcome())
                return;
            m_log.append(QString::fromLatin1(record.method) + u' ' + record.url + u' ' + record.credential);
        };
        return all;
    }

    content::TargetPtr targetOf(registry::Client &client, bool signedIn = true)
    {
        const QString host = m_registry->authority();
        if (signedIn)
            client.signIn(host, {QStringLiteral("user"), base::Secret(canary)});
        return client.target(*oci::Reference::parse(host + QStringLiteral("/app")));
    }

    // A registry that wants tokens from `realm` and has the blob.
    void wantsTokens(const QByteArray &realm, const QByteArray &more = {})
    {
        m_registry->always("GET", QStringLiteral("/v2/"),
                           answer(401).with("WWW-Authenticate", "Bearer realm=\"" + realm + "\"" + more));
        m_registry->always("HEAD", QStringLiteral("/v2/app/blobs/.*"), [](const test::RecordedRequest &request) {
            return request.has("Authorization") ? answer(200).declaring(theBlob.size()) : answer(401);
        });
    }

    void wantsAPassword()
    {
        m_registry->always("GET", QStringLiteral("/v2/"), answer(401).with("WWW-Authenticate", "Basic realm=\"r\""));
    }

    QByteArray url(const FaultServer &server, const char *target, const char *host = "127.0.0.1")
    {
        return server.url(QLatin1String(target), QLatin1String(host)).toEncoded();
    }

private Q_SLOTS:
    void init()
    {
        m_registry = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_other = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_log.clear();
    }

    void cleanup()
    {
        for (const QString &line : std::as_const(m_log))
            QVERIFY2(test::canaryIn(line.toUtf8()).isEmpty(), qPrintable(line));
    }

    void getsOneTokenForAllWhoAsk()
    {
        wantsTokens(url(*m_registry, "/token"), ",service=\"a&x=y#z\",scope=\"registry:catalog:*\"");
        m_registry->always("GET", QStringLiteral("/token.*"),
                           answer(200, R"({"token":"T0KEN"})").after(std::chrono::milliseconds(50)));
        registry::Client client(options());
        const auto target = targetOf(client);
        const auto job = [target](int, std::stop_token stop) -> base::Task<base::Result<void>> {
            return [](content::TargetPtr inner, std::stop_token token) -> base::Task<base::Result<void>> {
                auto there = co_await inner->hasBlob(blob(), token);
                if (!there)
                    co_return base::fail(there.error());
                co_return base::Result<void>{};
            }(target, stop);
        };
        const auto done = await(base::forEachLimited(6, 6, job, {}));
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        const auto tokens = m_registry->requests("GET", QStringLiteral("/token.*"));
        QCOMPARE(tokens.size(), 1);
        QCOMPARE(tokens.first().header("Authorization"), "Basic " + ("user:" + canary).toBase64());
        // The scope is ours, and the service cannot break out of its place.
        QCOMPARE(
            tokens.first().target,
            QByteArray("/token?service=a%26x%3Dy%23z&scope=repository:app:pull&client_id=colophon&offline_token=true"));
        for (const auto &request : m_registry->requests("HEAD"))
            QCOMPARE(request.header("Authorization"), QByteArray("Bearer T0KEN"));
        QVERIFY(m_log.join(u'\n').contains(QStringLiteral("token for repository:app:pull")));
    }

    void anonymousTokensNeedNoPassword()
    {
        wantsTokens(url(*m_other, "/token?keep=this"));
        m_other->always("GET", QStringLiteral("/token.*"), answer(200, R"({"access_token":"T"})"));
        registry::Client client(options());
        const auto there = await(targetOf(client, false)->hasBlob(blob(), {}));
        QVERIFY2(there, there ? "" : qPrintable(there.error().text()));
        QVERIFY(!carriesCredentials(*m_other));
        QCOMPARE(m_other->requests().first().target, QByteArray("/token?keep=this&scope=repository:app:pull"));
    }

    void renewsATokenThatDiedEarly()
    {
        m_registry->always("GET", QStringLiteral("/v2/"),
                           answer(401).with("WWW-Authenticate", "Bearer realm=\"" + url(*m_registry, "/token") + '"'));
        m_registry->once("GET", QStringLiteral("/token.*"), answer(200, R"({"token":"first","expires_in":3600})"));
        m_registry->once("GET", QStringLiteral("/token.*"), answer(200, R"({"token":"second","expires_in":3600})"));
        m_registry->once("HEAD", QStringLiteral("/v2/app/blobs/.*"), answer(200).declaring(theBlob.size()));
        m_registry->always("HEAD", QStringLiteral("/v2/app/blobs/.*"), [](const test::RecordedRequest &request) {
            return request.header("Authorization") == "Bearer second"
                       ? answer(200).declaring(theBlob.size())
                       : answer(401).with("WWW-Authenticate", "Bearer realm=\"x\"");
        });
        // The second challenge must not lead elsewhere: it is the first one's again.
        registry::Client client(options());
        const auto target = targetOf(client);
        QVERIFY(await(target->hasBlob(blob(), {})));
        const auto again = await(target->hasBlob(blob(), {}));
        QVERIFY(!again); // realm "x" is no address: refused, not guessed
        QCOMPARE(again.error().kind, ErrorKind::Denied);
    }

    void aTokenIsFetchedAnewOnceOnly()
    {
        wantsTokens(url(*m_registry, "/token"));
        m_registry->always("GET", QStringLiteral("/token.*"), answer(200, R"({"token":"T"})"));
        m_registry->always("HEAD", QStringLiteral("/v2/app/manifests/.*"),
                           answer(401).with("WWW-Authenticate", "Bearer realm=\"" + url(*m_registry, "/token") + '"'));
        registry::Client client(options());
        const auto resolved = await(targetOf(client)->resolve(QStringLiteral("v1"), {}));
        QVERIFY(!resolved);
        QCOMPARE(resolved.error().kind, ErrorKind::Unauthorized);
        QVERIFY(resolved.error().message.contains(QStringLiteral("Signed in as user")));
        QVERIFY(m_registry->requests("GET", QStringLiteral("/token.*")).size() <= 2);
        QVERIFY(m_registry->requests("HEAD").size() <= 2);
    }

    void realmsThatAreNotUsed_data()
    {
        QTest::addColumn<QByteArray>("realm");
        QTest::newRow("file") << QByteArray("file:///etc/passwd");
        QTest::newRow("relative") << QByteArray("/token");
        QTest::newRow("word") << QByteArray("x");
        QTest::newRow("user info") << QByteArray("https://user@127.0.0.1:PORT/token");
        QTest::newRow("fragment") << QByteArray("https://127.0.0.1:PORT/token#x");
        QTest::newRow("not encrypted") << QByteArray("http://127.0.0.1:PORT/token");
        QTest::newRow("other host") << QByteArray("https://localhost:OTHER/token");
        QTest::newRow("link-local") << QByteArray("https://169.254.169.254/token");
        QTest::newRow("mapped link-local") << QByteArray("https://[::ffff:a9fe:a9fe]/token");
        QTest::newRow("backslash") << QByteArray("https://127.0.0.1:PORT\\\\@evil.example/token");
    }

    void realmsThatAreNotUsed()
    {
        QFETCH(QByteArray, realm);
        realm.replace("PORT", QByteArray::number(m_registry->port()))
            .replace("OTHER", QByteArray::number(m_other->port()));
        wantsTokens(realm);
        registry::Client client(options());
        const auto there = await(targetOf(client)->hasBlob(blob(), {}));
        QVERIFY(!there);
        QCOMPARE(there.error().kind, ErrorKind::Denied);
        QVERIFY(test::canaryIn(there.error().text().toUtf8()).isEmpty());
        QCOMPARE(m_other->requests().size(), 0);
        QCOMPARE(m_registry->requests("GET", QStringLiteral("/token.*")).size(), 0);
    }

    void aLinkLocalRealmIsRefusedEvenWhenAllowedByName()
    {
        wantsTokens("https://169.254.169.254/token");
        auto all = options();
        all.allowRealms = {QStringLiteral("169.254.169.254")};
        registry::Client client(all);
        const auto there = await(targetOf(client)->hasBlob(blob(), {}));
        QVERIFY(!there);
        QCOMPARE(there.error().kind, ErrorKind::Denied);
        QVERIFY(there.error().message.contains(QStringLiteral("169.254.169.254")));
    }

    void anotherRealmIsUsedWhenAllowed()
    {
        wantsTokens(url(*m_other, "/token", "localhost"));
        m_other->always("GET", QStringLiteral("/token.*"), answer(200, R"({"token":"T"})"));
        auto all = options();
        all.allowRealms = {QStringLiteral("localhost")};
        registry::Client client(all);
        const auto there = await(targetOf(client)->hasBlob(blob(), {}));
        QVERIFY2(there, there ? "" : qPrintable(there.error().text()));
        QCOMPARE(m_other->requests().first().header("Authorization"), "Basic " + ("user:" + canary).toBase64());
    }

    void oddTokenAnswers_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::newRow("no token") << 200 << QByteArray("{}") << int(ErrorKind::InvalidData);
        QTest::newRow("page") << 200 << QByteArray("<html>") << int(ErrorKind::InvalidData);
        QTest::newRow("line break") << 200 << QByteArray(R"({"token":"a\r\nb"})") << int(ErrorKind::InvalidData);
        QTest::newRow("huge") << 200 << QByteArray(200'000, ' ') << int(ErrorKind::TooLarge);
        QTest::newRow("wrong password") << 401 << QByteArray("{}") << int(ErrorKind::Unauthorized);
        QTest::newRow("forbidden") << 403 << QByteArray("{}") << int(ErrorKind::Unauthorized);
        QTest::newRow("failing") << 500 << QByteArray("{}") << int(ErrorKind::Failed);
    }

    void oddTokenAnswers()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        wantsTokens(url(*m_registry, "/token"));
        m_registry->always("GET", QStringLiteral("/token.*"), answer(status, body));
        registry::Client client(options());
        const auto there = await(targetOf(client)->hasBlob(blob(), {}));
        QVERIFY(!there);
        QCOMPARE(int(there.error().kind), kind);
        // A fault may pass; everything else is said once.
        QCOMPARE(m_registry->requests("GET", QStringLiteral("/token.*")).size(), status == 500 ? 6 : 1);
    }

    void anEndlessTokenIsNotWaitedFor()
    {
        wantsTokens(url(*m_registry, "/token"));
        m_registry->always("GET", QStringLiteral("/token.*"), test::filler(10LL * 1024 * 1024 * 1024).chunked(16'384));
        registry::Client client(options());
        const auto there = await(targetOf(client)->hasBlob(blob(), {}));
        QVERIFY(!there);
        QCOMPARE(there.error().kind, ErrorKind::TooLarge);
    }

    void tokenRequestsFollowNoRedirect()
    {
        wantsTokens(url(*m_registry, "/token"));
        m_registry->always("GET", QStringLiteral("/token.*"), answer(302).with("Location", url(*m_other, "/token")));
        registry::Client client(options());
        QVERIFY(!await(targetOf(client)->hasBlob(blob(), {})));
        QCOMPARE(m_other->requests().size(), 0);
    }

    void redirectsCarryNoCredentialElsewhere_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("host"); // empty: the registry itself
        for (const int status : {301, 302, 303, 307, 308}) {
            const QByteArray name = QByteArray::number(status);
            QTest::newRow((name + " other port").constData()) << status << QByteArray("127.0.0.1");
            QTest::newRow((name + " other host").constData()) << status << QByteArray("localhost");
            QTest::newRow((name + " same origin").constData()) << status << QByteArray();
        }
    }

    void redirectsCarryNoCredentialElsewhere()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, host);
        wantsAPassword();
        FaultServer &there = host.isEmpty() ? *m_registry : *m_other;
        const QByteArray location = host.isEmpty() ? QByteArray("/storage?sig=1") : url(there, "/storage?sig=1", host);
        m_registry->always("", QStringLiteral("/v2/app/blobs/.*"), answer(status).with("Location", location));
        there.always("GET", QStringLiteral("/storage.*"), answer(200, theBlob));
        there.always("HEAD", QStringLiteral("/storage.*"), answer(200).declaring(theBlob.size()));
        registry::Client client(options());
        const auto target = targetOf(client);
        auto opened = await(target->openBlob(blob(), {}));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        const auto bytes = await(content::readAll(std::move(*opened), 100));
        QVERIFY(bytes);
        QCOMPARE(*bytes, theBlob);
        const auto head = await(target->hasBlob(blob(), {}));
        QVERIFY(head);
        QVERIFY(*head);
        if (host.isEmpty()) {
            for (const auto &request : m_registry->requests("", QStringLiteral("/storage.*")))
                QVERIFY(request.has("Authorization"));
        } else {
            QCOMPARE(m_other->requests().size(), 2);
            QVERIFY(!carriesCredentials(*m_other));
        }
        QVERIFY(!m_log.join(u' ').contains(QStringLiteral("sig=1")));
    }

    void writesFollowOnlyRedirectsThatKeepThem_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("works");
        QTest::newRow("301") << 301 << true;
        QTest::newRow("303") << 303 << false;
        QTest::newRow("307") << 307 << true;
        QTest::newRow("308") << 308 << true;
    }

    void writesFollowOnlyRedirectsThatKeepThem()
    {
        QFETCH(int, status);
        QFETCH(bool, works);
        wantsAPassword();
        m_registry->always("PUT", QStringLiteral("/v2/app/manifests/.*"),
                           answer(status).with("Location", url(*m_other, "/put")));
        m_other->always("PUT", QStringLiteral("/put"), answer(201));
        m_other->always("GET", QStringLiteral("/put"), answer(200));
        registry::Client client(options());
        const QByteArray manifest("{}");
        const auto done = await(
            targetOf(client)->pushManifest(oci::Descriptor::of(oci::MediaType::ociManifest(), manifest), manifest, {}));
        QCOMPARE(done.has_value(), works);
        QCOMPARE(m_other->requests().size(), works ? 1 : 0);
        if (works)
            QCOMPARE(m_other->requests().first().body, manifest);
        QVERIFY(!carriesCredentials(*m_other));
    }

    void redirectsThatAreRefused_data()
    {
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<int>("kind");
        QTest::newRow("not encrypted") << QByteArray("http://127.0.0.1:OTHER/x") << int(ErrorKind::Denied);
        QTest::newRow("link-local") << QByteArray("https://169.254.169.254/x") << int(ErrorKind::Denied);
        QTest::newRow("mapped link-local")
            << QByteArray("https://[::ffff:169.254.169.254]/x") << int(ErrorKind::Denied);
        QTest::newRow("file") << QByteArray("file:///etc/passwd") << int(ErrorKind::Protocol);
        QTest::newRow("user info") << QByteArray("https://u:p@127.0.0.1:OTHER/x") << int(ErrorKind::Protocol);
        QTest::newRow("nowhere") << QByteArray() << int(ErrorKind::Protocol);
        QTest::newRow("itself") << QByteArray("?") << int(ErrorKind::Protocol);
    }

    void redirectsThatAreRefused()
    {
        QFETCH(QByteArray, location);
        QFETCH(int, kind);
        location.replace("OTHER", QByteArray::number(m_other->port()));
        wantsAPassword();
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"),
                           location.isEmpty() ? answer(307) : answer(307).with("Location", location));
        registry::Client client(options());
        const auto opened = await(targetOf(client)->openBlob(blob(), {}));
        QVERIFY(!opened);
        QCOMPARE(int(opened.error().kind), kind);
        QCOMPARE(m_other->connections(), 0);
        QVERIFY(m_registry->requests("GET", QStringLiteral("/v2/app/.*")).size() <= 6);
    }

    void anothersChallengeIsNotAnswered()
    {
        wantsAPassword();
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"),
                           answer(307).with("Location", url(*m_other, "/x")));
        m_other->always("GET", QStringLiteral("/x"), answer(401).with("WWW-Authenticate", "Basic realm=\"evil\""));
        registry::Client client(options());
        const auto opened = await(targetOf(client)->openBlob(blob(), {}));
        QVERIFY(!opened);
        QCOMPARE(opened.error().httpStatus, 401);
        QCOMPARE(m_other->requests().size(), 1);
        QVERIFY(!carriesCredentials(*m_other));
    }

    void whatIsNoRegistry_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("sign-in page") << 200 << QByteArray("<html>Welcome to the Wi-Fi</html>");
        QTest::newRow("marked page") << 200 << QByteArray(" <!doctype html><title>Sign in</title>");
        QTest::newRow("not found") << 404 << QByteArray("no");
        QTest::newRow("endless page") << 200 << QByteArray(300'000, 'x');
    }

    void whatIsNoRegistry()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        const bool isMarked = QByteArray(QTest::currentDataTag()).startsWith("marked");
        m_registry->always(
            "GET", QStringLiteral("/v2/"),
            answer(status, body).with(isMarked ? "Docker-Distribution-Api-Version" : "X-Other", "registry/2.0"));
        registry::Client client(options());
        const auto resolved = await(targetOf(client)->resolve(QStringLiteral("v1"), {}));
        QVERIFY(!resolved);
        QCOMPARE(resolved.error().kind, ErrorKind::Protocol);
        QVERIFY(!carriesCredentials(*m_registry));
    }

    void aPlainServerOnLoopbackIsFound()
    {
        FaultServer plain;
        plain.always("GET", QStringLiteral("/v2/"), answer(200, "{}"));
        plain.always("HEAD", QStringLiteral("/v2/app/blobs/.*"), answer(404));
        auto all = options();
        all.transport.connectTimeout = std::chrono::milliseconds(300);
        registry::Client client(all);
        const auto target = client.target(*oci::Reference::parse(plain.authority() + QStringLiteral("/app")));
        const auto there = await(target->hasBlob(blob(), {}));
        QVERIFY2(there, there ? "" : qPrintable(there.error().text()));
        QVERIFY(target->blobAddress(blob().digest).startsWith(QStringLiteral("http://")));
    }

    void cancelWhileATokenIsFetched()
    {
        wantsTokens(url(*m_registry, "/token"));
        m_registry->always("GET", QStringLiteral("/token.*"), test::silence());
        registry::Client client(options());
        std::stop_source stop;
        QTimer::singleShot(300, this, [stop]() mutable { stop.request_stop(); });
        const auto there = await(targetOf(client)->hasBlob(blob(), stop.get_token()), 5'000);
        QVERIFY(!there);
        QCOMPARE(there.error().kind, ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestRegistryHost)
#include "tst_registryhost.moc"
