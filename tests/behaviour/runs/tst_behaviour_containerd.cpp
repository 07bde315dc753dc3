// SPDX-License-Identifier: Apache-2.0
// What containerd and its ctr do with each marking, watched at work: Debian's containerd 1.6 and containerd 2.

#include "behaviour/runs/daemon.h"
#include "behaviour/runs/ownmounts.h"
#include "behaviour/runs/versions.h"
#include "behaviour/runs/watch.h"
#include "support/peers.h"

#include <QTest>

#include <map>
#include <memory>

using namespace colophon;
using test::Address;
using test::Cell;
using test::Kind;
using test::Ran;
using test::Scene;

namespace {
const QString family = QStringLiteral("containerd");
}

// At the head of a test: containerd 2 comes from tests/peers.
#define NEED_LINE(line)                                                                                                \
    do {                                                                                                               \
        if ((line) == 2) {                                                                                             \
            COLOPHON_NEED_PEER("containerd2");                                                                         \
            COLOPHON_NEED_PEER("ctr2");                                                                                \
        }                                                                                                              \
    } while (false)

class TestBehaviourContainerd : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        test::Watch::forget(family);
        COLOPHON_NEED_ROOT();
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PROGRAM("containerd");
        COLOPHON_NEED_PROGRAM("ctr");
        const QString trouble = test::takeOwnMounts();
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_watch = std::make_unique<test::Watch>(family);
        QVERIFY2(m_watch->problem().isEmpty(), qPrintable(m_watch->problem()));
        start(1, test::programOnPath(QStringLiteral("containerd")), test::programOnPath(QStringLiteral("ctr")));
        const QString containerd = test::peer(QStringLiteral("containerd2"));
        const QString ctr = test::peer(QStringLiteral("ctr2"));
        if (!containerd.isEmpty() && !ctr.isEmpty())
            start(2, containerd, ctr);
    }
    void cleanupTestCase()
    {
        m_daemons.clear();
        m_watch.reset();
    }

    void pull_data() { addWays({{1, ""}, {2, ""}}, test::allKinds()); }
    void pull()
    {
        QFETCH(const Kind *, kind);
        QFETCH(int, line);
        NEED_LINE(line);
        m_watch->fetch(
            pullCell(line), *kind, [&](Scene &scene) { return pulled(line, scene); },
            [&](const Scene &scene) { return holds(line, scene); });
    }

    void addressesThatFail_data()
    {
        QTest::addColumn<const Kind *>("kind");
        QTest::addColumn<Address>("address");
        QTest::addColumn<int>("line");
        for (const int line : {1, 2}) {
            for (const auto &[kind, address] : test::faults())
                QTest::addRow("%d, %s, %s", line, kind->name, word(address)) << kind << address << line;
        }
    }
    void addressesThatFail()
    {
        QFETCH(const Kind *, kind);
        QFETCH(Address, address);
        QFETCH(int, line);
        NEED_LINE(line);
        m_watch->fault(pullCell(line), *kind, address, [&](Scene &scene) { return pulled(line, scene); });
    }

    void push_data()
    {
        addWays({{1, ""},
                 {1, "--allow-non-distributable-blobs"},
                 {2, ""},
                 {2, "--local"},
                 {2, "--local --allow-non-distributable-blobs"}},
                test::allKinds());
    }
    void push()
    {
        QFETCH(const Kind *, kind);
        QFETCH(int, line);
        NEED_LINE(line);
        QFETCH(QString, option);
        m_watch->copy(cell("ctr", line, "push", option), *kind, [&](Scene &scene) {
            if (Ran failed = pulled(line, scene); failed.exitCode != 0)
                return failed;
            return ctr(line, QStringList{QStringLiteral("images"), QStringLiteral("push")} +
                                 option.split(u' ', Qt::SkipEmptyParts) + QStringList{scene.target, scene.source});
        });
    }

    void save_data()
    {
        addWays({{1, ""}, {1, "--skip-non-distributable"}, {2, ""}, {2, "--local --skip-non-distributable"}});
    }
    void save()
    {
        QFETCH(const Kind *, kind);
        QFETCH(int, line);
        NEED_LINE(line);
        QFETCH(QString, option);
        const auto file = [this](const Scene &scene) {
            return m_watch->stage().folder(scene.name) + QStringLiteral("/image.tar");
        };
        m_watch->save(
            cell("ctr", line, "save", option), *kind,
            [&](Scene &scene) {
                if (Ran failed = pulled(line, scene); failed.exitCode != 0)
                    return failed;
                return ctr(line, QStringList{QStringLiteral("images"), QStringLiteral("export")} +
                                     option.split(u' ', Qt::SkipEmptyParts) +
                                     QStringList{QStringLiteral("--platform"), QStringLiteral("linux/amd64"),
                                                 file(scene), scene.source});
            },
            [&](const Scene &scene) { return test::archiveHoldsLayer(file(scene), scene); });
    }

    void load_data() { addWays({{1, ""}, {2, ""}}); }
    void load()
    {
        QFETCH(const Kind *, kind);
        QFETCH(int, line);
        NEED_LINE(line);
        m_watch->load(
            cell("ctr", line, "load"), *kind,
            [&](const Scene &scene, const QString &archive) {
                return ctr(line, {QStringLiteral("images"), QStringLiteral("import"), QStringLiteral("--base-name"),
                                  scene.name, QStringLiteral("--snapshotter"), QStringLiteral("native"), archive});
            },
            [&](const Scene &scene) { return holds(line, scene); });
    }

    void convert_data() { addWays({{1, ""}, {2, ""}}); }
    void convert()
    {
        QFETCH(const Kind *, kind);
        QFETCH(int, line);
        NEED_LINE(line);
        m_watch->edit(cell("ctr", line, "convert"), *kind, [&](Scene &scene) {
            if (Ran failed = pulled(line, scene); failed.exitCode != 0)
                return failed;
            const QString converted = scene.edited;
            if (Ran failed = ctr(line, {QStringLiteral("images"), QStringLiteral("convert"), QStringLiteral("--oci"),
                                        scene.source, converted});
                failed.exitCode != 0)
                return failed;
            return ctr(line, QStringList{QStringLiteral("images"), QStringLiteral("push")} + user() +
                                 QStringList{converted, converted});
        });
    }

