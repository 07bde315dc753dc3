// SPDX-License-Identifier: Apache-2.0
// What oras, regctl and cosign attach, we list, and what we attach, they list: where the registry keeps the list and
// where its clients do.

#include "content/referrers.h"
#include "demo/demoregistry.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/peers.h"
#include "support/programs/programs.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace colophon;
using content::Referrers;
using test::await;
using test::Ran;

namespace {
const QByteArray empty("{}");

QByteArray artifact(const QByteArray &type, const QByteArray &members, const QByteArray &layer = "{}")
{
    const QByteArray json =
        ",\"size\":" + QByteArray::number(layer.size()) + ",\"digest\":\"" + oci::Digest::of(layer).toLatin1() + "\"}";
    const QByteArray config = ",\"size\":2,\"digest\":\"" + oci::Digest::of(empty).toLatin1() + "\"}";
    return "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"," + type +
           "\"config\":{\"mediaType\":\"application/vnd.oci.empty.v1+json\"" + config +
           ",\"layers\":[{\"mediaType\":\"application/vnd.oci.empty.v1+json\"" + json + ']' + members + '}';
}

struct Place
{
    content::TargetPtr target;
    QString name; // registry/repository
    oci::Descriptor image;
    QString reference() const { return name + QLatin1Char('@') + image.digest.toString(); }
};
} // namespace

