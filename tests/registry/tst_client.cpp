// SPDX-License-Identifier: Apache-2.0
// The client against a real docker-registry: everything a push and a pull need, anonymous, with a password and over
// TLS.

#include "base/limits.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

using namespace colophon;
using base::ErrorKind;
using test::await;
using test::DockerRegistry;

namespace {

oci::Descriptor described(const QByteArray &bytes, const oci::MediaType &type = {})
{
    return oci::Descriptor::of(type, bytes);
}

content::TargetPtr targetOf(registry::Client &client, const QString &host, const QString &repository)
{
    return client.target(*oci::Reference::parse(host + u'/' + repository));
}

base::Result<void> pushBlob(const content::TargetPtr &target, const QByteArray &bytes)
{
    return await(target->pushBlob(described(bytes), content::readerOf(bytes), {}, {}));
}

// A small image: its manifest's bytes, after config and layer were pushed.
QByteArray pushImage(const content::TargetPtr &target, const QByteArray &layer = "layer")
{
    const QByteArray config = R"({"architecture":"amd64","os":"linux"})";
    if (!pushBlob(target, config) || !pushBlob(target, layer))
        return {};
    const auto part = [](const oci::Descriptor &descriptor, const oci::MediaType &type) {
        return "{\"mediaType\":\"" + type.toString().toLatin1() + "\",\"digest\":\"" + descriptor.digest.toLatin1() +
               "\",\"size\":" + QByteArray::number(descriptor.size) + '}';
    };
    return "{\"schemaVersion\":2,\"mediaType\":\"" + oci::MediaType::ociManifest().toString().toLatin1() +
           "\",\"config\":" + part(described(config), oci::MediaType::ociConfig()) + ",\"layers\":[" +
           part(described(layer), oci::MediaType::ociLayerTar()) + "]}";
}

} // namespace

#define VERIFY_OK(result)                                                                                              \
    do {                                                                                                               \
        const auto &outcome = (result);                                                                                \
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));                              \
    } while (false)

class TestClient : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<DockerRegistry> m_plain;

