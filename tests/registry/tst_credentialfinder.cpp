// SPDX-License-Identifier: Apache-2.0
// Where credentials are looked for, in which order, and what stops or only warns on the way.

#include "registry/auth/credentialfinder.h"
#include "registry/fakehelper.h"
#include "support/await.h"
#include "support/canary/canary.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using registry::auth::CredentialFile;
using registry::auth::CredentialFinder;
using registry::auth::CredentialPlaces;
using test::await;
using test::FakeHelpers;
using Format = CredentialFile::Format;

namespace {

QByteArray login(const QByteArray &key, const QByteArray &user)
{
    return "{\"auths\":{\"" + key + R"(":{"auth":")" + (user + ":" COLOPHON_CANARY).toBase64() + "\"}}}";
}

class OneLogin final : public content::CredentialStore
{
public:
    base::Task<bool> isAvailable() override { co_return true; }
    base::Task<base::Result<std::optional<content::Credential>>> find(QString registry, std::stop_token) override
    {
        asked.append(registry);
        if (isLocked)
            co_return base::fail(ErrorKind::Failed, QStringLiteral("The keychain is locked."));
        if (registry != QLatin1String("kept.example"))
            co_return std::nullopt;
        co_return content::Credential{QStringLiteral("keeper"), base::Secret(COLOPHON_CANARY)};
    }
    base::Task<base::Result<void>> save(QString, content::Credential) override { co_return base::Result<void>(); }
    base::Task<base::Result<void>> remove(QString) override { co_return base::Result<void>(); }
    QList<Entry> entries() const override { return {}; }

    QStringList asked;
    bool isLocked = false;
};

} // namespace

class TestCredentialFinder : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<FakeHelpers> m_helpers;
    std::shared_ptr<OneLogin> m_store;
    CredentialPlaces m_places;
    QStringList m_warnings;

    QString in(const char *name) const { return m_home->filePath(QLatin1String(name)); }

