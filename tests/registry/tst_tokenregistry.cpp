// SPDX-License-Identifier: Apache-2.0
// Signing in to docker-registry: with a token service it believes, and with passwords from files and helpers.

#include "registry/client.h"
#include "registry/fakehelper.h"
#include "registry/http/bell.h"
#include "support/await.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/tokenserver/tokenserver.h"
#include "support/virtualclock.h"

#include <QRandomGenerator>
#include <QTest>
#include <QTimer>

using namespace colophon;
using base::ErrorKind;
using test::await;
using test::DockerRegistry;
using test::TokenServer;

#define VERIFY_OK(result)                                                                                              \
    do {                                                                                                               \
        const auto &outcome = (result);                                                                                \
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().text()));                                          \
    } while (false)

namespace {

const QString pull = QStringLiteral("pull");
const QString push = QStringLiteral("push");

// Bytes that come so slowly that a short-lived token dies on the way; what came once comes quickly again.
class SlowReader final : public content::Reader
{
public:
    SlowReader(QByteArray bytes, int pauses, int milliseconds,
               std::shared_ptr<qsizetype> furthest = std::make_shared<qsizetype>(1))
        : m_bytes(std::move(bytes))
        , m_pauses(pauses)
        , m_milliseconds(milliseconds)
        , m_furthest(std::move(furthest))
    {
    }
    base::Task<base::Result<QByteArray>> read() override
    {
        const qsizetype piece = m_bytes.size() / (m_pauses + 1) + 1;
        if (m_at >= *m_furthest && m_at < m_bytes.size()) {
            registry::http::Bell bell;
            const QDeadlineTimer until(m_milliseconds);
            while (!until.hasExpired()) {
                bell.ringAt(until);
                co_await bell.event();
            }
        }
        const QByteArray block = m_bytes.mid(m_at, piece);
        m_at += block.size();
        *m_furthest = std::max(*m_furthest, m_at);
        co_return block;
    }
    base::Task<base::Result<content::ReaderPtr>> reopened(std::stop_token) override
    {
        content::ReaderPtr again = std::make_unique<SlowReader>(m_bytes, m_pauses, m_milliseconds, m_furthest);
        co_return std::move(again);
    }

private:
    QByteArray m_bytes;
    int m_pauses;
    int m_milliseconds;
    std::shared_ptr<qsizetype> m_furthest; // at least 1: the first block comes at once
    qsizetype m_at = 0;
};

} // namespace

class TestTokenRegistry : public QObject
{
    Q_OBJECT

    std::unique_ptr<TokenServer> m_tokens;
    std::unique_ptr<DockerRegistry> m_registry;
    QStringList m_log;

    static TokenServer::Settings settings()
    {
        TokenServer::Settings all;
        all.users.insert(QString(), {QString(), {{QStringLiteral("public"), {pull}}}});
        all.users.insert(QStringLiteral("vendor"),
                         {QStringLiteral(COLOPHON_CANARY), {{QStringLiteral("*"), {pull, push}}}});
        all.users.insert(QStringLiteral("reader"), {QStringLiteral(COLOPHON_CANARY), {{QStringLiteral("*"), {pull}}}});
        return all;
    }

    registry::ClientOptions options()
    {
        registry::ClientOptions all;
        all.log = [this](const content::RequestRecord &record) {
            if (!record.isOutcome())
                return;
            m_log.append(QString::fromLatin1(record.method) + u' ' + record.url + u' ' + record.credential);
        };
        return all;
    }

    content::TargetPtr target(registry::Client &client, const char *repository, const char *user)
    {
        if (*user)
            client.signIn(m_registry->host(), {QString::fromLatin1(user), base::Secret(COLOPHON_CANARY)});
        return client.target(*oci::Reference::parse(m_registry->host() + u'/' + QLatin1String(repository)));
    }

