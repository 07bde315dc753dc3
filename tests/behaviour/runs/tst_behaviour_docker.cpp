// SPDX-License-Identifier: Apache-2.0
// What Docker's daemon does with each marking, watched at work: Debian's 20.10, and the 29 line with both of its image
// stores.

#include "behaviour/runs/daemon.h"
#include "behaviour/runs/ownmounts.h"
#include "behaviour/runs/versions.h"
#include "behaviour/runs/watch.h"
#include "support/peers.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <map>
#include <memory>

using namespace colophon;
using test::Address;
using test::Cell;
using test::Kind;
using test::Ran;
using test::Scene;
using test::Side;

namespace {
const QString family = QStringLiteral("docker");
const QString ofBase = QStringLiteral("of a base image");
const QByteArray labelling("LABEL built=yes"); // needs no file of the base image
const QByteArray copying("COPY Dockerfile /"); // is laid upon them
} // namespace

// At the head of a test: the 29 line and its containerd come from tests/peers.
#define NEED_DAEMON(daemon)                                                                                            \
    do {                                                                                                               \
        if ((daemon) != QLatin1String("20")) {                                                                         \
            COLOPHON_NEED_PEER("dockerd29");                                                                           \
            COLOPHON_NEED_PEER("containerd2");                                                                         \
            COLOPHON_NEED_PEER("ctr2");                                                                                \
        }                                                                                                              \
    } while (false)