private:
    struct Way
    {
        int line;
        const char *option;
    };
    static void addWays(const QList<Way> &ways, const QList<const Kind *> &kinds = test::packedKinds())
    {
        QTest::addColumn<const Kind *>("kind");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("option");
        for (const Way &way : ways) {
            for (const Kind *kind : kinds)
                QTest::addRow("%d %s, %s", way.line, way.option, kind->name)
                    << kind << way.line << QString::fromLatin1(way.option);
        }
    }

    void start(int line, const QString &containerd, const QString &ctr)
    {
        auto daemon = std::make_unique<test::Containerd>(
            line, containerd, ctr, m_watch->stage().folder(QStringLiteral("containerd%1").arg(line)),
            m_watch->stage().environment());
        QVERIFY2(daemon->problem().isEmpty(), qPrintable(daemon->problem()));
        m_versions[line] = test::versionOf(containerd);
        m_daemons[line] = std::move(daemon);
    }
    Cell cell(const char *client, int line, const char *operation, const QString &option = {}) const
    {
        return {QLatin1String(client), m_versions.at(line), QLatin1String(operation), option};
    }
    // Pulls go by ctr, and what answers is containerd's library.
    Cell pullCell(int line) const
    {
        Cell both = cell("containerd", line, "pull");
        both.by = QStringLiteral("ctr");
        return both;
    }
    Ran ctr(int line, const QStringList &arguments) const { return m_daemons.at(line)->ctr(arguments); }
    bool holds(int line, const Scene &scene) const
    {
        const Ran ran =
            ctr(line, {QStringLiteral("content"), QStringLiteral("get"), scene.image.marked.digest.toString()});
        return ran.out == scene.image.image.bytesOf(scene.image.marked.digest);
    }
    static QStringList user()
    {
        return {QStringLiteral("--user"), test::Hosts::user() + u':' + test::Hosts::password()};
    }
    Ran pulled(int line, const Scene &scene) const
    {
        return ctr(line, QStringList{QStringLiteral("images"), QStringLiteral("pull")} + user() +
                             QStringList{QStringLiteral("--snapshotter"), QStringLiteral("native"), scene.source});
    }

    std::unique_ptr<test::Watch> m_watch;
    std::map<int, std::unique_ptr<test::Containerd>> m_daemons; // by the first number of their version
    std::map<int, QString> m_versions;
};

QTEST_GUILESS_MAIN(TestBehaviourContainerd)
#include "tst_behaviour_containerd.moc"
