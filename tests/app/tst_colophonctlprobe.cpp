// SPDX-License-Identifier: Apache-2.0
// `probe` from outside: what each answer of an address means for customers, from scripted servers, and from
// docker-registry as the server of blobs: open, behind a password, and without the blob.

#include "app/command.h"
#include "app/scriptedregistry.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/faultserver/faultserver.h"
#include "support/registryimage/registryimage.h"

#include <QTest>

using namespace colophon;
using test::answer;
using test::Command;
using test::FaultServer;
using test::ImageBuilder;
using test::ordinary;
using test::Ran;

Q_DECLARE_METATYPE(colophon::test::Answer)

class TestColophonctlProbe : public QObject
{
    Q_OBJECT

    // An image whose only foreign layer has this address.
    QString imageAt(const QString &address)
    {
        ImageBuilder builder;
        const auto manifest = builder.manifest({test::foreign(m_layer, {address}), ordinary("app")});
        const QString reference = m_registry->host() + QStringLiteral("/app%1:1").arg(++m_count);
        const QString failed = upload(builder.image(manifest), {reference, {test::digestOf(m_layer)}});
        if (!failed.isEmpty())
            qWarning("%s", qPrintable(failed));
        return reference;
    }
    QString theAddress() const { return m_vendor.url(QStringLiteral("/layer")).toString(); }
    QJsonObject probed(const QString &image, int exitCode, const QStringList &more = {})
    {
        const QJsonArray urls =
            m_command.json(QStringList{QStringLiteral("probe"), image} + more, exitCode)[QLatin1String("urls")]
                .toArray();
        return urls.size() == 1 ? urls[0].toObject() : QJsonObject();
    }
    static QString meaningOf(const QJsonObject &url)
    {
        QStringList sentences;
        for (const QJsonValue sentence : url[QLatin1String("meaning")].toArray())
            sentences.append(sentence.toString());
        return sentences.join(QLatin1Char(' '));
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
    void init() { m_vendor.forget(); }

    // Looking at an image asks none of its addresses, whatever they are.
    void inspectingAsksNobody()
    {
        FaultServer collector;
        const QString place = collector.authority();
        ImageBuilder builder;
        QList<test::LayerSpec> layers{ordinary("app")};
        QSet<oci::Digest> without;
        for (const char *scheme : {"http", "https"}) {
            const QByteArray layer = QByteArray("behind ") + scheme;
            layers.append(test::foreign(
                layer, {QLatin1String(scheme) + QStringLiteral("://") + place + u'/',
                        QStringLiteral("https://169.254.169.254/"),
                        QLatin1String(scheme) + QStringLiteral("://localhost:%1/").arg(collector.port())}));
            without.insert(test::digestOf(layer));
        }
        const QString reference = m_registry->host() + QStringLiteral("/nobody:1");
        QCOMPARE(upload(builder.image(builder.manifest(layers)), {reference, without}), QString());
        for (const char *verb : {"inspect", "verify", "tags"}) {
            const QString name = verb == QByteArray("tags") ? reference.chopped(2) : reference;
            const Ran ran = m_command({QLatin1String(verb), name, QStringLiteral("--verbose")});
            QVERIFY2(!ran.out.isEmpty(), qPrintable(ran.text()));
        }
        QCOMPARE(collector.connections(), 0);
        // The same addresses, when somebody wants them asked.
        m_command({QStringLiteral("probe"), reference});
        QVERIFY(collector.connections() > 0);
    }

    // A registry whose image names what no registry takes: it is shown, and not asked.
    void oddAddressesAskNobody()
    {
        FaultServer collector;
        test::TestAuthority authority;
        FaultServer registry(authority, test::TestAuthority::Kind::Good);
        const QString place = collector.authority();
        ImageBuilder builder;
        const auto root = builder.manifest({test::foreign(
            "odd", {QStringLiteral("ftp://") + place, QStringLiteral("gopher://") + place,
                    QStringLiteral("file:///etc/passwd"), QStringLiteral("data:,x"), QStringLiteral("//") + place})});
        serve(registry, builder.image(root), QStringLiteral("odd"), QStringLiteral("1"));
        const QString reference = registry.authority() + QStringLiteral("/odd:1");
        const QStringList more{QStringLiteral("--ca-file"), authority.caFile()};
        const Ran ran = m_command(QStringList{QStringLiteral("inspect"), reference} + more);
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        const Ran probe = m_command(QStringList{QStringLiteral("probe"), reference} + more);
        QVERIFY2(probe.exitCode == 5, qPrintable(probe.text()));
        QCOMPARE(collector.connections(), 0);
    }

    void answers_data()
    {
        QTest::addColumn<test::Answer>("served");
        QTest::addColumn<bool>("digest");
        QTest::addColumn<QString>("verdict");
        QTest::addColumn<QString>("meaning");
        const QString fail = QStringLiteral("Pulls fail here: containerd and skopeo do not try another address.");
        const QString others = QStringLiteral("Pulls fail here: clients check what comes, and refuse other content.");
        const QString closed = QStringLiteral("Pulls fail here: customers have no credentials for this address");
        const auto part = [](const QByteArray &range) { return answer(206, "x").with("Content-Range", range); };
        QTest::newRow("right") << part("bytes 0-0/20") << false << "reachable" << QString();
        QTest::newRow("no size said") << part("bytes 0-0/*") << false << "reachable" << QString();
        QTest::newRow("all of it") << answer(200, m_layer) << true << "reachable" << QString();
        QTest::newRow("another size") << part("bytes 0-0/21") << false << "wrong-size" << others;
        QTest::newRow("other content") << answer(200, QByteArray(m_layer).replace('l', 'L')) << true << "wrong-digest"
                                       << others;
        QTest::newRow("credentials") << answer(401).with("WWW-Authenticate", "Basic realm=\"r\"") << false
                                     << "needs-credentials" << closed;
        QTest::newRow("forbidden") << answer(403) << false << "needs-credentials" << closed;
        QTest::newRow("nothing there") << answer(404) << false << "not-found" << fail;
        QTest::newRow("an error") << answer(500) << false << "failed" << fail;
        QTest::newRow("hangs up") << test::hangUp() << false << "failed" << fail;
        QTest::newRow("to the metadata service")
            << answer(302).with("Location", "http://169.254.169.254/") << false << "refused"
            << QStringLiteral("It was not asked: whether customers get the layer here is not known.");
    }
    void answers()
    {
        QFETCH(test::Answer, served);
        QFETCH(bool, digest);
        QFETCH(QString, verdict);
        QFETCH(QString, meaning);
        m_vendor.always("GET", QStringLiteral("/layer"), served);
        const QString image = imageAt(theAddress());
        const int exitCode = verdict == QLatin1String("reachable") ? 0 : 5;
        const QStringList more = digest ? QStringList{QStringLiteral("--digest")} : QStringList();
        const QJsonObject url = probed(image, exitCode, more);
        QCOMPARE(test::namesIn(url),
                 QStringLiteral("anonymous answeredBy digest httpStatus layer meaning plainHttp reach reason redirects "
                                "size url verdict")
                     .split(QLatin1Char(' ')));
        QCOMPARE(url[QLatin1String("verdict")].toString(), verdict);
        QCOMPARE(url[QLatin1String("plainHttp")].toBool(), true);
        QCOMPARE(url[QLatin1String("reach")].toString(), QStringLiteral("loopback"));
        QCOMPARE(url[QLatin1String("redirects")].toInt(), 0);
        QVERIFY(url[QLatin1String("answeredBy")].isNull());
        const QString said = meaningOf(url);
        QVERIFY2(said.startsWith(meaning.isEmpty() ? QStringLiteral("It is plain http: ") : meaning), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("It is plain http: ")), qPrintable(said));
        QVERIFY2(said.endsWith(QStringLiteral(
                     "It is on this machine: from elsewhere this address is another machine, or nothing.")),
                 qPrintable(said));
        // In words: the verdict and its reason on one line, and what it means below.
        const Ran text = m_command(QStringList{QStringLiteral("probe"), image} + more);
        QCOMPARE(text.exitCode, exitCode);
        QStringList lines{
            QStringList{verdict, QStringLiteral("/layers/0"), theAddress(), url[QLatin1String("reason")].toString()}
                .join(QStringLiteral("  "))};
        for (const QJsonValue sentence : url[QLatin1String("meaning")].toArray())
            lines.append(QStringLiteral("  ") + sentence.toString());
        QCOMPARE(QString::fromUtf8(text.out), lines.join(QLatin1Char('\n')) + QLatin1Char('\n'));
        for (const auto &request : m_vendor.requests())
            QVERIFY(!request.has("Authorization"));
    }

