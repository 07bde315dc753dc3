// SPDX-License-Identifier: Apache-2.0
// The question this project answers, asked of real registries and clients: mark a layer, copy the image to a second
// registry, and see whether the blob came along; unmark it there, and see that the registry then holds it.

#include "oci/manifest.h"
#include "registry/client.h"
#include "support/await.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/peers.h"
#include "support/programs/copying.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QUuid>

#include <memory>

using namespace colophon;
using test::await;
using test::ImageKit;
using test::Ran;

namespace {
// containerd of the test's own: root, state and socket in a temporary folder.
class Containerd
{
public:
    explicit Containerd(const QString &folder)
        : m_folder(folder)
    {
        m_process.setStandardOutputFile(folder + QStringLiteral("/containerd.log"));
        m_process.setStandardErrorFile(folder + QStringLiteral("/containerd.err"));
        m_process.start(QStringLiteral("containerd"),
                        {QStringLiteral("--root"), folder + QStringLiteral("/root"), QStringLiteral("--state"),
                         folder + QStringLiteral("/state"), QStringLiteral("--address"), address()});
        m_process.waitForStarted(5000);
    }
    ~Containerd()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(5000)) {
            m_process.kill();
            m_process.waitForFinished(5000);
        }
    }
    QString address() const { return m_folder + QStringLiteral("/c.sock"); }
    Ran ctr(const QStringList &arguments, const QProcessEnvironment &environment) const
    {
        return test::run(QStringLiteral("ctr"), QStringList{QStringLiteral("--address"), address()} + arguments,
                         environment, {}, 60'000);
    }
    bool answers(const QProcessEnvironment &environment) const
    {
        for (int attempt = 0; attempt < 50; ++attempt) {
            if (ctr({QStringLiteral("version")}, environment).exitCode == 0)
                return true;
            QTest::qWait(200);
        }
        return false;
    }

private:
    QString m_folder;
    QProcess m_process;
};
} // namespace

