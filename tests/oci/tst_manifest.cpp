// SPDX-License-Identifier: Apache-2.0
#include "oci/imageconfig.h"
#include "oci/imageindex.h"
#include "oci/manifest.h"

#include <QTest>

using namespace colophon;
using oci::ImageIndex;
using oci::Manifest;
using oci::MediaType;

namespace {
const QByteArray hex(64, '1');

QByteArray layer(const QByteArray &type, const QByteArray &more = {})
{
    return "{\"mediaType\":\"" + type + "\",\"digest\":\"sha256:" + hex + "\",\"size\":7" + more + "}";
}

QByteArray manifest(const QByteArray &layers, const QByteArray &more = {})
{
    return "{\"schemaVersion\":2,\"config\":" + layer("application/vnd.oci.image.config.v1+json") + ",\"layers\":[" +
           layers + "]" + more + "}";
}

const QByteArray gzipLayer = "application/vnd.oci.image.layer.v1.tar+gzip";
} // namespace

class TestManifest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads()
    {
        const QByteArray bytes = manifest(layer(gzipLayer, ",\"urls\":[\"https://x/\"],\"annotations\":{\"k\":\"v\"}"),
                                          ",\"annotations\":{\"a\":\"b\"},\"subject\":" + layer("application/x"));
        const auto read = Manifest::parse(bytes);
        QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
        QCOMPARE(read->mediaType(), MediaType::ociManifest()); // by its members: no mediaType is given
        QCOMPARE(read->digest(), oci::Digest::of(bytes));
        QCOMPARE(read->descriptor().size, bytes.size());
        QCOMPARE(read->layers().size(), 1);
        QCOMPARE(read->layers()[0].urls, QStringList{QStringLiteral("https://x/")});
        QCOMPARE(read->layers()[0].marking(), oci::Marking::HalfMarked);
        QCOMPARE(read->annotations().value(QStringLiteral("a")), QStringLiteral("b"));
        QVERIFY(read->subject());
        QVERIFY(read->problems().isEmpty());
        QCOMPARE(Manifest::parse(bytes, MediaType::dockerManifest())->mediaType(), MediaType::dockerManifest());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const QByteArray &bytes, const char *words) {
            QTest::newRow(name) << bytes << QString::fromLatin1(words);
        };
        const auto broken = [](const QByteArray &from, const QByteArray &to) {
            return manifest(layer(gzipLayer)).replace(from, to);
        };
        row("array", "[]", "not a JSON object");
        row("no schemaVersion", broken("\"schemaVersion\":2,", ""), "schemaVersion is not 2");
        row("schemaVersion 3", broken("\"schemaVersion\":2", "\"schemaVersion\":3"), "schemaVersion is not 2");
        row("schema 1", broken("\"schemaVersion\":2", "\"schemaVersion\":1"), "schema 1");
        row("no config", "{\"schemaVersion\":2,\"layers\":[]}", "no valid config");
        row("no layers", "{\"schemaVersion\":2,\"config\":" + layer("application/x") + "}", "no layers");
        row("negative size", broken("\"size\":7", "\"size\":-1"), "/config/size");
        row("fractional size", broken("\"size\":7}]", "\"size\":1.5}]"), "/layers/0/size");
        row("size in words", broken("\"size\":7}]", "\"size\":\"7\"}]"), "/layers/0/size");
        row("2^63", broken("\"size\":7}]", "\"size\":9223372036854775808}]"), "/layers/0/size");
        row("size with an exponent", broken("\"size\":7}]", "\"size\":1e3}]"), "/layers/0/size");
        row("2^53 + 1", broken("\"size\":7}]", "\"size\":9007199254740993}]"), "64 GiB");
        row("beyond 64 GiB", broken("\"size\":7}]", "\"size\":68719476737}]"), "64 GiB");
        row("bad digest", broken(hex, "../../etc/passwd"), "/config/digest");
        row("urls a string", manifest(layer(gzipLayer, ",\"urls\":\"x\"")), "/layers/0/urls");
        row("urls of numbers", manifest(layer(gzipLayer, ",\"urls\":[1]")), "/layers/0/urls");
        row("no type", manifest("{\"digest\":\"sha256:" + hex + "\",\"size\":7}"), "/layers/0/mediaType");
        row("false data", manifest(layer(gzipLayer, ",\"data\":\"QUJDREVGRw==\"")), "/layers/0/data");
        row("index", "{\"schemaVersion\":2,\"manifests\":[]}", "an index");
        row("contradicts", manifest("", ",\"mediaType\":\"application/vnd.oci.image.index.v1+json\""), "announced as");
    }
    void refuses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, words);
        const bool contradicts = QLatin1String(QTest::currentDataTag()) == QLatin1String("contradicts");
        const auto read = Manifest::parse(bytes, contradicts ? MediaType::ociManifest() : MediaType());
        QVERIFY(!read);
        QVERIFY2(read.error().message.contains(words), qPrintable(read.error().message));
    }

    void namesProblems_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("words");
        QTest::newRow("duplicate") << manifest(layer(gzipLayer), ",\"config\":" + layer("application/x"))
                                   << QStringLiteral("/config occurs twice");
        QTest::newRow("case") << manifest(layer(gzipLayer), ",\"Layers\":[]") << QStringLiteral("case alone");
        QTest::newRow("case in a layer") << manifest(layer(gzipLayer, ",\"URLs\":[]"))
                                         << QStringLiteral("/layers/0/URLs");
        QTest::newRow("both") << manifest(layer(gzipLayer), ",\"manifests\":[]") << QStringLiteral("at once");
    }
    void namesProblems()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, words);
        const auto read = Manifest::parse(bytes, MediaType::ociManifest());
        QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
        QCOMPARE(read->problems().size(), 1);
        QVERIFY2(read->problems()[0].contains(words), qPrintable(read->problems()[0]));
    }

    // A document is a manifest or an index, never both: whatever members stand together, it is refused, or the
    // ambiguity is named, which blocks every change of it.
    void isOneOrTheOther_data()
    {
        QTest::addColumn<int>("members");
        QTest::addColumn<bool>("asIndex");
        for (int members = 0; members < 64; ++members) {
            QTest::addRow("%d as a manifest", members) << members << false;
            QTest::addRow("%d as an index", members) << members << true;
        }
    }
    void isOneOrTheOther()
    {
        QFETCH(int, members);
        QFETCH(bool, asIndex);
        const bool hasConfig = members & 1;
        const bool hasLayers = members & 2;
        const bool hasManifests = members & 4;
        const bool hasFsLayers = members & 8;
        const bool saysManifest = members & 16;
        const bool saysIndex = members & 32;
        QByteArray bytes = "{\"schemaVersion\":2";
        if (saysManifest)
            bytes += ",\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"";
        if (saysIndex)
            bytes += ",\"mediaType\":\"application/vnd.oci.image.index.v1+json\"";
        if (hasConfig)
            bytes += ",\"config\":" + layer("application/vnd.oci.image.config.v1+json");
        if (hasLayers)
            bytes += ",\"layers\":[" + layer(gzipLayer) + ']';
        if (hasManifests)
            bytes += ",\"manifests\":[" + layer("application/vnd.oci.image.manifest.v1+json") + ']';
        if (hasFsLayers)
            bytes += ",\"fsLayers\":[]";
        bytes += '}';
        const bool isClean = asIndex ? hasManifests && !hasConfig && !hasLayers && !hasFsLayers && !saysManifest
                                     : hasConfig && hasLayers && !hasManifests && !hasFsLayers && !saysIndex;
        bool isTaken = false;
        if (asIndex) {
            const auto read = oci::ImageIndex::parse(bytes, MediaType::ociIndex());
            isTaken = read && read->problems().isEmpty();
        } else {
            const auto read = Manifest::parse(bytes, MediaType::ociManifest());
            isTaken = read && read->problems().isEmpty();
        }
        QCOMPARE(isTaken, isClean);
    }

    void annotationsMayBeCalledAnything()
    {
        QVERIFY(
            Manifest::parse(manifest(layer(gzipLayer), ",\"annotations\":{\"Layers\":\"x\"}"))->problems().isEmpty());
    }

    void marks_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        const QByteArray marked = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
        QTest::newRow("plain") << manifest(layer(gzipLayer)) << manifest(layer(marked, ",\"urls\":[\"https://x/y\"]"));
        QTest::newRow("escaped slash") << manifest(layer("application\\/vnd.oci.image.layer.v1.tar+gzip"))
                                       << manifest(
                                              layer("application\\/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
                                                    ",\"urls\":[\"https://x/y\"]"));
        QTest::newRow("escaped letters")
            << manifest(layer("application/vnd.oci.im\\u0061ge.layer.\\u0076\\u0031.tar+gzip"))
            << manifest(layer("application/vnd.oci.im\\u0061ge.layer.nondistributable.\\u0076\\u0031.tar+gzip",
                              ",\"urls\":[\"https://x/y\"]"));
        QTest::newRow("docker") << manifest(layer("application/vnd.docker.image.rootfs.diff.tar.gzip"))
                                << manifest(layer("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                                                  ",\"urls\":[\"https://x/y\"]"));
    }
    void marks()
    {
        QFETCH(QByteArray, before);
        const auto read = Manifest::parse(before);
        const auto splices = read->withMarking(0, true, {QStringLiteral("https://x/y")});
        QVERIFY(splices);
        const QByteArray after = oci::spliced(before, *splices);
        QTEST(after, "after");
        const auto edited = Manifest::parse(after);
        QCOMPARE(edited->layers()[0].marking(), oci::Marking::NonDistributable);
        QCOMPARE(oci::spliced(after, *edited->withMarking(0, false, {})), before);
    }

    void changesNothingWhenAsIs()
    {
        const auto read = Manifest::parse(manifest(layer(gzipLayer)));
        QVERIFY(read->withMarking(0, false, {})->isEmpty());
    }

    void replacesUrls()
    {
        const QByteArray before = manifest(layer(gzipLayer, ", \"urls\" : [ \"https://old/\" ] ,\"x\":1"));
        const auto read = Manifest::parse(before);
        const QByteArray after = oci::spliced(before, *read->withMarking(0, false, {QStringLiteral("https://new/")}));
        QCOMPARE(after, QByteArray(before).replace("[ \"https://old/\" ]", "[\"https://new/\"]"));
    }

    void refusesToMarkWithoutPair()
    {
        const auto read = Manifest::parse(manifest(layer("application/vnd.docker.image.rootfs.diff.tar.zstd")));
        const auto splices = read->withMarking(0, true, {QStringLiteral("https://x/")});
        QVERIFY(!splices);
        QCOMPARE(splices.error().kind, base::ErrorKind::Usage);
        // The urls alone may be cleared all the same.
        QVERIFY(read->withMarking(0, false, {}));
    }

    void editsIndexEntries()
    {
        const QByteArray child = "{\"x\":1}";
        const QByteArray entry = "{ \"mediaType\" : \"application/vnd.oci.image.manifest.v1+json\", \"digest\" : \"" +
                                 oci::Digest::of(child).toLatin1() + "\", \"size\" : 7, \"data\" : \"" +
                                 child.toBase64() + "\", \"more\":1e2 }";
        const QByteArray bytes = "{\"schemaVersion\":2,\"manifests\":[" + entry + "," + entry + "]}";
        const auto index = ImageIndex::parse(bytes);
        QVERIFY2(index, index ? "" : qPrintable(index.error().text()));
        const QByteArray other = "{\"x\":12345}";
        const auto splices = index->withEntry(1, other);
        QCOMPARE(splices->size(), 3);
        const QByteArray after = oci::spliced(bytes, *splices);
        const auto edited = ImageIndex::parse(after);
        QVERIFY(edited);
        QCOMPARE(edited->manifests()[0].digest, oci::Digest::of(child));
        QCOMPARE(edited->manifests()[1].digest, oci::Digest::of(other));
        QCOMPARE(edited->manifests()[1].size, other.size());
        QCOMPARE(*edited->manifests()[1].data, other);
        QCOMPARE(oci::spliced(after, *edited->withEntry(1, child)), bytes);
        QVERIFY(index->withEntry(1, child)->isEmpty());
    }

    void readsConfigs()
    {
        const auto config = oci::ImageConfig::parse(
            R"({"os":"windows","architecture":"amd64","os.version":"10.0.17763.1","created":"2026-01-01T00:00:00Z",
                "rootfs":{"diff_ids":["a","b"]},"history":[{"created_by":"ADD"},{"created_by":"ENV","empty_layer":true},
                {"created_by":"RUN"}]})");
        QVERIFY(config);
        QCOMPARE(config->platform.toString(), QStringLiteral("windows(10.0.17763.1)/amd64"));
        QCOMPARE(config->createdByPerLayer(2), QStringList({QStringLiteral("ADD"), QStringLiteral("RUN")}));
        QCOMPARE(config->createdByPerLayer(3), QStringList({QString(), QString(), QString()}));
        QVERIFY(!oci::ImageConfig::parse("[]"));
        QVERIFY(oci::ImageConfig::parse("{}"));
    }
};

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