    // The second server is the one that customers must reach; over TLS, and on plain http before.
    void redirects()
    {
        const test::TestAuthority authority;
        FaultServer cdn(authority, test::TestAuthority::Kind::Good);
        cdn.always("GET", QStringLiteral("/.*"), answer(206, "l").with("Content-Range", "bytes 0-0/20"));
        m_vendor.always("GET", QStringLiteral("/layer"),
                        answer(307).with("Location", cdn.url(QStringLiteral("/x")).toString().toLatin1()));
        const QStringList trusting{QStringLiteral("--ca-file"), authority.caFile()};
        const QJsonObject url = probed(imageAt(theAddress()), 0, trusting);
        QCOMPARE(url[QLatin1String("redirects")].toInt(), 1);
        QCOMPARE(url[QLatin1String("answeredBy")].toString(), cdn.authority());
        QCOMPARE(url[QLatin1String("plainHttp")].toBool(), true);
        QVERIFY(meaningOf(url).startsWith(
            QStringLiteral("It redirects to %1: customers must reach that server, too.").arg(cdn.authority())));
        const QJsonObject direct = probed(imageAt(cdn.url(QStringLiteral("/x")).toString()), 0, trusting);
        QCOMPARE(direct[QLatin1String("plainHttp")].toBool(), false);
        QVERIFY(!meaningOf(direct).contains(QStringLiteral("plain http")));
        // Nobody trusts its certificate.
        QCOMPARE(probed(imageAt(cdn.url(QStringLiteral("/x")).toString()), 5)[QLatin1String("verdict")].toString(),
                 QStringLiteral("failed"));
    }