private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        m_plain = std::make_unique<DockerRegistry>();
        QVERIFY2(m_plain->isRunning(), qPrintable(m_plain->problem()));
    }

    void pushesAndReadsBack()
    {
        QList<content::RequestRecord> log;
        registry::Client client({.log = [&log](const content::RequestRecord &record) {
            if (record.isOutcome())
                log.append(record);
        }});
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("round/trip"));
        const QByteArray manifest = pushImage(target);
        QVERIFY(!manifest.isEmpty());
        const auto descriptor = described(manifest, oci::MediaType::ociManifest());

        VERIFY_OK(await(target->pushManifest(descriptor, manifest, {})));
        const auto byDigest = await(target->resolve(descriptor.digest.toString(), {}));
        VERIFY_OK(byDigest);
        QCOMPARE(byDigest->digest, descriptor.digest);
        QCOMPARE(byDigest->size, descriptor.size);
        QCOMPARE(byDigest->mediaType, descriptor.mediaType);

        const auto untagged = await(target->resolve(QStringLiteral("v1"), {}));
        QVERIFY(!untagged);
        QCOMPARE(untagged.error().kind, ErrorKind::NotFound);
        QCOMPARE(untagged.error().httpStatus, 404);

        VERIFY_OK(await(target->tag(descriptor, manifest, QStringLiteral("v1"), {})));
        const auto byTag = await(target->resolve(QStringLiteral("v1"), {}));
        VERIFY_OK(byTag);
        QCOMPARE(byTag->digest, descriptor.digest);
        const auto fetched = await(target->fetchManifest(*byTag, {}));
        VERIFY_OK(fetched);
        QCOMPARE(*fetched, manifest);

        auto blob = await(target->openBlob(described("layer"), {}));
        VERIFY_OK(blob);
        const auto bytes = await(content::readAll(std::move(*blob), 1000));
        VERIFY_OK(bytes);
        QCOMPARE(*bytes, QByteArray("layer"));
        QVERIFY(!log.isEmpty());
        for (const auto &record : std::as_const(log))
            QCOMPARE(record.credential, QStringLiteral("none"));
    }

    void tellsWhichBlobsAreThere()
    {
        registry::Client client;
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("blobs"));
        const QByteArray bytes("is it there?");
        auto there = await(target->hasBlob(described(bytes), {}));
        VERIFY_OK(there);
        QVERIFY(!*there);
        VERIFY_OK(pushBlob(target, bytes));
        there = await(target->hasBlob(described(bytes), {}));
        VERIFY_OK(there);
        QVERIFY(*there);
        auto wrongSize = described(bytes);
        ++wrongSize.size;
        const auto lie = await(target->hasBlob(wrongSize, {}));
        QVERIFY(!lie);
        QCOMPARE(lie.error().kind, ErrorKind::InvalidData);
        const auto missing = await(target->openBlob(described("not there"), {}));
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, ErrorKind::NotFound);
        QVERIFY(!missing.error().wireCode.isEmpty());
    }

    void uploadsInChunks()
    {
        QList<content::RequestRecord> log;
        registry::ClientOptions options;
        options.chunkSize = base::limits::MiB;
        options.log = [&log](const content::RequestRecord &record) {
            if (record.isOutcome())
                log.append(record);
        };
        registry::Client client(options);
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("chunks"));
        QByteArray bytes(5 * base::limits::MiB + 3, 'c');
        bytes.replace(3 * base::limits::MiB, 5, "other");
        VERIFY_OK(pushBlob(target, bytes));
        const auto sent = [&log](const char *method) {
            return std::count_if(log.cbegin(), log.cend(),
                                 [method](const auto &each) { return each.method == method; });
        };
        QCOMPARE(sent("PATCH"), 6);
        QCOMPARE(sent("PUT"), 1);
        QCOMPARE(sent("DELETE"), 0);
        auto blob = await(target->openBlob(described(bytes), {}));
        VERIFY_OK(blob);
        const auto back = await(content::readAll(std::move(*blob), bytes.size()));
        VERIFY_OK(back);
        QVERIFY(*back == bytes);
    }

    void readsTheRestOfABlob()
    {
        registry::Client client;
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("rest"));
        const QByteArray bytes = QByteArray(300'000, 'a') + QByteArray(300'000, 'b');
        VERIFY_OK(pushBlob(target, bytes));
        auto rest = await(target->openBlobFrom(described(bytes), 299'999, {}));
        VERIFY_OK(rest);
        QCOMPARE(rest->startsAt, 299'999);
        const auto back = await(content::readAll(std::move(rest->bytes), bytes.size()));
        VERIFY_OK(back);
        QVERIFY(*back == bytes.mid(299'999));
    }

    void mountsFromANeighbour()
    {
        registry::Client client;
        const auto source = targetOf(client, m_plain->host(), QStringLiteral("mount/source"));
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("mount/target"));
        const QByteArray bytes("to be mounted");
        VERIFY_OK(pushBlob(source, bytes));
        const auto mounted = await(target->mountBlob(described(bytes), QStringLiteral("mount/source"), {}));
        VERIFY_OK(mounted);
        QVERIFY(*mounted);
        const auto there = await(target->hasBlob(described(bytes), {}));
        VERIFY_OK(there);
        QVERIFY(*there);
        const auto absent = await(target->mountBlob(described("nowhere"), QStringLiteral("mount/source"), {}));
        VERIFY_OK(absent);
        QVERIFY(!*absent);
        await(client.settle());
        QCOMPARE(uploadsOf(QStringLiteral("mount/target")), 0); // the session it opened instead is closed
    }

    void listsTags()
    {
        registry::Client client;
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("tagged"));
        const auto none = await(target->tags({}));
        QVERIFY(!none);
        QCOMPARE(none.error().kind, ErrorKind::NotFound);
        const QByteArray manifest = pushImage(target);
        const auto descriptor = described(manifest, oci::MediaType::ociManifest());
        QStringList wanted;
        for (int i = 0; i < 5; ++i) {
            wanted.append(QStringLiteral("v%1").arg(i));
            VERIFY_OK(await(target->tag(descriptor, manifest, wanted.last(), {})));
        }
        auto tags = await(target->tags({}));
        VERIFY_OK(tags);
        tags->sort();
        QCOMPARE(*tags, wanted);
    }

    void streamsALargeBlob()
    {
        registry::Client client;
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("large"));
        QByteArray bytes(9 * base::limits::MiB + 7, '\0');
        for (qsizetype i = 0; i < bytes.size(); ++i)
            bytes[i] = char(i * 31 >> 7);
        qint64 last = 0;
        bool rises = true;
        const auto progress = [&](qint64 sent) {
            rises = rises && sent >= last;
            last = sent;
        };
        VERIFY_OK(await(target->pushBlob(described(bytes), content::readerOf(bytes), progress, {})));
        QVERIFY(rises);
        QCOMPARE(last, bytes.size());
        auto reader = await(target->openBlob(described(bytes), {}));
        VERIFY_OK(reader);
        const auto back = await(content::readAll(std::move(*reader), bytes.size()));
        VERIFY_OK(back);
        QCOMPARE(*back, bytes);
    }

    void aStreamOutlivesItsClient()
    {
        const QByteArray bytes(3 * base::limits::MiB, 'y');
        base::Result<content::ReaderPtr> reader = base::cancelled();
        {
            registry::Client client;
            auto target = targetOf(client, m_plain->host(), QStringLiteral("outlived"));
            VERIFY_OK(pushBlob(target, bytes));
            reader = await(target->openBlob(described(bytes), {}));
        }
        VERIFY_OK(reader);
        const auto back = await(content::readAll(std::move(*reader), bytes.size()));
        VERIFY_OK(back);
        QCOMPARE(back->size(), bytes.size());
    }

    void neverUploadsOtherBytes()
    {
        registry::Client client;
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("liar"));
        const auto done =
            await(target->pushBlob(described("what was said"), content::readerOf("what is sent!"), {}, {}));
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::InvalidData);
        QTRY_COMPARE(uploadsOf(QStringLiteral("liar")), 0); // it is deleted while nobody waits
        const auto there = await(target->hasBlob(described("what was said"), {}));
        VERIFY_OK(there);
        QVERIFY(!*there);
    }

    void cancelClosesTheUpload()
    {
        QList<content::RequestRecord> log;
        registry::Client client({.log = [&log](const content::RequestRecord &record) {
            if (record.isOutcome())
                log.append(record);
        }});
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("cancelled"));
        const QByteArray bytes(64 * base::limits::MiB, 'x');
        std::stop_source stop;
        QElapsedTimer since;
        const auto progress = [&](qint64 sent) {
            if (sent > 4 * base::limits::MiB && !stop.stop_requested()) {
                since.start();
                stop.request_stop();
            }
        };
        const auto done =
            await(target->pushBlob(described(bytes), content::readerOf(bytes), progress, stop.get_token()));
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::Cancelled);
        QVERIFY2(since.elapsed() <= 100, qPrintable(QString::number(since.elapsed())));
        // Nobody had to wait for that, but it is done. docker-registry leaves the session's data to its own purge (its
        // key is good for the size it had before only), but knows the session no more; that it was told is what we can
        // do.
        await(client.settle());
        QCOMPARE(log.last().method, QByteArray("DELETE"));
        QVERIFY(log.last().status != 0);
        const auto there = await(target->hasBlob(described(bytes), {}));
        VERIFY_OK(there);
        QVERIFY(!*there);
    }

    // Killed in the middle of an upload and started again, it is gone on with, from wherever it says that it is.
    void goesOnAfterTheRegistryWasKilled_data()
    {
        QTest::addColumn<qint64>("chunk");
        QTest::newRow("as a stream") << qint64(0);
        QTest::newRow("in chunks") << 8 * base::limits::MiB;
    }
    void goesOnAfterTheRegistryWasKilled()
    {
        QFETCH(qint64, chunk);
        DockerRegistry server;
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        registry::ClientOptions options;
        options.chunkSize = chunk;
        QList<content::RequestRecord> log;
        options.log = [&log](const content::RequestRecord &record) {
            if (record.isOutcome())
                log.append(record);
        };
        registry::Client client(options);
        const auto target = targetOf(client, server.host(), QStringLiteral("killed"));
        QByteArray bytes(48 * base::limits::MiB, '\0');
        for (qsizetype i = 0; i < bytes.size(); ++i)
            bytes[i] = char(i * 31 >> 9);
        bool isKilled = false;
        const auto progress = [&](qint64 sent) {
            if (isKilled || sent < 20 * base::limits::MiB)
                return;
            isKilled = true;
            server.restart();
        };
        const auto done = await(target->pushBlob(described(bytes), content::readerOf(bytes), progress, {}), 60'000);
        QVERIFY(isKilled);
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        VERIFY_OK(done);
        const auto count = [&log](const char *method) {
            return std::count_if(log.cbegin(), log.cend(), [method](const content::RequestRecord &each) {
                return each.method == method && each.url.contains(QStringLiteral("/blobs/uploads/"));
            });
        };
        QCOMPARE(count("GET"), 1); // how far it is
        // Distribution 3 knows; for 2.8 the session is gone, and the upload begins anew.
        QCOMPARE(count("POST"), DockerRegistry::isDistribution3() ? 1 : 2);
        auto back = await(target->openBlob(described(bytes), {}));
        VERIFY_OK(back);
        const auto read = await(content::readAll(std::move(*back), bytes.size()));
        VERIFY_OK(read);
        QVERIFY(*read == bytes);
    }

    void blobAddressIsWhereItIs()
    {
        registry::Client client;
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("address"));
        const QByteArray bytes("addressed");
        VERIFY_OK(pushBlob(target, bytes));
        const QString address = target->blobAddress(described(bytes).digest);
        QCOMPARE(
            address,
            QStringLiteral("http://%1/v2/address/blobs/%2").arg(m_plain->host(), described(bytes).digest.toString()));
        const auto probe =
            await(client.urlFetcher(*oci::Reference::parse(m_plain->host() + QStringLiteral("/address")))
                      ->probe(address, described(bytes), true, {}));
        VERIFY_OK(probe);
        QVERIFY2(probe->isReachable(), qPrintable(probe->reason));
        const auto docker = client.target(*oci::Reference::parse(u"alpine"));
        QVERIFY(docker->blobAddress(described(bytes).digest)
                    .startsWith(QStringLiteral("https://registry-1.docker.io/v2/library/alpine/blobs/sha256:")));
    }

    void refusalOfUrlsKeepsItsCode()
    {
        registry::Client client;
        const auto target = targetOf(client, m_plain->host(), QStringLiteral("foreign"));
        QByteArray manifest = pushImage(target);
        manifest.replace("vnd.oci.image.layer.v1.tar", "vnd.oci.image.layer.nondistributable.v1.tar");
        manifest.replace("}]}", ",\"urls\":[\"https://example.com/layer\"]}]}");
        const auto done = await(target->pushManifest(described(manifest, oci::MediaType::ociManifest()), manifest, {}));
        QVERIFY(!done);
        QCOMPARE(done.error().httpStatus, 500);
        QVERIFY(!done.error().wireCode.isEmpty());
    }

    void relativeUploadLocations()
    {
        DockerRegistry server({.withRelativeUrls = true});
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        registry::Client client;
        VERIFY_OK(pushBlob(targetOf(client, server.host(), QStringLiteral("relative")), "bytes"));
    }

    void signsInWithAPassword()
    {
        DockerRegistry server({.withPassword = true});
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        QList<content::RequestRecord> log;
        registry::Client client({.log = [&log](const content::RequestRecord &record) {
            if (record.isOutcome())
                log.append(record);
        }});
        const auto target = targetOf(client, server.host(), QStringLiteral("secret"));
        const auto anonymous = pushBlob(target, "x");
        QVERIFY(!anonymous);
        QCOMPARE(anonymous.error().kind, ErrorKind::Unauthorized);
        QVERIFY(anonymous.error().hint.contains(QStringLiteral("Sign in")));

        client.signIn(server.host(), {DockerRegistry::user(), base::Secret("wrong")});
        const auto wrong = pushBlob(target, "x");
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().kind, ErrorKind::Unauthorized);
        QVERIFY(wrong.error().message.contains(QStringLiteral("Signed in as user")));

        client.signIn(server.host(), {DockerRegistry::user(), base::Secret(DockerRegistry::password().toUtf8())});
        VERIFY_OK(pushBlob(target, "x"));
        QCOMPARE(log.last().credential, QStringLiteral("Basic, given by hand"));
        for (const auto &record : std::as_const(log))
            QVERIFY(!(record.url + record.credential).contains(DockerRegistry::password()));
        // The blob's own address wants the password, so nobody can pull from it.
        const auto probe = await(client.urlFetcher(*oci::Reference::parse(server.host() + QStringLiteral("/secret")))
                                     ->probe(target->blobAddress(described("x").digest), described("x"), false, {}));
        VERIFY_OK(probe);
        QCOMPARE(probe->verdict, content::UrlProbe::Verdict::NeedsCredentials);
    }

    void trustsAPrivateAuthorityOnlyWhenTold()
    {
        DockerRegistry server({.withTls = true});
        QVERIFY2(server.isRunning(), qPrintable(server.problem()));
        registry::Client stranger;
        const auto refused = pushBlob(targetOf(stranger, server.host(), QStringLiteral("tls")), "x");
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Tls);
        registry::Client client({.transport = {.caFile = server.caFile()}});
        const auto target = targetOf(client, server.host(), QStringLiteral("tls"));
        VERIFY_OK(pushBlob(target, "x"));
        QVERIFY(target->blobAddress(described("x").digest).startsWith(QStringLiteral("https://")));
    }

    void aRegistryThatIsGone()
    {
        QString host;
        {
            DockerRegistry server;
            QVERIFY2(server.isRunning(), qPrintable(server.problem()));
            host = server.host();
        }
        registry::Client client;
        const auto gone = await(targetOf(client, host, QStringLiteral("x"))->resolve(QStringLiteral("latest"), {}));
        QVERIFY(!gone);
        QCOMPARE(gone.error().kind, ErrorKind::Network);
        QVERIFY(!gone.error().operation.isEmpty());
    }

private:
    // Open uploads: a closed one leaves its directory behind, without the data.
    int uploadsOf(const QString &repository) const
    {
        const QDir uploads(m_plain->storage() + QStringLiteral("/docker/registry/v2/repositories/") + repository +
                           QStringLiteral("/_uploads"));
        int open = 0;
        for (const QString &each : uploads.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            open += QFile::exists(uploads.filePath(each + QStringLiteral("/data"))) ? 1 : 0;
        return open;
    }
};

QTEST_GUILESS_MAIN(TestClient)
#include "tst_client.moc"
