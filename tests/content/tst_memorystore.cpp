// SPDX-License-Identifier: Apache-2.0
// The store in memory keeps a registry's rules, so that what passes against it is worth something.
#include "base/limits.h"
#include "content/memorystore.h"
#include "support/await.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::MemoryStore;

namespace {
oci::Descriptor manifestOf(const QByteArray &bytes)
{
    return oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
}

QByteArray imageOf(const oci::Descriptor &config, const QByteArray &layerMembers)
{
    return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":)"
           "\"application/vnd.oci.image.config.v1+json\",\"digest\":\"" +
           config.digest.toLatin1() + "\",\"size\":" + QByteArray::number(config.size) + R"(},"layers":[{)" +
           layerMembers + "}]}";
}
} // namespace

class TestMemoryStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBlobGoesInAndOut()
    {
        MemoryStore store;
        const QByteArray bytes(base::limits::block * 2 + 5, 'x');
        const oci::Descriptor blob = oci::Descriptor::of({}, bytes);
        QVERIFY(!test::await(store.hasBlob(blob, {})).value());
        QCOMPARE(test::await(store.openBlob(blob, {})).error().kind, ErrorKind::NotFound);
        QList<qint64> progress;
        const content::Progress note = [&progress](qint64 sent) { progress.append(sent); };
        QVERIFY(test::await(store.pushBlob(blob, content::readerOf(bytes), note, {})));
        QCOMPARE(progress, (QList<qint64>{base::limits::block, base::limits::block * 2, bytes.size()}));
        QVERIFY(test::await(store.hasBlob(blob, {})).value());
        auto reader = test::await(store.openBlob(blob, {}));
        QVERIFY(reader);
        QCOMPARE(test::await(content::readAll(std::move(*reader), bytes.size())).value(), bytes);
        const QString name = blob.digest.toString();
        QCOMPARE(store.journal(), (QStringList{QLatin1String("HEAD blob ") + name, QLatin1String("GET blob ") + name,
                                               QLatin1String("PUT blob ") + name, QLatin1String("HEAD blob ") + name,
                                               QLatin1String("GET blob ") + name}));
    }

    void theRestOfABlob()
    {
        MemoryStore store;
        const oci::Descriptor blob = store.addBlob("the bytes");
        auto rest = test::await(store.openBlobFrom(blob, 4, {}));
        QVERIFY(rest);
        QCOMPARE(rest->startsAt, 4);
        QCOMPARE(test::await(content::readAll(std::move(rest->bytes), 100)).value(), QByteArray("bytes"));
        auto whole = test::await(store.openBlobFrom(blob, 100, {}));
        QVERIFY(whole);
        QCOMPARE(whole->startsAt, 0);
        QCOMPARE(test::await(content::readAll(std::move(whole->bytes), 100)).value(), QByteArray("the bytes"));
        QCOMPARE(store.journal().first(), QStringLiteral("GET blob %1 from 4").arg(blob.digest.toString()));
        store.removeBlob(blob.digest);
        QCOMPARE(test::await(store.openBlobFrom(blob, 4, {})).error().kind, ErrorKind::NotFound);
    }

    void aWrongBlobIsRefused()
    {
        MemoryStore store;
        const oci::Descriptor blob = oci::Descriptor::of({}, "right");
        QCOMPARE(test::await(store.pushBlob(blob, content::readerOf("wrong"), {}, {})).error().kind,
                 ErrorKind::InvalidData);
        QVERIFY(store.blobs().isEmpty());
    }

    void aManifestIsFoundByDigestAndByTag()
    {
        MemoryStore store;
        const QByteArray bytes = "{}";
        const oci::Descriptor manifest = manifestOf(bytes);
        QCOMPARE(test::await(store.resolve(QStringLiteral("v1"), {})).error().kind, ErrorKind::NotFound);
        QVERIFY(test::await(store.pushManifest(manifest, bytes, {})));
        QCOMPARE(test::await(store.resolve(QStringLiteral("v1"), {})).error().kind, ErrorKind::NotFound);
        QCOMPARE(test::await(store.resolve(manifest.digest.toString(), {})).value(), manifest);
        QVERIFY(test::await(store.tag(manifest, bytes, QStringLiteral("v1"), {})));
        QCOMPARE(test::await(store.resolve(QStringLiteral("v1"), {})).value(), manifest);
        QCOMPARE(test::await(store.fetchManifest(manifest, {})).value(), bytes);
        QCOMPARE(test::await(store.tags({})).value(), QStringList{QStringLiteral("v1")});
        QVERIFY(store.journal().contains(QLatin1String("TAG v1 ") + manifest.digest.toString()));
        oci::Descriptor otherSize = manifest;
        otherSize.size = 3;
        QVERIFY(!test::await(store.fetchManifest(otherSize, {})));
        otherSize.size = -1;
        QVERIFY(test::await(store.fetchManifest(otherSize, {})));
    }

    void aManifestWithOtherBytesIsRefused()
    {
        MemoryStore store;
        const oci::Descriptor manifest = manifestOf("{}");
        QCOMPARE(test::await(store.pushManifest(manifest, "[]", {})).error().kind, ErrorKind::InvalidData);
        QCOMPARE(test::await(store.tag(manifest, "[]", QStringLiteral("v1"), {})).error().kind, ErrorKind::InvalidData);
        QVERIFY(test::await(store.tags({}))->isEmpty());
    }

    void missingContentIsRefusedOnRequest_data()
    {
        QTest::addColumn<QByteArray>("layer");
        QTest::addColumn<bool>("taken");
        const QByteArray rest = ",\"size\":5,\"digest\":\"" + oci::Digest::of("layer").toLatin1() + "\"";
        const QByteArray missing = ",\"size\":6,\"digest\":\"" + oci::Digest::of("absent").toLatin1() + "\"";
        const QByteArray ordinary = R"("mediaType":"application/vnd.oci.image.layer.v1.tar+gzip")";
        const QByteArray foreign = R"("mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")";
        QTest::newRow("there") << ordinary + rest << true;
        QTest::newRow("not there") << ordinary + missing << false;
        QTest::newRow("foreign, with an address") << foreign + missing + R"(,"urls":["https://x.example/b"])" << true;
        QTest::newRow("foreign, without an address") << foreign + missing << false;
    }
    void missingContentIsRefusedOnRequest()
    {
        QFETCH(QByteArray, layer);
        QFETCH(bool, taken);
        MemoryStore store;
        store.addBlob("layer");
        const oci::Descriptor config = store.addBlob("{}", oci::MediaType::ociConfig());
        const QByteArray bytes = imageOf(config, layer);
        QVERIFY(test::await(store.pushManifest(manifestOf(bytes), bytes, {})));
        store.setDemandsContent(true);
        const auto pushed = test::await(store.pushManifest(manifestOf(bytes), bytes, {}));
        QCOMPARE(pushed.has_value(), taken);
        if (!taken)
            QCOMPARE(pushed.error().wireCode, QStringLiteral("MANIFEST_BLOB_UNKNOWN"));
        store.removeBlob(config.digest);
        QVERIFY(!test::await(store.pushManifest(manifestOf(bytes), bytes, {})));
    }

    void aBlobIsMountedFromWhereItIs()
    {
        MemoryStore store;
        store.addElsewhere(QStringLiteral("base"), "layer");
        const oci::Descriptor layer = oci::Descriptor::of({}, "layer");
        QVERIFY(!test::await(store.mountBlob(layer, QStringLiteral("other"), {})).value());
        QVERIFY(!store.blobs().contains(layer.digest));
        QVERIFY(test::await(store.mountBlob(layer, QStringLiteral("base"), {})).value());
        QVERIFY(store.blobs().contains(layer.digest));
    }

    void aRequestFailsOnceWhenToldTo()
    {
        MemoryStore store;
        const base::Error gone = base::fail(ErrorKind::Network, QStringLiteral("gone")).error();
        store.failNext(QStringLiteral("HEAD blob"), gone);
        const oci::Descriptor blob = oci::Descriptor::of({}, "x");
        QVERIFY(test::await(store.pushBlob(blob, content::readerOf("x"), {}, {})));
        QCOMPARE(test::await(store.hasBlob(blob, {})).error(), gone);
        QVERIFY(test::await(store.hasBlob(blob, {})).value());
    }

    void nothingHappensOnceStopped()
    {
        MemoryStore store;
        std::stop_source source;
        source.request_stop();
        const oci::Descriptor blob = oci::Descriptor::of({}, "x");
        QCOMPARE(test::await(store.pushBlob(blob, content::readerOf("x"), {}, source.get_token())).error().kind,
                 ErrorKind::Cancelled);
        QCOMPARE(test::await(store.resolve(QStringLiteral("v1"), source.get_token())).error().kind,
                 ErrorKind::Cancelled);
        QVERIFY(store.journal().isEmpty());
    }

    void anUploadStopsBetweenBlocks()
    {
        MemoryStore store;
        std::stop_source source;
        const QByteArray bytes(base::limits::block * 3, 'x');
        const content::Progress stopAtOnce = [&source](qint64) { source.request_stop(); };
        QCOMPARE(test::await(store.pushBlob(oci::Descriptor::of({}, bytes), content::readerOf(bytes), stopAtOnce,
                                            source.get_token()))
                     .error()
                     .kind,
                 ErrorKind::Cancelled);
        QVERIFY(store.blobs().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestMemoryStore)
#include "tst_memorystore.moc"
