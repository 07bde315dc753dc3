// SPDX-License-Identifier: Apache-2.0
// What podman does with each marking, watched at work.

#include "behaviour/runs/ownmounts.h"
#include "behaviour/runs/versions.h"
#include "behaviour/runs/watch.h"

#include <QTest>

#include <memory>

using namespace colophon;
using test::Address;
using test::Cell;
using test::Kind;
using test::Ran;
using test::Scene;

namespace {
const QString family = QStringLiteral("podman");
}

class TestBehaviourPodman : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        test::Watch::forget(family);
        COLOPHON_NEED_ROOT();
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PROGRAM("podman");
        const QString trouble = test::takeOwnMounts();
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_watch = std::make_unique<test::Watch>(family);
        QVERIFY2(m_watch->problem().isEmpty(), qPrintable(m_watch->problem()));
        m_version = test::versionOf(QStringLiteral("podman"));
        QVERIFY(!m_version.isEmpty());
    }
    void cleanupTestCase() { m_watch.reset(); }

    void pull_data() { test::addKinds(test::allKinds()); }
    void pull()
    {
        QFETCH(const Kind *, kind);
        m_watch->fetch(
            cell("pull"), *kind, [this](Scene &scene) { return pulled(scene); },
            [this](const Scene &scene) { return test::holdsLayer(store(scene), scene); });
    }

    void addressesThatFail_data() { test::addFaults(); }
    void addressesThatFail()
    {
        QFETCH(const Kind *, kind);
        QFETCH(Address, address);
        m_watch->fault(cell("pull"), *kind, address, [this](Scene &scene) { return pulled(scene); });
    }

    void push_data() { test::addKinds(test::allKinds()); }
    void push()
    {
        QFETCH(const Kind *, kind);
        // A registry that refuses the manifest podman makes of a Docker layer does so whether it had addresses or not.
        m_watch->copy(
            cell("push"), *kind,
            [this](Scene &scene) {
                if (Ran failed = pulled(scene); failed.exitCode != 0)
                    return failed;
                return podman(scene, {QStringLiteral("push"), scene.source, scene.target});
            },
            true);
    }

    void save_data()
    {
        QTest::addColumn<const Kind *>("kind");
        QTest::addColumn<QString>("option");
        for (const char *option : {"", "--format oci-archive"}) {
            for (const Kind *kind : test::packedKinds())
                QTest::addRow("%s %s", kind->name, option) << kind << QString::fromLatin1(option);
        }
    }
    void save()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, option);
        const auto file = [this](const Scene &scene) { return store(scene) + QStringLiteral("/image.tar"); };
        m_watch->save(
            cell("save", option), *kind,
            [&](Scene &scene) {
                if (Ran failed = pulled(scene); failed.exitCode != 0)
                    return failed;
                return podman(scene, QStringList{QStringLiteral("save")} + option.split(u' ', Qt::SkipEmptyParts) +
                                         QStringList{QStringLiteral("-o"), file(scene), scene.source});
            },
            [&](const Scene &scene) { return test::archiveHoldsLayer(file(scene), scene); });
    }

    void load_data() { test::addKinds(test::packedKinds()); }
    void load()
    {
        QFETCH(const Kind *, kind);
        m_watch->load(
            cell("load"), *kind, [this](const Scene &scene, const QString &archive) { return loaded(scene, archive); },
            [this](const Scene &scene) { return test::holdsLayer(store(scene), scene); });
    }

    void loadWithAddressesThatFail_data() { test::addFaults(); }
    void loadWithAddressesThatFail()
    {
        QFETCH(const Kind *, kind);
        QFETCH(Address, address);
        m_watch->loadFault(cell("load"), *kind, address,
                           [this](const Scene &scene, const QString &archive) { return loaded(scene, archive); });
    }

    // A base image with the layer, and one more instruction.
    void build_data() { test::addKinds(test::packedKinds()); }
    void build()
    {
        QFETCH(const Kind *, kind);
        m_watch->copy(cell("build"), *kind, [this](Scene &scene) {
            const QByteArray file = "FROM " + scene.source.toLatin1() + "\nLABEL built=yes\n";
            const QString folder = m_watch->stage().folder(scene.name + QStringLiteral("-build"));
            if (Ran failed = podman(scene,
                                    {QStringLiteral("build"), QStringLiteral("-t"), scene.target, QStringLiteral("-f"),
                                     QStringLiteral("-"), folder},
                                    file);
                failed.exitCode != 0)
                return failed;
            return podman(scene, {QStringLiteral("push"), scene.target});
        });
    }

private:
    Cell cell(const char *operation, const QString &option = {}) const
    {
        return {QStringLiteral("podman"), m_version, QLatin1String(operation), option};
    }
    // Each image has a store of its own.
    QString store(const Scene &scene) const { return m_watch->stage().folder(scene.name); }
    Ran podman(const Scene &scene, const QStringList &arguments, const QByteArray &input = {}) const
    {
        const QString store = this->store(scene);
        return test::run(
            QStringLiteral("podman"),
            QStringList{QStringLiteral("--root"), store + QStringLiteral("/root"), QStringLiteral("--runroot"),
                        store + QStringLiteral("/run"), QStringLiteral("--tmpdir"), store + QStringLiteral("/tmp"),
                        QStringLiteral("--storage-driver"), QStringLiteral("vfs"), QStringLiteral("--events-backend"),
                        QStringLiteral("none"), QStringLiteral("--cgroup-manager"), QStringLiteral("cgroupfs")} +
                arguments,
            m_watch->stage().environment(), input);
    }
    Ran loaded(const Scene &scene, const QString &archive) const
    {
        return podman(scene, {QStringLiteral("load"), QStringLiteral("-i"), archive});
    }
    Ran pulled(const Scene &scene) const { return podman(scene, {QStringLiteral("pull"), scene.source}); }

    std::unique_ptr<test::Watch> m_watch;
    QString m_version;
};

QTEST_GUILESS_MAIN(TestBehaviourPodman)
#include "tst_behaviour_podman.moc"