class TestSkippedLayer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        COLOPHON_NEED_PROGRAM("skopeo");
        COLOPHON_NEED_PROGRAM("umoci");
        test::DockerRegistryOptions allowing;
        allowing.allowUrls = {QStringLiteral("^https?://.*")};
        m_first = std::make_unique<test::DockerRegistry>(allowing);
        m_second = std::make_unique<test::DockerRegistry>(allowing);
        m_strict = std::make_unique<test::DockerRegistry>();
        QVERIFY2(m_first->isRunning(), qPrintable(m_first->problem()));
        QVERIFY2(m_second->isRunning(), qPrintable(m_second->problem()));
        QVERIFY2(m_strict->isRunning(), qPrintable(m_strict->problem()));
        m_kit = std::make_unique<ImageKit>();
        QVERIFY2(m_kit->isReady(), qPrintable(m_kit->problem()));
    }
    void cleanupTestCase()
    {
        m_first.reset();
        m_second.reset();
        m_strict.reset();
    }

    void markedLayerStaysBehind_data()
    {
        QTest::addColumn<ImageKit::Kind>("kind");
        QTest::addColumn<QString>("client");
        const struct
        {
            const char *name;
            ImageKit::Kind kind;
        } kinds[] = {{"oci gzip", ImageKit::Kind::OciGzip},
                     {"oci zstd", ImageKit::Kind::OciZstd},
                     {"docker gzip", ImageKit::Kind::DockerGzip},
                     {"oci index", ImageKit::Kind::OciIndex},
                     {"docker list", ImageKit::Kind::DockerList}};
        for (const auto &each : kinds) {
            for (const char *client : {"skopeo", "ctr", "crane", "regctl", "oras"}) {
                // go-containerregistry does not know the non-distributable zstd type and uploads such a layer.
                const bool unknownToCrane = each.kind == ImageKit::Kind::OciZstd && qstrcmp(client, "crane") == 0;
                if (!unknownToCrane)
                    QTest::addRow("%s, %s", each.name, client) << each.kind << QString::fromLatin1(client);
            }
        }
    }
    void markedLayerStaysBehind()
    {
        QFETCH(ImageKit::Kind, kind);
        QFETCH(QString, client);
        if (client == QLatin1String("ctr"))
            COLOPHON_NEED_PROGRAM("ctr");
        COLOPHON_NEED_CLIENT(client);

        const QString name = newName();
        const QString source = m_first->host() + QLatin1Char('/') + name;
        const QString target = m_second->host() + QLatin1Char('/') + name;
        if (const QString failed = m_kit->push(kind, source); !failed.isEmpty())
            QFAIL(qPrintable(failed));

        const QStringList before = layersOf(source);
        QVERIFY(before.size() >= 2);
        const Ran marked = colophonctl(
            {QStringLiteral("mark"), source, QStringLiteral("--layer"), QStringLiteral("0"), QStringLiteral("--json")});
        QVERIFY2(marked.exitCode == 0, qPrintable(marked.text()));
        // In an index, layer 0 of every platform is marked: none of them may come along.
        QStringList markedDigests;
        for (const QJsonValue &layer : layersJson(source)) {
            if (layer[QStringLiteral("marking")].toString() == QLatin1String("non-distributable"))
                markedDigests << layer[QStringLiteral("digest")].toString();
        }
        const bool index = kind == ImageKit::Kind::OciIndex || kind == ImageKit::Kind::DockerList;
        QCOMPARE(markedDigests.size(), index ? 2 : 1);

        const Ran copied = copy(client, source, target, index);
        QVERIFY2(copied.exitCode == 0, qPrintable(copied.text()));
        for (const QString &digest : std::as_const(markedDigests))
            QCOMPARE(blobStatus(m_second->host(), name, digest), 404);
        for (const QString &digest : before) {
            if (!markedDigests.contains(digest))
                QCOMPARE(blobStatus(m_second->host(), name, digest), 200);
        }

        const Ran unmarked =
            colophonctl({QStringLiteral("unmark"), target, QStringLiteral("--layer"), QStringLiteral("foreign")});
        QVERIFY2(unmarked.exitCode == 0, qPrintable(unmarked.text()));
        for (const QString &digest : before)
            QCOMPARE(blobStatus(m_second->host(), name, digest), 200);
        for (const QJsonValue &layer : layersJson(target))
            QCOMPARE(layer[QStringLiteral("marking")].toString(), QStringLiteral("distributable"));
        // And the image is whole: an unaware client can take it to disk.
        const Ran pulled = test::run(
            QStringLiteral("skopeo"),
            {QStringLiteral("--insecure-policy"), QStringLiteral("copy"), QStringLiteral("-q"), QStringLiteral("--all"),
             QStringLiteral("--src-tls-verify=false"), QStringLiteral("docker://") + target,
             QStringLiteral("dir:%1/%2").arg(m_kit->folder(), name.section(u'/', 1).replace(u':', u'-'))},
            m_kit->environment());
        QVERIFY2(pulled.exitCode == 0, qPrintable(pulled.text()));
    }

    void strictRegistryRefusesAndNothingChanges()
    {
        const QString name = newName();
        const QString source = m_strict->host() + QLatin1Char('/') + name;
        if (const QString failed = m_kit->push(ImageKit::Kind::OciGzip, source); !failed.isEmpty())
            QFAIL(qPrintable(failed));
        const QString before = digestOf(source);
        const Ran marked =
            colophonctl({QStringLiteral("mark"), source, QStringLiteral("--layer"), QStringLiteral("0")});
        QVERIFY2(marked.exitCode == 6, qPrintable(marked.text()));
        QVERIFY2(marked.err.contains("validation.manifests.urls.allow"), marked.err.constData());
        QVERIFY2(marked.err.contains("Nothing was changed"), marked.err.constData());
        QCOMPARE(digestOf(source), before);
    }

    void addressThatNeedsCredentialsStopsThePush()
    {
        test::DockerRegistryOptions closed;
        closed.withPassword = true;
        closed.allowUrls = {QStringLiteral("^https?://.*")};
        test::DockerRegistry guarded(closed);
        QVERIFY2(guarded.isRunning(), qPrintable(guarded.problem()));
        const QString name = newName();
        const QString source = m_first->host() + QLatin1Char('/') + name;
        if (const QString failed = m_kit->push(ImageKit::Kind::OciGzip, source); !failed.isEmpty())
            QFAIL(qPrintable(failed));
        const QString before = digestOf(source);
        const qsizetype requestsBefore = m_first->log().count(QStringLiteral("http.request.method=PUT"));
        const Ran marked = colophonctl(
            {QStringLiteral("mark"), source, QStringLiteral("--layer"), QStringLiteral("0"), QStringLiteral("--url"),
             QStringLiteral("http://%1/v2/{repository}/blobs/{digest}").arg(guarded.host())});
        QVERIFY2(marked.exitCode == 6, qPrintable(marked.text()));
        QVERIFY2(marked.err.contains("--no-probe"), marked.err.constData());
        QCOMPARE(digestOf(source), before);
        QCOMPARE(m_first->log().count(QStringLiteral("http.request.method=PUT")), requestsBefore);
        // The address was asked, and asked by somebody without credentials.
        QVERIFY(guarded.log().contains(QStringLiteral("/blobs/")));
    }

    void bytesOfOddManifests_data()
    {
        QTest::addColumn<QByteArray>("form");
        // CONFIG and LAYERn stand for descriptors' members; everything else is to survive.
        const QByteArray type = "application/vnd.oci.image.manifest.v1+json";
        QTest::newRow("minified") << QByteArray("{\"schemaVersion\":2,\"mediaType\":\"" + type +
                                                "\",\"config\":{CONFIG},\"layers\":[{LAYER0},{LAYER1}]}");
        QTest::newRow("CRLF and tabs") << QByteArray(
            "{\r\n\t\"layers\": [\r\n\t\t{\r\n\t\t\tLAYER0\r\n\t\t},\r\n\t\t{ LAYER1 }\r\n\t],\r\n\t\"config\" : "
            "{CONFIG},\r\n\t\"schemaVersion\":\t2,\r\n"
            "\t\"mediaType\": \"" +
            type + "\"\r\n}\r\n");
        QTest::newRow("unknown members, big numbers, escapes")
            << QByteArray("  { \"x-vendor\" : { \"n\" : 9007199254740993 , \"m\":1e2, \"u\":18446744073709551615, "
                          "\"s\":\"\\u00e9\\/\\ud83d\\ude00\" } , \"config\" : {CONFIG, \"zz\":0.10} ,\n"
                          "\"annotations\":{\"b\":\"2\",\"a\":\"1\"}, \"layers\" : [ { \"a\\/b\": 12345678901234567890 "
                          ", LAYER0 , \"z\":[ ] } ,{LAYER1}], \"schemaVersion\" : 2 ,\"mediaType\":\""
                          "application\\/vnd.oci.image.manifest.v1+json\"}");
    }
    void bytesOfOddManifests()
    {
        QFETCH(QByteArray, form);
        registry::Client client;
        const QString name = newName();
        const auto reference = oci::Reference::parse(QString(m_first->host() + QLatin1Char('/') + name));
        QVERIFY(reference);
        const content::TargetPtr target = client.target(*reference);
        const auto member = [&](const oci::MediaType &type, const QByteArray &bytes, bool escaped) {
            oci::Descriptor descriptor = oci::Descriptor::of(type, bytes);
            if (auto pushed = await(target->pushBlob(descriptor, content::readerOf(bytes), {}, {})); !pushed)
                qWarning("%s", qPrintable(pushed.error().text()));
            QByteArray text = type.toString().toLatin1();
            if (escaped)
                text.replace("/", "\\/");
            return QByteArray("\"size\" : " + QByteArray::number(bytes.size()) + ", \"digest\":\"" +
                              descriptor.digest.toLatin1() + "\",\"mediaType\" :\"" + text + "\"");
        };
        form.replace("CONFIG",
                     member(oci::MediaType::ociConfig(), "{\"architecture\":\"amd64\",\"os\":\"linux\"}", false));
        form.replace("LAYER0", member(oci::MediaType::ociLayerGzip(), "first " + name.toLatin1(), true));
        form.replace("LAYER1", member(oci::MediaType::ociLayerTar(), "second " + name.toLatin1(), false));
        const oci::Descriptor whole = oci::Descriptor::of(oci::MediaType::ociManifest(), form);
        const auto tagged = await(target->tag(whole, form, QStringLiteral("1"), {}));
        QVERIFY2(tagged, tagged ? "" : qPrintable(tagged.error().text()));

        const QString source = reference->toString();
        const Ran marked =
            colophonctl({QStringLiteral("mark"), source, QStringLiteral("--layer"), QStringLiteral("0")});
        QVERIFY2(marked.exitCode == 0, qPrintable(marked.text()));
        const Ran raw = colophonctl({QStringLiteral("inspect"), source, QStringLiteral("--raw")});
        QCOMPARE(raw.exitCode, 0);
        // Outside layer 0 nothing differs, and inside it only the word and the urls member do.
        QByteArray withoutEdit = raw.out;
        withoutEdit.replace("nondistributable.", "");
        const auto edited = oci::JsonDocument::parse(withoutEdit);
        QVERIFY(edited);
        const auto urls = edited->root()["layers"].at(0)["urls"];
        QVERIFY(!urls.isAbsent());
        QCOMPARE(oci::spliced(withoutEdit, oci::memberRemoved(urls)), form);

        const Ran unmarked =
            colophonctl({QStringLiteral("unmark"), source, QStringLiteral("--layer"), QStringLiteral("0")});
        QVERIFY2(unmarked.exitCode == 0, qPrintable(unmarked.text()));
        QCOMPARE(digestOf(source), whole.digest.toString());
    }

