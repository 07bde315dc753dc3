// SPDX-License-Identifier: Apache-2.0
// What crane, regctl and oras do with each marking, watched at work.

#include "behaviour/runs/versions.h"
#include "behaviour/runs/watch.h"
#include "support/peers.h"
#include "support/programs/copying.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <memory>

using namespace colophon;
using test::Cell;
using test::Kind;
using test::Ran;
using test::Scene;

namespace {
const QString family = QStringLiteral("go_clients");
}

class TestBehaviourGoClients : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        test::Watch::forget(family);
        COLOPHON_NEED_DOCKER_REGISTRY();
        m_watch = std::make_unique<test::Watch>(family);
        QVERIFY2(m_watch->problem().isEmpty(), qPrintable(m_watch->problem()));
    }
    void cleanupTestCase() { m_watch.reset(); }

    void copy_data()
    {
        addWays({"crane", "crane --allow-nondistributable-artifacts", "regctl", "regctl --include-external", "oras"});
    }
    void copy()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, client);
        COLOPHON_NEED_CLIENT(client);
        QFETCH(QString, option);
        m_watch->copy(cell(client, "copy", option), *kind, [&](Scene &scene) {
            QStringList arguments{client == QLatin1String("oras") ? QStringLiteral("cp") : QStringLiteral("copy"),
                                  scene.source, scene.target};
            if (client == QLatin1String("regctl"))
                arguments.prepend(QStringLiteral("image"));
            if (!option.isEmpty())
                arguments.append(option);
            return ran(client, arguments);
        });
    }

    // To a file or a folder of the user's.
    void fetch_data() { addWays({"crane", "regctl", "oras --to-oci-layout", "oras backup", "oras"}); }
    void fetch()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, client);
        COLOPHON_NEED_CLIENT(client);
        QFETCH(QString, option);
        const bool isFolder = client == QLatin1String("oras");
        // oras writes the files that layers are said to be.
        m_watch->stage().setTitled(isFolder && option.isEmpty());
        const auto place = [&](const Scene &scene) {
            return m_watch->stage().folder(scene.name) + (isFolder ? QString() : QStringLiteral("/image.tar"));
        };
        const char *operation = client == QLatin1String("regctl") || !option.isEmpty() ? "save" : "pull";
        m_watch->fetch(
            cell(client, operation, option), *kind,
            [&](Scene &scene) {
                if (client == QLatin1String("crane"))
                    return ran(client, {QStringLiteral("pull"), scene.source, place(scene)});
                if (client == QLatin1String("regctl"))
                    return ran(client, {QStringLiteral("image"), QStringLiteral("export"), scene.source, place(scene)});
                if (option.isEmpty())
                    return ran(client, {QStringLiteral("pull"), QStringLiteral("-o"), place(scene), scene.source});
                if (option == QLatin1String("backup"))
                    return ran(client, {option, QStringLiteral("--output"), place(scene), scene.source});
                return ran(client,
                           {QStringLiteral("cp"), option, scene.source, place(scene) + QStringLiteral("/layout:1")});
            },
            [&](const Scene &scene) {
                return isFolder ? test::holdsLayer(place(scene), scene) : test::archiveHoldsLayer(place(scene), scene);
            });
        m_watch->stage().setTitled(false);
    }

    // What lies in a layout or an archive on disk, to a registry.
    void push_data()
    {
        addWays({"crane of an OCI layout", "crane of an OCI layout, --allow-nondistributable-artifacts",
                 "regctl image import", "oras --from-oci-layout", "oras restore"});
    }
    void push()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, client);
        COLOPHON_NEED_CLIENT(client);
        QFETCH(QString, option);
        m_watch->send(cell(client, "push", option), *kind, [&](Scene &scene) {
            const QString layout = m_watch->stage().folder(scene.name);
            test::writeLayout(scene.image, layout, true);
            if (client == QLatin1String("regctl"))
                return ran(client, {QStringLiteral("image"), QStringLiteral("import"), scene.target,
                                    m_watch->archiveOf(layout)});
            if (option == QLatin1String("restore"))
                return ran(client, {option, QStringLiteral("--input"), layout, scene.target});
            if (client == QLatin1String("oras"))
                return ran(client, {QStringLiteral("cp"), option, layout + QStringLiteral(":1"), scene.target});
            QStringList arguments{QStringLiteral("push"), layout, scene.target};
            if (option.contains(QLatin1String("--")))
                arguments.append(option.section(QStringLiteral(", "), 1));
            return ran(client, arguments);
        });
    }

    // Files out of an image at a registry: all of them, or one.
    void unpack_data() { addWays({"crane", "regctl"}, test::packedKinds()); }
    void unpack()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, client);
        COLOPHON_NEED_CLIENT(client);
        const auto place = [&](const Scene &scene) {
            return m_watch->stage().folder(scene.name) + QStringLiteral("/files.tar");
        };
        m_watch->fetch(
            cell(client, "unpack", {}), *kind,
            [&](Scene &scene) {
                if (client == QLatin1String("crane"))
                    return ran(client, {QStringLiteral("export"), scene.source, place(scene)});
                return ran(client, {QStringLiteral("image"), QStringLiteral("get-file"), scene.source,
                                    QStringLiteral("/opt/marked"), place(scene)});
            },
            [&](const Scene &scene) { return test::holdsLayer(m_watch->stage().folder(scene.name), scene); });
    }

    void edit_data() { addWays({"crane", "crane append", "regctl"}, test::packedKinds()); }
    void edit()
    {
        QFETCH(const Kind *, kind);
        QFETCH(QString, client);
        COLOPHON_NEED_CLIENT(client);
        QFETCH(QString, option);
        m_watch->edit(cell(client, "edit", option), *kind, [&](Scene &scene) {
            if (!option.isEmpty()) {
                const QString folder = m_watch->stage().folder(scene.name);
                test::writeLayout(scene.image, folder + QStringLiteral("/more"), true);
                return ran(client,
                           {option, QStringLiteral("--base"), scene.source, QStringLiteral("--new_tag"), scene.edited,
                            QStringLiteral("--new_layer"), m_watch->archiveOf(folder + QStringLiteral("/more"))});
            }
            if (client == QLatin1String("crane"))
                return ran(client, {QStringLiteral("mutate"), QStringLiteral("--label"), QStringLiteral("edited=yes"),
                                    QStringLiteral("--tag"), scene.edited, scene.source});
            return ran(client, {QStringLiteral("image"), QStringLiteral("mod"), scene.source,
                                QStringLiteral("--external-urls-rm"), QStringLiteral("--create"), scene.edited});
        });
    }

private:
    // A row for each of these ways and each kind; a way is a client, perhaps with an option.
    static void addWays(const QList<const char *> &ways, const QList<const Kind *> &kinds = test::allKinds())
    {
        QTest::addColumn<const Kind *>("kind");
        QTest::addColumn<QString>("client");
        QTest::addColumn<QString>("option");
        for (const char *way : ways) {
            const QString text = QLatin1String(way);
            for (const Kind *kind : kinds)
                QTest::addRow("%s, %s", way, kind->name) << kind << text.section(u' ', 0, 0) << text.section(u' ', 1);
        }
    }

    Cell cell(const QString &client, const char *operation, const QString &option)
    {
        QString &version = m_versions[client];
        if (version.isEmpty())
            version = test::versionOf(test::peer(client), {QStringLiteral("version")});
        return {client, version, QLatin1String(operation), option};
    }
    Ran ran(const QString &client, const QStringList &arguments) const
    {
        return test::run(test::peer(client), arguments, m_watch->stage().environment());
    }

    std::unique_ptr<test::Watch> m_watch;
    QHash<QString, QString> m_versions;
};

QTEST_GUILESS_MAIN(TestBehaviourGoClients)
#include "tst_behaviour_go_clients.moc"
