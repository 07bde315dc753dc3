// SPDX-License-Identifier: Apache-2.0
// What a registry may answer, wrongly or oddly, to each request of a pull and a push.

#include "base/limits.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/canary/canary.h"
#include "support/faultserver/faultserver.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>

using namespace colophon;
using base::ErrorKind;
using test::answer;
using test::await;
using test::FaultServer;
using test::TestAuthority;

namespace {

const QByteArray manifest(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"})");
const QByteArray manifestType("application/vnd.oci.image.manifest.v1+json");
const QByteArray bytes("the bytes of a blob");

oci::Descriptor wantedManifest() { return oci::Descriptor::of(oci::MediaType::ociManifest(), manifest); }
oci::Descriptor wantedBlob() { return oci::Descriptor::of({}, bytes); }
QByteArray digestOf(const QByteArray &content) { return oci::Digest::of(content).toLatin1(); }

} // namespace

Q_DECLARE_METATYPE(colophon::test::Answer)

class TestRepository : public QObject
{
    Q_OBJECT

private:
    TestAuthority m_authority;
    std::unique_ptr<FaultServer> m_registry;
    std::unique_ptr<FaultServer> m_other;
    std::unique_ptr<registry::Client> m_client;
    content::TargetPtr m_target;

    int asked(const char *method, const char *target) const
    {
        return int(m_registry->requests(method, QLatin1String(target)).size());
    }

    base::Result<void> push() { return await(m_target->pushBlob(wantedBlob(), content::readerOf(bytes), {}, {})); }

private Q_SLOTS:
    void init()
    {
        m_registry = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_other = std::make_unique<FaultServer>(m_authority, TestAuthority::Kind::Good);
        m_registry->always("GET", QStringLiteral("/v2/"), answer(401).with("WWW-Authenticate", "Basic realm=\"r\""));
        registry::ClientOptions options;
        options.transport.caFile = m_authority.caFile();
        m_client = std::make_unique<registry::Client>(options);
        m_client->signIn(m_registry->authority(), {QStringLiteral("user"), base::Secret(COLOPHON_CANARY)});
        m_target = m_client->target(*oci::Reference::parse(m_registry->authority() + QStringLiteral("/app")));
    }

    // --- who it is

    void saysWhatTheRegistrySaysOfItself()
    {
        m_registry->forget();
        m_registry->always("GET", QStringLiteral("/v2/"),
                           answer(401)
                               .with("WWW-Authenticate", "Basic realm=\"r\",service=\"harbor-registry\"")
                               .with("Server", "nginx")
                               .with("Set-Cookie", "sid=S3CR3T"));
        const auto fields = await(m_target->serverFields({}));
        QVERIFY2(fields, fields ? "" : qPrintable(fields.error().text()));
        QVERIFY(fields->contains({QStringLiteral("server"), QStringLiteral("nginx")}));
        QVERIFY(fields->contains(
            {QStringLiteral("www-authenticate"), QStringLiteral("Basic realm=\"r\",service=\"harbor-registry\"")}));
        for (const auto &[name, value] : *fields)
            QVERIFY2(!value.contains(u"S3CR3T"), qPrintable(name)); // a session of somebody's is nobody else's
        // Asked once, however often it is wanted.
        QVERIFY(await(m_target->serverFields({})));
        QCOMPARE(asked("GET", "/v2/"), 1);
    }

    // --- resolve

    void resolvesByHeadAlone()
    {
        m_registry->always("HEAD", QStringLiteral("/v2/app/manifests/v1"),
                           answer(200)
                               .with("Docker-Content-Digest", digestOf(manifest))
                               .with("Content-Type", manifestType + "; charset=utf-8")
                               .declaring(manifest.size()));
        const auto found = await(m_target->resolve(QStringLiteral("v1"), {}));
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QCOMPARE(found->digest, wantedManifest().digest);
        QCOMPARE(found->size, manifest.size());
        QCOMPARE(found->mediaType, oci::MediaType::ociManifest());
        QCOMPARE(asked("GET", "/v2/app/.*"), 0);
        const auto head = m_registry->requests("HEAD").first();
        QCOMPARE(head.header("Accept"), oci::MediaType::acceptManifests());
        QCOMPARE(head.header("Accept-Encoding"), QByteArray("identity"));
    }

