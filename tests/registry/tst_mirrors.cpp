// SPDX-License-Identifier: Apache-2.0
// registries.conf at work, on docker-registry and on scripted servers: who is asked for what.
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/faultserver/faultserver.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace colophon;
using base::ErrorKind;
using test::answer;
using test::await;
using test::DockerRegistry;
using test::FaultServer;

namespace {

const QByteArray manifest =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";

oci::Descriptor described() { return oci::Descriptor::of(oci::MediaType::ociIndex(), manifest); }

} // namespace

class TestMirrors : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<FaultServer> m_own;
    std::unique_ptr<FaultServer> m_mirror;
    QStringList m_said;

    // `rules` with OWN and MIRROR in them.
    registry::ClientOptions options(QByteArray rules)
    {
        rules.replace("OWN", m_own->authority().toLatin1()).replace("MIRROR", m_mirror->authority().toLatin1());
        const QString path = m_folder.filePath(QStringLiteral("registries.conf"));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(rules) != rules.size())
            qFatal("A file of the test cannot be written.");
        file.close();
        registry::ClientOptions options;
        options.transport.connectTimeout = std::chrono::milliseconds(300); // these servers wait for a plain request
        auto conf = registry::trust::RegistriesConf::read({path});
        if (!conf)
            qFatal("%s", qPrintable(conf.error().text()));
        options.registries = *conf;
        options.say = [this](const QString &sentence) { m_said.append(sentence); };
        return options;
    }

    static void serve(FaultServer &server, const QString &repository)
    {
        server.always("GET", QStringLiteral("/v2/"), answer(200, "{}"));
        const auto image = answer(200, manifest)
                               .with("Content-Type", oci::MediaType::ociIndex().toString().toLatin1())
                               .with("Docker-Content-Digest", described().digest.toLatin1());
        server.always("", QStringLiteral("/v2/%1/manifests/.*").arg(repository), image);
        server.always("GET", QStringLiteral("/v2/%1/tags/list.*").arg(repository), answer(200, R"({"tags":["a"]})"));
        server.always("", QStringLiteral("/.*"), answer(404));
    }

    oci::Reference image(const char *tail = "/app:1") const
    {
        return *oci::Reference::parse(m_own->authority() + QLatin1String(tail));
    }

