// SPDX-License-Identifier: Apache-2.0
// Addresses that a registry names, by names that lead where it may not send us: a public registry
// on a network of the test's own, and a collector on this machine that must not see a connection.

#include "registry/client.h"
#include "support/await.h"
#include "support/canary/canary.h"
#include "support/faultserver/faultserver.h"
#include "support/virtualclock.h"

#include <QTemporaryFile>
#include <QTest>

using namespace colophon;
using base::ErrorKind;
using test::answer;
using test::await;
using test::FaultServer;
using namespace std::chrono_literals;

namespace {

const QString registryName = QStringLiteral("registry.example");
const QString otherName = QStringLiteral("elsewhere.example");
const QHostAddress registryAddress(QStringLiteral("93.184.216.34"));
const QHostAddress publicAddress(QStringLiteral("93.184.216.35"));
const QHostAddress deadAddress(QStringLiteral("93.184.216.36"));
const QByteArray theBlob("the blob");

oci::Descriptor blob() { return oci::Descriptor::of({}, theBlob); }

using Addresses = QList<QHostAddress>;

} // namespace

enum class By { Realm, RealmWithPassword, Location, Redirect, Url };
Q_DECLARE_METATYPE(By)
Q_DECLARE_METATYPE(QList<Addresses>)

class TestNamedAddresses : public QObject
{
    Q_OBJECT

    std::unique_ptr<FaultServer> m_registry;
    std::unique_ptr<FaultServer> m_collector;
    QList<Addresses> m_answers; // for the other name: one after the other, then the last one again and again
    QHash<QString, int> m_lookups;
    Addresses m_reached;
    QString m_allowed; // an address that the person allows the registry

    registry::ClientOptions options(By by)
    {
        registry::ClientOptions all;
        all.plainHttp = true;
        all.patience.clock = std::make_shared<test::VirtualClock>();
        all.transport.connectTimeout = 300ms; // for the TLS that this plain server never answers
        if (by == By::RealmWithPassword)
            all.allowRealms = {otherName};
        all.transport.network.lookUp = [this](const QString &host) {
            const int before = m_lookups[host]++;
            if (host == registryName)
                return Addresses{registryAddress};
            return host == otherName ? m_answers.at(std::min<qsizetype>(before, m_answers.size() - 1)) : Addresses();
        };
        all.transport.network.route = [this](const QHostAddress &address) {
            m_reached.append(address);
            // Nobody listens on the last one.
            return QHostAddress(address == deadAddress ? QStringLiteral("127.9.9.9") : QStringLiteral("127.0.0.1"));
        };
        return all;
    }

    QByteArray at(const char *target) const
    {
        return m_collector->url(QLatin1String(target), otherName).toString().toLatin1();
    }

    // Has the registry name the other place in this way, and does what leads there; the error of it.
    std::optional<base::Error> sendThere(By by)
    {
        const bool isRealm = by == By::Realm || by == By::RealmWithPassword;
        m_registry->always("GET", QStringLiteral("/v2/"),
                           isRealm ? answer(401).with("WWW-Authenticate", "Bearer realm=\"" + at("/token") + '"')
                                   : answer(200, "{}"));
        m_registry->always("POST", QStringLiteral(".*"), answer(202).with("Location", at("/up")));
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"), answer(307).with("Location", at("/blob")));
        m_registry->always("HEAD", QStringLiteral(".*"), [](const test::RecordedRequest &request) {
            return request.has("Authorization") ? answer(200).declaring(theBlob.size()) : answer(401);
        });
        m_collector->always("GET", QStringLiteral("/token.*"), answer(200, R"({"token":"T"})"));
        m_collector->always("GET", QStringLiteral("/blob"), answer(200, theBlob));
        m_collector->always("PUT", QStringLiteral("/up.*"), answer(201));
        registry::Client client(options(by));
        const QString name = registryName + u':' + QString::number(m_registry->port());
        if (!m_allowed.isEmpty())
            client.allowAddress({name, m_allowed});
        if (by == By::RealmWithPassword)
            client.signIn(name, {QStringLiteral("user"), base::Secret(COLOPHON_CANARY)});
        const auto target = client.target(*oci::Reference::parse(name + QStringLiteral("/app")));
        const auto errorOf = [](const auto &result) {
            return result ? std::nullopt : std::optional<base::Error>(result.error());
        };
        switch (by) {
        case By::Realm:
        case By::RealmWithPassword:
            return errorOf(await(target->hasBlob(blob(), {})));
        case By::Location:
            return errorOf(await(target->pushBlob(blob(), content::readerOf(theBlob), {}, {})));
        case By::Redirect: {
            auto opened = await(target->openBlob(blob(), {}));
            return opened ? errorOf(await(content::readAll(std::move(*opened), 1000))) : errorOf(opened);
        }
        case By::Url: {
            const auto urls = client.urlFetcher(*oci::Reference::parse(name + QStringLiteral("/app")));
            const auto probe = await(urls->probe(QString::fromLatin1(at("/blob")), blob(), true, {}));
            if (probe && probe->isReachable())
                return {};
            base::Error refused;
            refused.kind =
                probe && probe->verdict == content::UrlProbe::Verdict::Refused ? ErrorKind::Denied : ErrorKind::Network;
            return refused;
        }
        }
        return {};
    }