    void write(const char *name, const QByteArray &text, QFile::Permissions mode = QFile::ReadOwner) const
    {
        QDir(m_home->path()).mkpath(QFileInfo(in(name)).path());
        QFile file(in(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.setPermissions(mode | QFile::WriteOwner);
    }

    base::Result<CredentialFinder::Found> find(const char *registry = "r.example", const char *repository = "a/b")
    {
        auto finder = std::make_shared<CredentialFinder>(m_places, m_store, std::chrono::seconds(20));
        finder->setWarned([this](const QString &text) { m_warnings.append(text); });
        return await(
            CredentialFinder::find(finder, QString::fromLatin1(registry), QString::fromLatin1(repository), {}));
    }

    // "user from ~/… for key", empty: nothing found.
    QString words(const char *registry = "r.example", const char *repository = "a/b")
    {
        const auto found = find(registry, repository);
        if (!found)
            return QStringLiteral("error: ") + found.error().text();
        return *found ? (*found)->user + u' ' + (*found)->words() : QString();
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        m_helpers = std::make_unique<FakeHelpers>();
        m_store.reset();
        m_warnings.clear();
        m_places = {};
        m_places.home = m_home->path();
        m_places.programs = m_helpers->path();
        m_places.files = {{in("run/auth.json"), Format::Containers},
                          {in("config/auth.json"), Format::Containers},
                          {in(".docker/config.json"), Format::Docker},
                          {in(".dockercfg"), Format::Legacy}};
    }

    void cleanup()
    {
        for (const QString &each : std::as_const(m_warnings))
            QVERIFY2(test::canaryIn(each.toUtf8()).isEmpty(), qPrintable(each));
    }

    void theFirstThatHasOneWins()
    {
        QCOMPARE(words(), QString());
        write(".dockercfg", "{\"r.example\":{\"auth\":\"" + QByteArray("five:" COLOPHON_CANARY).toBase64() + "\"}}");
        QCOMPARE(words(), QStringLiteral("five from ~/.dockercfg for r.example"));
        write(".docker/config.json", login("r.example", "four"));
        QCOMPARE(words(), QStringLiteral("four from ~/.docker/config.json for r.example"));
        write("config/auth.json", login("r.example/a", "three"));
        QCOMPARE(words(), QStringLiteral("three from ~/config/auth.json for r.example/a"));
        QCOMPARE(words("r.example", "c"), QStringLiteral("four from ~/.docker/config.json for r.example"));
        write("run/auth.json", login("r.example", "two"));
        QCOMPARE(words(), QStringLiteral("two from ~/run/auth.json for r.example"));
        m_places.document = login("r.example", "one");
        QCOMPARE(words(), QStringLiteral("one from DOCKER_AUTH_CONFIG for r.example"));
        QCOMPARE(words("other.example"), QString());
        m_store = std::make_shared<OneLogin>();
        QCOMPARE(words("kept.example"), QStringLiteral("keeper from the keychain"));
        QCOMPARE(words(), QStringLiteral("one from DOCKER_AUTH_CONFIG for r.example"));
        QVERIFY(m_warnings.isEmpty());
    }

    void aNamedFileIsTheOnlyOne()
    {
        write(".docker/config.json", login("r.example", "docker"));
        m_places.document = login("r.example", "variable");
        write("mine.json", login("other.example", "mine"));
        m_places.named = in("mine.json");
        QCOMPARE(words(), QString());
        QCOMPARE(words("other.example"), QStringLiteral("mine from ~/mine.json for other.example"));
        m_store = std::make_shared<OneLogin>();
        QCOMPARE(words("kept.example"), QStringLiteral("keeper from the keychain"));
    }

    void aNamedFileThatCannotBeUsedIsAnError_data()
    {
        QTest::addColumn<QByteArray>("text"); // null: there is none
        QTest::newRow("missing") << QByteArray();
        QTest::newRow("broken") << QByteArray("{\"auths\":");
        QTest::newRow("broken entry") << QByteArray(R"({"auths":{"r.example":{"auth":")" COLOPHON_CANARY R"("}}})");
    }

    void aNamedFileThatCannotBeUsedIsAnError()
    {
        QFETCH(QByteArray, text);
        write(".docker/config.json", login("r.example", "docker"));
        if (!text.isNull())
            write("mine.json", text);
        m_places.named = in("mine.json");
        const auto found = find();
        QVERIFY(!found);
        QVERIFY2(found.error().message.contains(QStringLiteral("~/mine.json")), qPrintable(found.error().message));
        QVERIFY(test::canaryIn(found.error().text().toUtf8()).isEmpty());
    }

    void brokenFilesAreSaidAndPassedBy_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no JSON") << QByteArray("{\"auths\": " COLOPHON_CANARY) << QStringLiteral("no JSON from byte");
        QTest::newRow("no object") << QByteArray("[1]") << QStringLiteral("no JSON object");
        QTest::newRow("broken entry") << QByteArray(R"({"auths":{"r.example":{"auth":")" COLOPHON_CANARY R"("}}})")
                                      << QStringLiteral("The entry for r.example");
        QTest::newRow("large") << QByteArray(1024 * 1024 + 1, ' ') << QStringLiteral("larger than 1 MiB");
    }

    void brokenFilesAreSaidAndPassedBy()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, reason);
        write("run/auth.json", text);
        m_places.document = text.size() < 1000 ? text : QByteArray();
        write(".docker/config.json", login("r.example", "docker"));
        if (reason.startsWith(QStringLiteral("The entry")))
            reason = QStringLiteral("In the entry for r.example");
        QCOMPARE(words(), QStringLiteral("docker from ~/.docker/config.json for r.example"));
        QCOMPARE(m_warnings.size(), m_places.document.isEmpty() ? 1 : 2);
        QVERIFY2(m_warnings.last().contains(QStringLiteral("~/run/auth.json")), qPrintable(m_warnings.last()));
        QVERIFY2(m_warnings.last().contains(reason), qPrintable(m_warnings.last()));
        if (m_warnings.size() == 2)
            QVERIFY(m_warnings.first().contains(QStringLiteral("DOCKER_AUTH_CONFIG")));
    }

    void whatIsNoFileIsNotOpened()
    {
        QDir(m_home->path()).mkpath(QStringLiteral("run/auth.json"));
        QCOMPARE(words(), QString());
        QCOMPARE(m_warnings.size(), 1);
        QVERIFY(m_warnings.first().contains(QStringLiteral("no file")));
    }

    void aFileThatOthersCanReadIsSaid()
    {
        write(".docker/config.json", login("r.example", "docker"), QFile::ReadOwner | QFile::ReadOther);
        QCOMPARE(words(), QStringLiteral("docker from ~/.docker/config.json for r.example"));
        QCOMPARE(m_warnings.size(), 1);
        QVERIFY(m_warnings.first().contains(QStringLiteral("chmod 600")));
        m_warnings.clear();
        write(".docker/config.json", R"({"credsStore":"none"})", QFile::ReadOwner | QFile::ReadOther);
        m_helpers->write(QStringLiteral("none"), "echo 'credentials not found in native keychain'; exit 1");
        QCOMPARE(words(), QString());
        QVERIFY(m_warnings.isEmpty()); // no secret in it
    }

    void helpersAreAsked()
    {
        m_helpers->write(QStringLiteral("store"), "stored", COLOPHON_CANARY);
        m_helpers->write(QStringLiteral("one"), "helped", COLOPHON_CANARY);
        write(".docker/config.json",
              R"({"auths":{"r.example":{}},"credsStore":"store","credHelpers":{"h.example":"one"}})");
        QCOMPARE(words(), QStringLiteral("stored from ~/.docker/config.json via helper store for r.example"));
        QCOMPARE(words("h.example"), QStringLiteral("helped from ~/.docker/config.json via helper one for h.example"));
        QCOMPARE(m_helpers->input(QStringLiteral("one")), QByteArray("h.example"));
        QCOMPARE(words("docker.io", "library/x"),
                 QStringLiteral("stored from ~/.docker/config.json via helper store for docker.io"));
        QCOMPARE(m_helpers->input(QStringLiteral("store")), QByteArray("r.examplehttps://index.docker.io/v1/"));
        // podman's own file names a helper too, and no store.
        write("run/auth.json", R"({"credsStore":"one","credHelpers":{"p.example":"one"}})");
        QCOMPARE(words("p.example"), QStringLiteral("helped from ~/run/auth.json via helper one for p.example"));
        QCOMPARE(words(), QStringLiteral("stored from ~/.docker/config.json via helper store for r.example"));
    }

    // CVE-2021-41092: a helper that is missing must not make anybody sign in elsewhere or as somebody else.
    void aHelperThatFailsStopsTheSearch_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QString>("helper");
        QTest::newRow("store") << QByteArray(R"({"credsStore":"missing",)")
                               << QStringLiteral("docker-credential-missing");
        QTest::newRow("helper") << QByteArray(R"({"credHelpers":{"r.example":"gone"},)")
                                << QStringLiteral("docker-credential-gone");
        QTest::newRow("path") << QByteArray(R"({"credsStore":"../../tmp/x",)") << QStringLiteral("../../tmp/x");
    }

    void aHelperThatFailsStopsTheSearch()
    {
        QFETCH(QByteArray, config);
        QFETCH(QString, helper);
        const QByteArray auths =
            "\"auths\":{\"r.example\":{\"auth\":\"" + QByteArray("user:" COLOPHON_CANARY).toBase64() + "\"}}}";
        write(".docker/config.json", config + auths);
        write(".dockercfg", "{\"r.example\":{\"auth\":\"" + QByteArray("old:" COLOPHON_CANARY).toBase64() + "\"}}");
        const auto found = find();
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::Unauthorized);
        QVERIFY2(found.error().message.contains(helper), qPrintable(found.error().message));
        QVERIFY2(found.error().message.contains(QStringLiteral("~/.docker/config.json")),
                 qPrintable(found.error().message));
    }

    // credential-helpers of registries.conf: the order among podman's helpers and files; Docker's files come last.
    void registriesConfOrdersPodmansPlaces()
    {
        m_helpers->write(QStringLiteral("one"), "helped", COLOPHON_CANARY);
        m_helpers->write(QStringLiteral("none"), "echo 'credentials not found in native keychain'; exit 1");
        m_places.orderedBy = in("registries.conf");
        write("run/auth.json", login("r.example", "filed"));
        write(".docker/config.json", login("r.example", "docker"));
        const QString helped = QStringLiteral("helped from ~/registries.conf via helper one for r.example");
        const QString filed = QStringLiteral("filed from ~/run/auth.json for r.example");

        m_places.order = QStringList{QStringLiteral("one"), CredentialPlaces::podmansFiles()};
        QCOMPARE(words(), helped);
        QCOMPARE(m_helpers->input(QStringLiteral("one")), QByteArray("r.example"));
        m_places.order = QStringList{CredentialPlaces::podmansFiles(), QStringLiteral("one")};
        QCOMPARE(words(), filed);
        QCOMPARE(words("h.example"), QStringLiteral("helped from ~/registries.conf via helper one for h.example"));
        m_places.order = QStringList{QStringLiteral("none"), CredentialPlaces::podmansFiles()};
        QCOMPARE(words(), filed);
        m_places.order = QStringList{QStringLiteral("none")}; // without podman's files
        QCOMPARE(words(), QStringLiteral("docker from ~/.docker/config.json for r.example"));

        m_places.order = QStringList{QStringLiteral("gone"), CredentialPlaces::podmansFiles()};
        const auto found = find();
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::Unauthorized);
        QVERIFY2(found.error().message.contains(QStringLiteral("~/registries.conf")),
                 qPrintable(found.error().message));
        // A file that was named is the only one all the same.
        write("mine.json", login("r.example", "mine"));
        m_places.named = in("mine.json");
        QCOMPARE(words(), QStringLiteral("mine from ~/mine.json for r.example"));
    }

    void aHelperForAnotherRegistryIsNotAsked()
    {
        m_helpers->write(QStringLiteral("one"), "helped", COLOPHON_CANARY);
        write(".docker/config.json", R"({"credHelpers":{"a.example":"one"}})");
        QCOMPARE(words("b.example"), QString());
        QVERIFY(m_helpers->arguments(QStringLiteral("one")).isEmpty());
    }

    void aLockedKeychainIsSaidAndPassedBy()
    {
        m_store = std::make_shared<OneLogin>();
        m_store->isLocked = true;
        write(".docker/config.json", login("r.example", "docker"));
        QCOMPARE(words(), QStringLiteral("docker from ~/.docker/config.json for r.example"));
        QCOMPARE(m_warnings, QStringList{QStringLiteral("The keychain is locked.")});
    }

    void placesFollowTheEnvironment()
    {
        const auto set = [](const char *name, const QByteArray &value) { qputenv(name, value); };
        set("HOME", "/home/me");
        for (const char *name :
             {"XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "DOCKER_AUTH_CONFIG"})
            qunsetenv(name);
        set("PATH", "/usr/bin:.::relative:/bin");
        auto places = CredentialPlaces::ofThisUser();
        const auto paths = [&places] {
            QStringList all;
            for (const auto &each : std::as_const(places.files))
                all.append(each.path);
            return all;
        };
        QVERIFY(places.named.isEmpty());
        QCOMPARE(places.programs, QStringList({QStringLiteral("/usr/bin"), QStringLiteral("/bin")}));
        QVERIFY(paths().first().startsWith(QStringLiteral("/run/containers/")));
        QCOMPARE(paths().mid(1),
                 QStringList({QStringLiteral("/home/me/.config/containers/auth.json"),
                              QStringLiteral("/home/me/.docker/config.json"), QStringLiteral("/home/me/.dockercfg")}));
        set("XDG_RUNTIME_DIR", "/run/user/7");
        set("XDG_CONFIG_HOME", "/cfg");
        set("DOCKER_CONFIG", "/dk");
        set("REGISTRY_AUTH_FILE", "/named");
        set("DOCKER_AUTH_CONFIG", "{}");
        places = CredentialPlaces::ofThisUser();
        QCOMPARE(paths(), QStringList({QStringLiteral("/run/user/7/containers/auth.json"),
                                       QStringLiteral("/cfg/containers/auth.json"), QStringLiteral("/dk/config.json"),
                                       QStringLiteral("/home/me/.dockercfg")}));
        QCOMPARE(places.named, QStringLiteral("/named"));
        QCOMPARE(places.document, QByteArray("{}"));
        QCOMPARE(CredentialPlaces::ofThisUser(QStringLiteral("/flag")).named, QStringLiteral("/flag"));
        QCOMPARE(places.shown(QStringLiteral("/home/me/.docker/config.json")), QStringLiteral("~/.docker/config.json"));
        QCOMPARE(places.shown(QStringLiteral("/home/meme/x")), QStringLiteral("/home/meme/x"));
    }
};

QTEST_GUILESS_MAIN(TestCredentialFinder)
#include "tst_credentialfinder.moc"
