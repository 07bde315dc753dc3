// SPDX-License-Identifier: Apache-2.0
// What is configured on a computer, from outside: certificates, proxies, mirrors, names; and that no secret of it is
// printed.

#include "app/command.h"
#include "content/certificates.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/faultserver/faultserver.h"
#include "support/proxyserver/proxyserver.h"

#include <QDir>
#include <QFile>
#include <QSslCertificate>
#include <QTest>

using namespace colophon;
using test::Command;
using test::FaultServer;
using test::Ran;
using Kind = test::TestAuthority::Kind;

class TestColophonctlTrust : public QObject
{
    Q_OBJECT

private:
    test::TestAuthority m_authority;
    QTemporaryDir m_folder;

    static void serve(FaultServer &server)
    {
        const QByteArray index =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";
        server.always("GET", QStringLiteral("/v2/"), test::answer(200, "{}"));
        server.always("", QStringLiteral("/v2/.*/manifests/sha256-.*"), test::answer(404));
        server.always("", QStringLiteral("/v2/.*/manifests/.*"),
                      test::answer(200, index)
                          .with("Content-Type", "application/vnd.oci.image.index.v1+json")
                          .with("Docker-Content-Digest", oci::Digest::of(index).toLatin1()));
        server.always("", QStringLiteral(".*"), test::answer(404));
    }

    void write(const QString &path, const QByteArray &text)
    {
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

private Q_SLOTS:
    void acceptsACertificateByItsFingerprint()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        const auto identity = m_authority.write(Kind::SelfSigned, m_folder.path(), QStringLiteral("server"));
        test::DockerRegistryOptions options;
        options.certificateFile = m_folder.filePath(QStringLiteral("server.cert"));
        options.keyFile = m_folder.filePath(QStringLiteral("server.key"));
        const test::DockerRegistry server(options);
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        const Command command;
        const QString repository = server.host() + QStringLiteral("/app");
        const QString right = server.host() + u'=' +
                              content::fingerprintText(oci::Digest::of(QSslCertificate(identity.certificate).toDer()));
        const QString wrong = server.host() + u'=' + content::fingerprintText(oci::Digest::of("another"));
        const QString option = QStringLiteral("--trust-fingerprint");
        Ran ran = command({QStringLiteral("tags"), repository});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("self-signed") && ran.err.contains(right.toUtf8()), ran.err.constData());
        ran = command({QStringLiteral("tags"), repository, option, right});
        QCOMPARE(ran.exitCode, 3); // believed; there is no such repository
        ran = command({QStringLiteral("tags"), repository, option, wrong});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("changed"), ran.err.constData());
        ran = command({QStringLiteral("tags"), repository, option, QStringLiteral("nonsense")});
        QCOMPARE(ran.exitCode, 2);
    }

    void findsTheFolderOfTheHost()
    {
        FaultServer server(m_authority, Kind::Good);
        serve(server);
        const Command command;
        const QString image = server.authority() + QStringLiteral("/app:1");
        QCOMPARE(command({QStringLiteral("inspect"), image}).exitCode, 1);
        const QString folder = command.home() + QStringLiteral("/.config/containers/certs.d/") + server.authority();
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(QFile::copy(m_authority.caFile(), folder + QStringLiteral("/ours.crt")));
        const Ran ran = command({QStringLiteral("inspect"), image});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
    }

    void goesThroughTheProxyAndPrintsNoPassword()
    {
        FaultServer server(m_authority, Kind::WrongHost); // other.example, which leads nowhere without the proxy
        serve(server);
        test::ProxyServer proxy;
        proxy.requirePassword("user:" COLOPHON_CANARY);
        Command command;
        command.setVariable(QStringLiteral("https_proxy"), proxy.address(QStringLiteral("user:" COLOPHON_CANARY)));
        const QString image = QStringLiteral("other.example:%1/app:1").arg(server.port());
        Ran ran = command({QStringLiteral("inspect"), image, QStringLiteral("--verbose"), QStringLiteral("--ca-file"),
                           m_authority.caFile()});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY(!proxy.requests().isEmpty());
        QVERIFY(test::canaryIn(ran.out + ran.err).isEmpty());
        command.setVariable(QStringLiteral("https_proxy"),
                            proxy.address(QStringLiteral("user:" COLOPHON_CANARY "-wrong")));
        for (const auto &form : {QStringLiteral("--verbose"), QStringLiteral("--json")}) {
            ran = command({QStringLiteral("inspect"), image, form});
            QCOMPARE(ran.exitCode, 1);
            QVERIFY2(ran.err.contains("proxy"), ran.err.constData());
            QVERIFY(test::canaryIn(ran.out + ran.err).isEmpty());
        }
    }

    void readsFromAMirrorAndSaysSo()
    {
        FaultServer mirror(m_authority, Kind::Good);
        serve(mirror);
        Command command;
        const QString conf = m_folder.filePath(QStringLiteral("registries.conf"));
        write(conf, "unqualified-search-registries = ['registry.example', 'docker.io']\n"
                    "[[registry]]\nlocation = 'registry.example'\n"
                    "[[registry.mirror]]\nlocation = '" +
                        mirror.authority().toLatin1() +
                        "/cache'\n"
                        "[[registry]]\nlocation = 'blocked.example'\nblocked = true\n"
                        "[aliases]\nours = 'registry.example/team/app'\n");
        command.setVariable(QStringLiteral("CONTAINERS_REGISTRIES_CONF"), conf);
        const QStringList trusted{QStringLiteral("--ca-file"), m_authority.caFile()};
        Ran ran = command(
            QStringList{QStringLiteral("inspect"), QStringLiteral("docker pull ours:1"), QStringLiteral("--verbose")} +
            trusted);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY2(ran.err.contains("Read from " + mirror.authority().toUtf8() + "/cache/team/app"), ran.err.constData());
        QVERIFY2(ran.err.contains("is short for registry.example/team/app:1"), ran.err.constData());
        QVERIFY2(ran.out.contains("registry.example/team/app:1"), ran.out.constData());

        ran = command({QStringLiteral("inspect"), QStringLiteral("app")});
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains("registry.example/app or docker.io/app"), ran.err.constData());
        ran = command({QStringLiteral("inspect"), QStringLiteral("blocked.example/app")});
        QCOMPARE(ran.exitCode, 6);
        QVERIFY2(ran.err.contains("blocked"), ran.err.constData());
        write(conf, "[[registry\n");
        ran = command({QStringLiteral("tags"), QStringLiteral("registry.example/app")});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains(conf.toUtf8()), ran.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestColophonctlTrust)
#include "tst_colophonctltrust.moc"
