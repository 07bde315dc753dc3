// SPDX-License-Identifier: Apache-2.0
// Whose credential a request carries, where tokens come from and how long they are used, on a scripted registry and a
// token service that looks at what it gets.

#include "registry/client.h"
#include "registry/fakehelper.h"
#include "registry/http/bell.h"
#include "support/await.h"
#include "support/canary/canary.h"
#include "support/tokenserver/tokenserver.h"
#include "support/virtualclock.h"

#include <QTest>
#include <QTimer>
#include <QUrlQuery>

using namespace colophon;
using base::ErrorKind;
using test::answer;
using test::await;
using test::FaultServer;
using test::TokenServer;
using namespace std::chrono_literals;

#define VERIFY_OK(result)                                                                                              \
    do {                                                                                                               \
        const auto &outcome = (result);                                                                                \
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().text()));                                          \
    } while (false)

namespace {

const QByteArray canary(COLOPHON_CANARY);
const QByteArray theBlob("the blob");

oci::Descriptor blob() { return oci::Descriptor::of({}, theBlob); }

QByteArray basic(const QByteArray &user) { return "Basic " + (user + ':' + canary).toBase64(); }

QByteArray entry(const QByteArray &key, const QByteArray &user)
{
    return '"' + key + "\":{\"auth\":\"" + (user + ':' + canary).toBase64() + "\"}";
}

QByteArray auths(const QList<QByteArray> &entries) { return "{\"auths\":{" + entries.join(',') + "}}"; }

} // namespace

class TestRegistryAuth : public QObject
{
    Q_OBJECT

    std::unique_ptr<FaultServer> m_registry;
    std::unique_ptr<TokenServer> m_tokens;
    test::FakeHelpers m_helpers;
    std::unique_ptr<QTemporaryDir> m_home;
    QStringList m_log;
    QStringList m_used; // "registry/repository user source key"
    QStringList m_warnings;
    std::shared_ptr<test::VirtualClock> m_clock;

    QByteArray host() const { return m_registry->authority().toLatin1(); }