    static QList<std::pair<const char *, By>> ways()
    {
        return {{"token service", By::Realm},
                {"token service with a password", By::RealmWithPassword},
                {"upload location", By::Location},
                {"redirect", By::Redirect},
                {"layer url", By::Url}};
    }

private Q_SLOTS:
    void init()
    {
        m_registry = std::make_unique<FaultServer>();
        m_collector = std::make_unique<FaultServer>();
        m_answers.clear();
        m_lookups.clear();
        m_reached.clear();
        m_allowed.clear();
    }

    // Two registries in one client, one public and one here: each image's addresses are judged by its own.
    void aUrlIsJudgedByTheRegistryThatNamedIt()
    {
        FaultServer here;
        for (FaultServer *each : {m_registry.get(), &here}) {
            each->always("GET", QStringLiteral("/v2/"), answer(200, "{}"));
            each->always("HEAD", QStringLiteral(".*"), answer(200).declaring(theBlob.size()));
        }
        m_collector->always("GET", QStringLiteral("/blob"), answer(200, theBlob));
        registry::Client client(options(By::Url));
        const auto imageAt = [](const QString &name) { return *oci::Reference::parse(name + QStringLiteral("/app")); };
        const auto publicImage = imageAt(registryName + u':' + QString::number(m_registry->port()));
        const auto localImage = imageAt(here.authority());
        for (const auto &image : {localImage, publicImage, localImage}) // whoever is reached, and whenever
            QVERIFY(await(client.target(image)->hasBlob(blob(), {})));
        const QString url = m_collector->url(QStringLiteral("/blob")).toString();
        const auto verdict = [&](const oci::Reference &namedBy) {
            const auto probe = await(client.urlFetcher(namedBy)->probe(url, blob(), true, {}));
            return probe ? probe->verdict : content::UrlProbe::Verdict::Failed;
        };
        QCOMPARE(verdict(publicImage), content::UrlProbe::Verdict::Refused);
        const auto opened = await(client.urlFetcher(publicImage)->open(url, blob(), {}));
        QVERIFY(!opened);
        QCOMPARE(opened.error().kind, ErrorKind::Denied);
        QCOMPARE(m_collector->connections(), 0);
        QCOMPARE(verdict(localImage), content::UrlProbe::Verdict::Reachable);
        // What is allowed to one is not allowed to the other.
        client.allowAddress({here.authority(), QStringLiteral("127.0.0.1")});
        QCOMPARE(verdict(publicImage), content::UrlProbe::Verdict::Refused);
        client.allowAddress({publicImage.registry(), QStringLiteral("127.0.0.1")});
        QCOMPARE(verdict(publicImage), content::UrlProbe::Verdict::Reachable);
    }

    // registries.conf lets some repositories of a host do without encryption: those, and nobody's password else.
    void unencryptedAsFarAsConfigured_data()
    {
        QTest::addColumn<QByteArray>("rules"); // with HOST in them
        QTest::addColumn<bool>("isMirror");
        QTest::newRow("insecure") << QByteArray("[[registry]]\nlocation='HOST/lab'\ninsecure=true\n") << false;
        QTest::newRow("an insecure mirror") << QByteArray("[[registry]]\nlocation='elsewhere.example'\n"
                                                          "[[registry.mirror]]\nlocation='HOST/lab'\ninsecure=true\n")
                                            << true;
    }
    void unencryptedAsFarAsConfigured()
    {
        QFETCH(QByteArray, rules);
        QFETCH(bool, isMirror);
        const QString name = registryName + u':' + QString::number(m_registry->port());
        m_answers = {{deadAddress}};
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write(rules.replace("HOST", name.toLatin1()));
        file.close();
        auto conf = registry::trust::RegistriesConf::read({file.fileName()});
        QVERIFY2(conf, conf ? "" : qPrintable(conf.error().text()));
        auto all = options(By::Url);
        all.plainHttp = false;
        all.registries = *conf;
        const auto wanted = answer(401).with("WWW-Authenticate", "Basic realm=\"r\"");
        m_registry->always("GET", QStringLiteral("/v2/"), wanted);
        m_registry->always("", QStringLiteral(".*"), [wanted](const test::RecordedRequest &request) {
            return request.has("Authorization") ? answer(200).declaring(theBlob.size()) : wanted;
        });
        // Whoever is asked first.
        registry::Client client(all);
        client.signIn(name, {QStringLiteral("user"), base::Secret(COLOPHON_CANARY)});
        const auto ask = [&](const QString &image) {
            return await(client.readingTarget(*oci::Reference::parse(image))->hasBlob(blob(), {}));
        };
        const auto in = isMirror ? otherName + QStringLiteral("/app") : name + QStringLiteral("/lab/app");
        QVERIFY(!ask(name + QStringLiteral("/private/app")));
        const auto there = ask(in);
        QVERIFY2(there, there ? "" : qPrintable(there.error().text()));
        QVERIFY(!ask(name + QStringLiteral("/private/app")));
        QVERIFY(m_registry->requests("HEAD", QStringLiteral("/v2/lab/app/.*")).last().has("Authorization"));
        QCOMPARE(m_registry->requests("", QStringLiteral("/v2/private/.*")).size(), 0);
    }

