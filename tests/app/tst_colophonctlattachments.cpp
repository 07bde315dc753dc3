// SPDX-License-Identifier: Apache-2.0
// What is attached to an image, from outside: `inspect` shows it, a plan counts what stays behind, --reattach-sboms
// takes unsigned lists of packages along. On a registry that keeps the list of referrers, and on two that do not.

#include "app/command.h"
#include "registry/client.h"
#include "support/attached/attached.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/peers.h"
#include "support/registryimage/registryimage.h"

#include <QFileInfo>
#include <QTest>

using namespace colophon;
using test::await;
using test::Command;
using test::ImageBuilder;
using test::ordinary;
using test::Ran;

namespace {

QByteArray envelope(const QByteArray &predicateType, const oci::Digest &about)
{
    const QByteArray statement =
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"sha256\":\"" +
        about.hex().toLatin1() + "\"}}],\"predicateType\":\"" + predicateType + "\",\"predicate\":{}}";
    return "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"" + statement.toBase64() +
           "\",\"signatures\":[{\"sig\":\"AA==\"}]}";
}

// "signature referrers", of one manifest, sorted.
QStringList kinds(const QJsonValue &manifest)
{
    QStringList all;
    for (const QJsonValue each : manifest[QLatin1String("attachments")].toArray())
        all.append(each[QLatin1String("kind")].toString() + QLatin1Char(' ') +
                   each[QLatin1String("source")].toString());
    all.sort();
    return all;
}
} // namespace

class TestColophonctlAttachments : public QObject
{
    Q_OBJECT

    std::unique_ptr<demo::DemoRegistry> m_demo;
    std::unique_ptr<test::DockerRegistry> m_docker;
    std::unique_ptr<registry::Client> m_client;
    content::TargetPtr m_target;
    QString m_image; // HOST/vendor/app:1
    oci::Descriptor m_index;
    QList<oci::Descriptor> m_children;
    Command m_command;

    static void everyRegistry()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("demo registry") << QStringLiteral("api");
        QTest::newRow("demo registry without the list") << QStringLiteral("tag");
        QTest::newRow("docker-registry") << QStringLiteral("docker");
    }
    // False: there is none of that kind here.
    bool start(const QString &kind)
    {
        QString host;
        if (kind == QLatin1String("docker")) {
            m_docker = std::make_unique<test::DockerRegistry>(
                test::DockerRegistryOptions{.allowUrls = {QStringLiteral("^https?://.*")}});
            host = m_docker->host();
        } else {
            demo::Options options;
            options.referrersApi = kind == QLatin1String("api");
            m_demo = std::make_unique<demo::DemoRegistry>(options);
            if (!m_demo->start())
                return false;
            host = m_demo->host();
        }
        m_client = std::make_unique<registry::Client>();
        m_image = host + QStringLiteral("/vendor/app:1");
        m_target = m_client->target(*oci::Reference::parse(m_image));
        ImageBuilder builder;
        m_children = {builder.manifest({ordinary("base"), ordinary("amd64")}),
                      builder.manifest({ordinary("base"), ordinary("arm64")}, QStringLiteral("linux/arm64"))};
        const oci::Descriptor attestation = builder.attestation(m_children.first());
        m_index = builder.index({m_children.at(0), m_children.at(1), attestation});
        return test::upload(builder.image(m_index), {m_image}).isEmpty();
    }
    static oci::Descriptor plain(const oci::Descriptor &image)
    {
        oci::Descriptor subject;
        subject.mediaType = image.mediaType;
        subject.digest = image.digest;
        subject.size = image.size;
        return subject;
    }
    void pushBlobs(const QByteArray &content) const
    {
        for (const QByteArray &blob : {test::emptyConfig, content})
            QVERIFY(await(m_target->pushBlob(oci::Descriptor::of({}, blob), content::readerOf(blob), {}, {})));
    }
    void attach(const oci::Descriptor &image, const QByteArray &artifactType, const QByteArray &content) const
    {
        pushBlobs(content);
        const QByteArray bytes = test::artifactManifest(artifactType, artifactType, content, plain(image));
        const auto pushed = await(
            m_target->pushReferrer(oci::Descriptor::of(oci::MediaType::ociManifest(), bytes), bytes, plain(image), {}));
        QVERIFY2(pushed, pushed ? "" : qPrintable(pushed.error().text()));
    }
    void attachByTag(const oci::Descriptor &image, const char *end, const QByteArray &type,
                     const QByteArray &content) const
    {
        pushBlobs(content);
        const QByteArray bytes = test::artifactManifest({}, type, content);
        const QString tag = QStringLiteral("sha256-") + image.digest.hex() + QLatin1String(end);
        QVERIFY(await(m_target->tag(oci::Descriptor::of(oci::MediaType::ociManifest(), bytes), bytes, tag, {})));
    }
    // Of every kind something.
    void attachAll() const
    {
        const oci::Descriptor &amd64 = m_children.at(0);
        attachByTag(amd64, ".sig", "application/vnd.dev.cosign.simplesigning.v1+json", "{\"critical\":{}}");
        attachByTag(amd64, ".att", "application/vnd.dsse.envelope.v1+json",
                    envelope("https://slsa.dev/provenance/v1", amd64.digest));
        attachByTag(m_children.at(1), ".sbom", "text/spdx+json", test::spdx());
        attach(amd64, "application/spdx+json", test::spdx());
        attach(m_index, "application/vnd.cyclonedx+json", test::cycloneDx());
        attach(m_index, "application/vnd.dsse.envelope.v1+json", envelope("https://example/review", m_index.digest));
    }
    QStringList mark(const QStringList &more = {}) const
    {
        return QStringList{QStringLiteral("mark"), m_image, QStringLiteral("--layer"), QStringLiteral("all"),
                           QStringLiteral("--no-probe")} +
               more;
    }