class TestBehaviourDocker : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        test::Watch::forget(family);
        COLOPHON_NEED_ROOT();
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PROGRAM("dockerd");
        COLOPHON_NEED_PROGRAM("containerd");
        COLOPHON_NEED_PROGRAM("curl");
        const QString trouble = test::takeOwnMounts();
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_watch = std::make_unique<test::Watch>(family);
        QVERIFY2(m_watch->problem().isEmpty(), qPrintable(m_watch->problem()));
        startContainerd(1, test::programOnPath(QStringLiteral("containerd")),
                        test::programOnPath(QStringLiteral("ctr")));
        start("20", "docker-linux", test::programOnPath(QStringLiteral("dockerd")), 1,
              {QStringLiteral("--storage-driver=vfs")});
        const QString dockerd = test::peer(QStringLiteral("dockerd29"));
        const QString containerd = test::peer(QStringLiteral("containerd2"));
        const QString ctr = test::peer(QStringLiteral("ctr2"));
        if (dockerd.isEmpty() || containerd.isEmpty() || ctr.isEmpty())
            return;
        startContainerd(2, containerd, ctr);
        m_buildKit = buildKitIn(dockerd) + QStringLiteral(" (in Docker's daemon)");
        QVERIFY(m_buildKit.at(0).isDigit());
        start("29", "docker-containerd", dockerd, 2, {QStringLiteral("--storage-driver=native")});
        start("29 graphdriver", "docker-linux", dockerd, 2,
              {QStringLiteral("--feature"), QStringLiteral("containerd-snapshotter=false"),
               QStringLiteral("--storage-driver=vfs")});
    }
    void cleanupTestCase()
    {
        m_daemons.clear();
        m_containerds.clear();
        m_watch.reset();
    }

    void pull_data() { addDaemons(); }
    void pull()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, daemon);
        NEED_DAEMON(daemon);
        m_watch->fetch(
            cell(daemon, "pull"), *kind, [&](Scene &scene) { return pulled(daemon, scene); },
            [&](const Scene &scene) {
                return ask(daemon, "GET", QStringLiteral("/images/%1/json").arg(scene.source)).exitCode == 0;
            });
    }

    void addressesThatFail_data() { test::addFaults(); }
    void addressesThatFail()
    {
        QFETCH(const Kind *, kind);
        QFETCH(Address, address);
        const QString daemon = QStringLiteral("29");
        NEED_DAEMON(daemon);
        m_watch->fault(cell(daemon, "pull"), *kind, address, [&](Scene &scene) { return pulled(daemon, scene); });
    }

    void push_data() { addDaemons(test::allKinds()); }
    void push()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, daemon);
        NEED_DAEMON(daemon);
        m_watch->copy(cell(daemon, "push"), *kind, [&](Scene &scene) {
            if (Ran failed = pulled(daemon, scene); failed.exitCode != 0)
                return failed;
            if (Ran failed =
                    ask(daemon, "POST",
                        QStringLiteral("/images/%1/tag?repo=%2&tag=1").arg(scene.source, untagged(scene.target)));
                failed.exitCode != 0)
                return failed;
            return pushed(daemon, scene);
        });
    }

    void save_data() { addDaemons(); }
    void save()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, daemon);
        NEED_DAEMON(daemon);
        const auto file = [this](const Scene &scene) {
            return m_watch->stage().folder(scene.name) + QStringLiteral("/image.tar");
        };
        m_watch->save(
            cell(daemon, "save"), *kind,
            [&](Scene &scene) {
                if (Ran failed = pulled(daemon, scene); failed.exitCode != 0)
                    return failed;
                return ask(daemon, "GET", QStringLiteral("/images/%1/get").arg(scene.source),
                           {QStringLiteral("-o"), file(scene)});
            },
            [&](const Scene &scene) { return test::archiveHoldsLayer(file(scene), scene); });
    }

    // What an older one loads has no markings.
    void load_data() { test::addKinds(test::packedKinds()); }
    void load()
    {
        QFETCH(const Kind *, kind);
        const QString daemon = QStringLiteral("29");
        NEED_DAEMON(daemon);
        m_watch->load(
            cell(daemon, "load"), *kind,
            [&](const Scene &scene, const QString &archive) {
                if (Ran failed = ask(daemon, "POST", QStringLiteral("/images/load"),
                                     {QStringLiteral("-H"), QStringLiteral("Content-Type: application/x-tar"),
                                      QStringLiteral("--data-binary"), u'@' + archive});
                    failed.exitCode != 0)
                    return failed;
                // It ends well with an image that is of no use: one is that a container can be made of.
                return ask(daemon, "POST", QStringLiteral("/containers/create"),
                           {QStringLiteral("-H"), QStringLiteral("Content-Type: application/json"),
                            QStringLiteral("--data-binary"),
                            QStringLiteral("{\"Image\":\"%1\"}").arg(scene.image.image.root.digest.toString())});
            },
            [&](const Scene &scene) { return holds(scene); });
    }

    // A base image with the layer, and one more instruction, by the builder inside the daemon.
    void build_data() { addDaemons(); }
    void build()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, daemon);
        NEED_DAEMON(daemon);
        m_watch->copy(cell(daemon, "build"), *kind, [&](Scene &scene) {
            if (Ran failed = pulled(daemon, scene); failed.exitCode != 0)
                return failed;
            if (Ran failed = built(daemon, scene, QStringLiteral("/build?t=%1").arg(scene.target));
                failed.exitCode != 0)
                return failed;
            return pushed(daemon, scene);
        });
    }

    // The same by the BuildKit inside the daemon, which is what docker build has used since 23. It finds the base image
    // at the registry; credentials for that would come from the command, so it needs none here.
    void buildKit_data() { addBuildKit(); }
    void buildKit()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, option);
        NEED_DAEMON(QStringLiteral("29"));
        m_watch->stage().hosts().setGuarded(false);
        m_watch->copy({QStringLiteral("buildkit"), m_buildKit, QStringLiteral("build"), option}, *kind,
                      [&](Scene &scene) { return builtByBuildKit(scene, option, true, labelling); });
        m_watch->stage().hosts().setGuarded(true);
    }
    // Where it gets the layer of a base image from depends on whether it has to open it.
    void buildKitFetches_data()
    {
        QTest::addColumn<const Kind *>("kind");
        QTest::addColumn<QString>("option");
        QTest::addColumn<QByteArray>("instruction");
        for (const Kind *kind : test::packedKinds()) {
            QTest::addRow("opened, %s", kind->name) << kind << ofBase << copying;
            QTest::addRow("unopened, %s", kind->name)
                << kind << ofBase + QStringLiteral(" that no step opens") << labelling;
        }
    }
    void buildKitFetches()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, option);
        QFETCH(QByteArray, instruction);
        NEED_DAEMON(QStringLiteral("29"));
        m_watch->stage().hosts().setGuarded(false);
        m_watch->fetch(
            {QStringLiteral("buildkit"), m_buildKit, QStringLiteral("pull"), option}, *kind,
            [&](Scene &scene) { return builtByBuildKit(scene, {}, false, instruction); },
            [&](const Scene &scene) { return holds(scene); });
        m_watch->stage().hosts().setGuarded(true);
    }
    void buildKitWithAddressesThatFail_data() { test::addFaults(); }
    void buildKitWithAddressesThatFail()
    {
        QFETCH(const Kind *, kind);
        QFETCH(Address, address);
        NEED_DAEMON(QStringLiteral("29"));
        m_watch->stage().hosts().setGuarded(false);
        m_watch->fault({QStringLiteral("buildkit"), m_buildKit, QStringLiteral("pull"), ofBase}, *kind, address,
                       [&](Scene &scene) { return builtByBuildKit(scene, {}, false, copying); });
        m_watch->stage().hosts().setGuarded(true);
    }

