// SPDX-License-Identifier: Apache-2.0
// What umoci does with each marking, watched at work: it has no registry but an OCI layout on disk.

#include "behaviour/runs/ownmounts.h"
#include "behaviour/runs/versions.h"
#include "behaviour/runs/watch.h"

#include <QTest>

#include <memory>

using namespace colophon;
using test::Kind;
using test::Ran;
using test::Scene;

namespace {
const QString family = QStringLiteral("umoci");
}

class TestBehaviourUmoci : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        test::Watch::forget(family);
        COLOPHON_NEED_ROOT();
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PROGRAM("umoci");
        const QString trouble = test::takeOwnMounts();
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_watch = std::make_unique<test::Watch>(family);
        QVERIFY2(m_watch->problem().isEmpty(), qPrintable(m_watch->problem()));
        m_version = test::versionOf(QStringLiteral("umoci"));
        QVERIFY(!m_version.isEmpty());
    }
    void cleanupTestCase() { m_watch.reset(); }

    void unpack_data() { test::addKinds(test::allKinds()); }
    void unpack()
    {
        QFETCH(const Kind *, kind);
        const QString bundle = QStringLiteral("/bundle");
        m_watch->unpack(
            {QStringLiteral("umoci"), m_version, QStringLiteral("unpack")}, *kind,
            [this, &bundle](const QString &layout) {
                return test::run(QStringLiteral("umoci"),
                                 {QStringLiteral("unpack"), QStringLiteral("--image"), layout + QStringLiteral(":1"),
                                  layout + bundle},
                                 m_watch->stage().environment());
            },
            bundle);
    }

    // Another command in the configuration.
    void edit_data() { test::addKinds(test::allKinds()); }
    void edit()
    {
        QFETCH(const Kind *, kind);
        m_watch->editLayout(
            {QStringLiteral("umoci"), m_version, QStringLiteral("edit")}, *kind, [this](const QString &layout) {
                return test::run(QStringLiteral("umoci"),
                                 {QStringLiteral("config"), QStringLiteral("--image"), layout + QStringLiteral(":1"),
                                  QStringLiteral("--config.label"), QStringLiteral("edited=yes")},
                                 m_watch->stage().environment());
            });
    }

private:
    std::unique_ptr<test::Watch> m_watch;
    QString m_version;
};

QTEST_GUILESS_MAIN(TestBehaviourUmoci)
#include "tst_behaviour_umoci.moc"
