// SPDX-License-Identifier: Apache-2.0
// What CNCF Distribution does with each marking, watched at work: whether it takes the image, with the layer's bytes
// and without, in the configurations that matter; and what it serves as a proxy for another registry.

#include "behaviour/registryidentity.h"
#include "behaviour/runs/versions.h"
#include "behaviour/runs/watch.h"
#include "support/peers.h"

#include <QTest>

#include <httplib.h>

#include <map>
#include <memory>

using namespace colophon;
using test::Cell;
using test::DockerRegistry;
using test::DockerRegistryOptions;
using test::Kind;
using test::MarkedImage;
using test::Scene;
using test::Side;

namespace {
const QString family = QStringLiteral("registries");
}

class TestBehaviourRegistries : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        test::Watch::forget(family);
        COLOPHON_NEED_PROGRAM("docker-registry");
        m_watch = std::make_unique<test::Watch>(family);
        QVERIFY2(m_watch->problem().isEmpty(), qPrintable(m_watch->problem()));
        // 2.8 as a proxy knows tokens alone, no passwords.
        m_watch->stage().hosts().setGuarded(false);
        start(2, test::programOnPath(QStringLiteral("docker-registry")));
        if (const QString registry = test::peer(QStringLiteral("registry")); !registry.isEmpty())
            start(3, registry);
    }
    void cleanupTestCase()
    {
        m_registries.clear();
        m_watch.reset();
    }

    void putManifest_data()
    {
        QTest::addColumn<const Kind *>("kind");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("option");
        for (const int line : {2, 3}) {
            for (const char *option : options) {
                for (const Kind &kind : test::kinds())
                    QTest::addRow("%d %s, %s", line, option, kind.name) << &kind << line << QString::fromLatin1(option);
            }
        }
    }
    void putManifest()
    {
        QFETCH(const Kind *, kind);
        QFETCH(int, line);
        if (line == 3)
            COLOPHON_NEED_PEER("registry");
        QFETCH(QString, option);
        const DockerRegistry &registry = *m_registries.at({line, option});
        const int with = statusOfPut(registry, m_watch->stage().laidNowhere(*kind), true);
        const int without = statusOfPut(registry, m_watch->stage().laidNowhere(*kind), false);
        QVERIFY(with >= 200 && without >= 200);
        QVERIFY2(with == 201 || without != 201, "It takes the image only without the layer.");
        QJsonObject facts{{QStringLiteral("with"), with}, {QStringLiteral("without"), without}};
        if (with == 201)
            facts.insert(QStringLiteral("blob"),
                         without == 201 ? QStringLiteral("not required") : QStringLiteral("required"));
        m_watch->add({QStringLiteral("distribution"), m_versions.at(line), QStringLiteral("put-manifest"), option},
                     *kind, with == 201 ? QStringLiteral("accepts") : QStringLiteral("refuses"), facts);
    }

    // What real ones answer with tells nothing but that they are registries.
    void isNotRecognised_data()
    {
        QTest::addColumn<int>("line");
        QTest::newRow("2") << 2;
        QTest::newRow("3") << 3;
    }
    void isNotRecognised()
    {
        QFETCH(int, line);
        if (line == 3)
            COLOPHON_NEED_PEER("registry");
        httplib::Client client("127.0.0.1", m_registries.at({line, QString()})->port());
        const auto answered = client.Get("/v2/");
        QVERIFY(answered);
        QList<std::pair<QString, QString>> fields;
        for (const auto &[name, value] : answered->headers)
            fields.append({QString::fromStdString(name).toLower(), QString::fromStdString(value)});
        QVERIFY(fields.contains({QStringLiteral("docker-distribution-api-version"), QStringLiteral("registry/2.0")}));
        const auto identity = behaviour::recognise(behaviour::Knowledge::shipped(), fields);
        QVERIFY2(!identity.isKnown() && identity.candidates.isEmpty(),
                 qPrintable(identity.inWords(QStringLiteral("registry"))));
    }

    void proxy_data()
    {
        QTest::addColumn<const Kind *>("kind");
        QTest::addColumn<int>("line");
        for (const int line : {2, 3}) {
            for (const Kind *kind : test::allKinds())
                QTest::addRow("%d, %s", line, kind->name) << kind << line;
        }
    }
    void proxy()
    {
        QFETCH(const Kind *, kind);
        QFETCH(int, line);
        if (line == 3)
            COLOPHON_NEED_PEER("registry");
        const DockerRegistry &registry = *m_registries.at({line, QStringLiteral("proxy")});
        const auto pulled = [&](const Scene &scene) {
            test::Ran ran;
            httplib::Client client("127.0.0.1", registry.port());
            client.set_tcp_nodelay(true);
            const std::string path = "/v2/" + scene.name.toStdString();
            const auto manifest =
                client.Get(path + "/manifests/1", {{"Accept", "application/vnd.oci.image.manifest.v1+json, "
                                                              "application/vnd.docker.distribution.manifest.v2+json"}});
            if (!manifest || manifest->status != 200)
                return ran;
            const auto blob = client.Get(path + "/blobs/" + scene.image.marked.digest.toString().toStdString());
            if (blob)
                ran.out = QByteArray::fromStdString(blob->body);
            ran.exitCode = blob && blob->status == 200 ? 0 : 1;
            return ran;
        };
        QByteArray served;
        m_watch->fetch(
            {QStringLiteral("distribution"), m_versions.at(line), QStringLiteral("proxy")}, *kind,
            [&](Scene &scene) {
                test::Ran ran = pulled(scene);
                served = ran.out;
                return ran;
            },
            [&](const Scene &scene) { return served == scene.image.image.bytesOf(scene.image.marked.digest); });
    }