class TestReferrers : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::DockerRegistry> m_docker;
    std::unique_ptr<demo::DemoRegistry> m_demo;
    std::unique_ptr<registry::Client> m_client;
    QTemporaryDir m_folder;
    int m_count = 0;

    Place newImage(bool api)
    {
        Place place;
        const QString host = api ? m_demo->host() : m_docker->host();
        place.name = QStringLiteral("%1/test/image%2").arg(host, QString::number(++m_count));
        place.target = m_client->target(*oci::Reference::parse(place.name));
        const QByteArray bytes = artifact({}, {});
        place.image = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
        if (!await(place.target->pushBlob(oci::Descriptor::of({}, empty), content::readerOf(empty), {}, {})) ||
            !await(place.target->pushManifest(place.image, bytes, {})))
            qFatal("The image of the test cannot be pushed.");
        return place;
    }
    Ran run(const char *program, const QStringList &arguments) const
    {
        QProcessEnvironment environment = test::plainEnvironment(m_folder.path());
        environment.insert(QStringLiteral("COSIGN_PASSWORD"), QStringLiteral("x"));
        return test::run(test::peer(QLatin1String(program)), arguments, environment);
    }
    QString file(const QString &name, const QByteArray &bytes) const
    {
        const QString path = m_folder.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("A file of the test cannot be written.");
        return path;
    }
    static QList<oci::Descriptor> listed(const Place &place, bool api)
    {
        const auto found = await(place.target->referrers(place.image.digest, {}));
        if (!found)
            qFatal("%s", qPrintable(found.error().text()));
        if (!found->manifests.isEmpty() && (found->source == Referrers::Source::Api) != api)
            qFatal("They are not where they should be.");
        return found->manifests;
    }
    static oci::Descriptor push(const Place &place, const QByteArray &type, const QByteArray &note)
    {
        const QByteArray bytes =
            artifact("\"artifactType\":\"" + type + "\",",
                     ",\"annotations\":{\"note\":\"" + note + "\"},\"subject\":" + place.image.toJson());
        const auto content = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
        const auto pushed = await(place.target->pushReferrer(content, bytes, place.image, {}));
        if (!pushed)
            qFatal("%s", qPrintable(pushed.error().text()));
        return content;
    }
    static void bothRegistries()
    {
        QTest::addColumn<bool>("api");
        QTest::newRow("docker-registry") << false;
        QTest::newRow("demo registry") << true;
    }

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        m_docker = std::make_unique<test::DockerRegistry>();
        QVERIFY2(m_docker->isRunning(), qPrintable(m_docker->problem()));
        m_demo = std::make_unique<demo::DemoRegistry>();
        QVERIFY(m_demo->start());
        m_client = std::make_unique<registry::Client>();
    }
    void cleanupTestCase() { m_client.reset(); }

    void withOras_data() { bothRegistries(); }
    void withOras()
    {
        COLOPHON_NEED_PEER("oras");
        QFETCH(bool, api);
        const Place place = newImage(api);
        const oci::Descriptor ours = push(place, "application/x", "ours");
        const Ran attached =
            run("oras", {QStringLiteral("attach"), QStringLiteral("--plain-http"), QStringLiteral("--artifact-type"),
                         QStringLiteral("application/spdx+json"), QStringLiteral("--annotation"),
                         QStringLiteral("note=theirs"), QStringLiteral("--disable-path-validation"), place.reference(),
                         file(QStringLiteral("sbom.json"), R"({"spdxVersion":"SPDX-2.3"})")});
        QVERIFY2(attached.exitCode == 0, qPrintable(attached.text()));
        const oci::Descriptor more = push(place, "application/y", "ours too");
        QHash<QString, QString> notes;
        for (const oci::Descriptor &each : listed(place, api))
            notes.insert(each.artifactType, each.annotations.value(QStringLiteral("note")));
        const QHash<QString, QString> expected{{QStringLiteral("application/x"), QStringLiteral("ours")},
                                               {QStringLiteral("application/spdx+json"), QStringLiteral("theirs")},
                                               {QStringLiteral("application/y"), QStringLiteral("ours too")}};
        QCOMPARE(notes, expected);
        const Ran found = run("oras", {QStringLiteral("discover"), QStringLiteral("--plain-http"),
                                       QStringLiteral("--format"), QStringLiteral("json"), place.reference()});
        QVERIFY2(found.exitCode == 0, qPrintable(found.text()));
        QCOMPARE(found.out.count("\"artifactType\""), 3);
        QVERIFY2(found.out.contains(ours.digest.toLatin1()), qPrintable(found.text()));
        QVERIFY(found.out.contains(more.digest.toLatin1()));
        const Ran filtered = run("oras", {QStringLiteral("discover"), QStringLiteral("--plain-http"),
                                          QStringLiteral("--artifact-type"), QStringLiteral("application/x"),
                                          QStringLiteral("--format"), QStringLiteral("json"), place.reference()});
        QVERIFY2(filtered.exitCode == 0, qPrintable(filtered.text()));
        QCOMPARE(filtered.out.count("\"artifactType\""), 1);
    }

    void withRegctl_data() { bothRegistries(); }
    void withRegctl()
    {
        COLOPHON_NEED_PEER("regctl");
        QFETCH(bool, api);
        const Place place = newImage(api);
        const oci::Descriptor ours = push(place, "application/x", "ours");
        const QString host = place.name.section(QLatin1Char('/'), 0, 0);
        const Ran set = run("regctl", {QStringLiteral("registry"), QStringLiteral("set"), QStringLiteral("--tls"),
                                       QStringLiteral("disabled"), QStringLiteral("--skip-check"), host});
        QVERIFY2(set.exitCode == 0, qPrintable(set.text()));
        const Ran put = run("regctl", {QStringLiteral("artifact"), QStringLiteral("put"), QStringLiteral("--subject"),
                                       place.reference(), QStringLiteral("--artifact-type"),
                                       QStringLiteral("application/vnd.cyclonedx+json"), QStringLiteral("--file"),
                                       file(QStringLiteral("bom.json"), R"({"bomFormat":"CycloneDX"})")});
        QVERIFY2(put.exitCode == 0, qPrintable(put.text()));
        QCOMPARE(listed(place, api).size(), 2);
        const Ran found = run("regctl", {QStringLiteral("artifact"), QStringLiteral("list"), QStringLiteral("--format"),
                                         QStringLiteral("body"), place.reference()});
        QVERIFY2(found.exitCode == 0, qPrintable(found.text()));
        QVERIFY2(found.out.contains(ours.digest.toLatin1()), qPrintable(found.text()));
        QVERIFY(found.out.contains("application/vnd.cyclonedx+json"));
    }

    void withCosign_data() { bothRegistries(); }
    void withCosign()
    {
        COLOPHON_NEED_PEER("cosign3");
        QFETCH(bool, api);
        const Place place = newImage(api);
        const oci::Descriptor ours = push(place, "application/x", "ours");
        const QString key = m_folder.filePath(QStringLiteral("k"));
        if (!QFile::exists(key + QStringLiteral(".key"))) {
            const Ran made =
                run("cosign3", {QStringLiteral("generate-key-pair"), QStringLiteral("--output-key-prefix"), key});
            QVERIFY2(made.exitCode == 0, qPrintable(made.text()));
        }
        const Ran signedIt =
            run("cosign3", {QStringLiteral("sign"), QStringLiteral("--key"), key + QStringLiteral(".key"),
                            QStringLiteral("--use-signing-config=false"), QStringLiteral("--tlog-upload=false"),
                            QStringLiteral("-y"), place.reference()});
        QVERIFY2(signedIt.exitCode == 0, qPrintable(signedIt.text()));
        const oci::Descriptor more = push(place, "application/y", "ours too");
        const QList<oci::Descriptor> all = listed(place, api);
        QCOMPARE(all.size(), 3);
        QVERIFY(std::ranges::any_of(all, [](const oci::Descriptor &each) {
            return each.artifactType == QLatin1String("application/vnd.dev.sigstore.bundle.v0.3+json");
        }));
        // And it still finds its own among ours.
        const Ran verified =
            run("cosign3", {QStringLiteral("verify"), QStringLiteral("--key"), key + QStringLiteral(".pub"),
                            QStringLiteral("--insecure-ignore-tlog"), place.reference()});
        QVERIFY2(verified.exitCode == 0, qPrintable(verified.text()));
        QVERIFY(std::ranges::any_of(all, [&](const auto &each) { return each.digest == ours.digest; }));
        QVERIFY(std::ranges::any_of(all, [&](const auto &each) { return each.digest == more.digest; }));
    }
};

QTEST_GUILESS_MAIN(TestReferrers)
#include "tst_referrers.moc"
