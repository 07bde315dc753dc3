// SPDX-License-Identifier: Apache-2.0
// Layer urls are asked as nobody: what hosts say to that, and what is never asked or given.

#include "registry/anonymousurls.h"
#include "support/await.h"
#include "support/canary/canary.h"
#include "support/faultserver/faultserver.h"

#include <QTest>
#include <QTimer>

using namespace colophon;
using base::ErrorKind;
using test::answer;
using test::await;
using test::FaultServer;
using test::TestAuthority;
using Verdict = content::UrlProbe::Verdict;

namespace {
const QByteArray bytes("the bytes of a layer");
oci::Descriptor layer() { return oci::Descriptor::of(oci::MediaType::ociLayerTar(), bytes); }
} // namespace

Q_DECLARE_METATYPE(colophon::test::Answer)
Q_DECLARE_METATYPE(colophon::content::UrlProbe::Verdict)

class TestAnonymousUrls : public QObject
{
    Q_OBJECT

private:
    TestAuthority m_authority;
    std::unique_ptr<FaultServer> m_server;
    std::unique_ptr<registry::Client> m_client;
    oci::Reference m_image; // in a registry on this machine, and the server may be gone

    registry::ClientOptions options() const
    {
        registry::ClientOptions all;
        all.transport.caFile = m_authority.caFile();
        return all;
    }

    QString url(const char *target = "/layer") const { return m_server->url(QLatin1String(target)).toString(); }

    // Those of an image in a registry on this machine.
    std::shared_ptr<content::UrlFetcher> urls() { return m_client->urlFetcher(m_image); }

    static oci::Reference elsewhere() { return *oci::Reference::parse(QStringLiteral("registry.example/app")); }

