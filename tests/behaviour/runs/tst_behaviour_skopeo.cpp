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

    void copy_data() { test::addKinds(); }
    void copy()
    {
        QFETCH(const Kind *, kind);
        m_watch->copy(cell("copy"), *kind, [this](Scene &scene) {
            return skopeo(scene.source, QStringLiteral("docker://") + scene.target);
        });
    }

    void copyToDirectory_data() { test::addKinds(); }
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
    test::Cell cell(const char *operation) const
    {
        return {QStringLiteral("skopeo"), m_version, QLatin1String(operation)};
    }
    Ran skopeo(const QString &source, const QString &target) const
    {
        return test::run(QStringLiteral("skopeo"),
                         {QStringLiteral("--insecure-policy"), QStringLiteral("copy"), QStringLiteral("-q"),
                          QStringLiteral("docker://") + source, target},
                         m_watch->stage().environment());
    }
    Ran toDirectory(const Scene &scene) const
    {
        return skopeo(scene.source, QStringLiteral("dir:") + m_watch->stage().folder(scene.name));
    }

    std::unique_ptr<test::Watch> m_watch;
    QString m_version;
};

QTEST_GUILESS_MAIN(TestBehaviourSkopeo)
#include "tst_behaviour_skopeo.moc"
