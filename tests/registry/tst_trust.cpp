// SPDX-License-Identifier: Apache-2.0
// Whom the client believes, on docker-registry with certificates that a test made: authorities of a host's own folder,
// client certificates, certificates accepted by their fingerprint, and those that changed.
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/faultserver/faultserver.h"

#include <QDir>
#include <QFile>
#include <QSslCertificate>
#include <QTest>

using namespace colophon;
using base::ErrorKind;
using test::await;
using test::DockerRegistry;
using test::DockerRegistryOptions;
using test::FaultServer;
using test::TestAuthority;
using Kind = TestAuthority::Kind;

namespace {

oci::Digest fingerprintOf(const QByteArray &pem) { return oci::Digest::of(QSslCertificate(pem).toDer()); }

} // namespace

class TestTrust : public QObject
{
    Q_OBJECT

private:
    TestAuthority m_authority;
    QTemporaryDir m_folder;
    test::TlsIdentity m_identity; // of the registry started last

    std::unique_ptr<DockerRegistry> registryWith(Kind kind, bool wantsClients = false)
    {
        m_identity = m_authority.write(kind, m_folder.path(), QStringLiteral("server"));
        DockerRegistryOptions options;
        options.certificateFile = m_folder.filePath(QStringLiteral("server.cert"));
        options.keyFile = m_folder.filePath(QStringLiteral("server.key"));
        if (wantsClients)
            options.clientAuthorityFile = m_authority.caFile();
        return std::make_unique<DockerRegistry>(options);
    }

    // Tags of a repository that is not there: NotFound means that the registry was reached and believed.
    static base::ErrorKind ask(registry::Client &client, const QString &host, base::Error *error = nullptr)
    {
        const auto target = client.target(*oci::Reference::parse(host + QStringLiteral("/app")));
        const auto tags = await(target->tags({}));
        if (!tags && error)
            *error = tags.error();
        return tags ? ErrorKind::Failed : tags.error().kind;
    }

    static content::CertificateException exceptionFor(quint16 port, const oci::Digest &fingerprint,
                                                      const char *host = "127.0.0.1")
    {
        return {QString::fromLatin1(host), port, fingerprint};
    }

private Q_SLOTS:
    void initTestCase() { COLOPHON_NEED_DOCKER_REGISTRY(); }

    void theFolderOfTheHostHasItsAuthority()
    {
        const auto server = registryWith(Kind::Good);
        QVERIFY2(server->isRunning(), qPrintable(server->problem()));
        const QTemporaryDir certs;
        registry::ClientOptions options;
        options.certificateFolders = {certs.path()};
        registry::Client before(options);
        QCOMPARE(ask(before, server->host()), ErrorKind::Tls);
        QVERIFY(QDir(certs.path()).mkpath(server->host()));
        QVERIFY(QFile::copy(m_authority.caFile(), certs.filePath(server->host() + QStringLiteral("/ca.crt"))));
        registry::Client after(options);
        QCOMPARE(ask(after, server->host()), ErrorKind::NotFound);
        // It is for this name alone.
        QCOMPARE(ask(after, QStringLiteral("localhost:%1").arg(server->port())), ErrorKind::Tls);
        // A layer's address at that place is believed as well: it is the same server.
        const auto probe = await(
            after.urlFetcher(*oci::Reference::parse(server->host() + QStringLiteral("/app")))
                ->probe(QStringLiteral("https://%1/v2/app/blobs/sha256:%2").arg(server->host(), QString(64, u'0')),
                        oci::Descriptor::of({}, "x"), false, {}));
        QVERIFY(probe);
        QCOMPARE(probe->httpStatus, 404);
    }

    void aRegistryThatWantsToKnowWhoWeAre()
    {
        const auto server = registryWith(Kind::Good, true);
        QVERIFY2(server->isRunning(), qPrintable(server->problem()));
        const QTemporaryDir certs;
        const QString own = certs.filePath(server->host());
        QVERIFY(QDir(certs.path()).mkpath(server->host()));
        QVERIFY(QFile::copy(m_authority.caFile(), own + QStringLiteral("/ca.crt")));
        registry::ClientOptions options;
        options.certificateFolders = {certs.path()};
        base::Error error;
        registry::Client nobody(options);
        QCOMPARE(ask(nobody, server->host(), &error), ErrorKind::Tls);
        QVERIFY2(error.message.contains(QStringLiteral("client certificate")), qPrintable(error.message));
        QVERIFY2(error.hint.contains(QStringLiteral("certs.d")), qPrintable(error.hint));

        const TestAuthority stranger;
        stranger.write(Kind::Client, own, QStringLiteral("client"));
        registry::Client somebodyElse(options);
        QCOMPARE(ask(somebodyElse, server->host(), &error), ErrorKind::Tls);
        QVERIFY2(error.message.contains(QStringLiteral("client certificate")), qPrintable(error.message));

        m_authority.write(Kind::Client, own, QStringLiteral("client"));
        registry::Client somebody(options);
        QCOMPARE(ask(somebody, server->host()), ErrorKind::NotFound);
        // Layer addresses are asked by nobody in particular.
        const auto probe = await(
            somebody.urlFetcher(*oci::Reference::parse(server->host() + QStringLiteral("/app")))
                ->probe(QStringLiteral("https://%1/v2/").arg(server->host()), oci::Descriptor::of({}, "x"), false, {}));
        QVERIFY(probe);
        QCOMPARE(probe->httpStatus, 0);
        QVERIFY(!probe->isReachable());

        QVERIFY(QFile::remove(own + QStringLiteral("/client.key")));
        registry::Client half(options);
        QCOMPARE(ask(half, server->host(), &error), ErrorKind::Tls);
        QVERIFY2(error.message.contains(QStringLiteral("client.key")), qPrintable(error.message));
    }

