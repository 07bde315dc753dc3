// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/credentialplaces.h"
#include "registry/trust/registriesconf.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;
using registry::trust::RegistriesConf;

namespace {

oci::Reference at(const QString &text) { return *oci::Reference::parse(text); }

} // namespace

class TestRegistriesConf : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    QString write(const QString &name, const QByteArray &text)
    {
        const QString path = m_folder->filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("A file of the test cannot be written.");
        return path;
    }

    RegistriesConf conf(const QByteArray &text)
    {
        auto read = RegistriesConf::read({write(QStringLiteral("registries.conf"), text)});
        if (!read)
            qFatal("%s", qPrintable(read.error().text()));
        return *read;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void theLongestPrefixCounts_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<QString>("prefix"); // empty: no rule
        const auto row = [](const char *image, const char *prefix) {
            QTest::newRow(image) << QString::fromLatin1(image) << QString::fromLatin1(prefix);
        };
        row("registry.example/app:1", "registry.example");
        row("registry.example/vendor/other", "registry.example/vendor");
        row("registry.example/vendor/app/deep:1", "registry.example/vendor/app");
        row("registry.example/vendor/app:tag", "registry.example/vendor/app:tag");
        row("registry.example/vendor/app:tags", "registry.example/vendor/app");
        row("registry.example/vendors/app", "registry.example");
        row("registry.example:5000/app", "");
        row("other.registry.example/app", "*.registry.example");
        row("a.b.registry.example/app", "*.registry.example");
        row("a.registry.example:5000/app", "*.registry.example");
        row("otherregistry.example/app", "");
        row("evil.com/a.registry.example/app", "");
        row("alpine", "docker.io/library");
        row("docker.io/vendor/app", "");
        row("located.example/app", "located.example");
    }

    void theLongestPrefixCounts()
    {
        QFETCH(QString, image);
        const auto all = conf(R"(
[[registry]]
prefix = "registry.example"
[[registry]]
prefix = "registry.example/vendor/"
[[registry]]
prefix = "registry.example/vendor/app"
[[registry]]
prefix = "registry.example/vendor/app:tag"
[[registry]]
prefix = "*.registry.example"
[[registry]]
prefix = "docker.io/library"
[[registry]]
location = "located.example"
)");
        const auto *rule = all.ruleFor(at(image));
        QTEST(rule ? rule->prefix : QString(), "prefix");
    }

    void whereImagesAreRead_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<QStringList>("places"); // in order; "!" before an insecure one
        const QString digest = QStringLiteral("@sha256:") + QString(64, u'a');
        QTest::newRow("mirrors, then itself") << QStringLiteral("registry.example/vendor/app:1")
                                              << QStringList{QStringLiteral("!mirror.example:5000/cache/vendor/app:1"),
                                                             QStringLiteral("tags.example/vendor/app:1"),
                                                             QStringLiteral("registry.example/vendor/app:1")};
        QTest::newRow("by digest") << (QStringLiteral("registry.example/vendor/app") + digest)
                                   << QStringList{QStringLiteral("!mirror.example:5000/cache/vendor/app") + digest,
                                                  QStringLiteral("digests.example/vendor/app") + digest,
                                                  QStringLiteral("registry.example/vendor/app") + digest};
        QTest::newRow("moved") << QStringLiteral("old.example/team/app:1")
                               << QStringList{QStringLiteral("new.example/ours/app:1")};
        QTest::newRow("by digest only, for a tag")
            << QStringLiteral("careful.example/app:1") << QStringList{QStringLiteral("careful.example/app:1")};
        QTest::newRow("by digest only, for a digest") << (QStringLiteral("careful.example/app") + digest)
                                                      << QStringList{QStringLiteral("mirror.example/app") + digest,
                                                                     QStringLiteral("careful.example/app") + digest};
        QTest::newRow("no rule") << QStringLiteral("free.example/app:1")
                                 << QStringList{QStringLiteral("free.example/app:1")};
    }

    void whereImagesAreRead()
    {
        QFETCH(QString, image);
        const auto all = conf(R"(
[[registry]]
location = "registry.example"
[[registry.mirror]]
location = "mirror.example:5000/cache"
insecure = true
[[registry.mirror]]
location = "digests.example"
pull-from-mirror = "digest-only"
[[registry.mirror]]
location = "tags.example"
pull-from-mirror = "tag-only"
[[registry]]
prefix = "old.example/team"
location = "new.example/ours"
[[registry]]
location = "careful.example"
mirror-by-digest-only = true
[[registry.mirror]]
location = "mirror.example"
)");
        QStringList places;
        for (const auto &source : all.sourcesOf(at(image))) {
            places.append((source.isInsecure ? QStringLiteral("!") : QString()) + source.reference.toString());
            QCOMPARE(source.isOwn, source.reference == at(image));
        }
        QTEST(places, "places");
    }

    void laterFilesOverride()
    {
        const QString main = write(QStringLiteral("a.conf"), R"(
unqualified-search-registries = ["one.example", "two.example"]
[[registry]]
location = "registry.example"
blocked = true
[aliases]
"app" = "one.example/app"
"gone" = "one.example/gone"
)");
        const QString dropIn = write(QStringLiteral("b.conf"), R"(
unqualified-search-registries = ["three.example"]
[[registry]]
location = "registry.example"
insecure = true
[aliases]
"app" = "three.example/app"
"gone" = ""
)");
        const auto all = RegistriesConf::read({main, m_folder->filePath(QStringLiteral("missing.conf")), dropIn});
        QVERIFY2(all, all ? "" : qPrintable(all.error().text()));
        const auto *rule = all->ruleFor(at(QStringLiteral("registry.example/app")));
        QVERIFY(rule);
        QVERIFY(!rule->isBlocked);
        QVERIFY(rule->place.isInsecure);
        QCOMPARE(rule->file, dropIn);
        QCOMPARE(all->named(QStringLiteral("app:1"))->reference.toString(), QStringLiteral("three.example/app:1"));
        QCOMPARE(all->named(QStringLiteral("gone"))->reference.toString(), QStringLiteral("three.example/gone:latest"));
    }

    void shortNames_data()
    {
        QTest::addColumn<QByteArray>("searched");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("reference"); // empty: refused
        QTest::addColumn<bool>("isSaid");
        const QByteArray none;
        const QByteArray one = "unqualified-search-registries = [\"one.example\"]\n";
        const QByteArray two = "unqualified-search-registries = [\"one.example\", \"docker.io\"]\n";
        const QString digest = QStringLiteral("@sha256:") + QString(64, u'a');
        QTest::newRow("full") << two << QStringLiteral("r.example/app:1") << QStringLiteral("r.example/app:1") << false;
        QTest::newRow("alias") << two << QStringLiteral("short:1") << QStringLiteral("long.example/name:1") << true;
        QTest::newRow("alias by digest") << two << (QStringLiteral("short") + digest)
                                         << (QStringLiteral("long.example/name") + digest) << true;
        QTest::newRow("pasted alias") << two << QStringLiteral("podman pull short")
                                      << QStringLiteral("long.example/name:latest") << true;
        QTest::newRow("Docker's") << none << QStringLiteral("app") << QStringLiteral("docker.io/library/app:latest")
                                  << true;
        QTest::newRow("the one") << one << QStringLiteral("team/app") << QStringLiteral("one.example/team/app:latest")
                                 << true;
        QTest::newRow("one of two") << two << QStringLiteral("app") << QString() << false;
        QTest::newRow("no reference") << one << QStringLiteral("App") << QString() << false;
    }

    void shortNames()
    {
        QFETCH(QByteArray, searched);
        QFETCH(QString, typed);
        QFETCH(bool, isSaid);
        const auto all = conf(searched + "[aliases]\nshort = \"long.example/name\"\n");
        const auto named = all.named(typed);
        QTEST(named ? named->reference.toString() : QString(), "reference");
        if (named) {
            QCOMPARE(!named->remark.isEmpty(), isSaid);
            QVERIFY(!isSaid || named->remark.contains(named->reference.toString()));
        } else {
            QCOMPARE(named.error().kind, base::ErrorKind::Usage);
        }
    }

    void saysWhatCouldBeMeant()
    {
        const auto all = conf("unqualified-search-registries = [\"one.example\", \"docker.io\"]\n");
        const auto named = all.named(QStringLiteral("app:1"));
        QVERIFY(!named);
        QVERIFY(named.error().hint.contains(QStringLiteral("one.example/app:1")));
        QVERIFY(named.error().hint.contains(QStringLiteral("docker.io/app:1")));
    }

    void brokenFiles_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("word");
        QTest::newRow("no TOML") << QByteArray("a = 1\n[[registry\n") << QStringLiteral("line 2");
        QTest::newRow("version 1") << QByteArray("[registries.search]\nregistries = ['a']\n")
                                   << QStringLiteral("version 1");
        QTest::newRow("nothing named") << QByteArray("[[registry]]\nblocked = true\n") << QStringLiteral("prefix");
        QTest::newRow("scheme") << QByteArray("[[registry]]\nlocation = 'https://a.b'\n")
                                << QStringLiteral("https://a.b");
        QTest::newRow("mirror of nowhere")
            << QByteArray("[[registry]]\nlocation = 'a.b'\n[[registry.mirror]]\ninsecure = true\n")
            << QStringLiteral("mirror");
        QTest::newRow("word") << QByteArray("[[registry]]\nlocation='a.b'\n[[registry.mirror]]\nlocation='c.d'\n"
                                            "pull-from-mirror='some'\n")
                              << QStringLiteral("some");
        QTest::newRow("star and path") << QByteArray("[[registry]]\nprefix='*.a/b'\n") << QStringLiteral("star");
        QTest::newRow("no tables") << QByteArray("registry = [1]\n") << QStringLiteral("table");
        QTest::newRow("deep") << QByteArray("a = ") + QByteArray(10'000, '[') << QStringLiteral("line 1");
    }

    void brokenFiles()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, word);
        const QString path = write(QStringLiteral("registries.conf"), text);
        const auto read = RegistriesConf::read({path});
        QVERIFY(!read);
        QCOMPARE(read.error().kind, base::ErrorKind::InvalidData);
        QVERIFY2(read.error().message.contains(path), qPrintable(read.error().message));
        QVERIFY2(read.error().message.contains(word), qPrintable(read.error().message));
    }

    void credentialHelpers()
    {
        QVERIFY(conf("").credentialHelpers().isEmpty());
        const QString first = write(QStringLiteral("first.conf"), "credential-helpers = [\"old\"]\n");
        const QString second = write(QStringLiteral("second.conf"),
                                     "credential-helpers = [\"secretservice\", \"containers-auth.json\"]\n");
        const auto read = RegistriesConf::read({first, second});
        QVERIFY(read);
        QCOMPARE(read->credentialHelpers(),
                 (QStringList{QStringLiteral("secretservice"), registry::auth::CredentialPlaces::podmansFiles()}));
        QCOMPARE(read->helpersFile(), second);
    }

    void theVariableNamesTheOnlyFile()
    {
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("CONTAINERS_REGISTRIES_CONF"), QStringLiteral("/a/b.conf"));
        QCOMPARE(RegistriesConf::standardFiles(environment), QStringList{QStringLiteral("/a/b.conf")});
    }

    void whichFilesCount()
    {
        const QByteArray before = qgetenv("HOME");
        qputenv("HOME", m_folder->path().toLocal8Bit());
        QProcessEnvironment environment;
        const QStringList system = RegistriesConf::standardFiles(environment);
        const QString folder = QStringLiteral(".config/containers/");
        const QString own = write(folder + QStringLiteral("registries.conf"), {});
        const QString second = write(folder + QStringLiteral("registries.conf.d/20.conf"), {});
        const QString first = write(folder + QStringLiteral("registries.conf.d/10.conf"), {});
        write(folder + QStringLiteral("registries.conf.d/README"), {});
        const QStringList files = RegistriesConf::standardFiles(environment);
        qputenv("HOME", before);
        QCOMPARE(system.constFirst(), QStringLiteral("/etc/containers/registries.conf"));
        const QStringList expected{own, first, second,
                                   m_folder->filePath(QStringLiteral(".cache/containers/short-name-aliases.conf"))};
        QCOMPARE(files, expected);
    }
};

QTEST_GUILESS_MAIN(TestRegistriesConf)
#include "tst_registriesconf.moc"