    content::UrlProbe probe(const QString &address, bool whole = false)
    {
        const auto result = await(urls()->probe(address, layer(), whole, {}));
        if (!result)
            qFatal("a probe is never an error: %s", qPrintable(result.error().text()));
        return *result;
    }

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_client = std::make_unique<registry::Client>(options());
        // A registry on this machine is in use, and credentials are there to be stolen.
        m_client->signIn(m_server->authority(), {QStringLiteral("user"), base::Secret(COLOPHON_CANARY)});
        m_image = *oci::Reference::parse(m_server->authority() + QStringLiteral("/app"));
        m_client->target(m_image);
    }

    void judges_data()
    {
        QTest::addColumn<test::Answer>("served");
        QTest::addColumn<bool>("whole");
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<qint64>("size");
        const qint64 n = bytes.size();
        const auto part = [](const QByteArray &range) {
            return answer(206, bytes.left(1)).with("Content-Range", range);
        };
        QTest::newRow("one byte") << part("bytes 0-0/20") << false << Verdict::Reachable << n;
        QTest::newRow("one byte of another") << part("bytes 0-0/21") << false << Verdict::WrongSize << qint64(21);
        QTest::newRow("one byte of who knows") << part("bytes 0-0/*") << false << Verdict::Reachable << qint64(-1);
        QTest::newRow("strange range") << part("0-0/20") << false << Verdict::Reachable << qint64(-1);
        QTest::newRow("no ranges") << answer(200, bytes) << false << Verdict::Reachable << n;
        QTest::newRow("no ranges, other size") << answer(200, bytes + '!') << false << Verdict::WrongSize << n + 1;
        QTest::newRow("no ranges, no size")
            << answer(200, bytes).chunked(5) << false << Verdict::Reachable << qint64(-1);
        QTest::newRow("401") << answer(401).with("WWW-Authenticate", "Basic realm=\"r\"") << false
                             << Verdict::NeedsCredentials << qint64(-1);
        QTest::newRow("403") << answer(403) << false << Verdict::NeedsCredentials << qint64(-1);
        QTest::newRow("407") << answer(407) << false << Verdict::NeedsCredentials << qint64(-1);
        QTest::newRow("404") << answer(404) << false << Verdict::NotFound << qint64(-1);
        QTest::newRow("410") << answer(410) << false << Verdict::NotFound << qint64(-1);
        QTest::newRow("500") << answer(500) << false << Verdict::Failed << qint64(-1);
        QTest::newRow("204") << answer(204) << false << Verdict::Failed << qint64(-1);
        QTest::newRow("hangs up") << test::hangUp() << false << Verdict::Failed << qint64(-1);
        QTest::newRow("no HTTP") << test::raw("SSH-2.0-x\r\n\r\n").thenClose() << false << Verdict::Failed
                                 << qint64(-1);
        QTest::newRow("redirect nowhere") << answer(302) << false << Verdict::Failed << qint64(-1);
        QTest::newRow("redirect to a file")
            << answer(302).with("Location", "file:///etc/passwd") << false << Verdict::Failed << qint64(-1);
        QTest::newRow("redirect to metadata")
            << answer(302).with("Location", "https://169.254.169.254/") << false << Verdict::Refused << qint64(-1);
        QTest::newRow("redirect to plain http")
            << answer(302).with("Location", "http://127.0.0.1:1/") << false << Verdict::Refused << qint64(-1);
        QTest::newRow("whole") << answer(200, bytes) << true << Verdict::Reachable << n;
        QTest::newRow("whole in chunks") << answer(200, bytes).chunked(3) << true << Verdict::Reachable << n;
        QTest::newRow("whole, other") << answer(200, QByteArray(bytes).replace('b', 'B')) << true
                                      << Verdict::WrongDigest << n;
        QTest::newRow("whole, short") << answer(200, bytes.chopped(1)).chunked(3) << true << Verdict::WrongSize
                                      << n - 1;
        QTest::newRow("whole, endless") << test::filler(64 * base::limits::MiB).declaring(-1).thenClose() << true
                                        << Verdict::WrongSize << qint64(-1);
        QTest::newRow("whole, cut") << answer(200, bytes.chopped(1)).declaring(n).thenClose() << true << Verdict::Failed
                                    << n;
    }

    void judges()
    {
        QFETCH(test::Answer, served);
        QFETCH(bool, whole);
        m_server->always("GET", QStringLiteral("/layer"), served);
        const content::UrlProbe found = probe(url(), whole);
        QTEST(found.verdict, "verdict");
        QTEST(found.size, "size");
        QVERIFY(!found.reason.isEmpty());
        QCOMPARE(found.url, url());
        QCOMPARE(found.digest.isNull(), !(whole && (found.isReachable() || found.verdict == Verdict::WrongDigest)));
        for (const auto &request : m_server->requests()) {
            QVERIFY(!request.has("Authorization"));
            QVERIFY(!request.has("Cookie"));
            QCOMPARE(request.header("Range"), whole ? QByteArray() : QByteArray("bytes=0-0"));
            QCOMPARE(request.header("Accept-Encoding"), QByteArray("identity"));
        }
        QVERIFY(m_server->requests().size() <= 2); // a kept-alive connection that was closed may be replaced once
    }

    // An address is somebody's server, at a port, and no registry that the user runs.
    void reasonsSpeakOfTheServer_data()
    {
        QTest::addColumn<test::Answer>("served");
        QTest::addColumn<QString>("reason");
        QTest::newRow("right") << answer(206).with("Content-Range", "bytes 0-0/20")
                               << QStringLiteral("%1 answers without credentials, and the size is right.");
        QTest::newRow("size") << answer(206).with("Content-Range", "bytes 0-0/5")
                              << QStringLiteral("%1 has 5 bytes there, the layer has 20.");
        QTest::newRow("nothing") << answer(404) << QStringLiteral("%1 has nothing at this address (404).");
        QTest::newRow("hangs up") << test::hangUp() << QStringLiteral("Check the address, and that its server runs.");
        QTest::newRow("no HTTP") << test::raw("SSH-2.0-x\r\n\r\n").thenClose()
                                 << QStringLiteral("Check the address, and that its server runs.");
    }
    void reasonsSpeakOfTheServer()
    {
        QFETCH(test::Answer, served);
        QFETCH(QString, reason);
        m_server->always("GET", QStringLiteral("/layer"), served);
        const QString found = probe(url()).reason;
        QVERIFY2(found.endsWith(reason.replace(QStringLiteral("%1"), m_server->authority())), qPrintable(found));
        QVERIFY2(!found.contains(QStringLiteral("registry")), qPrintable(found));
    }

    void nobodyThere()
    {
        const QString address = url();
        const QString place = m_server->authority();
        m_server.reset();
        const QString found = probe(address).reason;
        QVERIFY2(found.contains(place), qPrintable(found));
        QVERIFY2(found.endsWith(QStringLiteral("Check the address, and that its server runs.")), qPrintable(found));
        const auto opened = await(urls()->open(address, layer(), {}));
        QVERIFY(!opened);
        QVERIFY2(!opened.error().text().contains(QStringLiteral("registry")), qPrintable(opened.error().text()));
    }

    void aChallengeIsNeverAnswered_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("challenge");
        QTest::newRow("Basic") << 401 << QByteArray("Basic realm=\"r\"");
        QTest::newRow("Bearer") << 401 << QByteArray("Bearer realm=\"SELF/token\",service=\"s\"");
        QTest::newRow("proxy") << 407 << QByteArray("Basic realm=\"r\"");
    }

    void aChallengeIsNeverAnswered()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, challenge);
        challenge.replace("SELF", m_server->url(QString()).toEncoded());
        m_server->always("GET", QStringLiteral(".*"),
                         answer(status).with("WWW-Authenticate", challenge).with("Proxy-Authenticate", challenge));
        QCOMPARE(probe(url()).verdict, Verdict::NeedsCredentials);
        const auto opened = await(urls()->open(url(), layer(), {}));
        QVERIFY(!opened);
        QCOMPARE(opened.error().kind, ErrorKind::Unauthorized);
        QCOMPARE(m_server->requests().size(), 2);
        for (const auto &request : m_server->requests()) {
            QCOMPARE(request.target, QByteArray("/layer"));
            QVERIFY(!request.has("Authorization"));
        }
    }

    void redirectsAreCounted()
    {
        m_server->always("GET", QStringLiteral("/layer"), answer(302).with("Location", "/b"));
        m_server->always("GET", QStringLiteral("/b"), answer(307).with("Location", "/c"));
        m_server->always("GET", QStringLiteral("/c"), answer(206, "t").with("Content-Range", "bytes 0-0/20"));
        const auto found = probe(url());
        QVERIFY(found.isReachable());
        QCOMPARE(found.redirects, 2);
        QCOMPARE(found.answeredBy, QString()); // the same server
        m_server->forget();
        m_server->always("GET", QStringLiteral(".*"), answer(302).with("Location", "/again"));
        QCOMPARE(probe(url()).verdict, Verdict::Failed);
        QCOMPARE(m_server->requests().size(), 6);
    }

    void opensAVerifiedStream()
    {
        m_server->once("GET", QStringLiteral("/layer"), answer(200, bytes));
        m_server->once("GET", QStringLiteral("/layer"), answer(200, QByteArray(bytes).replace('b', 'B')));
        m_server->once("GET", QStringLiteral("/layer"), answer(200, bytes + '!'));
        auto opened = await(urls()->open(url(), layer(), {}));
        QVERIFY(opened);
        const auto all = await(content::readAll(std::move(*opened), 100));
        QVERIFY(all);
        QCOMPARE(*all, bytes);
        auto other = await(urls()->open(url(), layer(), {}));
        QVERIFY(other);
        const auto wrong = await(content::readAll(std::move(*other), 100));
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().kind, ErrorKind::InvalidData);
        const auto longer = await(urls()->open(url(), layer(), {}));
        QVERIFY(!longer);
        QCOMPARE(longer.error().kind, ErrorKind::InvalidData);
    }

    void opensTheRest()
    {
        m_server->once("GET", QStringLiteral("/layer"),
                       answer(206, bytes.mid(5)).with("Content-Range", "bytes 5-19/20"));
        auto rest = await(urls()->openFrom(url(), layer(), 5, {}));
        QVERIFY2(rest, rest ? "" : qPrintable(rest.error().text()));
        QCOMPARE(rest->startsAt, 5);
        const auto all = await(content::readAll(std::move(rest->bytes), 100));
        QVERIFY(all);
        QCOMPARE(*all, bytes.mid(5));
        QCOMPARE(m_server->requests().last().header("Range"), QByteArray("bytes=5-"));
        m_server->always("GET", QStringLiteral("/layer"), answer(200, bytes));
        auto whole = await(urls()->openFrom(url(), layer(), 5, {}));
        QVERIFY(whole);
        QCOMPARE(whole->startsAt, 0);
        for (const auto &request : m_server->requests())
            QVERIFY(!request.has("Authorization"));
        const auto refused = await(urls()->openFrom(QStringLiteral("file:///x"), layer(), 5, {}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Denied);
    }

    void addressesThatAreNeverAsked_data()
    {
        QTest::addColumn<QString>("address");
        const auto row = [](const char *address) { QTest::newRow(address) << QString::fromUtf8(address); };
        row("file:///etc/passwd");
        row("data:text/plain,x");
        row("qrc:/x");
        row("ftp://host.example/x");
        row("gopher://host.example/x");
        row("//host.example/x");
        row("/x");
        row("x");
        row("");
        row("http://");
        row("https:///x");
        row("https://user@host.example/x");
        row("https://user:word@host.example/x");
        row("https://@host.example/x");
        row("https://host.example/x#y");
        row("https://host.example\\@evil.example/x");
        row("https://host.example/a b");
        row("https://host.example/a\r\nX: y");
        row("https://host.example:99999/x");
    }

    void addressesThatAreNeverAsked()
    {
        QFETCH(QString, address);
        const auto checked = registry::AnonymousUrls::checkedAddress(address);
        QVERIFY(!checked);
        QCOMPARE(checked.error().kind, ErrorKind::Denied);
        QCOMPARE(probe(address).verdict, Verdict::Refused);
    }

    void classesOfAddresses_data()
    {
        QTest::addColumn<QString>("address"); // PORT is that of a server that must not be reached
        QTest::newRow("loopback") << QStringLiteral("https://127.0.0.1:PORT/x");
        QTest::newRow("name") << QStringLiteral("https://localhost:PORT/x");
        QTest::newRow("number") << QStringLiteral("https://2130706433:PORT/x");
        QTest::newRow("hexadecimal") << QStringLiteral("https://0x7f.1:PORT/x");
        QTest::newRow("mapped") << QStringLiteral("https://[::ffff:127.0.0.1]:PORT/x");
        QTest::newRow("link-local") << QStringLiteral("http://169.254.169.254/latest/meta-data");
        QTest::newRow("link-local 6") << QStringLiteral("http://[fe80::1]/");
        QTest::newRow("unspecified") << QStringLiteral("https://0.0.0.0:PORT/x");
    }

    void classesOfAddresses()
    {
        QFETCH(QString, address);
        address.replace(QStringLiteral("PORT"), QString::number(m_server->port()));
        m_image = elsewhere(); // a registry of this machine is in use all the same
        QCOMPARE(probe(address).verdict, Verdict::Refused);
        QCOMPARE(m_server->connections(), 0);
    }

    // By the address that answers, and where none does by what the url says itself.
    void howFarItReaches_data()
    {
        QTest::addColumn<QString>("address"); // PORT is that of a server
        QTest::addColumn<bool>("isRegistryHere");
        QTest::addColumn<QString>("reach");
        QTest::addColumn<bool>("isPlain");
        QTest::newRow("this machine") << QStringLiteral("https://127.0.0.1:PORT/layer") << true << "loopback" << false;
        QTest::newRow("by its name") << QStringLiteral("https://localhost:PORT/layer") << true << "loopback" << false;
        QTest::newRow("refused") << QStringLiteral("https://127.0.0.1:PORT/layer") << false << "loopback" << false;
        QTest::newRow("private") << QStringLiteral("http://10.1.2.3/layer") << false << "private" << true;
        QTest::newRow("private 6") << QStringLiteral("https://[fd00::1]/layer") << false << "private" << false;
        QTest::newRow("link-local") << QStringLiteral("https://169.254.169.254/") << false << "" << false;
        QTest::newRow("never asked") << QStringLiteral("ftp://10.1.2.3/layer") << false << "" << false;
    }
    void howFarItReaches()
    {
        QFETCH(QString, address);
        QFETCH(bool, isRegistryHere);
        address.replace(QStringLiteral("PORT"), QString::number(m_server->port()));
        m_server->always("GET", QStringLiteral("/layer"), answer(200, bytes));
        if (!isRegistryHere)
            m_image = elsewhere();
        const content::UrlProbe found = probe(address);
        QCOMPARE(found.verdict, isRegistryHere ? Verdict::Reachable : Verdict::Refused);
        QTEST(content::nameOf(found.reach), "reach");
        QTEST(found.isPlain, "isPlain");
    }

    void theUserMayAllowThem()
    {
        m_server->always("GET", QStringLiteral("/layer"), answer(200, bytes));
        auto all = options();
        all.allowPrivateUrls = true;
        m_client = std::make_unique<registry::Client>(all);
        m_image = elsewhere();
        QVERIFY(probe(url()).isReachable());
    }

    void cancelledWhileItWaits()
    {
        m_server->always("GET", QStringLiteral("/layer"), test::silence());
        std::stop_source stop;
        QTimer::singleShot(100, this, [stop]() mutable { stop.request_stop(); });
        const auto result = await(urls()->probe(url(), layer(), false, stop.get_token()), 5'000);
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestAnonymousUrls)
#include "tst_anonymousurls.moc"