    // Docker's file in a home of its own.
    void config(const QByteArray &text)
    {
        QDir(m_home->path()).mkpath(QStringLiteral(".docker"));
        QFile file(m_home->filePath(QStringLiteral(".docker/config.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }

    registry::ClientOptions options()
    {
        registry::ClientOptions all;
        registry::auth::CredentialPlaces places;
        places.home = m_home->path();
        places.files = {
            {m_home->filePath(QStringLiteral(".docker/config.json")), registry::auth::CredentialFile::Format::Docker}};
        places.programs = m_helpers.path();
        all.places = places;
        all.helpersPatience = 20s;
        all.patience.clock = m_clock;
        all.transport.connectTimeout = 300ms; // for the TLS that this plain server never answers
        all.log = [this](const content::RequestRecord &record) {
            if (!record.isOutcome())
                return;
            m_log.append(QString::fromLatin1(record.method) + u' ' + record.url + u' ' + record.credential);
        };
        return all;
    }

    content::Attendant attendant()
    {
        content::Attendant all;
        all.credentialUsed = [this](const content::CredentialNotice &notice) {
            m_used.append(QStringLiteral("%1 %2 %3 %4").arg(notice.repository, notice.user, notice.source, notice.key));
        };
        all.warned = [this](const QString &text) { m_warnings.append(text); };
        return all;
    }

    content::TargetPtr target(registry::Client &client, const char *repository = "app")
    {
        client.setAttendant(attendant());
        return client.target(*oci::Reference::parse(m_registry->authority() + u'/' + QLatin1String(repository)));
    }

    // A registry in which whoever shows one of `good` has the blob, everywhere.
    void letsIn(const QByteArray &challenge, const std::function<bool(const test::RecordedRequest &)> &good)
    {
        m_registry->always("GET", QStringLiteral("/v2/"), answer(401).with("WWW-Authenticate", challenge));
        m_registry->always("HEAD", QStringLiteral("/v2/.*/blobs/.*"), [challenge, good](const auto &request) {
            return good(request) ? answer(200).declaring(theBlob.size())
                                 : answer(401).with("WWW-Authenticate", challenge);
        });
    }

    QByteArray bearer(const QByteArray &more = {}) const
    {
        return "Bearer realm=\"" + m_tokens->realm().toLatin1() + "\",service=\"registry.test\"" + more;
    }

    TokenServer::Settings users(const QStringList &names) const
    {
        TokenServer::Settings settings;
        for (const QString &name : names)
            settings.users.insert(name, {name.isEmpty() ? QString() : QString::fromLatin1(canary),
                                         {{QStringLiteral("*"), {QStringLiteral("pull"), QStringLiteral("push")}}}});
        return settings;
    }

    void wantsTokens(const QByteArray &more = {})
    {
        letsIn(bearer(more), [](const auto &request) { return request.header("Authorization").startsWith("Bearer "); });
    }

    base::Result<bool> has(const content::TargetPtr &from) { return await(from->hasBlob(blob(), {})); }

private Q_SLOTS:
    void init()
    {
        m_registry = std::make_unique<FaultServer>();
        m_tokens = std::make_unique<TokenServer>(users({QStringLiteral("me"), QStringLiteral("you"), QString()}));
        m_home = std::make_unique<QTemporaryDir>();
        m_log.clear();
        m_used.clear();
        m_warnings.clear();
        m_clock = std::make_shared<test::VirtualClock>();
    }

    void cleanup()
    {
        const QByteArray encoded = ("me:" + canary).toBase64();
        for (const QString &line : m_log + m_used + m_warnings) {
            QVERIFY2(test::canaryIn(line.toUtf8()).isEmpty(), qPrintable(line));
            QVERIFY2(!line.contains(QLatin1String(encoded)), qPrintable(line));
        }
    }

    // --- credentials that are found

    void aPasswordIsFoundAndSaid()
    {
        config(auths({entry(host(), "me")}));
        letsIn("Basic realm=\"r\"", [](const auto &request) { return request.header("Authorization") == basic("me"); });
        registry::Client client(options());
        VERIFY_OK(has(target(client)));
        VERIFY_OK(has(target(client)));
        const QString key = QString::fromLatin1(host());
        QCOMPARE(m_used, QStringList{QStringLiteral("app me from ~/.docker/config.json ") + key});
        QVERIFY2(m_log.last().endsWith(QStringLiteral(" Basic, me from ~/.docker/config.json for ") + key),
                 qPrintable(m_log.last()));
        // Before it was asked for nothing was shown.
        QVERIFY(!m_registry->requests("GET", QStringLiteral("/v2/")).first().has("Authorization"));
    }

    // credential-helpers of registries.conf reaches the search.
    void registriesConfNamesAHelper()
    {
        const QString conf = m_home->filePath(QStringLiteral("registries.conf"));
        QFile file(conf);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("credential-helpers = [\"kept\"]\n");
        file.close();
        m_helpers.write(QStringLiteral("kept"), "me", canary);
        letsIn("Basic realm=\"r\"", [](const auto &request) { return request.header("Authorization") == basic("me"); });
        registry::ClientOptions all = options();
        all.registries = *registry::trust::RegistriesConf::read({conf});
        registry::Client client(all);
        VERIFY_OK(has(target(client)));
        QCOMPARE(m_used, QStringList{QStringLiteral("app me from ~/registries.conf via helper kept ") +
                                     QString::fromLatin1(host())});
    }

    void everyRepositoryHasItsOwn()
    {
        config(auths({entry(host() + "/mine", "me"), entry(host() + "/yours", "you")}));
        letsIn("Basic realm=\"r\"", [](const auto &request) {
            return request.header("Authorization") == basic(request.target.contains("/mine/") ? "me" : "you");
        });
        registry::Client client(options());
        for (const char *name : {"mine/a", "yours/a", "mine/b", "yours/b", "mine/a"})
            VERIFY_OK(has(target(client, name)));
        QVERIFY(!has(target(client, "nobodys")));
        for (const auto &request : m_registry->requests("HEAD")) {
            if (request.target.contains("nobodys"))
                QVERIFY(!request.has("Authorization"));
        }
    }

    void tokensOfOneAreNotAnothers()
    {
        config(auths({entry(host() + "/mine", "me"), entry(host() + "/yours", "you")}));
        wantsTokens();
        registry::Client client(options());
        // The second time asks for the first one's very scopes, in the other one's name.
        for (const char *name : {"mine/a", "yours/a", "mine/a", "nobodys"})
            VERIFY_OK(has(target(client, name)));
        const auto issued = m_tokens->issued();
        QCOMPARE(issued.size(), 3);
        QCOMPARE(issued.at(0).user, QStringLiteral("me"));
        QCOMPARE(issued.at(0).scopes, QStringList{QStringLiteral("repository:mine/a:pull")});
        QCOMPARE(issued.at(1).user, QStringLiteral("you"));
        QCOMPARE(issued.at(2).user, QString());
        // A copy within the registry: the destination's account asks for both.
        m_registry->always("POST", QStringLiteral("/v2/mine/a/blobs/uploads/.*"), answer(201));
        VERIFY_OK(await(target(client, "mine/a")->mountBlob(blob(), QStringLiteral("yours/a"), {})));
        QCOMPARE(m_tokens->issued().last().user, QStringLiteral("me"));
        QCOMPARE(m_tokens->issued().last().scopes, QStringList({QStringLiteral("repository:mine/a:pull,push"),
                                                                QStringLiteral("repository:yours/a:pull")}));
    }

    void aHelperIsAskedOnceForARepository()
    {
        m_helpers.write(QStringLiteral("once"), "me", canary);
        config(R"({"credsStore":"once"})");
        letsIn("Basic realm=\"r\"", [](const auto &request) { return request.header("Authorization") == basic("me"); });
        registry::Client client(options());
        const auto app = target(client);
        const auto job = [app](int, std::stop_token stop) -> base::Task<base::Result<void>> {
            return [](content::TargetPtr inner, std::stop_token token) -> base::Task<base::Result<void>> {
                auto there = co_await inner->hasBlob(blob(), token);
                if (!there)
                    co_return base::fail(there.error());
                co_return base::Result<void>{};
            }(app, stop);
        };
        VERIFY_OK(await(base::forEachLimited(5, 5, job, {})));
        QCOMPARE(m_helpers.arguments(QStringLiteral("once")), QByteArray("1\nget\n"));
        QCOMPARE(m_helpers.input(QStringLiteral("once")), host());
        QCOMPARE(m_used.size(), 1);
        QVERIFY(m_used.first().contains(QStringLiteral("from ~/.docker/config.json via helper once")));
    }

    void whatIsGivenByHandWins()
    {
        config(auths({entry(host(), "you")}));
        letsIn("Basic realm=\"r\"", [](const auto &request) { return request.header("Authorization") == basic("me"); });
        registry::Client client(options());
        const auto app = target(client);
        const auto refused = has(app);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("Signed in as you (from ~/.docker/config.json for ")),
                 qPrintable(refused.error().message));
        client.signIn(m_registry->authority(), {QStringLiteral("me"), base::Secret(canary)});
        VERIFY_OK(has(app));
        QCOMPARE(m_used.last(), QStringLiteral("app me given by hand "));
        // Signing out looks again.
        client.signIn(m_registry->authority(), {});
        QVERIFY(!has(app));
    }

    void aLoginMadeMeanwhileIsSeen()
    {
        config("{}");
        letsIn("Basic realm=\"r\"", [](const auto &request) { return request.header("Authorization") == basic("me"); });
        registry::Client client(options());
        const auto app = target(client);
        QVERIFY(!has(app));
        config(auths({entry(host(), "me")}));
        VERIFY_OK(has(app));
    }

    void aHelperThatIsMissingIsNamed()
    {
        config(R"({"credsStore":"missing","auths":{)" + entry(host(), "me") + "}}");
        letsIn("Basic realm=\"r\"", [](const auto &) { return true; });
        registry::Client client(options());
        const auto refused = has(target(client));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Unauthorized);
        QVERIFY(refused.error().message.contains(QStringLiteral("docker-credential-missing")));
        for (const auto &request : m_registry->requests())
            QVERIFY(!request.has("Authorization"));
    }

    void aBrokenFileIsSaid()
    {
        config("{\"auths\": " COLOPHON_CANARY);
        letsIn("Basic realm=\"r\"", [](const auto &) { return false; });
        registry::Client client(options());
        const auto refused = has(target(client));
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("The credentials in ~/.docker/config.json cannot be")),
                 qPrintable(refused.error().message));
        QCOMPARE(m_warnings.size(), 1);
        QVERIFY(m_warnings.first().contains(QStringLiteral("~/.docker/config.json")));
    }

    void cancelWhileAHelperThinks()
    {
        m_helpers.write(QStringLiteral("slow"), "exec /bin/sleep 1000");
        config(R"({"credsStore":"slow"})");
        letsIn("Basic realm=\"r\"", [](const auto &) { return true; });
        registry::Client client(options());
        std::stop_source stop;
        QTimer::singleShot(300, this, [stop]() mutable { stop.request_stop(); });
        const auto there = await(target(client)->hasBlob(blob(), stop.get_token()), 10'000);
        QVERIFY(!there);
        QCOMPARE(there.error().kind, ErrorKind::Cancelled);
    }

    void aLayersHostGetsNothing_data()
    {
        QTest::addColumn<test::Answer>("served");
        QTest::newRow("Basic") << answer(401).with("WWW-Authenticate", "Basic realm=\"x\"");
        QTest::newRow("Bearer") << answer(401).with("WWW-Authenticate", "Bearer realm=\"http://127.0.0.1:PORT/token\"");
        QTest::newRow("407") << answer(407).with("Proxy-Authenticate", "Basic realm=\"x\"");
    }

    void aLayersHostGetsNothing()
    {
        QFETCH(test::Answer, served);
        for (auto &header : served.headers)
            header.second.replace("PORT", QByteArray::number(m_registry->port()));
        // The very host is in every file there is, and in use as a registry.
        config(auths({entry(host(), "me")}));
        QFile netrc(m_home->filePath(QStringLiteral(".netrc")));
        QVERIFY(netrc.open(QIODevice::WriteOnly));
        netrc.write("machine 127.0.0.1 login me password " + canary + "\ndefault login me password " + canary + '\n');
        netrc.close();
        const QByteArray before = qgetenv("HOME");
        qputenv("HOME", m_home->path().toUtf8());
        m_registry->always("GET", QStringLiteral("/layer"), served);
        registry::Client client(options());
        client.signIn(m_registry->authority(), {QStringLiteral("me"), base::Secret(canary)});
        const auto app = target(client);
        const auto probed =
            await(client.urlFetcher(*oci::Reference::parse(m_registry->authority() + QStringLiteral("/app")))
                      ->probe(m_registry->url(QStringLiteral("/layer")).toString(), blob(), false, {}));
        qputenv("HOME", before);
        VERIFY_OK(probed);
        QVERIFY(!probed->isReachable());
        QCOMPARE(m_registry->requests().size(), 1);
        for (const char *name : {"Authorization", "Cookie", "Proxy-Authorization"})
            QVERIFY(!m_registry->requests().first().has(name));
    }

    // --- tokens

    void anIdentityTokenIsPosted()
    {
        config("{\"auths\":{\"" + host() + "\":{\"identitytoken\":\"" +
               m_tokens->refreshTokenFor(QStringLiteral("me")) + "\"}}}");
        wantsTokens();
        registry::Client client(options());
        VERIFY_OK(has(target(client)));
        const auto posts = m_tokens->server().requests("POST");
        QCOMPARE(posts.size(), 1);
        QCOMPARE(m_tokens->server().requests("GET").size(), 0);
        QVERIFY(!posts.first().has("Authorization"));
        QCOMPARE(posts.first().target, QByteArray("/token"));
        QCOMPARE(posts.first().header("Content-Type"), QByteArray("application/x-www-form-urlencoded"));
        const QUrlQuery form(QString::fromLatin1(posts.first().body));
        QCOMPARE(form.queryItemValue(QStringLiteral("service")), QStringLiteral("registry.test"));
        QCOMPARE(form.queryItemValue(QStringLiteral("scope"), QUrl::FullyDecoded),
                 QStringLiteral("repository:app:pull"));
        QCOMPARE(form.queryItemValue(QStringLiteral("client_id")), QStringLiteral("colophon"));
        QVERIFY(m_log.join(u'\n').contains(QStringLiteral("POST ")));
        QVERIFY(m_log.join(u'\n').contains(QStringLiteral("refresh token, from ~/.docker/config.json for ")));
    }

    void aServiceWithoutPostIsAskedByGet_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("404") << 404;
        QTest::newRow("405") << 405;
    }

    void aServiceWithoutPostIsAskedByGet()
    {
        QFETCH(int, status);
        auto settings = users({QStringLiteral("<token>")});
        settings.users[QStringLiteral("<token>")].password = QStringLiteral("an-identity-" COLOPHON_CANARY);
        settings.refusesPost = status;
        m_tokens->change(settings);
        config("{\"auths\":{\"" + host() + "\":{\"identitytoken\":\"an-identity-" COLOPHON_CANARY "\"}}}");
        wantsTokens();
        registry::Client client(options());
        VERIFY_OK(has(target(client, "a")));
        VERIFY_OK(has(target(client, "b")));
        QCOMPARE(m_tokens->server().requests("POST").size(), 1); // learnt
        QCOMPARE(m_tokens->server().requests("GET").size(), 2);
    }

    void aPostThatIsRedirectedIsNotFollowed()
    {
        FaultServer other;
        other.always("POST", QStringLiteral(".*"), answer(200, R"({"access_token":"x"})"));
        FaultServer service;
        service.always("POST", QStringLiteral(".*"),
                       answer(307).with("Location", other.url(QStringLiteral("/steal")).toEncoded()));
        config("{\"auths\":{\"" + host() + "\":{\"identitytoken\":\"" COLOPHON_CANARY "\"}}}");
        letsIn("Bearer realm=\"" + service.url(QStringLiteral("/token")).toEncoded() + '"',
               [](const auto &request) { return request.has("Authorization"); });
        registry::Client client(options());
        QVERIFY(!has(target(client)));
        QCOMPARE(other.connections(), 0);
    }

    void thePasswordTravelsOnce()
    {
        config(auths({entry(host(), "me")}));
        wantsTokens();
        registry::Client client(options());
        for (const char *name : {"a", "b", "c"})
            VERIFY_OK(has(target(client, name)));
        const auto gets = m_tokens->server().requests("GET");
        QCOMPARE(gets.size(), 1);
        QVERIFY(gets.first().target.contains("offline_token=true"));
        QCOMPARE(m_tokens->server().requests("POST").size(), 2);
        QCOMPARE(m_tokens->issued().last().user, QStringLiteral("me"));
        // The registry itself never sees the refresh token.
        for (const auto &request : m_registry->requests())
            QVERIFY(!request.header("Authorization").contains("refresh"));
    }

    void aSpentRefreshTokenGivesWayToThePassword()
    {
        config(auths({entry(host(), "me")}));
        wantsTokens();
        registry::Client client(options());
        VERIFY_OK(has(target(client, "a")));
        auto settings = users({QStringLiteral("me")});
        settings.refusesPost = 401;
        m_tokens->change(settings);
        VERIFY_OK(has(target(client, "b")));
        QCOMPARE(m_tokens->server().requests("POST").size(), 1);
        QCOMPARE(m_tokens->server().requests("GET").size(), 2);
    }

    void nobodyAsksForARefreshToken()
    {
        wantsTokens();
        registry::Client client(options());
        VERIFY_OK(has(target(client)));
        QCOMPARE(m_tokens->server().requests().size(), 1);
        QVERIFY(!m_tokens->server().requests().first().target.contains("offline"));
    }

    void aRegistryTokenIsUsedAsItIs()
    {
        config("{\"auths\":{\"" + host() + "\":{\"registrytoken\":\"R3G\"}}}");
        letsIn(bearer(), [](const auto &request) { return request.header("Authorization") == "Bearer R3G"; });
        registry::Client client(options());
        VERIFY_OK(has(target(client)));
        QCOMPARE(m_tokens->server().requests().size(), 0);
    }

    void anIdentityTokenIsNoPassword()
    {
        config("{\"auths\":{\"" + host() + "\":{\"identitytoken\":\"" COLOPHON_CANARY "\"}}}");
        letsIn("Basic realm=\"r\"", [](const auto &request) { return request.has("Authorization"); });
        registry::Client client(options());
        const auto refused = has(target(client));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Unauthorized);
        QVERIFY2(refused.error().message.contains(QStringLiteral("token for a token service")),
                 qPrintable(refused.error().message));
        for (const auto &request : m_registry->requests())
            QVERIFY(!request.has("Authorization"));
    }

    void theSchemeIsPickedAmongMany_data()
    {
        QTest::addColumn<QList<QByteArray>>("lines");
        QTest::newRow("one line") << QList<QByteArray>{"Negotiate, BASIC Realm=\"r\""};
        QTest::newRow("lines") << QList<QByteArray>{"Negotiate YII=", "NTLM", "basic realm=\"r\""};
        QTest::newRow("broken first") << QList<QByteArray>{"Bearer realm=\"x", "Basic realm=\"r\""};
    }

    void theSchemeIsPickedAmongMany()
    {
        QFETCH(QList<QByteArray>, lines);
        config(auths({entry(host(), "me")}));
        auto challenge = answer(401);
        for (const QByteArray &line : lines)
            challenge = challenge.with("WWW-Authenticate", line);
        m_registry->always("GET", QStringLiteral("/v2/"), challenge);
        m_registry->always("HEAD", QStringLiteral("/v2/.*"), [challenge](const auto &request) {
            return request.header("Authorization") == basic("me") ? answer(200).declaring(theBlob.size()) : challenge;
        });
        registry::Client client(options());
        VERIFY_OK(has(target(client)));
    }

    void tokensLiveByAClockThatOnlyGoesForward()
    {
        auto settings = users({QString()});
        settings.saidLife = 0; // the specification's 60 s then
        m_tokens->change(settings);
        wantsTokens();
        registry::Client client(options());
        const auto app = target(client);
        VERIFY_OK(has(app));
        m_clock->pass(50s);
        VERIFY_OK(has(app));
        QCOMPARE(m_tokens->issued().size(), 1);
        m_clock->pass(6s); // so near to its end that it might not arrive
        VERIFY_OK(has(app));
        QCOMPARE(m_tokens->issued().size(), 2);
        m_clock->pass(-3600s); // a clock that goes back proves nothing
        VERIFY_OK(has(app));
        QCOMPARE(m_tokens->issued().size(), 3);
    }

    void aWiderScopeIsAskedForOnce()
    {
        config(auths({entry(host(), "me")}));
        // It lets in only who may push, and says so.
        const QByteArray wider =
            bearer(",scope=\"repository:app:pull,push registry:catalog:*\",error=\"insufficient_scope\"");
        m_registry->always("GET", QStringLiteral("/v2/"), answer(401).with("WWW-Authenticate", bearer()));
        m_registry->always("HEAD", QStringLiteral("/v2/.*"), [wider](const auto &request) {
            const QByteArray claims = QByteArray::fromBase64(request.header("Authorization").split('.').value(1),
                                                             QByteArray::Base64UrlEncoding);
            return claims.contains("push") ? answer(200).declaring(theBlob.size())
                                           : answer(401).with("WWW-Authenticate", wider);
        });
        registry::Client client(options());
        VERIFY_OK(has(target(client)));
        QCOMPARE(m_tokens->issued().size(), 2);
        QCOMPARE(m_tokens->issued().last().scopes, QStringList{QStringLiteral("repository:app:pull,push")});
        VERIFY_OK(has(target(client))); // remembered
        QCOMPARE(m_tokens->issued().size(), 2);
    }

    void scopesThatNeverSufficeComeToAnEnd()
    {
        config(auths({entry(host(), "me")}));
        int asked = 0;
        m_registry->always("GET", QStringLiteral("/v2/"), answer(401).with("WWW-Authenticate", bearer()));
        m_registry->always("HEAD", QStringLiteral("/v2/.*"), [this, &asked](const auto &) {
            const QByteArray actions = ++asked % 2 ? "pull,push" : "pull,push,delete";
            return answer(401).with("WWW-Authenticate",
                                    bearer(",scope=\"repository:app:" + actions + "\",error=\"insufficient_scope\""));
        });
        registry::Client client(options());
        const auto refused = has(target(client));
        QVERIFY(!refused);
        QVERIFY(m_registry->requests("HEAD").size() <= 3);
        QVERIFY2(refused.error().message.contains(QStringLiteral("Signed in as me (from ~/.docker/config.json for ")),
                 qPrintable(refused.error().message));
        QCOMPARE(m_tokens->issued().last().scopes, QStringList{QStringLiteral("repository:app:pull,push")});
        QVERIFY(m_used.isEmpty()); // refused: nobody is signed in
        // Who came to read never gets a token that may delete.
        for (const auto &issue : m_tokens->issued())
            QVERIFY2(!issue.scopes.join(u' ').contains(QStringLiteral("delete")), qPrintable(issue.scopes.join(u' ')));
        QCOMPARE(m_warnings.size(), 1);
        QVERIFY2(m_warnings.first().contains(QStringLiteral("delete")), qPrintable(m_warnings.first()));
    }

    void theServiceCannotBreakOut_data()
    {
        QTest::addColumn<QByteArray>("service");
        QTest::newRow("another scope") << QByteArray("a&scope=repository:other:push");
        QTest::newRow("fragment") << QByteArray("a#b?c");
        QTest::newRow("encoded already") << QByteArray("a%26scope=x+y z");
        QTest::newRow("form") << QByteArray("a&grant_type=password&password=x;y=z");
    }

    void theServiceCannotBreakOut()
    {
        QFETCH(QByteArray, service);
        FaultServer tokens;
        tokens.always("", QStringLiteral("/token.*"), answer(200, R"({"token":"T"})"));
        letsIn("Bearer realm=\"" + tokens.url(QStringLiteral("/token")).toEncoded() + "\",service=\"" + service +
                   "\",scope=\"a&x=y#\"",
               [](const auto &request) { return request.has("Authorization"); });
        for (const QByteArray &credential : {entry(host(), "me"), '"' + host() + "\":{\"identitytoken\":\"I&T=x\"}"}) {
            config(auths({credential}));
            registry::Client client(options());
            VERIFY_OK(has(target(client)));
            const auto request = tokens.requests().last();
            const QUrlQuery said = request.method == "POST" ? QUrlQuery(QString::fromLatin1(request.body))
                                                            : QUrlQuery(QUrl::fromEncoded(request.target));
            QCOMPARE(said.allQueryItemValues(QStringLiteral("scope"), QUrl::FullyDecoded),
                     QStringList{QStringLiteral("repository:app:pull")});
            QCOMPARE(said.allQueryItemValues(QStringLiteral("service"), QUrl::FullyDecoded),
                     QStringList{QString::fromLatin1(service)});
            const bool isPost = request.method == "POST";
            QCOMPARE(said.queryItems().size(), isPost ? 5 : 4);
            if (isPost)
                QCOMPARE(said.queryItemValue(QStringLiteral("refresh_token"), QUrl::FullyDecoded),
                         QStringLiteral("I&T=x"));
        }
    }

    // --- in the middle of an upload

    void aTokenThatDiesDuringAnUpload_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("chunk");
        QTest::addColumn<int>("deaths");
        QTest::newRow("before the PUT") << 1000 << 0 << 1;
        QTest::newRow("in the stream") << 3'000'000 << 0 << 1;
        QTest::newRow("between chunks") << 1000 << 100 << 1;
        QTest::newRow("again and again") << 1000 << 100 << 4;
    }

    void aTokenThatDiesDuringAnUpload()
    {
        QFETCH(int, size);
        QFETCH(int, chunk);
        QFETCH(int, deaths);
        config(auths({entry(host(), "me")}));
        const QByteArray challenge = bearer();
        struct State
        {
            QByteArray dead; // a token the registry does not take any more
            QByteArray last;
            int deaths;
            qint64 received = 0;
            int patches = 0;
        };
        const auto state = std::make_shared<State>();
        state->deaths = deaths;
        m_registry->always("GET", QStringLiteral("/v2/"), answer(401).with("WWW-Authenticate", challenge));
        const auto judged = [state, challenge](const test::RecordedRequest &request, const test::Answer &good) {
            state->last = request.header("Authorization");
            return state->last == state->dead || state->last.isEmpty() ? answer(401).with("WWW-Authenticate", challenge)
                                                                       : good;
        };
        m_registry->always("POST", QStringLiteral("/v2/app/blobs/uploads/"), [=](const auto &request) {
            state->received = 0;
            return judged(request, answer(202).with("Location", "/up/1"));
        });
        m_registry->always("GET", QStringLiteral("/up/1"), [=](const auto &request) {
            return judged(
                request,
                answer(204).with("Location", "/up/1").with("Range", "0-" + QByteArray::number(state->received - 1)));
        });
        m_registry->alwaysWhole("PATCH", QStringLiteral("/up/1"), [=](const auto &request) {
            if (state->patches++ % 2 == (chunk > 0 ? 1 : 0) && state->deaths-- > 0)
                state->dead = request.header("Authorization");
            const auto said = judged(request, answer(202).with("Location", "/up/1"));
            if (said.status != 202)
                return said;
            state->received += request.bodySize;
            return said.with("Range", "0-" + QByteArray::number(state->received - 1));
        });
        m_registry->alwaysWhole("PUT", QStringLiteral("/up/1.*"), [=](const auto &request) {
            if (request.bodySize > 0 && state->deaths-- > 0)
                state->dead = request.header("Authorization");
            return judged(request, answer(201));
        });
        m_registry->always("DELETE", QStringLiteral("/up/1.*"), answer(204));
        auto all = options();
        all.chunkSize = chunk;
        registry::Client client(all);
        const QByteArray bytes(size, 'b');
        const auto done =
            await(target(client)->pushBlob(oci::Descriptor::of({}, bytes), content::readerOf(bytes), {}, {}));
        VERIFY_OK(done);
        QVERIFY(state->deaths <= 0);
        QCOMPARE(m_tokens->issued().size(), deaths + 1);
    }

    // --- token services elsewhere

    void aRealmElsewhereIsAskedAboutOnce_data()
    {
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("yes") << true;
        QTest::newRow("no") << false;
    }

    void aRealmElsewhereIsAskedAboutOnce()
    {
        QFETCH(bool, isAllowed);
        config(auths({entry(host(), "me")}));
        QByteArray challenge = bearer();
        challenge.replace("//127.0.0.1:", "//localhost:");
        letsIn(challenge, [](const auto &request) { return request.has("Authorization"); });
        registry::Client client(options());
        const auto app = target(client);
        QList<content::RealmQuestion> asked;
        content::Attendant all = attendant();
        all.mayUseRealm = [&asked, isAllowed](content::RealmQuestion question, std::stop_token) -> base::Task<bool> {
            asked.append(question);
            co_return isAllowed;
        };
        client.setAttendant(all);
        for (const char *name : {"a", "b"}) {
            const auto there =
                has(client.target(*oci::Reference::parse(m_registry->authority() + u'/' + QLatin1String(name))));
            QCOMPARE(there.has_value(), isAllowed);
            if (!there)
                QCOMPARE(there.error().kind, ErrorKind::Denied);
        }
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.first().realm, QStringLiteral("localhost"));
        QCOMPARE(asked.first().registry, m_registry->authority());
        QCOMPARE(asked.first().user, QStringLiteral("me"));
        QCOMPARE(m_tokens->server().requests().isEmpty(), !isAllowed);
    }

    void aQuestionCanBeCancelled()
    {
        config(auths({entry(host(), "me")}));
        QByteArray challenge = bearer();
        challenge.replace("//127.0.0.1:", "//localhost:");
        letsIn(challenge, [](const auto &) { return true; });
        registry::Client client(options());
        const auto app = target(client);
        content::Attendant all = attendant();
        all.mayUseRealm = [](content::RealmQuestion, std::stop_token stop) -> base::Task<bool> {
            return [](std::stop_token inner) -> base::Task<bool> {
                registry::http::Bell bell;
                const registry::http::RingOnStop onStop(inner, bell);
                while (!inner.stop_requested())
                    co_await bell.event();
                co_return false;
            }(stop);
        };
        client.setAttendant(all);
        std::stop_source stop;
        QTimer::singleShot(200, this, [stop]() mutable { stop.request_stop(); });
        const auto there = await(app->hasBlob(blob(), stop.get_token()), 5'000);
        QVERIFY(!there);
        QCOMPARE(there.error().kind, ErrorKind::Cancelled);
        QCOMPARE(m_tokens->server().connections(), 0);
    }
};

QTEST_GUILESS_MAIN(TestRegistryAuth)
#include "tst_registryauth.moc"
