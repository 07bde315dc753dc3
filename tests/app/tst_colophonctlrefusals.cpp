// SPDX-License-Identifier: Apache-2.0
// What the command does not edit and says why: schema 1, layers whose type has no counterpart, attestations; and what
// it shows of markings that are void.

#include "app/command.h"
#include "app/scriptedregistry.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/registryimage/registryimage.h"

#include <QTest>

using namespace colophon;
using test::answer;
using test::Command;
using test::FaultServer;
using test::ImageBuilder;
using test::ordinary;
using test::Ran;
using test::TestAuthority;

class TestColophonctlRefusals : public QObject
{
    Q_OBJECT

    QStringList change(const char *verb, const QStringList &more) const
    {
        return QStringList{QLatin1String(verb), m_app} + more;
    }

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        m_registry = std::make_unique<test::DockerRegistry>(
            test::DockerRegistryOptions{.allowUrls = {QStringLiteral("^https?://.*")}});
        QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
    }
    void cleanupTestCase() { m_registry.reset(); }
    void init() { m_app = m_registry->host() + QStringLiteral("/app%1:1").arg(++m_count); }

    // No registry at hand takes one any more.
    void schema1()
    {
        const QByteArray manifest =
            R"({"schemaVersion":1,"name":"app","tag":"1","architecture":"amd64","fsLayers":[],"history":[],)"
            R"("signatures":[]})";
        FaultServer old(m_authority, TestAuthority::Kind::Good);
        for (const char *method : {"GET", "HEAD"})
            old.always(method, QStringLiteral("/v2/app/manifests/.*"),
                       answer(200, manifest)
                           .with("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws")
                           .with("Docker-Content-Digest", oci::Digest::of(manifest).toLatin1()));
        old.always("GET", QStringLiteral("/v2/"), answer(200, "{}"));
        m_app = old.authority() + QStringLiteral("/app:1");
        for (const QStringList &arguments :
             {change("mark", {QStringLiteral("--layer"), QStringLiteral("0")}),
              change("unmark", {QStringLiteral("--layer"), QStringLiteral("all")}),
              change("edit", {QStringLiteral("--family"), QStringLiteral("oci")}),
              change("edit", {QStringLiteral("--annotate"), QStringLiteral("manifest:a=1")}),
              change("blob", {QStringLiteral("--layer"), QStringLiteral("0"), QStringLiteral("-o"),
                              m_command.home() + QStringLiteral("/x")})}) {
            const Ran ran = m_command(arguments + QStringList{QStringLiteral("--ca-file"), m_authority.caFile()});
            QVERIFY2(ran.exitCode == 2, qPrintable(ran.text()));
            QVERIFY2(ran.err.contains("This image is in Docker's schema 1, which holds its signature inside"),
                     ran.err.constData());
        }
        QCOMPARE(
            m_command(change("inspect", {QStringLiteral("--raw"), QStringLiteral("--ca-file"), m_authority.caFile()}))
                .out,
            manifest); // it can be looked at
        for (const auto &request : old.requests())
            QVERIFY(request.method == "GET" || request.method == "HEAD");
    }

    // The attestation is kept to the byte, and named because it describes what is no more.
    void anAttestationOfAnEditedImage()
    {
        ImageBuilder builder;
        const auto amd = builder.manifest({ordinary("base"), ordinary("amd64")}, QStringLiteral("linux/amd64"));
        const auto arm = builder.manifest({ordinary("arm64")}, QStringLiteral("linux/arm64"));
        const auto attestation = builder.attestation(amd);
        QCOMPARE(upload(builder.image(builder.index({amd, arm, attestation})), {m_app}), QString());
        const QByteArray warning = "warn      /manifests/2  The attestation of linux/amd64 (its SBOM or provenance) "
                                   "keeps naming " +
                                   amd.digest.shortForm().toLatin1();
        const QStringList one{QStringLiteral("--layer"), QStringLiteral("0"), QStringLiteral("--no-probe"),
                              QStringLiteral("--platform")};
        // Of the other platform it says nothing.
        const Ran other = m_command(change("mark", one + QStringList{QStringLiteral("linux/arm64")}));
        QVERIFY2(other.exitCode == 0, qPrintable(other.text()));
        QVERIFY2(!other.out.contains("attestation"), other.out.constData());
        const QStringList described = change("mark", one + QStringList{QStringLiteral("linux/amd64")});
        for (const QStringList &more : {QStringList{QStringLiteral("--dry-run")}, QStringList()}) {
            const Ran ran = m_command(described + more);
            QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
            QVERIFY2(ran.out.contains(warning), ran.out.constData());
        }
        const QJsonObject index = m_command.json({QStringLiteral("inspect"), m_app});
        QCOMPARE(index[QLatin1String("manifests")][2][QLatin1String("digest")].toString(),
                 attestation.digest.toString());
        QVERIFY(index[QLatin1String("manifests")][0][QLatin1String("digest")].toString() != amd.digest.toString());
    }

    // Foreign layers of zstd may stay elsewhere for distribution 2.8, and for 3 they may not.
    void zstdThatStaysElsewhere()
    {
        ImageBuilder builder;
        const QString zstd = QStringLiteral("application/vnd.oci.image.layer.v1.tar+zstd");
        QCOMPARE(upload(builder.image(builder.manifest({ordinary("base"), test::typed("zstd", zstd)})), {m_app}),
                 QString());
        const QString elsewhere = m_registry->host() + QStringLiteral("/elsewhere:1");
        const auto marked = [&](const char *layer) {
            return m_command(change("mark", {QStringLiteral("--layer"), QLatin1String(layer),
                                             QStringLiteral("--no-probe"), QStringLiteral("--to"), elsewhere}));
        };
        const Ran ran = marked("1");
        if (test::DockerRegistry::isDistribution3()) {
            QVERIFY2(ran.exitCode == 6, qPrintable(ran.text()));
            QVERIFY2(ran.err.contains(" wants the content of layer 1 itself: it lets no layer of its type "),
                     ran.err.constData());
        } else {
            QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        }
        const Ran gzip = marked("0");
        QVERIFY2(gzip.exitCode == 0, qPrintable(gzip.text()));
    }

    void layersWithoutACounterpart()
    {
        ImageBuilder builder;
        const QString helm = QStringLiteral("application/vnd.cncf.helm.chart.content.v1.tar+gzip");
        QCOMPARE(upload(builder.image(builder.manifest({ordinary("base"), test::typed("chart", helm)})), {m_app}),
                 QString());
        const Ran named =
            m_command(change("mark", {QStringLiteral("--layer"), QStringLiteral("1"), QStringLiteral("--no-probe")}));
        QVERIFY2(named.exitCode == 2, qPrintable(named.text()));
        QVERIFY2(named.err.contains("Layer 1, selected by “1”, cannot be toggled: its type " + helm.toUtf8() +
                                    " has no non-distributable counterpart"),
                 named.err.constData());
        const Ran all =
            m_command(change("mark", {QStringLiteral("--layer"), QStringLiteral("all"), QStringLiteral("--no-probe")}));
        QVERIFY2(all.exitCode == 0, qPrintable(all.text()));
        QVERIFY2(all.err.contains("Layer 1 is passed by: its type " + helm.toUtf8()), all.err.constData());
        const QJsonObject json = m_command.json(change("unmark", {QStringLiteral("--layer"), QStringLiteral("all")}));
        QVERIFY(json[QLatin1String("notes")][0].toString().startsWith(QLatin1String("Layer 1 is passed by")));
        // Any layer can be saved and annotated.
        const QString file = m_command.home() + QStringLiteral("/chart");
        QCOMPARE(m_command(change("blob", {QStringLiteral("--layer"), QStringLiteral("1"), QStringLiteral("-o"), file}))
                     .exitCode,
                 0);
        QCOMPARE(m_command(change("edit", {QStringLiteral("--annotate"), QStringLiteral("layer:a=1"),
                                           QStringLiteral("--layer"), QStringLiteral("1")}))
                     .exitCode,
                 0);
    }

private:
    const TestAuthority m_authority;
    Command m_command;
    std::unique_ptr<test::DockerRegistry> m_registry;
    QString m_app;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestColophonctlRefusals)
#include "tst_colophonctlrefusals.moc"