    void certificatesAreAcceptedOneByOne_data()
    {
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<QString>("problem");
        QTest::newRow("self-signed") << Kind::SelfSigned << QStringLiteral("self-signed");
        QTest::newRow("expired") << Kind::Expired << QStringLiteral("expired");
        QTest::newRow("for another host") << Kind::WrongHost << QStringLiteral("another host");
        QTest::newRow("unknown authority") << Kind::Good << QStringLiteral("authority");
    }

    void certificatesAreAcceptedOneByOne()
    {
        QFETCH(Kind, kind);
        QFETCH(QString, problem);
        const auto server = registryWith(kind);
        QVERIFY2(server->isRunning(), qPrintable(server->problem()));
        registry::Client client;
        base::Error error;
        QCOMPARE(ask(client, server->host(), &error), ErrorKind::Tls);
        QCOMPARE(error.server, server->host());
        const auto shown = client.refusedCertificate(error.server);
        QVERIFY(shown);
        QCOMPARE(shown->exception.fingerprint, fingerprintOf(m_identity.certificate));
        QVERIFY(error.hint.contains(shown->exception.toString()));
        QVERIFY2(shown->problems.join(u' ').contains(problem), qPrintable(shown->problems.join(u' ')));
        QVERIFY(!shown->subject.isEmpty() && !shown->issuer.isEmpty() && !shown->names.isEmpty());
        QVERIFY(shown->validFrom.isValid() && shown->validUntil > shown->validFrom);
        QVERIFY(shown->expected.isNull() && shown->canBeAccepted);

        client.accept(shown->exception);
        QCOMPARE(ask(client, server->host()), ErrorKind::NotFound);
        QVERIFY(!client.refusedCertificate(error.server));
        client.forget(shown->exception); // also for connections that are open
        QCOMPARE(ask(client, server->host()), ErrorKind::Tls);
    }

    void theyAreForOneServerAlone()
    {
        const auto server = registryWith(Kind::SelfSigned);
        QVERIFY2(server->isRunning(), qPrintable(server->problem()));
        const oci::Digest fingerprint = fingerprintOf(m_identity.certificate);
        const quint16 otherPort = server->port() == 65'535 ? 1 : server->port() + 1;
        registry::ClientOptions options;
        options.certificateExceptions = {exceptionFor(otherPort, fingerprint),
                                         exceptionFor(server->port(), fingerprint, "localhost")};
        registry::Client client(options);
        QCOMPARE(ask(client, server->host()), ErrorKind::Tls);
        options.certificateExceptions.append(exceptionFor(server->port(), fingerprint));
        registry::Client trusting(options);
        QCOMPARE(ask(trusting, server->host()), ErrorKind::NotFound);
    }

    void aChangedCertificateIsRefused_data()
    {
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<bool>("isVouchedFor");
        QTest::newRow("by another self-signed one") << Kind::SelfSigned << false;
        QTest::newRow("by one an authority vouches for") << Kind::Good << true;
    }

    void aChangedCertificateIsRefused()
    {
        QFETCH(Kind, kind);
        QFETCH(bool, isVouchedFor);
        const TestAuthority authority;
        FaultServer server(authority, kind);
        server.always("", QStringLiteral(".*"), test::answer(200, "{}"));
        const oci::Digest before = fingerprintOf(authority.issue(Kind::SelfSigned).certificate);
        registry::ClientOptions options;
        options.transport.caFile = authority.caFile();
        options.certificateExceptions = {exceptionFor(server.port(), before)};
        registry::Client client(options);
        base::Error error;
        QCOMPARE(ask(client, server.authority(), &error), ErrorKind::Tls);
        QVERIFY2(error.message.contains(QStringLiteral("changed")), qPrintable(error.message));
        QCOMPARE(error.hint.contains(QStringLiteral("vouches")), isVouchedFor);
        QVERIFY(server.requests().isEmpty());
        const auto shown = client.refusedCertificate(error.server);
        QVERIFY(shown);
        QCOMPARE(shown->expected, before);
        QVERIFY(shown->exception.fingerprint != before);
    }

    void nothingFallsBackToHttp()
    {
        // Loopback may be plain, but a certificate that is not believed is no sign of that.
        FaultServer tls(m_authority, Kind::SelfSigned);
        tls.always("", QStringLiteral(".*"), test::answer(200, "{}"));
        registry::Client client;
        QCOMPARE(ask(client, tls.authority()), ErrorKind::Tls);
        QVERIFY(tls.requests().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestTrust)
#include "tst_trust.moc"