private Q_SLOTS:
    void cleanup()
    {
        m_target.reset();
        m_client.reset();
        m_docker.reset();
        m_demo.reset();
    }

    void everythingIsShown_data() { everyRegistry(); }
    void everythingIsShown()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        QFETCH(QString, kind);
        QVERIFY(start(kind));
        attachAll();
        const QJsonObject shown = m_command.json({QStringLiteral("inspect"), m_image});
        QCOMPARE(kinds(shown),
                 (QStringList{QStringLiteral("attestation referrers"), QStringLiteral("sbom referrers")}));
        const QJsonArray children = shown[QLatin1String("manifests")].toArray();
        QCOMPARE(kinds(children[0]), (QStringList{QStringLiteral("attestation index"), QStringLiteral("provenance tag"),
                                                  QStringLiteral("sbom referrers"), QStringLiteral("signature tag")}));
        QCOMPARE(kinds(children[1]), QStringList{QStringLiteral("sbom tag")});
        const Ran text = m_command({QStringLiteral("inspect"), m_image});
        QCOMPARE(text.exitCode, 0);
        QVERIFY2(text.out.contains("CycloneDX") || text.out.contains("application/vnd.cyclonedx+json"),
                 qPrintable(text.text()));
        // Of one platform, only its own.
        const QJsonObject one = m_command.json(
            {QStringLiteral("inspect"), m_image, QStringLiteral("--platform"), QStringLiteral("linux/arm64")});
        QCOMPARE(kinds(one), QStringList{QStringLiteral("sbom tag")});
    }

    void aPlanCountsWhatStays_data() { everyRegistry(); }
    void aPlanCountsWhatStays()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        QFETCH(QString, kind);
        QVERIFY(start(kind));
        attachAll();
        const QJsonObject plan = m_command.json(mark({QStringLiteral("--dry-run")}));
        QString message;
        for (const QJsonValue each : plan[QLatin1String("findings")].toArray())
            if (each[QLatin1String("code")].toString() == QLatin1String("signatures-stale"))
                message = each[QLatin1String("message")].toString();
        QCOMPARE(message,
                 QStringLiteral("This edit gives the image a new digest. Its 1 signature, 1 attestation, 3 SBOMs "
                                "and 1 provenance statement stay with the old digests; sign again before "
                                "customers verify."));
        QHash<QString, int> fates;
        for (const QJsonValue each : plan[QLatin1String("attachments")].toArray())
            ++fates[each[QLatin1String("after")].toString()];
        const QHash<QString, int> expected{{QStringLiteral("stays"), 6}, {QStringLiteral("stale"), 1}};
        QCOMPARE(fates, expected);
    }

    void sbomsGoAlong_data() { everyRegistry(); }
    void sbomsGoAlong()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        QFETCH(QString, kind);
        QVERIFY(start(kind));
        attachAll();
        const QJsonObject report = m_command.json(mark({QStringLiteral("--reattach-sboms")}));
        QVERIFY(report[QLatin1String("pushed")].toBool());
        int attached = 0;
        for (const QJsonValue each : report[QLatin1String("steps")].toArray())
            if (each[QLatin1String("kind")].toString() == QLatin1String("attachment")) {
                QCOMPARE(each[QLatin1String("outcome")].toString(), QStringLiteral("attached"));
                ++attached;
            }
        QCOMPARE(attached, 2);
        // The new image has them, and nothing that was signed; the old one has what it had.
        const QJsonObject now = m_command.json({QStringLiteral("inspect"), m_image});
        QCOMPARE(kinds(now), QStringList{QStringLiteral("sbom referrers")});
        QCOMPARE(kinds(now[QLatin1String("manifests")][0]), QStringList{QStringLiteral("sbom referrers")});
        QCOMPARE(kinds(now[QLatin1String("manifests")][1]), QStringList());
        const QString old = m_image.section(QLatin1Char(':'), 0, -2) + QLatin1Char('@') + m_index.digest.toString();
        QCOMPARE(kinds(m_command.json({QStringLiteral("inspect"), old})).size(), 2);
        // And the same once more finds nothing left to do.
        const Ran again = m_command(mark({QStringLiteral("--reattach-sboms")}));
        QCOMPARE(again.exitCode, 0);
        QVERIFY2(again.out.contains("Nothing had to change"), qPrintable(again.text()));
    }

    void theyAreNotTakenUnasked()
    {
        QVERIFY(start(QStringLiteral("api")));
        attachAll();
        QCOMPARE(m_command(mark()).exitCode, 0);
        const QJsonObject now = m_command.json({QStringLiteral("inspect"), m_image});
        QCOMPARE(kinds(now), QStringList());
    }

    void withoutAnyItSaysSo()
    {
        QVERIFY(start(QStringLiteral("api")));
        const Ran ran = m_command(mark({QStringLiteral("--reattach-sboms")}));
        QCOMPARE(ran.exitCode, 0);
        QVERIFY2(ran.err.contains("no unsigned SBOM"), qPrintable(ran.text()));
    }

    // The plan as a script does the same: curl where the registry keeps the list, regctl everywhere.
    void asAScript_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("program");
        QTest::newRow("curl") << QStringLiteral("api") << QStringLiteral("curl");
        QTest::newRow("regctl") << QStringLiteral("api") << QStringLiteral("regctl");
        QTest::newRow("regctl without the list") << QStringLiteral("docker") << QStringLiteral("regctl");
    }
    void asAScript()
    {
        QFETCH(QString, kind);
        QFETCH(QString, program);
        COLOPHON_NEED_DOCKER_REGISTRY();
        if (program == QLatin1String("regctl"))
            COLOPHON_NEED_PEER("regctl");
        QVERIFY(start(kind));
        attachAll();
        const Ran script =
            m_command(mark({QStringLiteral("--reattach-sboms"), QStringLiteral("--as-commands"), program}));
        QVERIFY2(script.exitCode == 0, qPrintable(script.text()));
        QProcessEnvironment environment = m_command.environment();
        const QString folder = QFileInfo(test::peer(program)).path();
        environment.insert(QStringLiteral("PATH"),
                           folder + QLatin1Char(':') + environment.value(QStringLiteral("PATH")));
        const Ran done = test::run(QStringLiteral("sh"), {}, environment, script.out);
        QVERIFY2(done.exitCode == 0, qPrintable(done.text()));
        const QJsonObject now = m_command.json({QStringLiteral("inspect"), m_image});
        QVERIFY(now[QLatin1String("digest")].toString() != m_index.digest.toString());
        QCOMPARE(kinds(now), QStringList{QStringLiteral("sbom referrers")});
        QCOMPARE(kinds(now[QLatin1String("manifests")][0]), QStringList{QStringLiteral("sbom referrers")});
    }

    // An image that cosign and oras attached to, and its plan.
    void withOthersPrograms_data() { everyRegistry(); }
    void withOthersPrograms()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PEER("oras");
        COLOPHON_NEED_PEER("cosign");
        QFETCH(QString, kind);
        QVERIFY(start(kind));
        const QString place = m_image.section(QLatin1Char(':'), 0, -2) + QLatin1Char('@') + m_index.digest.toString();
        QTemporaryDir folder;
        const auto write = [&folder](const char *name, const QByteArray &bytes) {
            QFile file(folder.filePath(QLatin1String(name)));
            if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
                qFatal("A file of the test cannot be written.");
            return file.fileName();
        };
        QProcessEnvironment environment = test::plainEnvironment(folder.path());
        environment.insert(QStringLiteral("COSIGN_PASSWORD"), QString());
        const auto ran = [&environment](const char *program, const QStringList &arguments) {
            const Ran done = test::run(test::peer(QLatin1String(program)), arguments, environment);
            if (done.exitCode != 0)
                qWarning("%s", qPrintable(done.text()));
            return done.exitCode == 0;
        };
        QVERIFY(ran("oras", {QStringLiteral("attach"), QStringLiteral("--plain-http"),
                             QStringLiteral("--artifact-type"), QStringLiteral("application/spdx+json"),
                             QStringLiteral("--disable-path-validation"), place, write("sbom.json", test::spdx())}));
        const QStringList key{QStringLiteral("--key"), test::demoKey(), QStringLiteral("--tlog-upload=false"),
                              QStringLiteral("-y")};
        QVERIFY(ran("cosign", QStringList{QStringLiteral("sign")} + key + QStringList{place}));
        QVERIFY(ran("cosign", QStringList{QStringLiteral("attest"), QStringLiteral("--type"),
                                          QStringLiteral("slsaprovenance1"), QStringLiteral("--predicate"),
                                          write("p.json", "{\"buildDefinition\":{},\"runDetails\":{}}")} +
                                  key + QStringList{place}));
        QVERIFY(ran("cosign", QStringList{QStringLiteral("sign"), QStringLiteral("--new-bundle-format")} + key +
                                  QStringList{place}));
        const QJsonObject shown = m_command.json({QStringLiteral("inspect"), m_image});
        QCOMPARE(kinds(shown), (QStringList{QStringLiteral("provenance tag"), QStringLiteral("sbom referrers"),
                                            QStringLiteral("signature referrers"), QStringLiteral("signature tag")}));
        const QJsonObject report = m_command.json(mark({QStringLiteral("--reattach-sboms")}));
        QVERIFY(report[QLatin1String("pushed")].toBool());
        const Ran discovered = test::run(test::peer(QStringLiteral("oras")),
                                         {QStringLiteral("discover"), QStringLiteral("--plain-http"),
                                          QStringLiteral("--format"), QStringLiteral("json"), m_image},
                                         environment);
        QVERIFY2(discovered.exitCode == 0, qPrintable(discovered.text()));
        QCOMPARE(discovered.out.count("application/spdx+json"), 1);
        QCOMPARE(discovered.out.count("\"artifactType\""), 1);
    }
};

QTEST_GUILESS_MAIN(TestColophonctlAttachments)
#include "tst_colophonctlattachments.moc"