private Q_SLOTS:
    void init()
    {
        m_own = std::make_unique<FaultServer>();
        m_mirror = std::make_unique<FaultServer>();
        m_said.clear();
    }

    void readersAskTheMirror()
    {
        serve(*m_mirror, QStringLiteral("cache/app"));
        serve(*m_own, QStringLiteral("app"));
        registry::Client client(
            options("[[registry]]\nlocation='OWN'\n[[registry.mirror]]\nlocation='MIRROR/cache'\n"));
        const auto target = client.readingTarget(image());
        const auto resolved = await(target->resolve(QStringLiteral("1"), {}));
        QVERIFY2(resolved, resolved ? "" : qPrintable(resolved.error().text()));
        const auto bytes = await(target->fetchManifest(*resolved, {}));
        QVERIFY(bytes);
        QCOMPARE(*bytes, manifest);
        QCOMPARE(m_own->requests().size(), 0);
        QCOMPARE(m_said, QStringList{QStringLiteral("Read from %1/cache/app.").arg(m_mirror->authority())});
        // It is still the image of its own registry; its list of tags is asked there.
        QCOMPARE(target->registry(), m_own->authority());
        QVERIFY(target->blobAddress(described().digest).contains(m_own->authority()));
        QVERIFY(await(target->tags({})));
        QCOMPARE(m_own->requests("GET", QStringLiteral("/v2/app/tags/list.*")).size(), 1);
    }

    void editorsDoNot()
    {
        serve(*m_mirror, QStringLiteral("cache/app"));
        serve(*m_own, QStringLiteral("app"));
        registry::Client client(options(
            "[[registry]]\nprefix='OWN'\nlocation='MIRROR/moved'\n[[registry.mirror]]\nlocation='MIRROR/cache'\n"));
        QVERIFY(await(client.target(image())->resolve(QStringLiteral("1"), {})));
        QCOMPARE(m_mirror->requests().size(), 0);
    }

    void whereTheMirrorHasNothingTheNextIsAsked()
    {
        m_mirror->always("GET", QStringLiteral("/v2/"), answer(200, "{}"));
        m_mirror->always("", QStringLiteral(".*"), answer(404));
        serve(*m_own, QStringLiteral("app"));
        registry::Client client(options("[[registry]]\nlocation='OWN'\n[[registry.mirror]]\nlocation='MIRROR'\n"));
        const auto target = client.readingTarget(image());
        QVERIFY(await(target->resolve(QStringLiteral("1"), {})));
        const auto asked = m_mirror->requests().size();
        QVERIFY(await(target->fetchManifest(described(), {})));
        QCOMPARE(m_mirror->requests().size(), asked); // not again
        QVERIFY(m_said.constFirst().startsWith(QStringLiteral("Not read from ") + m_mirror->authority()));
        QCOMPARE(m_said.constLast(), QStringLiteral("Read from %1/app.").arg(m_own->authority()));
    }

    void aMirrorCannotLie()
    {
        serve(*m_mirror, QStringLiteral("app"));
        m_own->always("", QStringLiteral(".*"), answer(404));
        registry::Client client(options("[[registry]]\nlocation='OWN'\n[[registry.mirror]]\nlocation='MIRROR'\n"));
        const auto other = oci::Descriptor::of(oci::MediaType::ociIndex(), "something else");
        QVERIFY(!await(client.readingTarget(image())->fetchManifest(other, {})));
    }

    void ofDigestsOnly()
    {
        serve(*m_mirror, QStringLiteral("app"));
        serve(*m_own, QStringLiteral("app"));
        registry::Client client(options(
            "[[registry]]\nlocation='OWN'\nmirror-by-digest-only=true\n[[registry.mirror]]\nlocation='MIRROR'\n"));
        QVERIFY(await(client.readingTarget(image())->resolve(QStringLiteral("1"), {})));
        QCOMPARE(m_mirror->requests().size(), 0);
        const auto pinned = image().withDigest(described().digest);
        QVERIFY(await(client.readingTarget(pinned)->resolve(pinned.identifier(), {})));
        QVERIFY(m_mirror->requests().size() > 0);
    }

    void whatIsBlockedIsNotAsked()
    {
        serve(*m_own, QStringLiteral("app"));
        registry::Client client(options("[[registry]]\nlocation='OWN/team'\nblocked=true\n"));
        for (const auto &target : {client.target(image("/team/app:1")), client.readingTarget(image("/team/app:1"))}) {
            const auto resolved = await(target->resolve(QStringLiteral("1"), {}));
            QVERIFY(!resolved);
            QCOMPARE(resolved.error().kind, ErrorKind::Denied);
            QVERIFY2(resolved.error().message.contains(QStringLiteral("registries.conf")),
                     qPrintable(resolved.error().message));
            QVERIFY(!await(target->tags({})));
            QVERIFY(!await(target->tag(described(), manifest, QStringLiteral("2"), {})));
        }
        QCOMPARE(m_own->connections(), 0);
        QVERIFY(await(client.target(image())->resolve(QStringLiteral("1"), {})));
    }

    // What is attached is read where the image is, and attached where it belongs.
    void attachmentsOfTheMirror()
    {
        serve(*m_own, QStringLiteral("app"));
        m_mirror->always("GET", QStringLiteral("/v2/cache/app/referrers/.*"),
                         answer(200, manifest).with("Content-Type", "application/vnd.oci.image.index.v1+json"));
        serve(*m_mirror, QStringLiteral("cache/app"));
        registry::Client client(
            options("[[registry]]\nlocation='OWN'\n[[registry.mirror]]\nlocation='MIRROR/cache'\n"));
        const auto target = client.readingTarget(image());
        const auto found = await(target->referrers(described().digest, {}));
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QCOMPARE(found->source, content::Referrers::Source::Api);
        QCOMPARE(m_own->requests().size(), 0);
        const QByteArray referrer =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[],"subject":)" +
            described().toJson() + '}';
        const auto pushed = await(
            target->pushReferrer(oci::Descriptor::of(oci::MediaType::ociIndex(), referrer), referrer, described(), {}));
        QVERIFY(!pushed); // this server is none to write to
        QVERIFY(!m_own->requests("PUT").isEmpty());
        QVERIFY(m_mirror->requests("PUT").isEmpty());
    }

    // The same with a real registry as the mirror.
    void aRealMirror()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        DockerRegistry mirror;
        QVERIFY2(mirror.isRunning(), qPrintable(mirror.problem()));
        registry::Client plain;
        const auto copy = oci::Reference::parse(mirror.host() + QStringLiteral("/cache/app:1"));
        const auto pushed = await(plain.target(*copy)->tag(described(), manifest, QStringLiteral("1"), {}));
        QVERIFY2(pushed, pushed ? "" : qPrintable(pushed.error().text()));
        m_own->always("", QStringLiteral(".*"), answer(503));
        registry::Client client(options("[[registry]]\nlocation='OWN'\n[[registry.mirror]]\nlocation='" +
                                        mirror.host().toLatin1() + "/cache'\n"));
        const auto target = client.readingTarget(image());
        const auto resolved = await(target->resolve(QStringLiteral("1"), {}));
        QVERIFY2(resolved, resolved ? "" : qPrintable(resolved.error().text()));
        QCOMPARE(resolved->digest, described().digest);
        const auto bytes = await(target->fetchManifest(*resolved, {}));
        QVERIFY(bytes);
        QCOMPARE(*bytes, manifest);
    }
};

QTEST_GUILESS_MAIN(TestMirrors)
#include "tst_mirrors.moc"
