// SPDX-License-Identifier: Apache-2.0
// Referrers as registries list them, and where they do not: what is asked, what is remembered, and what is refused.
#include "base/limits.h"
#include "content/referrers.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/faultserver/faultserver.h"
#include "support/virtualclock.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::Referrers;
using test::answer;
using test::await;
using test::FaultServer;

namespace {

const QByteArray indexType("application/vnd.oci.image.index.v1+json");
const QByteArray image(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)"
                       R"({"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:)"
                       "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
                       R"(","size":2},"layers":[]})");
oci::Descriptor subject() { return oci::Descriptor::of(oci::MediaType::ociManifest(), image); }
QString path(const char *rest) { return QStringLiteral("/v2/app/") + QLatin1String(rest); }
const QString tag = content::referrersTag(oci::Digest::of(image));

QByteArray referrer(const QByteArray &name)
{
    return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/x",)"
           R"("config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:)"
           "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
           R"(","size":2},"layers":[],"annotations":{"name":")" +
           name + R"("},"subject":)" + subject().toJson() + '}';
}
oci::Descriptor described(const QByteArray &bytes) { return oci::Descriptor::of(oci::MediaType::ociManifest(), bytes); }

QByteArray list(int from, int to)
{
    QByteArrayList entries;
    for (int i = from; i < to; ++i)
        entries.append(described(QByteArray::number(i)).toJson());
    return R"({"schemaVersion":2,"mediaType":")" + indexType + R"(","manifests":[)" + entries.join(',') + "]}";
}

test::Answer listing(int from, int to) { return answer(200, list(from, to)).with("Content-Type", indexType); }

} // namespace

Q_DECLARE_METATYPE(colophon::test::Answer)

class TestReferrerListing : public QObject
{
    Q_OBJECT

private:
    test::TestAuthority m_authority;
    std::unique_ptr<FaultServer> m_registry;
    std::unique_ptr<registry::Client> m_client;
    content::TargetPtr m_target;

    int asked(const QByteArray &method, const char *target) const
    {
        return int(m_registry->requests(method, path(target)).size());
    }
    base::Result<Referrers> listed() { return await(m_target->referrers(subject().digest, {})); }
    base::Result<Referrers::Source> push(const QByteArray &bytes)
    {
        return await(m_target->pushReferrer(described(bytes), bytes, subject(), {}));
    }

private Q_SLOTS:
    void init()
    {
        m_registry = std::make_unique<FaultServer>(m_authority, test::TestAuthority::Kind::Good);
        m_registry->always("GET", QStringLiteral("/v2/"), answer(200, "{}"));
        registry::ClientOptions options;
        options.transport.caFile = m_authority.caFile();
        options.patience.clock = std::make_shared<test::VirtualClock>();
        m_client = std::make_unique<registry::Client>(options);
        m_target = m_client->target(*oci::Reference::parse(m_registry->authority() + QStringLiteral("/app")));
    }

    // --- the registry's own list

    void aRegistryThatKeepsTheList()
    {
        m_registry->always("GET", path("referrers/.*"), listing(0, 3));
        const auto found = listed();
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QCOMPARE(found->source, Referrers::Source::Api);
        QCOMPARE(found->manifests.size(), 3);
        QCOMPARE(m_registry->requests("GET", path("referrers/.*")).first().target,
                 "/v2/app/referrers/" + subject().digest.toLatin1());
        QCOMPARE(asked("", "manifests/.*"), 0);
    }

    void theListGoesOnOnTheNextPage()
    {
        m_registry->once("GET", path("referrers/.*"),
                         listing(0, 2).with("Link", "</v2/app/referrers/more?n=2>; rel=\"next\""));
        m_registry->always("GET", path("referrers/more\\?n=2"), listing(1, 4));
        const auto found = listed();
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QCOMPARE(found->manifests.size(), 4);
    }