private:
    static constexpr std::array options{"", "validation.manifests.urls.allow names the address",
                                        "validation.disabled is true"};

    void start(int line, const QString &program)
    {
        m_versions[line] = test::versionOf(program);
        QVERIFY(!m_versions.at(line).isEmpty());
        for (const char *option : options) {
            DockerRegistryOptions how;
            how.program = program;
            if (QLatin1String(option).contains(QLatin1String("allow")))
                how.allowUrls = {QStringLiteral("^https://cdn\\.example")};
            else if (QLatin1String(option).contains(QLatin1String("disabled")))
                how.more = "validation:\n  disabled: true\n";
            keep(line, option, how);
        }
        DockerRegistryOptions before;
        before.program = program;
        before.environment = m_watch->stage().environment();
        before.environment.remove(QStringLiteral("REGISTRY_AUTH_FILE")); // means something else to a registry
        before.more = "proxy:\n  remoteurl: https://" + m_watch->stage().hosts().host(Side::Source).toLatin1() + '\n';
        keep(line, "proxy", before);
    }
    void keep(int line, const char *option, const DockerRegistryOptions &how)
    {
        auto registry = std::make_unique<DockerRegistry>(how);
        QVERIFY2(registry->isRunning(), qPrintable(registry->problem()));
        m_registries[{line, QString::fromLatin1(option)}] = std::move(registry);
    }

    // What the registry answers to the manifest, when it has everything else, or everything but the layer.
    static int statusOfPut(const DockerRegistry &registry, const Scene &scene, bool isWhole)
    {
        httplib::Client client("127.0.0.1", registry.port());
        client.set_tcp_nodelay(true);
        const std::string repository = "/v2/" + scene.name.toStdString();
        int status = 0;
        for (const test::GeneratedContent &each : scene.image.image.contents) {
            const std::string digest = each.descriptor.digest.toString().toStdString();
            if (each.isManifest()) {
                const auto put = client.Put(repository + "/manifests/1", each.bytes.toStdString(),
                                            each.descriptor.mediaType.toString().toStdString());
                status = put ? put->status : 0;
            } else if (isWhole || each.descriptor.digest != scene.image.marked.digest) {
                const auto begun = client.Post(repository + "/blobs/uploads/");
                if (!begun || begun->status != 202)
                    return 0;
                const std::string location = begun->get_header_value("Location");
                const std::string path = location.substr(location.find("/v2/"));
                const auto put =
                    client.Put(path + (path.find('?') == std::string::npos ? "?" : "&") + "digest=" + digest,
                               each.bytes.toStdString(), "application/octet-stream");
                if (!put || put->status != 201)
                    return 0;
            }
        }
        return status;
    }

    std::unique_ptr<test::Watch> m_watch;
    std::map<int, QString> m_versions; // by their first number
    std::map<std::pair<int, QString>, std::unique_ptr<DockerRegistry>> m_registries;
};

QTEST_GUILESS_MAIN(TestBehaviourRegistries)
#include "tst_behaviour_registries.moc"
