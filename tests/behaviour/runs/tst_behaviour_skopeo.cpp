// SPDX-License-Identifier: Apache-2.0
// What skopeo does with each marking, watched at work.

#include "behaviour/runs/ownmounts.h"
#include "behaviour/runs/versions.h"
#include "behaviour/runs/watch.h"

#include <QTest>

#include <memory>

using namespace colophon;
using test::Address;
using test::Kind;
using test::Ran;
using test::Scene;

namespace {
const QString family = QStringLiteral("skopeo");
}

class TestBehaviourSkopeo : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        test::Watch::forget(family);
        COLOPHON_NEED_PROGRAM("skopeo");
        COLOPHON_NEED_DOCKER_REGISTRY();
        // As root it keeps a cache in a fixed place.
        const QString trouble = test::isRoot() ? test::takeOwnMounts() : QString();
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_watch = std::make_unique<test::Watch>(family);
        QVERIFY2(m_watch->problem().isEmpty(), qPrintable(m_watch->problem()));
        m_version = test::versionOf(QStringLiteral("skopeo"));
        QVERIFY(!m_version.isEmpty());
    }
    void cleanupTestCase() { m_watch.reset(); }

    void copy_data() { test::addKinds(test::allKinds()); }
    void copy()
    {
        QFETCH(const Kind *, kind);
        m_watch->copy(cell("copy"), *kind, [this](Scene &scene) {
            return copied(QStringLiteral("docker://") + scene.source, QStringLiteral("docker://") + scene.target);
        });
    }

    void sync_data() { test::addKinds(test::allKinds()); }
    void sync()
    {
        QFETCH(const Kind *, kind);
        m_watch->copy(cell("replicate"), *kind, [this](Scene &scene) {
            return skopeo({QStringLiteral("sync"), QStringLiteral("--src"), QStringLiteral("docker"),
                           QStringLiteral("--dest"), QStringLiteral("docker"), scene.source,
                           scene.target.section(u'/', 0, 0)});
        });
    }

    void copyFromDirectory_data() { test::addKinds(test::allKinds()); }
    void copyFromDirectory()
    {
        QFETCH(const Kind *, kind);
        m_watch->send(cell("push", QStringLiteral("of a directory")), *kind, [this](Scene &scene) {
            const QString folder = m_watch->stage().folder(scene.name);
            test::writeDirectory(scene.image, folder);
            return copied(QStringLiteral("dir:") + folder, QStringLiteral("docker://") + scene.target);
        });
    }

    void copyToDirectory_data() { test::addKinds(test::allKinds()); }
    void copyToDirectory()
    {
        QFETCH(const Kind *, kind);
        m_watch->fetch(
            cell("save"), *kind, [this](Scene &scene) { return toDirectory(scene); },
            [this](const Scene &scene) { return test::holdsLayer(m_watch->stage().folder(scene.name), scene); });
    }

    void addressesThatFail_data() { test::addFaults(); }
    void addressesThatFail()
    {
        QFETCH(const Kind *, kind);
        QFETCH(Address, address);
        m_watch->fault(cell("save"), *kind, address, [this](Scene &scene) { return toDirectory(scene); });
    }

private:
    test::Cell cell(const char *operation, const QString &option = {}) const
    {
        return {QStringLiteral("skopeo"), m_version, QLatin1String(operation), option};
    }
    Ran skopeo(const QStringList &arguments) const
    {
        return test::run(QStringLiteral("skopeo"), QStringList{QStringLiteral("--insecure-policy")} + arguments,
                         m_watch->stage().environment());
    }
    Ran copied(const QString &source, const QString &target) const
    {
        return skopeo({QStringLiteral("copy"), QStringLiteral("-q"), source, target});
    }
    Ran toDirectory(const Scene &scene) const
    {
        return copied(QStringLiteral("docker://") + scene.source,
                      QStringLiteral("dir:") + m_watch->stage().folder(scene.name));
    }

    std::unique_ptr<test::Watch> m_watch;
    QString m_version;
};

QTEST_GUILESS_MAIN(TestBehaviourSkopeo)
#include "tst_behaviour_skopeo.moc"