    void listsThatAreRefused_data()
    {
        QTest::addColumn<test::Answer>("served");
        QTest::addColumn<int>("kind");
        QTest::newRow("no index") << answer(200, "[]").with("Content-Type", indexType) << int(ErrorKind::InvalidData);
        QTest::newRow("an image") << answer(200, image).with("Content-Type", indexType) << int(ErrorKind::InvalidData);
        QTest::newRow("nothing") << answer(200).with("Content-Type", indexType) << int(ErrorKind::InvalidData);
        QTest::newRow("1001 entries") << listing(0, 1001) << int(ErrorKind::TooLarge);
        QTest::newRow("endless") << test::filler(64 * base::limits::MiB).declaring(-1).thenClose()
                                 << int(ErrorKind::TooLarge);
        QTest::newRow("to itself") << listing(0, 2).with("Link", "<?>; rel=next") << int(ErrorKind::Protocol);
        QTest::newRow("the same again") << listing(0, 2).with("Link", "</v2/app/referrers/again>; rel=next")
                                        << int(ErrorKind::Protocol);
        QTest::newRow("elsewhere") << listing(0, 2).with("Link", "<https://localhost:1/v2/app/referrers/x>; rel=next")
                                   << int(ErrorKind::Denied);
        QTest::newRow("forbidden") << answer(403, R"({"errors":[{"code":"DENIED"}]})") << int(ErrorKind::Denied);
        QTest::newRow("broken") << answer(500) << int(ErrorKind::Failed);
        QTest::newRow("cut") << listing(0, 2).declaring(5000).thenClose() << int(ErrorKind::Network);
    }
    void listsThatAreRefused()
    {
        QFETCH(test::Answer, served);
        QFETCH(int, kind);
        m_registry->always("GET", path("referrers/.*"), served);
        const auto found = listed();
        QVERIFY(!found);
        QCOMPARE(int(found.error().kind), kind);
        QVERIFY(!found.error().operation.isEmpty());
        QCOMPARE(asked("", "manifests/.*"), 0);
    }