private:
    struct Running
    {
        QString client; // in the data
        QString version;
        std::unique_ptr<test::Dockerd> daemon;
    };

    static void addDaemons(const QList<const Kind *> &kinds = test::packedKinds())
    {
        QTest::addColumn<const Kind *>("kind");
        QTest::addColumn<QString>("daemon");
        for (const char *daemon : {"20", "29", "29 graphdriver"}) {
            for (const Kind *kind : kinds)
                QTest::addRow("%s, %s", daemon, kind->name) << kind << QString::fromLatin1(daemon);
        }
    }

    static void addBuildKit()
    {
        QTest::addColumn<const Kind *>("kind");
        QTest::addColumn<QString>("option");
        for (const char *option : {"", "prefer-nondist-layers=true"}) {
            for (const Kind *kind : test::packedKinds())
                QTest::addRow("%s, %s", option, kind->name) << kind << QString::fromLatin1(option);
        }
    }

    void startContainerd(int line, const QString &containerd, const QString &ctr)
    {
        auto daemon = std::make_unique<test::Containerd>(
            line, containerd, ctr, m_watch->stage().folder(QStringLiteral("containerd%1").arg(line)),
            m_watch->stage().environment());
        QVERIFY2(daemon->problem().isEmpty(), qPrintable(daemon->problem()));
        m_containerds[line] = std::move(daemon);
    }
    void start(const char *name, const char *client, const QString &program, int containerd, const QStringList &options)
    {
        const QString folder = QString::fromLatin1(name).replace(u' ', u'-');
        Running running{QLatin1String(client),
                        {},
                        std::make_unique<test::Dockerd>(program, m_containerds.at(containerd)->address(), options,
                                                        m_watch->stage().folder(folder),
                                                        m_watch->stage().environment())};
        QVERIFY2(running.daemon->problem().isEmpty(), qPrintable(running.daemon->problem()));
        const Ran said = running.daemon->ask(QStringLiteral("GET"), QStringLiteral("/version"));
        running.version = versionIn(said.out);
        QVERIFY2(!running.version.isEmpty(), said.out.constData());
        m_daemons[QString::fromLatin1(name)] = std::move(running);
    }

    // Built as a Go module it does not know what Docker calls this version: it is the module's.
    static QString versionIn(const QByteArray &json)
    {
        const QJsonDocument said = QJsonDocument::fromJson(json);
        const auto numbers = [](const QString &text) {
            static const QRegularExpression pattern(QStringLiteral("^v?(\\d+\\.\\d+\\.\\d+(-beta\\.\\d+)?)"));
            return pattern.match(text).captured(1);
        };
        const QString docker = numbers(said[QStringLiteral("Version")].toString());
        const QString module =
            numbers(said[QStringLiteral("Components")][0][QStringLiteral("Details")][QStringLiteral("ModuleVersion")]
                        .toString());
        return !docker.isEmpty() || module.isEmpty() ? docker : QStringLiteral("29 (moby/v2 %1)").arg(module);
    }

    // The daemon does not say it, but Go keeps the versions of all modules in the program.
    static QString buildKitIn(const QString &dockerd)
    {
        QFile file(dockerd);
        const uchar *bytes = file.open(QIODevice::ReadOnly) ? file.map(0, file.size()) : nullptr;
        if (!bytes)
            return {};
        const auto program = QByteArray::fromRawData(reinterpret_cast<const char *>(bytes), file.size());
        const QByteArray name("dep\tgithub.com/moby/buildkit\tv");
        const qsizetype at = program.indexOf(name);
        const qsizetype end = at < 0 ? at : program.indexOf('\t', at + name.size());
        return end < 0
                   ? QString()
                   : QString::fromLatin1(QByteArray(program.constData() + at + name.size(), end - at - name.size()));
    }

    Cell cell(const QString &daemon, const char *operation) const
    {
        const Running &running = m_daemons.at(daemon);
        return {running.client, running.version, QLatin1String(operation)};
    }
    Ran ask(const QString &daemon, const char *method, const QString &path, const QStringList &more = {}) const
    {
        return m_daemons.at(daemon).daemon->ask(QLatin1String(method), path, more);
    }
    // Whether the store of the 29 line has the layer.
    bool holds(const Scene &scene) const
    {
        const Ran ran =
            m_containerds.at(2)->ctr({QStringLiteral("--namespace"), QStringLiteral("moby"), QStringLiteral("content"),
                                      QStringLiteral("get"), scene.image.marked.digest.toString()});
        return ran.out == scene.image.image.bytesOf(scene.image.marked.digest);
    }
    Ran builtByBuildKit(const Scene &scene, const QString &option, bool isPushed, const QByteArray &instruction) const
    {
        QJsonObject attributes{{QStringLiteral("name"), scene.target}};
        if (isPushed)
            attributes.insert(QStringLiteral("push"), QStringLiteral("true"));
        if (!option.isEmpty())
            attributes.insert(option.section(u'=', 0, 0), option.section(u'=', 1));
        const QJsonArray outputs{
            QJsonObject{{QStringLiteral("Type"), QStringLiteral("image")}, {QStringLiteral("Attrs"), attributes}}};
        const QByteArray json = QJsonDocument(outputs).toJson(QJsonDocument::Compact);
        return built(QStringLiteral("29"), scene,
                     QStringLiteral("/build?version=2&outputs=") + QString::fromLatin1(json.toPercentEncoding()),
                     instruction);
    }
    // What `how` makes of a base image and one more instruction.
    Ran built(const QString &daemon, const Scene &scene, const QString &how,
              const QByteArray &instruction = labelling) const
    {
        const QString folder = m_watch->stage().folder(scene.name);
        QFile file(folder + QStringLiteral("/Dockerfile"));
        if (file.open(QIODevice::WriteOnly))
            file.write("FROM " + scene.source.toLatin1() + '\n' + instruction + '\n');
        file.close();
        return ask(daemon, "POST", how,
                   {QStringLiteral("-H"), QStringLiteral("Content-Type: application/x-tar"),
                    QStringLiteral("--data-binary"), u'@' + m_watch->archiveOf(folder)});
    }
    static QString untagged(const QString &reference) { return reference.left(reference.lastIndexOf(u':')); }
    // The header in which the command hands credentials over.
    static QStringList credentials(const QByteArray &json)
    {
        return {QStringLiteral("-H"), QStringLiteral("X-Registry-Auth: ") +
                                          QString::fromLatin1(json.toBase64(QByteArray::Base64UrlEncoding))};
    }
    Ran pulled(const QString &daemon, const Scene &scene) const
    {
        return ask(daemon, "POST", QStringLiteral("/images/create?fromImage=%1&tag=1").arg(untagged(scene.source)),
                   credentials("{\"username\":\"" + test::Hosts::user().toLatin1() + "\",\"password\":\"" +
                               test::Hosts::password().toLatin1() + "\",\"serveraddress\":\"" +
                               m_watch->stage().hosts().host(Side::Source).toLatin1() + "\"}"));
    }
    Ran pushed(const QString &daemon, const Scene &scene) const
    {
        return ask(daemon, "POST", QStringLiteral("/images/%1/push?tag=1").arg(untagged(scene.target)),
                   credentials("{}"));
    }

    std::unique_ptr<test::Watch> m_watch;
    QString m_buildKit; // its version in the 29 line
    std::map<int, std::unique_ptr<test::Containerd>> m_containerds;
    std::map<QString, Running> m_daemons;
};

QTEST_GUILESS_MAIN(TestBehaviourDocker)
#include "tst_behaviour_docker.moc"