    // Without this the rest would prove nothing: a public name is followed, in each of the ways.
    void aPublicOneIsReached_data()
    {
        QTest::addColumn<By>("by");
        for (const auto &[name, by] : ways())
            QTest::newRow(name) << by;
    }
    void aPublicOneIsReached()
    {
        QFETCH(By, by);
        m_answers = {{publicAddress}};
        const auto error = sendThere(by);
        QVERIFY2(!error, error ? qPrintable(error->text()) : "");
        QCOMPARE(m_collector->requests().size(), 1);
        QCOMPARE(m_collector->requests().first().has("Authorization"), by == By::RealmWithPassword);
        QVERIFY(m_reached.contains(publicAddress));
    }

    // What a person allows is one address for one registry, and not for credentials.
    void anAddressThatIsAllowed_data()
    {
        QTest::addColumn<By>("by");
        QTest::addColumn<QString>("allowed");
        QTest::addColumn<bool>("isReached");
        for (const auto &[name, by] : ways()) {
            const bool isForCredentials = by == By::Realm || by == By::RealmWithPassword;
            QTest::addRow("%s, this one", name) << by << QStringLiteral("10.1.2.3") << !isForCredentials;
            QTest::addRow("%s, another", name) << by << QStringLiteral("10.1.2.4") << false;
        }
    }
    void anAddressThatIsAllowed()
    {
        QFETCH(By, by);
        QFETCH(bool, isReached);
        m_answers = {{QHostAddress(QStringLiteral("10.1.2.3"))}};
        QFETCH(QString, allowed);
        m_allowed = allowed;
        const auto error = sendThere(by);
        QCOMPARE(!error.has_value(), isReached);
        QCOMPARE(m_collector->requests().size(), isReached ? 1 : 0);
        if (error)
            QCOMPARE(error->kind, ErrorKind::Denied);
    }

    void aNameThatLeadsHereIsNot_data()
    {
        QTest::addColumn<By>("by");
        QTest::addColumn<QString>("address");
        for (const auto &[name, by] : ways()) {
            for (const char *address : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "10.1.2.3", "192.168.0.1",
                                        "169.254.169.254", "::ffff:169.254.169.254", "fd00::1", "fe80::1", "0.0.0.0"})
                QTest::addRow("%s, %s", name, address) << by << QString::fromLatin1(address);
        }
    }
    void aNameThatLeadsHereIsNot()
    {
        QFETCH(By, by);
        QFETCH(QString, address);
        m_answers = {{QHostAddress(address)}};
        const auto error = sendThere(by);
        QVERIFY(error);
        QCOMPARE(error->kind, ErrorKind::Denied);
        QCOMPARE(m_collector->connections(), 0);
        QVERIFY(m_lookups.value(otherName) > 0); // it was the address that stopped us
    }

    // One that is allowed and one that is not: only the first is tried.
    void amongSeveralOnlyThoseThatMayBe_data() { aPublicOneIsReached_data(); }
    void amongSeveralOnlyThoseThatMayBe()
    {
        QFETCH(By, by);
        m_answers = {{QHostAddress(QStringLiteral("127.0.0.1")), deadAddress, QHostAddress(QStringLiteral("::1"))}};
        QVERIFY(sendThere(by));
        QCOMPARE(m_collector->connections(), 0);
        QVERIFY(m_reached.contains(deadAddress));
        for (const QHostAddress &each : std::as_const(m_reached))
            QVERIFY2(each == registryAddress || each == deadAddress, qPrintable(each.toString()));
    }

    // A name server that says one thing to whoever checks and another to whoever connects: what is connected to is the
    // very address that was judged, however often it changes its mind.
    void aNameThatChangesItsMind_data() { aPublicOneIsReached_data(); }
    void aNameThatChangesItsMind()
    {
        QFETCH(By, by);
        m_answers = {{deadAddress}, {QHostAddress(QStringLiteral("127.0.0.1"))}};
        QVERIFY(sendThere(by));
        QCOMPARE(m_collector->connections(), 0);
        QVERIFY(m_reached.contains(deadAddress));
        for (const QHostAddress &each : std::as_const(m_reached))
            QVERIFY2(each == registryAddress || each == deadAddress, qPrintable(each.toString()));
    }
};

QTEST_GUILESS_MAIN(TestNamedAddresses)
#include "tst_namedaddresses.moc"