    void manyPagesTogetherAreTooMany()
    {
        for (int page = 0; page < 11; ++page)
            m_registry->once("GET", path("referrers/.*"),
                             listing(page * 100, page * 100 + 100)
                                 .with("Link", "</v2/app/referrers/" + QByteArray::number(page) + ">; rel=next"));
        const auto found = listed();
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::TooLarge);
    }

    // Also where they list next to nothing, or nothing at all.
    void longPagesTogetherAreTooMuch()
    {
        const QByteArray page = R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",)" +
                                QByteArray(base::limits::manifest - 1000, 0x20) + R"("manifests":[]})";
        for (int i = 0; i < 20; ++i)
            m_registry->once("GET", path("referrers/.*"),
                             answer(200, page)
                                 .with("Content-Type", "application/vnd.oci.image.index.v1+json")
                                 .with("Link", "</v2/app/referrers/" + QByteArray::number(i) + ">; rel=next"));
        const auto found = listed();
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::TooLarge);
        QVERIFY2(found.error().message.contains(QLatin1String("longer than")), qPrintable(found.error().message));
        QCOMPARE(asked("GET", "referrers/.*"), 17); // 4 MiB each
    }

    // --- registries that keep none

    void withoutAListTheTagIsAsked_data()
    {
        QTest::addColumn<test::Answer>("served");
        QTest::addColumn<int>("askedAgain"); // for the list, the second time
        QTest::newRow("404") << answer(404, "404 page not found") << 0;
        QTest::newRow("405") << answer(405) << 0;
        QTest::newRow("501") << answer(501) << 0;
        QTest::newRow("404, for the repository") << answer(404, R"({"errors":[{"code":"NAME_UNKNOWN"}]})") << 1;
        QTest::newRow("400") << answer(400) << 1;
        QTest::newRow("a web page") << answer(200, "<html>").with("Content-Type", "text/html; charset=utf-8") << 1;
    }
    void withoutAListTheTagIsAsked()
    {
        QFETCH(test::Answer, served);
        QFETCH(int, askedAgain);
        m_registry->always("GET", path("referrers/.*"), served);
        m_registry->always("", path("manifests/.*"), listing(0, 2));
        for (int i = 0; i < 2; ++i) {
            const auto found = listed();
            QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
            QCOMPARE(found->source, Referrers::Source::Tag);
            QCOMPARE(found->manifests.size(), 2);
        }
        QCOMPARE(asked("GET", "referrers/.*"), 1 + askedAgain);
        QVERIFY(m_registry->requests("HEAD").first().target.endsWith('/' + tag.toLatin1()));
    }

    void noTagMeansNone()
    {
        m_registry->always("", QStringLiteral(".*"), answer(404));
        const auto found = listed();
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QVERIFY(found->manifests.isEmpty());
    }

    // --- pushing

    void aRegistryThatListsWhatIsPushed()
    {
        m_registry->always("PUT", path("manifests/.*"), answer(201).with("OCI-Subject", subject().digest.toLatin1()));
        const QByteArray bytes = referrer("a");
        const auto pushed = push(bytes);
        QVERIFY2(pushed, pushed ? "" : qPrintable(pushed.error().text()));
        QCOMPARE(*pushed, Referrers::Source::Api);
        QCOMPARE(m_registry->requests("PUT").size(), 1);
        QCOMPARE(m_registry->requests("PUT").first().body, bytes);
        QCOMPARE(asked("HEAD", "manifests/.*"), 0);
    }

    void anotherSubjectThanOurs()
    {
        m_registry->always("PUT", path("manifests/.*"),
                           answer(201).with("OCI-Subject", oci::Digest::of("other").toLatin1()));
        const auto pushed = push(referrer("a"));
        QVERIFY(!pushed);
        QCOMPARE(pushed.error().kind, ErrorKind::InvalidData);
    }

    // Even where it has the list: who is not told that the subject was seen keeps the tag (distribution-spec).
    void withoutTheFieldTheTagIsWritten()
    {
        m_registry->always("GET", path("referrers/.*"), listing(0, 1));
        QVERIFY(listed());
        QByteArray written;
        m_registry->alwaysWhole("PUT", path("manifests/.*"), [&](const test::RecordedRequest &request) {
            if (request.target.endsWith('/' + tag.toLatin1()))
                written = request.body;
            return answer(201);
        });
        m_registry->always("", path("manifests/sha256-.*"), [&](const test::RecordedRequest &request) {
            Q_UNUSED(request)
            if (written.isEmpty())
                return answer(404);
            return answer(200, written)
                .with("Content-Type", indexType)
                .with("Docker-Content-Digest", oci::Digest::of(written).toLatin1());
        });
        m_registry->always("GET", path("manifests/sha256:.*"), [&](const test::RecordedRequest &) {
            return answer(200, written).with("Content-Type", indexType);
        });
        const QByteArray bytes = referrer("a");
        const auto pushed = push(bytes);
        QVERIFY2(pushed, pushed ? "" : qPrintable(pushed.error().text()));
        QCOMPARE(*pushed, Referrers::Source::Tag);
        QVERIFY(written.contains(described(bytes).digest.toLatin1()));
        QCOMPARE(m_registry->requests("PUT", path("manifests/.*")).size(), 2);
    }

    void aRefusedManifestIsNotListed()
    {
        m_registry->always("PUT", path("manifests/.*"), answer(403, R"({"errors":[{"code":"DENIED"}]})"));
        const auto pushed = push(referrer("a"));
        QVERIFY(!pushed);
        QCOMPARE(pushed.error().kind, ErrorKind::Denied);
        QCOMPARE(m_registry->requests("PUT").size(), 1);
    }

    // --- a real registry without the list

    void dockerRegistry()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        test::DockerRegistry docker;
        QVERIFY2(docker.isRunning(), qPrintable(docker.problem()));
        registry::Client client;
        const auto target = client.target(*oci::Reference::parse(docker.host() + QStringLiteral("/vendor/app")));
        const auto none = await(target->referrers(subject().digest, {}));
        QVERIFY2(none, none ? "" : qPrintable(none.error().text()));
        QVERIFY(none->manifests.isEmpty());
        QVERIFY(await(target->pushBlob(oci::Descriptor::of({}, "{}"), content::readerOf("{}"), {}, {})));
        QVERIFY(await(target->pushManifest(subject(), image, {})));
        QList<oci::Descriptor> expected;
        for (const char *name : {"a", "b", "c"}) {
            const QByteArray bytes = referrer(name);
            const auto pushed = await(target->pushReferrer(described(bytes), bytes, subject(), {}));
            QVERIFY2(pushed, pushed ? "" : qPrintable(pushed.error().text()));
            QCOMPARE(*pushed, Referrers::Source::Tag);
            oci::Descriptor entry = described(bytes);
            entry.artifactType = QStringLiteral("application/x");
            entry.annotations.insert(QStringLiteral("name"), QLatin1String(name));
            expected.append(entry);
        }
        // Another client finds the same.
        registry::Client other;
        const auto found = await(other.target(*oci::Reference::parse(docker.host() + QStringLiteral("/vendor/app")))
                                     ->referrers(subject().digest, {}));
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QCOMPARE(found->manifests, expected);
        QCOMPARE(found->source, Referrers::Source::Tag);
    }
};

QTEST_GUILESS_MAIN(TestReferrerListing)
#include "tst_referrerlisting.moc"
