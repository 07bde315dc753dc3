// SPDX-License-Identifier: Apache-2.0
// What Docker's daemon does with each marking, watched at work: Debian's 20.10, and the 29 line with both of its image
// stores.

#include "behaviour/runs/daemon.h"
#include "behaviour/runs/ownmounts.h"
#include "behaviour/runs/versions.h"
#include "behaviour/runs/watch.h"
#include "support/peers.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

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
}

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

    void push_data() { addDaemons(); }
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
            const QString folder = m_watch->stage().folder(scene.name);
            QFile file(folder + QStringLiteral("/Dockerfile"));
            if (file.open(QIODevice::WriteOnly))
                file.write("FROM " + scene.source.toLatin1() + "\nLABEL built=yes\n");
            file.close();
            const QString context = folder + QStringLiteral("/context.tar");
            test::run(QStringLiteral("tar"),
                      {QStringLiteral("-cf"), context, QStringLiteral("-C"), folder, QStringLiteral("Dockerfile")},
                      m_watch->stage().environment());
            if (Ran failed = ask(daemon, "POST", QStringLiteral("/build?t=%1").arg(scene.target),
                                 {QStringLiteral("-H"), QStringLiteral("Content-Type: application/x-tar"),
                                  QStringLiteral("--data-binary"), u'@' + context});
                failed.exitCode != 0)
                return failed;
            return pushed(daemon, scene);
        });
    }

private:
    struct Running
    {
        QString client; // in the data
        QString version;
        std::unique_ptr<test::Dockerd> daemon;
    };

    static void addDaemons()
    {
        QTest::addColumn<const Kind *>("kind");
        QTest::addColumn<QString>("daemon");
        for (const char *daemon : {"20", "29", "29 graphdriver"}) {
            for (const Kind *kind : test::storedKinds())
                QTest::addRow("%s, %s", daemon, kind->name) << kind << QString::fromLatin1(daemon);
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

    Cell cell(const QString &daemon, const char *operation) const
    {
        const Running &running = m_daemons.at(daemon);
        return {running.client, running.version, QLatin1String(operation)};
    }
    Ran ask(const QString &daemon, const char *method, const QString &path, const QStringList &more = {}) const
    {
        return m_daemons.at(daemon).daemon->ask(QLatin1String(method), path, more);
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
    std::map<int, std::unique_ptr<test::Containerd>> m_containerds;
    std::map<QString, Running> m_daemons;
};

QTEST_GUILESS_MAIN(TestBehaviourDocker)
#include "tst_behaviour_docker.moc"