    void readsWhereHeadSaysTooLittle_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("digest");
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("no digest") << 200 << QByteArray() << manifestType;
        QTest::newRow("no digest worth the name") << 200 << QByteArray("sha256:../../x") << manifestType;
        QTest::newRow("no type") << 200 << digestOf(manifest) << QByteArray();
        QTest::newRow("any type") << 200 << digestOf(manifest) << QByteArray("application/json");
        QTest::newRow("no HEAD") << 405 << QByteArray() << QByteArray();
    }

    void readsWhereHeadSaysTooLittle()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, digest);
        QFETCH(QByteArray, type);
        auto head = answer(status).declaring(status == 200 ? manifest.size() : 0);
        if (!digest.isEmpty())
            head = head.with("Docker-Content-Digest", digest);
        if (!type.isEmpty())
            head = head.with("Content-Type", type);
        m_registry->always("HEAD", QStringLiteral("/v2/app/manifests/v1"), head);
        m_registry->always("GET", QStringLiteral("/v2/app/manifests/v1"),
                           type.isEmpty() ? answer(200, manifest) : answer(200, manifest).with("Content-Type", type));
        const auto found = await(m_target->resolve(QStringLiteral("v1"), {}));
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QCOMPARE(found->digest, wantedManifest().digest);
        QCOMPARE(found->size, manifest.size());
        QCOMPARE(found->mediaType, oci::MediaType::ociManifest());
    }

    void aDigestThatIsNotTheOneAskedFor()
    {
        m_registry->always("HEAD", QStringLiteral("/v2/app/manifests/.*"),
                           answer(200)
                               .with("Docker-Content-Digest", digestOf("other"))
                               .with("Content-Type", manifestType)
                               .declaring(5));
        const auto found = await(m_target->resolve(wantedManifest().digest.toString(), {}));
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::InvalidData);
    }

    // The algorithm is that of what was asked for, whatever the answer names.
    void anotherAlgorithmIsAnotherDigest()
    {
        const oci::Digest other = oci::Digest::of(manifest, oci::Digest::Algorithm::Sha512);
        m_registry->always(
            "", QStringLiteral("/v2/app/manifests/.*"),
            answer(200, manifest).with("Content-Type", manifestType).with("Docker-Content-Digest", other.toLatin1()));
        const auto resolved = await(m_target->resolve(oci::Digest::of(manifest).toString(), {}));
        QVERIFY(!resolved || resolved->digest == oci::Digest::of(manifest));
        const auto lying = await(m_target->resolve(oci::Digest::of("else").toString(), {}));
        QVERIFY(!lying);
    }

    void onlyTagsAndDigestsBecomePaths_data()
    {
        QTest::addColumn<QString>("identifier");
        QTest::newRow("path") << QStringLiteral("../../other/manifests/x");
        QTest::newRow("query") << QStringLiteral("x?y");
        QTest::newRow("line break") << QStringLiteral("x\r\nX: y");
        QTest::newRow("bad digest") << QStringLiteral("sha256:abc");
        QTest::newRow("upper digest") << QStringLiteral("sha256:") + QString(64, u'A');
        QTest::newRow("dash first") << QStringLiteral("-x");
        QTest::newRow("too long") << QString(129, u'x');
        QTest::newRow("empty") << QString();
    }

    void onlyTagsAndDigestsBecomePaths()
    {
        QFETCH(QString, identifier);
        const auto found = await(m_target->resolve(identifier, {}));
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::Usage);
        const auto tagged = await(m_target->tag(wantedManifest(), manifest, identifier, {}));
        QVERIFY(!tagged);
        QCOMPARE(tagged.error().kind, ErrorKind::Usage);
        QCOMPARE(m_registry->requests().size(), 0);
    }

    // --- manifests and blobs

    void manifestsThatAreNotWhatWasAskedFor_data()
    {
        QTest::addColumn<test::Answer>("served");
        QTest::addColumn<int>("kind");
        const int invalid = int(ErrorKind::InvalidData);
        const int large = int(ErrorKind::TooLarge);
        QTest::newRow("other bytes")
            << answer(200, QByteArray(manifest).replace('2', '3')).with("Content-Type", manifestType) << invalid;
        QTest::newRow("longer") << answer(200, manifest + ' ').with("Content-Type", manifestType) << invalid;
        QTest::newRow("shorter") << answer(200, manifest.chopped(1)).with("Content-Type", manifestType) << invalid;
        QTest::newRow("other type")
            << answer(200, manifest).with("Content-Type", "application/vnd.oci.image.index.v1+json") << invalid;
        QTest::newRow("announced as another")
            << answer(200, manifest).with("Content-Type", manifestType).with("Docker-Content-Digest", digestOf("else"))
            << invalid;
        QTest::newRow("announced as another, by SHA-512")
            << answer(200, manifest)
                   .with("Content-Type", manifestType)
                   .with("Docker-Content-Digest", oci::Digest::of("else", oci::Digest::Algorithm::Sha512).toLatin1())
            << invalid;
        QTest::newRow("declared too large") << test::filler(5 * base::limits::MiB) << large;
        // Refused by what is declared: not a byte of it is waited for.
        QTest::newRow("declared too large, and never comes")
            << test::filler(5 * base::limits::MiB).stalledAfter(100) << large;
        QTest::newRow("endless") << test::filler(10LL * 1024 * base::limits::MiB).declaring(-1).thenClose() << large;
        QTest::newRow("page") << answer(200, "<html>").with("Content-Type", "text/html") << int(ErrorKind::Protocol);
        QTest::newRow("cut")
            << answer(200, manifest).with("Content-Type", manifestType).declaring(manifest.size() + 5).thenClose()
            << int(ErrorKind::Network);
        QTest::newRow("not there") << answer(404, R"({"errors":[{"code":"MANIFEST_UNKNOWN"}]})")
                                   << int(ErrorKind::NotFound);
        auto endless = test::filler(10LL * 1024 * base::limits::MiB).chunked(16'384);
        endless.status = 404;
        QTest::newRow("not there, in endless words") << endless << int(ErrorKind::NotFound);
    }

    void manifestsThatAreNotWhatWasAskedFor()
    {
        QFETCH(test::Answer, served);
        QFETCH(int, kind);
        m_registry->always("GET", QStringLiteral("/v2/app/manifests/.*"), served);
        const auto fetched = await(m_target->fetchManifest(wantedManifest(), {}));
        QVERIFY(!fetched);
        QCOMPARE(int(fetched.error().kind), kind);
        QVERIFY(!fetched.error().operation.isEmpty());
    }

    // What is announced is held against the bytes, not against what was asked for: that is done anyway.
    void whatIsAnnouncedMayBeHashedOtherwise_data()
    {
        QTest::addColumn<QByteArray>("announced");
        QTest::newRow("the same") << digestOf(manifest);
        QTest::newRow("SHA-512") << oci::Digest::of(manifest, oci::Digest::Algorithm::Sha512).toLatin1();
        QTest::newRow("unknown") << QByteArray("md5:d41d8cd98f00b204e9800998ecf8427e");
        QTest::newRow("no digest") << QByteArray("../../x");
    }
    void whatIsAnnouncedMayBeHashedOtherwise()
    {
        QFETCH(QByteArray, announced);
        m_registry->always(
            "GET", QStringLiteral("/v2/app/manifests/.*"),
            answer(200, manifest).with("Content-Type", manifestType).with("Docker-Content-Digest", announced));
        const auto fetched = await(m_target->fetchManifest(wantedManifest(), {}));
        QVERIFY2(fetched, fetched ? "" : qPrintable(fetched.error().text()));
        QCOMPARE(*fetched, manifest);
    }

    void anUnknownSizeIsNotChecked()
    {
        m_registry->always("GET", QStringLiteral("/v2/app/manifests/.*"),
                           answer(200, manifest).with("Content-Type", manifestType));
        auto wanted = wantedManifest();
        wanted.size = -1;
        const auto fetched = await(m_target->fetchManifest(wanted, {}));
        QVERIFY(fetched);
        QCOMPARE(*fetched, manifest);
    }

    void blobsThatAreNotWhatWasAskedFor_data()
    {
        QTest::addColumn<test::Answer>("served");
        QTest::addColumn<int>("kind");
        QTest::newRow("other bytes") << answer(200, QByteArray(bytes).replace('b', 'B')) << int(ErrorKind::InvalidData);
        QTest::newRow("longer") << answer(200, bytes + '!') << int(ErrorKind::InvalidData);
        QTest::newRow("longer in chunks") << answer(200, bytes + '!').chunked(4) << int(ErrorKind::InvalidData);
        QTest::newRow("endless") << test::filler(10LL * 1024 * base::limits::MiB).declaring(-1).thenClose()
                                 << int(ErrorKind::InvalidData);
        QTest::newRow("shorter in chunks") << answer(200, bytes.chopped(1)).chunked(4) << int(ErrorKind::InvalidData);
        QTest::newRow("cut") << answer(200, bytes.chopped(3)).declaring(bytes.size()).thenClose()
                             << int(ErrorKind::Network);
        QTest::newRow("not there") << answer(404, R"({"errors":[{"code":"BLOB_UNKNOWN"}]})")
                                   << int(ErrorKind::NotFound);
        QTest::newRow("forbidden") << answer(403, R"({"errors":[{"code":"DENIED"}]})") << int(ErrorKind::Denied);
    }

    void blobsThatAreNotWhatWasAskedFor()
    {
        QFETCH(test::Answer, served);
        QFETCH(int, kind);
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"), served);
        auto opened = await(m_target->openBlob(wantedBlob(), {}));
        const base::Error error = opened ? [&] {
            const auto all = await(content::readAll(std::move(*opened), base::limits::MiB));
            return all ? base::Error() : all.error();
        }()
                                         : opened.error();
        QVERIFY(!error.message.isEmpty());
        QCOMPARE(int(error.kind), kind);
    }

    void aBlobThatBreaksOffGoesOn_data()
    {
        QTest::addColumn<qint64>("first"); // bytes until the connection ends
        QTest::addColumn<QString>("then");
        for (const qint64 first : {qint64(0), qint64(1), qint64(9), bytes.size() - 1})
            for (const char *then : {"rest", "whole", "wrong rest", "shifted rest", "broken rest"})
                QTest::addRow("%lld bytes, then the %s", first, then) << first << QString::fromLatin1(then);
    }

    void aBlobThatBreaksOffGoesOn()
    {
        QFETCH(qint64, first);
        QFETCH(QString, then);
        const auto range = [](qint64 from) {
            return "bytes " + QByteArray::number(from) + '-' + QByteArray::number(bytes.size() - 1) + '/' +
                   QByteArray::number(bytes.size());
        };
        m_registry->once("GET", QStringLiteral("/v2/app/blobs/.*"),
                         answer(200, bytes.left(first)).declaring(bytes.size()).thenClose());
        if (then == QLatin1String("broken rest") && first > 0)
            m_registry->once(
                "GET", QStringLiteral("/v2/app/blobs/.*"),
                answer(206, {}).with("Content-Range", range(first)).declaring(bytes.size() - first).thenClose());
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"), [=](const test::RecordedRequest &request) {
            const QByteArray asked = request.header("Range");
            if (then == QLatin1String("whole") || asked.isEmpty())
                return answer(200, bytes);
            const qint64 from = asked.mid(6, asked.size() - 7).toLongLong();
            if (then == QLatin1String("shifted rest")) // of the right length
                return answer(206, bytes.mid(from - 1, bytes.size() - from))
                    .with("Content-Range", "bytes " + QByteArray::number(from - 1) + '-' +
                                               QByteArray::number(bytes.size() - 2) + '/' +
                                               QByteArray::number(bytes.size()));
            const qint64 given = then == QLatin1String("wrong rest") ? from - 1 : from;
            return answer(206, bytes.mid(given)).with("Content-Range", range(given));
        });
        auto opened = await(m_target->openBlob(wantedBlob(), {}));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        const auto all = await(content::readAll(std::move(*opened), base::limits::MiB));
        QVERIFY2(all, all ? "" : qPrintable(all.error().text()));
        QCOMPARE(*all, bytes);
        if (first > 0)
            QCOMPARE(m_registry->requests("GET", QStringLiteral("/v2/app/blobs/.*")).at(1).header("Range"),
                     QByteArray("bytes=" + QByteArray::number(first) + '-'));
    }

    void anotherBlobBehindTheBreakIsFound()
    {
        m_registry->once("GET", QStringLiteral("/v2/app/blobs/.*"),
                         answer(200, bytes.left(9)).declaring(bytes.size()).thenClose());
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"),
                           answer(206, QByteArray(bytes.mid(9)).toUpper()).with("Content-Range", "bytes 9-18/19"));
        auto opened = await(m_target->openBlob(wantedBlob(), {}));
        QVERIFY(opened);
        const auto all = await(content::readAll(std::move(*opened), base::limits::MiB));
        QVERIFY(!all);
        QCOMPARE(all.error().kind, ErrorKind::InvalidData);
    }

    void aLargeBlobInChunks()
    {
        const QByteArray large(3 * base::limits::MiB, 'x');
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"), test::filler(large.size()).chunked());
        auto opened = await(m_target->openBlob(oci::Descriptor::of({}, large), {}));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        const auto all = await(content::readAll(std::move(*opened), large.size()));
        QVERIFY2(all, all ? "" : qPrintable(all.error().text()));
        QVERIFY(*all == large);
    }

    void aBlobOpenedAgain()
    {
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"), answer(200, bytes));
        auto opened = await(m_target->openBlob(wantedBlob(), {}));
        QVERIFY(opened);
        for (int i = 0; i < 2; ++i) {
            auto again = await((*opened)->reopened({}));
            QVERIFY2(again, again ? "" : qPrintable(again.error().text()));
            QVERIFY(*again);
            opened = std::move(again);
        }
        const auto all = await(content::readAll(std::move(*opened), base::limits::MiB));
        QVERIFY(all);
        QCOMPARE(*all, bytes);
        QCOMPARE(asked("GET", "/v2/app/blobs/.*"), 3);
    }

    void theRestOfABlob_data()
    {
        QTest::addColumn<test::Answer>("served"); // to the request with a range
        QTest::addColumn<qint64>("startsAt");     // -1: an error
        const QByteArray rest = bytes.mid(5);
        const auto part = [rest](const QByteArray &range) { return answer(206, rest).with("Content-Range", range); };
        QTest::newRow("the rest") << part("bytes 5-18/19") << qint64(5);
        QTest::newRow("the rest of who knows") << part("bytes 5-18/*") << qint64(5);
        QTest::newRow("the rest in chunks") << part("bytes 5-18/19").chunked(4) << qint64(5);
        QTest::newRow("from elsewhere") << part("bytes 4-18/19") << qint64(0);
        QTest::newRow("not to the end") << part("bytes 5-17/19") << qint64(0);
        QTest::newRow("of another size") << part("bytes 5-18/20") << qint64(0);
        QTest::newRow("without saying what") << answer(206, rest) << qint64(0);
        QTest::newRow("shorter than it says") << part("bytes 5-18/19").declaring(13).thenClose() << qint64(0);
        QTest::newRow("the whole") << answer(200, bytes) << qint64(0);
        QTest::newRow("no ranges") << answer(416) << qint64(0);
        QTest::newRow("not there") << answer(404) << qint64(-1);
        QTest::newRow("forbidden") << answer(403) << qint64(-1);
    }

    void theRestOfABlob()
    {
        QFETCH(test::Answer, served);
        QFETCH(qint64, startsAt);
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"), [served](const test::RecordedRequest &request) {
            return request.header("Range") == "bytes=5-" ? served : answer(200, bytes);
        });
        auto opened = await(m_target->openBlobFrom(wantedBlob(), 5, {}));
        QCOMPARE(opened.has_value(), startsAt >= 0);
        if (!opened)
            return;
        QCOMPARE(opened->startsAt, startsAt);
        const auto all = await(content::readAll(std::move(opened->bytes), base::limits::MiB));
        QVERIFY2(all, all ? "" : qPrintable(all.error().text()));
        QCOMPARE(*all, bytes.mid(startsAt));
    }

    void theRestFromTheStartIsTheWhole()
    {
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"), answer(200, bytes));
        for (const qint64 offset : {qint64(0), qint64(bytes.size()), qint64(100)}) {
            const auto opened = await(m_target->openBlobFrom(wantedBlob(), offset, {}));
            QVERIFY(opened);
            QCOMPARE(opened->startsAt, 0);
        }
        for (const auto &request : m_registry->requests("GET", QStringLiteral("/v2/app/blobs/.*")))
            QVERIFY(!request.has("Range"));
    }

    void theRestFromBehindARedirect()
    {
        m_registry->always("GET", QStringLiteral("/v2/app/blobs/.*"),
                           answer(307).with("Location", m_other->url(QStringLiteral("/signed")).toEncoded()));
        m_other->always("GET", QStringLiteral("/signed"),
                        answer(206, bytes.mid(5)).with("Content-Range", "bytes 5-18/19"));
        const auto opened = await(m_target->openBlobFrom(wantedBlob(), 5, {}));
        QVERIFY(opened);
        QCOMPARE(opened->startsAt, 5);
        QCOMPARE(m_other->requests().first().header("Range"), QByteArray("bytes=5-"));
        QVERIFY(!m_other->requests().first().has("Authorization"));
    }

    void storageThatKnowsNoHead()
    {
        m_registry->always("", QStringLiteral("/v2/app/blobs/.*"),
                           answer(307).with("Location", m_other->url(QStringLiteral("/signed")).toEncoded()));
        m_other->always("HEAD", QStringLiteral("/signed"), answer(403));
        m_other->always("GET", QStringLiteral("/signed"),
                        answer(206, bytes.left(1)).with("Content-Range", "bytes 0-0/19"));
        const auto there = await(m_target->hasBlob(wantedBlob(), {}));
        QVERIFY2(there, there ? "" : qPrintable(there.error().text()));
        QVERIFY(*there);
    }

    // --- tags

    void followsPages()
    {
        m_registry->always(
            "GET", QStringLiteral("/v2/app/tags/list\\?n=1000"),
            answer(200, R"({"tags":["a","b"]})").with("Link", "</v2/app/tags/list?n=2&last=b>; rel=\"next\""));
        m_registry->always("GET", QStringLiteral("/v2/app/tags/list\\?n=2&last=b"),
                           answer(200, R"({"tags":["b","c"]})"));
        const auto tags = await(m_target->tags({}));
        QVERIFY2(tags, tags ? "" : qPrintable(tags.error().text()));
        QCOMPARE(*tags, (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
    }

    void anEmptyListMayBeNull()
    {
        m_registry->always("GET", QStringLiteral("/v2/app/tags/list.*"), answer(200, R"({"name":"app","tags":null})"));
        const auto tags = await(m_target->tags({}));
        QVERIFY(tags);
        QVERIFY(tags->isEmpty());
    }

    void doesWithoutAPageSize()
    {
        m_registry->always("GET", QStringLiteral("/v2/app/tags/list\\?.*"), answer(400));
        m_registry->always("GET", QStringLiteral("/v2/app/tags/list"), answer(200, R"({"tags":["a"]})"));
        const auto tags = await(m_target->tags({}));
        QVERIFY(tags);
        QCOMPARE(tags->size(), 1);
    }

    void listsThatAreRefused_data()
    {
        QTest::addColumn<QByteArray>("link");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        const QByteArray list(R"({"tags":["a"]})");
        QTest::newRow("to itself") << QByteArray("</v2/app/tags/list?n=1000>; rel=next") << list
                                   << int(ErrorKind::Protocol);
        QTest::newRow("in a circle") << QByteArray("<?x=1>; rel=next") << list << int(ErrorKind::Protocol);
        QTest::newRow("elsewhere") << QByteArray("<https://localhost:OTHER/v2/app/tags/list>; rel=next") << list
                                   << int(ErrorKind::Denied);
        QTest::newRow("no list") << QByteArray() << QByteArray(R"({"tags":"a"})") << int(ErrorKind::Protocol);
        QTest::newRow("page") << QByteArray() << QByteArray("<html>") << int(ErrorKind::Protocol);
        QTest::newRow("huge") << QByteArray() << QByteArray(5 * base::limits::MiB, ' ') << int(ErrorKind::TooLarge);
    }

    void listsThatAreRefused()
    {
        QFETCH(QByteArray, link);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        link.replace("OTHER", QByteArray::number(m_other->port()));
        m_registry->always("GET", QStringLiteral("/v2/app/tags/list.*"),
                           link.isEmpty() ? answer(200, body) : answer(200, body).with("Link", link));
        const auto tags = await(m_target->tags({}));
        QVERIFY(!tags);
        QCOMPARE(int(tags.error().kind), kind);
        QVERIFY(asked("GET", "/v2/app/tags/.*") <= 3);
        QCOMPARE(m_other->connections(), 0);
    }

    // Every page has something new, and there is always a next one.
    void listsWithoutAnEnd_data()
    {
        QTest::addColumn<int>("tagsOfAPage");
        QTest::newRow("of tags") << 100'000;
        QTest::newRow("of pages") << 1;
    }
    void listsWithoutAnEnd()
    {
        QFETCH(int, tagsOfAPage);
        std::atomic<int> pages = 0;
        m_registry->always("GET", QStringLiteral("/v2/app/tags/list.*"), [&pages, tagsOfAPage](const auto &) {
            const int page = ++pages;
            QByteArrayList list;
            for (int i = 0; i < tagsOfAPage; ++i)
                list.append('"' + QByteArray::number(page, 36) + '.' + QByteArray::number(i, 36) + '"');
            const QByteArray next = "<?n=1000&last=" + QByteArray::number(page) + ">; rel=next";
            return answer(200, "{\"tags\":[" + list.join(',') + "]}").with("Link", next);
        });
        const auto tags = await(m_target->tags({}), 110'000);
        QVERIFY(!tags);
        QCOMPARE(tags.error().kind, ErrorKind::TooLarge);
        QCOMPARE(int(pages), tagsOfAPage == 1 ? base::limits::pages : 1 + base::limits::tags / tagsOfAPage);
    }

    // --- push

    void uploadsWhereItIsTold_data()
    {
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<QByteArray>("wanted");
        const QByteArray digest = digestOf(bytes).replace(':', "%3A");
        QTest::newRow("path") << QByteArray("/up/1") << "/up/1?digest=" + digest;
        QTest::newRow("with a query") << QByteArray("/up/1?_state=a%2Bb%3D%3D&x=%20")
                                      << "/up/1?_state=a%2Bb%3D%3D&x=%20&digest=" + digest;
        QTest::newRow("relative") << QByteArray("1?a=b") << "/v2/app/blobs/uploads/1?a=b&digest=" + digest;
        QTest::newRow("whole") << QByteArray("https://127.0.0.1:PORT/up/1") << "/up/1?digest=" + digest;
        QTest::newRow("elsewhere") << QByteArray("https://localhost:OTHER/up/1?sig=x")
                                   << "/up/1?sig=x&digest=" + digest;
    }

    void uploadsWhereItIsTold()
    {
        QFETCH(QByteArray, location);
        QFETCH(QByteArray, wanted);
        const bool elsewhere = location.contains("OTHER");
        location.replace("OTHER", QByteArray::number(m_other->port()))
            .replace("PORT", QByteArray::number(m_registry->port()));
        m_registry->always("POST", QStringLiteral("/v2/app/blobs/uploads/"), answer(202).with("Location", location));
        FaultServer &there = elsewhere ? *m_other : *m_registry;
        there.always("PUT", QStringLiteral(".*"), answer(201));
        const auto done = push();
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        const auto put = there.requests("PUT").first();
        QCOMPARE(put.target, wanted);
        QCOMPARE(put.body, bytes);
        QCOMPARE(put.has("Authorization"), !elsewhere);
        QCOMPARE(m_registry->requests("POST").first().header("Content-Length"), QByteArray("0"));
    }

    void locationsThatAreRefused_data()
    {
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<int>("kind");
        QTest::newRow("none") << QByteArray() << int(ErrorKind::Protocol);
        QTest::newRow("file") << QByteArray("file:///tmp/x") << int(ErrorKind::Protocol);
        QTest::newRow("user info") << QByteArray("https://u@localhost:OTHER/x") << int(ErrorKind::Protocol);
        QTest::newRow("not encrypted") << QByteArray("http://localhost:OTHER/x") << int(ErrorKind::Denied);
        QTest::newRow("link-local") << QByteArray("https://169.254.169.254/x") << int(ErrorKind::Denied);
    }

    void locationsThatAreRefused()
    {
        QFETCH(QByteArray, location);
        QFETCH(int, kind);
        location.replace("OTHER", QByteArray::number(m_other->port()));
        m_registry->always("POST", QStringLiteral("/v2/app/blobs/uploads/"),
                           location.isEmpty() ? answer(202) : answer(202).with("Location", location));
        const auto done = push();
        QVERIFY(!done);
        QCOMPARE(int(done.error().kind), kind);
        QCOMPARE(m_other->connections(), 0);
    }

    void aFailedUploadIsDeleted_data()
    {
        QTest::addColumn<test::Answer>("served");
        QTest::addColumn<int>("kind");
        QTest::newRow("too large, early") << answer(413).earlyUnread().thenClose() << int(ErrorKind::TooLarge);
        QTest::newRow("digest invalid") << answer(400, R"({"errors":[{"code":"DIGEST_INVALID","message":"no"}]})")
                                        << int(ErrorKind::Failed);
        QTest::newRow("reset") << test::hangUp() << int(ErrorKind::Network);
        QTest::newRow("redirect on the way") << answer(303).with("Location", "/x") << int(ErrorKind::Protocol);
        QTest::newRow("token died") << answer(401).with("WWW-Authenticate", "Basic realm=\"r\"")
                                    << int(ErrorKind::Unauthorized);
    }

    void aFailedUploadIsDeleted()
    {
        QFETCH(test::Answer, served);
        QFETCH(int, kind);
        m_registry->always("POST", QStringLiteral("/v2/app/blobs/uploads/"), answer(202).with("Location", "/up/1?s=1"));
        m_registry->always("PUT", QStringLiteral("/up/1.*"), served);
        m_registry->always("DELETE", QStringLiteral("/up/1.*"), answer(204));
        const auto done = push();
        QVERIFY(!done);
        QCOMPARE(int(done.error().kind), kind);
        await(m_client->settle());
        const auto deleted = m_registry->requests("DELETE");
        // What broke off is tried once more; no session of the two stays.
        QCOMPARE(deleted.size(), kind == int(ErrorKind::Network) ? 2 : 1);
        QCOMPARE(deleted.first().target, QByteArray("/up/1?s=1"));
        QVERIFY(deleted.first().has("Authorization"));
    }

    void aRegistryThatNeverAnswersTheGoodbye()
    {
        m_registry->always("POST", QStringLiteral("/v2/app/blobs/uploads/"), answer(202).with("Location", "/up/1"));
        m_registry->always("PUT", QStringLiteral("/up/1.*"), answer(400));
        m_registry->always("DELETE", QStringLiteral("/up/1.*"), test::silence());
        QElapsedTimer clock;
        clock.start();
        QVERIFY(!push());
        QVERIFY(clock.elapsed() < 10'000);
    }

    void aBlobStoredUnderAnotherDigest()
    {
        m_registry->always("POST", QStringLiteral("/v2/app/blobs/uploads/"), answer(202).with("Location", "/up/1"));
        m_registry->always("PUT", QStringLiteral("/up/1.*"), answer(201).with("Docker-Content-Digest", digestOf("x")));
        const auto done = push();
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::InvalidData);
    }

    void mountIsNoOrYes_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("outcome"); // 1 yes, 0 no, -1 error
        QTest::newRow("201") << 201 << 1;
        QTest::newRow("202") << 202 << 0;
        QTest::newRow("403") << 403 << 0;
        QTest::newRow("404") << 404 << 0;
        QTest::newRow("405") << 405 << 0;
        QTest::newRow("500") << 500 << -1;
    }

    void mountIsNoOrYes()
    {
        QFETCH(int, status);
        QFETCH(int, outcome);
        m_registry->always("POST", QStringLiteral("/v2/app/blobs/uploads/\\?.*"),
                           answer(status).with("Location", "/up/1"));
        m_registry->always("DELETE", QStringLiteral("/up/1"), answer(204));
        m_registry->always("HEAD", QStringLiteral("/v2/app/blobs/.*"), answer(200).declaring(bytes.size()));
        const auto mounted = await(m_target->mountBlob(wantedBlob(), QStringLiteral("other/app"), {}));
        QCOMPARE(mounted ? int(*mounted) : -1, outcome);
        QCOMPARE(m_registry->requests("POST").first().target,
                 "/v2/app/blobs/uploads/?mount=" + digestOf(bytes).replace(':', "%3A") + "&from=other/app");
        await(m_client->settle());
        QCOMPARE(asked("DELETE", ".*"), status == 202 ? 1 : 0);
    }

    // A registry that says it has taken a blob over has to show it, until it did once.
    void aMountIsBelievedOnceItWasSeen()
    {
        m_registry->always("POST", QStringLiteral("/v2/app/blobs/uploads/\\?.*"), answer(201));
        m_registry->once("HEAD", QStringLiteral("/v2/app/blobs/.*"), answer(404));
        m_registry->always("HEAD", QStringLiteral("/v2/app/blobs/.*"), answer(200).declaring(bytes.size()));
        const auto mount = [this] {
            const auto mounted = await(m_target->mountBlob(wantedBlob(), QStringLiteral("other/app"), {}));
            return mounted ? int(*mounted) : -1;
        };
        QCOMPARE(mount(), 0);
        QCOMPARE(mount(), 1);
        const int seen = asked("HEAD", "/v2/app/blobs/.*");
        QCOMPARE(mount(), 1);
        QCOMPARE(asked("HEAD", "/v2/app/blobs/.*"), seen);
    }

    void manifestsGoByDigestAndByTag()
    {
        m_registry->always("PUT", QStringLiteral("/v2/app/manifests/.*"),
                           answer(201).with("Docker-Content-Digest", digestOf(manifest)));
        QVERIFY(await(m_target->pushManifest(wantedManifest(), manifest, {})));
        QVERIFY(await(m_target->tag(wantedManifest(), manifest, QStringLiteral("v1"), {})));
        const auto puts = m_registry->requests("PUT");
        QCOMPARE(puts.at(0).target, "/v2/app/manifests/" + digestOf(manifest));
        QCOMPARE(puts.at(1).target, QByteArray("/v2/app/manifests/v1"));
        for (const auto &put : puts) {
            QCOMPARE(put.body, manifest);
            QCOMPARE(put.header("Content-Type"), manifestType);
        }
    }

    void aManifestStoredUnderAnotherDigest()
    {
        m_registry->always("PUT", QStringLiteral("/v2/app/manifests/.*"),
                           answer(201).with("Docker-Content-Digest", digestOf("rewritten")));
        const auto done = await(m_target->pushManifest(wantedManifest(), manifest, {}));
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::InvalidData);
        const auto wrong = await(m_target->pushManifest(wantedManifest(), manifest + ' ', {}));
        QVERIFY(!wrong); // not even sent
        QCOMPARE(wrong.error().kind, ErrorKind::InvalidData);
        QCOMPARE(asked("PUT", ".*"), 1);
    }
};

QTEST_GUILESS_MAIN(TestRepository)
#include "tst_repository.moc"