private:
    QString newName() { return QStringLiteral("vendor/app%1:1").arg(++m_count); }

    Ran colophonctl(const QStringList &arguments) const
    {
        return test::run(QStringLiteral(COLOPHONCTL), arguments, m_kit->environment());
    }

    QJsonObject inspected(const QString &reference) const
    {
        const Ran ran = colophonctl({QStringLiteral("inspect"), reference, QStringLiteral("--json")});
        if (ran.exitCode != 0)
            qWarning("%s", qPrintable(ran.text()));
        return QJsonDocument::fromJson(ran.out).object();
    }
    QString digestOf(const QString &reference) const
    {
        return inspected(reference)[QStringLiteral("digest")].toString();
    }

    // The layers of the image, or of all images of an index.
    QJsonArray layersJson(const QString &reference) const
    {
        const QJsonObject image = inspected(reference);
        if (image[QStringLiteral("kind")].toString() != QLatin1String("index"))
            return image[QStringLiteral("layers")].toArray();
        QJsonArray all;
        for (const QJsonValue &manifest : image[QStringLiteral("manifests")].toArray()) {
            for (const QJsonValue &layer : manifest[QStringLiteral("layers")].toArray())
                all.append(layer);
        }
        return all;
    }
    QStringList layersOf(const QString &reference) const
    {
        QStringList digests;
        for (const QJsonValue &layer : layersJson(reference))
            digests << layer[QStringLiteral("digest")].toString();
        return digests;
    }

    // What the registry itself answers to HEAD for the blob.
    static int blobStatus(const QString &host, const QString &name, const QString &digest)
    {
        registry::Client client;
        const auto reference = oci::Reference::parse(QString(host + QLatin1Char('/') + name));
        oci::Descriptor blob;
        blob.digest = *oci::Digest::parse(digest);
        blob.size = -1;
        const auto has = await(client.target(*reference)->hasBlob(blob, {}));
        return !has ? -1 : *has ? 200 : 404;
    }

    Ran copy(const QString &client, const QString &source, const QString &target, bool index)
    {
        const QProcessEnvironment environment = m_kit->environment();
        if (client != QLatin1String("ctr"))
            return test::copyImage(client, source, target, environment);
        // containerd pulls the image first; its push is what a vendor sees.
        QTemporaryDir folder;
        const Containerd containerd(folder.path());
        Ran failed;
        failed.command = QStringLiteral("containerd");
        if (!containerd.answers(environment))
            return failed;
        QStringList pull{QStringLiteral("images"),        QStringLiteral("pull"),   QStringLiteral("--plain-http"),
                         QStringLiteral("--snapshotter"), QStringLiteral("native"), source};
        if (index)
            pull.insert(2, QStringLiteral("--all-platforms"));
        if (Ran pulled = containerd.ctr(pull, environment); pulled.exitCode != 0)
            return pulled;
        return containerd.ctr(
            {QStringLiteral("images"), QStringLiteral("push"), QStringLiteral("--plain-http"), target, source},
            environment);
    }

    std::unique_ptr<test::DockerRegistry> m_first;
    std::unique_ptr<test::DockerRegistry> m_second;
    std::unique_ptr<test::DockerRegistry> m_strict;
    std::unique_ptr<ImageKit> m_kit;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestSkippedLayer)
#include "tst_skippedlayer.moc"