    static base::Result<void> pushBytes(const content::TargetPtr &to, const QByteArray &bytes)
    {
        return await(to->pushBlob(oci::Descriptor::of({}, bytes), content::readerOf(bytes), {}, {}));
    }

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        m_tokens = std::make_unique<TokenServer>(settings());
        test::DockerRegistryOptions wanted;
        wanted.tokenRealm = m_tokens->realm();
        wanted.tokenService = m_tokens->service();
        wanted.tokenIssuer = m_tokens->issuer();
        wanted.tokenRoots = m_tokens->roots();
        m_registry = std::make_unique<DockerRegistry>(wanted);
        QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
    }

    void init()
    {
        m_tokens->change(settings());
        m_log.clear();
    }

    void cleanup()
    {
        for (const QString &line : std::as_const(m_log))
            QVERIFY2(test::canaryIn(line.toUtf8()).isEmpty() && !line.contains(QStringLiteral("eyJ")),
                     qPrintable(line));
    }

    void aVendorPushesEverybodyReads()
    {
        registry::Client client(options());
        const auto vendor = target(client, "public", "vendor");
        VERIFY_OK(pushBytes(vendor, "the public blob"));
        registry::Client stranger(options());
        const auto there =
            await(target(stranger, "public", "")->hasBlob(oci::Descriptor::of({}, "the public blob"), {}));
        VERIFY_OK(there);
        QVERIFY(*there);
        const auto refused = pushBytes(target(stranger, "public", ""), "a stranger's blob");
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Unauthorized);
        QVERIFY(refused.error().hint.contains(QStringLiteral("Sign in")));
    }

    void whoMayOnlyReadIsToldWhatWasAskedAndGranted()
    {
        registry::Client client(options());
        const auto refused = pushBytes(target(client, "public", "reader"), "a reader's blob");
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Unauthorized);
        const QString message = refused.error().message;
        QVERIFY2(message.contains(QStringLiteral("Signed in as reader (given by hand)")), qPrintable(message));
        QVERIFY2(message.contains(QStringLiteral(
                     "asked for \"repository:public:pull,push\" and grants \"repository:public:pull\".")),
                 qPrintable(message));
    }

    void aWrongPasswordIsSaidOnce()
    {
        registry::Client client(options());
        const auto before = m_tokens->server().requests().size();
        client.signIn(m_registry->host(), {QStringLiteral("vendor"), base::Secret("wrong")});
        const auto refused = pushBytes(target(client, "public", ""), "x");
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("does not accept the name or the password of vendor")),
                 qPrintable(refused.error().message));
        QCOMPARE(m_tokens->server().requests().size(), before + 1);
    }

    void aBlobIsMountedWithOneTokenForBoth()
    {
        registry::Client client(options());
        VERIFY_OK(pushBytes(target(client, "source", "vendor"), "the mounted blob"));
        const auto to = target(client, "destination", "");
        const auto mounted =
            await(to->mountBlob(oci::Descriptor::of({}, "the mounted blob"), QStringLiteral("source"), {}));
        VERIFY_OK(mounted);
        QVERIFY(*mounted);
        const QStringList both{QStringLiteral("repository:destination:pull,push"),
                               QStringLiteral("repository:source:pull")};
        const auto issued = m_tokens->issued();
        const auto forBoth = std::ranges::find_if(issued, [&both](const auto &each) { return each.scopes == both; });
        QVERIFY(forBoth != issued.end());
        // It came by the refresh token that the first one brought.
        QVERIFY(forBoth->byRefreshToken);
        QCOMPARE(forBoth->user, QStringLiteral("vendor"));
    }

    void shortTokensAreRenewedAsTheySay()
    {
        auto brief = settings();
        brief.saidLife = brief.trueLife = 2;
        m_tokens->change(brief);
        auto all = options();
        const auto clock = std::make_shared<test::VirtualClock>();
        all.patience.clock = clock;
        registry::Client client(all);
        const auto to = target(client, "brief", "vendor");
        VERIFY_OK(pushBytes(to, "one"));
        const auto before = m_tokens->issued().size();
        VERIFY_OK(pushBytes(to, "two"));
        QCOMPARE(m_tokens->issued().size(), before);
        clock->pass(std::chrono::seconds(2));
        VERIFY_OK(pushBytes(to, "three"));
        QCOMPARE(m_tokens->issued().size(), before + 1);
    }

    // The service promises an hour; the registry refuses the token after two seconds.
    void aTokenThatLiesAboutItsLife_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("chunk");
        QTest::newRow("as a stream") << 3'000'000 << 0;
        QTest::newRow("in chunks") << 3'000'000 << 600'000;
    }

    void aTokenThatLiesAboutItsLife()
    {
        QFETCH(int, size);
        QFETCH(int, chunk);
        auto lying = settings();
        lying.saidLife = 3600;
        lying.trueLife = 2;
        m_tokens->change(lying);
        auto all = options();
        all.chunkSize = chunk;
        registry::Client client(all);
        const auto to = target(client, "lying", "vendor");
        const QByteArray bytes(size, char('a' + QRandomGenerator::global()->bounded(26)));
        const auto descriptor = oci::Descriptor::of({}, bytes + QByteArray::number(chunk));
        auto slow = std::make_unique<SlowReader>(bytes + QByteArray::number(chunk), 5, 700);
        const auto before = m_tokens->issued().size();
        VERIFY_OK(await(to->pushBlob(descriptor, std::move(slow), {}, {}), 60'000));
        QVERIFY(m_tokens->issued().size() > before + 1);
        const auto there = await(to->hasBlob(descriptor, {}));
        VERIFY_OK(there);
        QVERIFY(*there);
    }

    void aPasswordFromAFileOrAHelper_data()
    {
        QTest::addColumn<bool>("isHelper");
        QTest::newRow("auth.json for a namespace") << false;
        QTest::newRow("helper") << true;
    }

    void aPasswordFromAFileOrAHelper()
    {
        QFETCH(bool, isHelper);
        const DockerRegistry locked({.withPassword = true});
        QVERIFY2(locked.isRunning(), qPrintable(locked.problem()));
        const QTemporaryDir home;
        const test::FakeHelpers helpers;
        helpers.write(QStringLiteral("test"), DockerRegistry::user().toUtf8(), DockerRegistry::password().toUtf8());
        QFile file(home.filePath(QStringLiteral("auth.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QByteArray pair = (DockerRegistry::user() + u':' + DockerRegistry::password()).toUtf8().toBase64();
        const QByteArray key = locked.host().toUtf8();
        file.write(isHelper ? "{\"credHelpers\":{\"" + key + "\":\"test\"}}"
                            : "{\"auths\":{\"" + key + "/vendor\":{\"auth\":\"" + pair + "\"}}}");
        file.close();
        registry::auth::CredentialPlaces places;
        places.named = file.fileName();
        places.home = home.path();
        places.programs = helpers.path();
        auto all = options();
        all.places = places;
        registry::Client client(all);
        const auto vendor = client.target(*oci::Reference::parse(locked.host() + QStringLiteral("/vendor/app")));
        VERIFY_OK(pushBytes(vendor, "mine"));
        const auto other =
            pushBytes(client.target(*oci::Reference::parse(locked.host() + QStringLiteral("/other"))), "x");
        QCOMPARE(other.has_value(), isHelper); // the entry is for the namespace alone
        QVERIFY(m_log.join(u'\n').contains(isHelper ? QStringLiteral("from ~/auth.json via helper test for ")
                                                    : QStringLiteral("from ~/auth.json for ")));
    }
};

QTEST_GUILESS_MAIN(TestTokenRegistry)
#include "tst_tokenregistry.moc"
