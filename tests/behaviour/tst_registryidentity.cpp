// SPDX-License-Identifier: Apache-2.0
#include "behaviour/registryidentity.h"

#include <QTest>

using namespace colophon;
using namespace colophon::behaviour;

class TestRegistryIdentity : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // As real registries answered to GET /v2/, or, of Quay and zot, by their source; both stand in the data.
    void recognises_data()
    {
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const char *header, const char *value, const char *words) {
            QTest::newRow(name) << QString::fromLatin1(header) << QString::fromLatin1(value)
                                << QString::fromLatin1(words);
        };
        row("Harbor", "www-authenticate",
            R"(Bearer realm="http://192.168.1.11:8090/service/token",service="harbor-registry")",
            "r.example is Harbor, by its WWW-Authenticate header.");
        row("Docker Hub", "www-authenticate",
            R"(Bearer realm="https://auth.docker.io/token",service="registry.docker.io")",
            "r.example is Docker Hub, by its WWW-Authenticate header.");
        row("Quay", "www-authenticate", R"(Bearer realm="https://quay.io/v2/auth",service="quay.io")",
            "r.example is Quay, by its WWW-Authenticate header.");
        row("ECR", "www-authenticate",
            R"(Basic realm="https://111111111111.dkr.ecr.us-east-1.amazonaws.com/",service="ecr.amazonaws.com")",
            "r.example is Amazon ECR, by its WWW-Authenticate header.");
        row("ACR", "www-authenticate",
            R"(Bearer realm="https://vendor.azurecr.io/oauth2/token",service="vendor.azurecr.io")",
            "r.example is Azure Container Registry, by its WWW-Authenticate header.");
        row("Quay of one's own", "www-authenticate",
            R"(Bearer realm="https://quay.corp.example:8443/v2/auth",service="quay.corp.example:8443",scope="x")",
            "r.example is Quay, by its WWW-Authenticate header.");
        row("GHCR", "www-authenticate", R"(Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="x")",
            "r.example is GitHub Container Registry, by its WWW-Authenticate header.");
        row("GCR", "www-authenticate", R"(Bearer realm="https://eu.gcr.io/v2/token",service="eu.gcr.io")",
            "r.example is Google Container Registry, by its WWW-Authenticate header.");
        row("GCR without quotes", "www-authenticate", R"(Bearer realm="https://gcr.io/v2/token",service=gcr.io)",
            "r.example is Google Container Registry, by its WWW-Authenticate header.");
        row("Artifact Registry", "www-authenticate", R"(Bearer realm="https://us-central1-docker.pkg.dev/v2/token")",
            "r.example is Google Artifact Registry, by its WWW-Authenticate header.");
        row("Artifactory", "server", "Artifactory/7.9.1 70901900",
            "r.example is JFrog Artifactory 7.9.1, by its Server header.");
        row("Artifactory behind a proxy", "x-jfrog-version", "Artifactory/7.12.8 71208900",
            "r.example is JFrog Artifactory 7.12.8, by its X-JFrog-Version header.");
        row("Nexus", "server", "Nexus/3.80.0-06 (COMMUNITY)",
            "r.example is Sonatype Nexus 3.80.0, by its Server header.");
        row("Nexus behind a proxy", "www-authenticate", R"(BASIC realm="Sonatype Nexus Repository Manager")",
            "r.example is Sonatype Nexus, by its WWW-Authenticate header.");
        row("an old Nexus", "server", "Nexus/3.1.0-04 (OSS)",
            "r.example is Sonatype Nexus 3.1.0, by its Server header.");
        // Proxies that answer for others take over a part of what those send.
        const char *notTold = "r.example is not recognised: it sends nothing that tells which registry it is.";
        row("a proxy of Docker Hub", "www-authenticate",
            "Bearer realm=\"https://proxy.example/v2/auth\",service=\"registry.docker.io\"", notTold);
        row("a proxy of its own name", "www-authenticate",
            "Bearer realm=\"https://proxy.example/v2/auth\",service=\"cloudflare-docker-proxy\"", notTold);
        row("a proxy of ghcr.io", "www-authenticate",
            "Bearer realm=\"https://proxy.example/token\",service=\"ghcr.io\"", notTold);
        row("zot", "www-authenticate", "Basic realm=\"zot\"", notTold);
        row("CNCF Distribution", "docker-distribution-api-version", "registry/2.0",
            "r.example is not recognised: it sends nothing that tells which registry it is.");
        row("a name inside a name", "www-authenticate", R"(Basic realm="not harbor-registry")",
            "r.example is not recognised: it sends nothing that tells which registry it is.");
        row("in another header", "x-copied", R"(service="harbor-registry")",
            "r.example is not recognised: it sends nothing that tells which registry it is.");
    }
    void recognises()
    {
        QFETCH(QString, header);
        QFETCH(QString, value);
        QFETCH(QString, words);
        const RegistryIdentity identity = recognise(Knowledge::shipped(), {{header, value}});
        QCOMPARE(identity.inWords(QStringLiteral("r.example")), words);
        QCOMPARE(identity.isKnown(), !words.contains(u"not recognised"));
    }
    void versionsOutsideOfTheDataAreNotKnown()
    {
        const auto old = recognise(Knowledge::shipped(), {{QStringLiteral("server"), QStringLiteral("Nexus/3.1.0")}});
        QCOMPARE(old.lines.size(), 1);
        QVERIFY(old.lines.first().range.isEmpty());
    }
    void whatFitsTwoIsNeither()
    {
        const auto both = recognise(Knowledge::shipped(),
                                    {{QStringLiteral("server"), QStringLiteral("Nexus/3.70.0")},
                                     {QStringLiteral("www-authenticate"),
                                      QStringLiteral("Bearer realm=\"https://ghcr.io/token\",service=\"ghcr.io\"")}});
        QVERIFY(!both.isKnown());
        QCOMPARE(both.inWords(QStringLiteral("r.example")),
                 QStringLiteral("r.example is not recognised: what it sends fits GitHub Container Registry or "
                                "Sonatype Nexus."));
    }
    void aPersonMaySayWhatItIs()
    {
        const auto named = registryNamed(Knowledge::shipped(), QStringLiteral("distribution@2.8.2"));
        QVERIFY(named);
        QCOMPARE(named->lines.size(), 1);
        QCOMPARE(named->inWords(QStringLiteral("localhost:5000")),
                 QStringLiteral("localhost:5000 is CNCF Distribution 2.8, as you say."));
        const auto any = registryNamed(Knowledge::shipped(), QStringLiteral("distribution"));
        QVERIFY(any);
        QCOMPARE(any->lines.size(), 2);
        QCOMPARE(any->name, QStringLiteral("CNCF Distribution"));
        QVERIFY(!registryNamed(Knowledge::shipped(), QStringLiteral("skopeo")));
        const auto every = registryNamed(Knowledge::shipped(), QStringLiteral("distribution@2"));
        QVERIFY(every);
        QCOMPARE(every->name, QStringLiteral("CNCF Distribution 2.8"));
        const auto other = registryNamed(Knowledge::shipped(), QStringLiteral("distribution/2.8@3"));
        QVERIFY(other);
        QCOMPARE(other->name, QStringLiteral("CNCF Distribution 3"));
    }
};

QTEST_GUILESS_MAIN(TestRegistryIdentity)
#include "tst_registryidentity.moc"