    // The blob's own address in a registry: open, behind a password, without it.
    void dockerRegistryAsTheServer_data()
    {
        QTest::addColumn<bool>("withPassword");
        QTest::addColumn<bool>("isThere");
        QTest::addColumn<QString>("verdict");
        QTest::newRow("open") << false << true << "reachable";
        QTest::newRow("password") << true << true << "needs-credentials";
        QTest::newRow("not there") << false << false << "not-found";
    }
    void dockerRegistryAsTheServer()
    {
        QFETCH(bool, withPassword);
        QFETCH(bool, isThere);
        QFETCH(QString, verdict);
        test::DockerRegistryOptions options;
        options.withPassword = withPassword;
        const test::DockerRegistry server(options);
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        if (isThere) {
            ImageBuilder builder;
            const auto manifest = builder.manifest({ordinary(m_layer)});
            QCOMPARE(upload(builder.image(manifest), {server.host() + QStringLiteral("/vendor:1"),
                                                      {},
                                                      test::DockerRegistry::user(),
                                                      test::DockerRegistry::password()}),
                     QString());
        }
        const QString image = imageAt(
            QStringLiteral("http://%1/v2/vendor/blobs/%2").arg(server.host(), test::digestOf(m_layer).toString()));
        const int exitCode = verdict == QLatin1String("reachable") ? 0 : 5;
        const QJsonObject url = probed(image, exitCode, {QStringLiteral("--digest")});
        QCOMPARE(url[QLatin1String("verdict")].toString(), verdict);
        QCOMPARE(url[QLatin1String("digest")].toString(),
                 exitCode == 0 ? test::digestOf(m_layer).toString() : QString());
        QCOMPARE(url[QLatin1String("anonymous")].toBool(), !withPassword);
    }

private:
    const QByteArray m_layer = QByteArrayLiteral("the bytes of a layer");
    Command m_command;
    FaultServer m_vendor;
    std::unique_ptr<test::DockerRegistry> m_registry;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestColophonctlProbe)
#include "tst_colophonctlprobe.moc"
