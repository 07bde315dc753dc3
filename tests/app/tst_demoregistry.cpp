// SPDX-License-Identifier: Apache-2.0
// The demo registry over the wire: the distribution specification as clients use it, and images that other tools
// unpack.

#include "demo/demoregistry.h"
#include "oci/digest.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/programs/programs.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHostAddress>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <httplib.h>

#include <thread>

using namespace colophon;

namespace {

const char *const ociManifest = "application/vnd.oci.image.manifest.v1+json";

std::string digestOf(const QByteArray &bytes) { return oci::Digest::of(bytes).toString().toStdString(); }

QJsonObject jsonOf(const std::string &text)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

QString codeOf(const httplib::Result &answer)
{
    return jsonOf(answer->body)[QLatin1String("errors")][0][QLatin1String("code")].toString();
}

// A manifest over one layer.
QByteArray manifest(const QByteArray &config, const QByteArray &layer, const QByteArray &layerType,
                    const QByteArray &urls = {})
{
    return QByteArray("{\"schemaVersion\":2,\"mediaType\":\"") + ociManifest +
           "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":" +
           QByteArray::number(config.size()) + ",\"digest\":\"" + QByteArray::fromStdString(digestOf(config)) +
           "\"},\"layers\":[{\"mediaType\":\"" + layerType + "\",\"size\":" + QByteArray::number(layer.size()) +
           ",\"digest\":\"" + QByteArray::fromStdString(digestOf(layer)) + '"' + urls + "}]}";
}

} // namespace

class TestDemoRegistry : public QObject
{
    Q_OBJECT

    // A registry and a client of it.
    struct Setup
    {
        explicit Setup(demo::Options options = {})
            : registry(options)
        {
            if (!registry.start())
                qFatal("%s", qPrintable(registry.errorString()));
            client = std::make_unique<httplib::Client>("127.0.0.1", registry.port());
            client->set_keep_alive(true);
        }
        int upload(const QByteArray &bytes, const char *repository = "test/image")
        {
            const std::string path = std::string("/v2/") + repository + "/blobs/uploads/";
            const auto begun =
                client->Post(path + "?digest=" + digestOf(bytes), bytes.toStdString(), "application/octet-stream");
            return begun ? begun->status : -1;
        }
        int put(const QByteArray &bytes, const char *name, const char *type = ociManifest)
        {
            const auto answer = client->Put(std::string("/v2/test/image/manifests/") + name, bytes.toStdString(), type);
            return answer ? answer->status : -1;
        }
        demo::DemoRegistry registry;
        std::unique_ptr<httplib::Client> client;
    };

private Q_SLOTS:
    void answersThePing()
    {
        Setup setup;
        const auto answer = setup.client->Get("/v2/");
        QVERIFY(answer);
        QCOMPARE(answer->status, 200);
        QCOMPARE(answer->get_header_value("Docker-Distribution-Api-Version"), std::string("registry/2.0"));
        QVERIFY(setup.registry.host().startsWith(QLatin1String("127.0.0.1:")));
    }

    void everyReferenceCanBeRead()
    {
        Setup setup;
        QCOMPARE(setup.registry.references().size(), 5);
        for (const demo::DemoReference &each : setup.registry.references()) {
            const QString path = each.reference.section(QLatin1Char('/'), 1);
            const std::string target = QStringLiteral("/v2/%1/manifests/%2")
                                           .arg(path.section(QLatin1Char(':'), 0, 0), path.section(QLatin1Char(':'), 1))
                                           .toStdString();
            const auto head = setup.client->Head(target);
            const auto get = setup.client->Get(target);
            QVERIFY(head && get);
            QCOMPARE(get->status, 200);
            QCOMPARE(head->get_header_value("Docker-Content-Digest"), digestOf(QByteArray::fromStdString(get->body)));
            QCOMPARE(head->get_header_value("Content-Length"), std::to_string(get->body.size()));
            QCOMPARE(get->get_header_value("Content-Type"),
                     jsonOf(get->body)[QLatin1String("mediaType")].toString().toStdString());
            QVERIFY(!each.description.isEmpty());
        }
    }

    // Two registries hold the same images: nothing in them depends on when or where they were made.
    void imagesAreTheSameEveryTime()
    {
        Setup first;
        Setup second;
        const QString digest = first.registry.digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0"));
        QVERIFY(!digest.isEmpty());
        QCOMPARE(second.registry.digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0")), digest);
        QCOMPARE(second.registry.digestOfTag(QStringLiteral("demo/app"), QStringLiteral("latest")), digest);
        const auto vendors = [](const Setup &setup) {
            return setup.registry.digestOfTag(QStringLiteral("demo/signed"), QStringLiteral("1.0"));
        };
        QVERIFY(!vendors(first).isEmpty());
        QCOMPARE(vendors(second), vendors(first));
        // But nobody has the key that signed it, and the next one is another.
        QVERIFY(first.registry.vendorKey().startsWith("-----BEGIN PUBLIC KEY-----"));
        QVERIFY(second.registry.vendorKey() != first.registry.vendorKey());
    }

    void foreignBlobsAreOnlyAtTheVendor()
    {
        Setup setup;
        const auto index = setup.client->Get("/v2/demo/windows/manifests/ltsc");
        QSet<QString> versions;
        const QJsonArray entries = jsonOf(index->body)[QLatin1String("manifests")].toArray();
        QCOMPARE(entries.size(), 2);
        for (const QJsonValue entry : entries) {
            versions.insert(entry[QLatin1String("platform")][QLatin1String("os.version")].toString());
            const auto child = setup.client->Get("/v2/demo/windows/manifests/" +
                                                 entry[QLatin1String("digest")].toString().toStdString());
            const QJsonValue layer = jsonOf(child->body)[QLatin1String("layers")][0];
            QVERIFY(layer[QLatin1String("mediaType")].toString().contains(QLatin1String(".foreign.")));
            const QString digest = layer[QLatin1String("digest")].toString();
            QCOMPARE(setup.client->Head("/v2/demo/windows/blobs/" + digest.toStdString())->status, 404);
            const QString url = layer[QLatin1String("urls")][0].toString();
            QVERIFY(url.startsWith(setup.registry.cdnAddress()));
            const auto file = setup.client->Get(url.mid(7 + setup.registry.host().size()).toStdString());
            QCOMPARE(file->status, 200);
            QCOMPARE(digestOf(QByteArray::fromStdString(file->body)), digest.toStdString());
        }
        QCOMPARE(versions.size(), 2);
    }

    void ranges_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("contentRange");
        QTest::newRow("the first byte") << QByteArray("bytes=0-0") << 206 << QByteArray("a")
                                        << QByteArray("bytes 0-0/10");
        QTest::newRow("a middle") << QByteArray("bytes=2-4") << 206 << QByteArray("cde") << QByteArray("bytes 2-4/10");
        QTest::newRow("to the end") << QByteArray("bytes=7-") << 206 << QByteArray("hij") << QByteArray("bytes 7-9/10");
        QTest::newRow("beyond the end") << QByteArray("bytes=8-99") << 206 << QByteArray("ij")
                                        << QByteArray("bytes 8-9/10");
        QTest::newRow("the last") << QByteArray("bytes=-2") << 206 << QByteArray("ij") << QByteArray("bytes 8-9/10");
        QTest::newRow("behind the end") << QByteArray("bytes=10-12") << 416 << QByteArray() << QByteArray("bytes */10");
        QTest::newRow("none") << QByteArray() << 200 << QByteArray("abcdefghij") << QByteArray();
        QTest::newRow("several") << QByteArray("bytes=0-1,4-5") << 200 << QByteArray("abcdefghij") << QByteArray();
    }
    void ranges()
    {
        QFETCH(QByteArray, range);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, contentRange);
        Setup setup;
        const QByteArray bytes = "abcdefghij";
        QCOMPARE(setup.upload(bytes), 201);
        setup.registry.addCdnFile(QStringLiteral("some/file"), bytes);
        httplib::Headers headers;
        if (!range.isEmpty())
            headers.emplace("Range", range.toStdString());
        for (const std::string &path : {"/v2/test/image/blobs/" + digestOf(bytes), std::string("/cdn/some/file")}) {
            const auto answer = setup.client->Get(path, headers);
            QVERIFY(answer);
            QCOMPARE(answer->status, status);
            QCOMPARE(QByteArray::fromStdString(answer->body), body);
            QCOMPARE(QByteArray::fromStdString(answer->get_header_value("Content-Range")), contentRange);
        }
    }

    void tagsComeInPages()
    {
        Setup setup;
        QCOMPARE(setup.upload("config"), 201);
        QCOMPARE(setup.upload("layer"), 201);
        const QByteArray bytes = manifest("config", "layer", "application/vnd.oci.image.layer.v1.tar");
        for (const char *tag : {"c", "a", "e", "b", "d"})
            QCOMPARE(setup.put(bytes, tag), 201);
        QStringList all;
        std::string next = "/v2/test/image/tags/list?n=2";
        for (int page = 0; !next.empty() && page < 10; ++page) {
            const auto answer = setup.client->Get(next);
            const QJsonArray tags = jsonOf(answer->body)[QLatin1String("tags")].toArray();
            QVERIFY(tags.size() <= 2);
            for (const QJsonValue tag : tags)
                all.append(tag.toString());
            const QString link = QString::fromStdString(answer->get_header_value("Link"));
            QVERIFY(link.isEmpty() || link.endsWith(QLatin1String(">; rel=\"next\"")));
            next = link.section(QLatin1Char('<'), 1).section(QLatin1Char('>'), 0, 0).toStdString();
        }
        QCOMPARE(all, (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d"),
                                   QStringLiteral("e")}));
        QCOMPARE(setup.client->Get("/v2/no/such/tags/list")->status, 404);
    }

    void uploadsInChunks()
    {
        Setup setup;
        const auto begun = setup.client->Post("/v2/test/image/blobs/uploads/");
        QCOMPARE(begun->status, 202);
        std::string place = begun->get_header_value("Location");
        QCOMPARE(setup.registry.openUploads(), 1);
        const auto patch = [&](const char *range, const char *bytes) {
            return setup.client->Patch(place, {{"Content-Range", range}}, bytes, "application/octet-stream");
        };
        const auto first = patch("0-4", "first");
        QCOMPARE(first->status, 202);
        QCOMPARE(first->get_header_value("Range"), std::string("0-4"));
        place = first->get_header_value("Location");
        const auto outOfOrder = patch("9-13", "third");
        QCOMPARE(outOfOrder->status, 416);
        QCOMPARE(outOfOrder->get_header_value("Range"), std::string("0-4"));
        const auto second = patch("5-10", "second");
        QCOMPARE(second->status, 202);
        place = second->get_header_value("Location");
        const auto state = setup.client->Get(place);
        QCOMPARE(state->status, 204);
        QCOMPARE(state->get_header_value("Range"), std::string("0-10"));
        const std::string digest = digestOf("firstsecond!");
        const auto done = setup.client->Put(place + "&digest=" + digest, std::string("!"), "application/octet-stream");
        QCOMPARE(done->status, 201);
        QCOMPARE(done->get_header_value("Docker-Content-Digest"), digest);
        QCOMPARE(setup.registry.openUploads(), 0);
        QCOMPARE(setup.client->Get("/v2/test/image/blobs/" + digest)->body, std::string("firstsecond!"));
    }

    void uploadsInOnePieceOrChunkedEncoding()
    {
        Setup setup;
        const auto begun = setup.client->Post("/v2/test/image/blobs/uploads/");
        const QByteArray bytes(300'000, 'x');
        int sent = 0;
        const auto provider = [&](size_t, httplib::DataSink &sink) {
            if (sent == 3)
                sink.done();
            else
                sink.write(bytes.constData() + sent * 100'000, 100'000);
            ++sent;
            return true;
        };
        const auto done = setup.client->Put(begun->get_header_value("Location") + "&digest=" + digestOf(bytes),
                                            provider, "application/octet-stream");
        QVERIFY(done);
        QCOMPARE(done->status, 201);
        QVERIFY(setup.registry.holdsBlob(QStringLiteral("test/image"), QString::fromStdString(digestOf(bytes))));
    }

    void aWrongDigestIsRefused()
    {
        Setup setup;
        const auto answer = setup.client->Post("/v2/test/image/blobs/uploads/?digest=" + digestOf("something else"),
                                               std::string("this"), "application/octet-stream");
        QCOMPARE(answer->status, 400);
        QCOMPARE(codeOf(answer), QStringLiteral("DIGEST_INVALID"));
        QCOMPARE(setup.registry.openUploads(), 0);
        QCOMPARE(setup.put("{\"schemaVersion\":2}", digestOf("something else").c_str()), 400);
    }

    void aCancelledUploadIsGone()
    {
        Setup setup;
        const auto begun = setup.client->Post("/v2/test/image/blobs/uploads/");
        const std::string place = begun->get_header_value("Location");
        QCOMPARE(setup.client->Delete(place)->status, 204);
        QCOMPARE(setup.registry.openUploads(), 0);
        QCOMPARE(setup.client->Get(place)->status, 404);
    }

    // As docker-registry 2.8.2 has it: the address of an upload is good for the offset it was given out at.
    void anUploadThatBrokeOffIsDead_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::newRow("PUT") << QByteArray("PUT");
        QTest::newRow("PATCH") << QByteArray("PATCH");
    }
    void anUploadThatBrokeOffIsDead()
    {
        QFETCH(QByteArray, method);
        Setup setup;
        const auto begun = setup.client->Post("/v2/test/image/blobs/uploads/");
        const std::string place = begun->get_header_value("Location");
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, setup.registry.port());
        QVERIFY(socket.waitForConnected());
        socket.write(method + ' ' + QByteArray::fromStdString(place) + (method == "PUT" ? "&digest=" : "&x=") +
                     QByteArray::fromStdString(digestOf("x")) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" +
                     QByteArray(500, 'x'));
        QVERIFY(socket.waitForBytesWritten());
        socket.disconnectFromHost();
        QTRY_COMPARE(setup.client->Get(place)->status, 404); // 204 until the bytes came
        for (const auto &answer :
             {setup.client->Delete(place), setup.client->Get(place),
              setup.client->Patch(place, std::string("x"), "application/octet-stream"),
              setup.client->Put(place + "&digest=" + digestOf("x"), std::string("x"), "application/octet-stream")}) {
            QCOMPARE(answer->status, 404);
            QCOMPARE(codeOf(answer), QStringLiteral("BLOB_UPLOAD_INVALID"));
        }
        QCOMPARE(setup.registry.openUploads(), 1); // nobody can end it
    }

    void aPatchThatEndedProperlyCanBeDeleted()
    {
        Setup setup;
        const auto begun = setup.client->Post("/v2/test/image/blobs/uploads/");
        const std::string place = begun->get_header_value("Location");
        const auto provider = [](size_t, httplib::DataSink &sink) {
            sink.write("half", 4);
            sink.done();
            return true;
        };
        const auto patched = setup.client->Patch(place, provider, "application/octet-stream"); // chunked
        QCOMPARE(patched->status, 202);
        const std::string next = patched->get_header_value("Location");
        QVERIFY(next != place);
        const auto stale = setup.client->Delete(place);
        QCOMPARE(stale->status, 404);
        QCOMPARE(codeOf(stale), QStringLiteral("BLOB_UPLOAD_INVALID"));
        QCOMPARE(setup.registry.openUploads(), 1);
        QCOMPARE(setup.client->Delete(next)->status, 204);
        QCOMPARE(setup.registry.openUploads(), 0);
        QCOMPARE(codeOf(setup.client->Delete(next)), QStringLiteral("BLOB_UPLOAD_UNKNOWN"));
    }

    void tooLargeIsSaidEarly()
    {
        demo::Options options;
        options.largestBlob = 1000;
        Setup setup(options);
        const auto answer =
            setup.client->Post("/v2/test/image/blobs/uploads/?digest=" + digestOf(QByteArray(5000, 'x')),
                               std::string(5000, 'x'), "application/octet-stream");
        QVERIFY(answer);
        QCOMPARE(answer->status, 413);
        QCOMPARE(setup.client->Get("/v2/")->status, 200); // on a connection of its own
    }

    void blobsAreMounted()
    {
        Setup setup;
        QCOMPARE(setup.upload("shared", "one/image"), 201);
        const std::string digest = digestOf("shared");
        const auto mounted = setup.client->Post("/v2/two/image/blobs/uploads/?mount=" + digest + "&from=one/image");
        QCOMPARE(mounted->status, 201);
        QCOMPARE(setup.client->Get("/v2/two/image/blobs/" + digest)->body, std::string("shared"));
        const auto absent =
            setup.client->Post("/v2/two/image/blobs/uploads/?mount=" + digestOf("no") + "&from=one/image");
        QCOMPARE(absent->status, 202);
    }

    // What docker-registry 2.8 answers, with and without validation.manifests.urls.allow.
    void manifestsAreChecked_data()
    {
        QTest::addColumn<bool>("allowUrls");
        QTest::addColumn<bool>("blobIsThere");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("urls");
        QTest::addColumn<int>("status");
        const QByteArray ordinary = "application/vnd.oci.image.layer.v1.tar+gzip";
        const QByteArray foreign = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
        const QByteArray docker = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
        const QByteArray url = ",\"urls\":[\"http://vendor.example/l\"]";
        const QByteArray ftp = ",\"urls\":[\"ftp://vendor.example/l\"]";
        QTest::newRow("ordinary") << true << true << ordinary << QByteArray() << 201;
        QTest::newRow("ordinary, blob missing") << true << false << ordinary << QByteArray() << 404;
        QTest::newRow("ordinary with urls") << true << true << ordinary << url << 201;
        QTest::newRow("ordinary with urls, not allowed") << false << true << ordinary << url << 500;
        QTest::newRow("foreign with urls, blob missing") << true << false << foreign << url << 201;
        QTest::newRow("foreign with urls, not allowed") << false << false << foreign << url << 500;
        QTest::newRow("foreign with ftp") << true << false << foreign << ftp << 500;
        QTest::newRow("foreign without urls") << true << true << foreign << QByteArray() << 201;
        QTest::newRow("foreign without urls, blob missing") << true << false << foreign << QByteArray() << 404;
        QTest::newRow("Docker's foreign with urls") << true << false << docker << url << 201;
        QTest::newRow("Docker's foreign without urls") << true << true << docker << QByteArray() << 500;
    }
    void manifestsAreChecked()
    {
        QFETCH(bool, allowUrls);
        QFETCH(bool, blobIsThere);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, urls);
        QFETCH(int, status);
        demo::Options options;
        options.allowUrls = allowUrls;
        Setup setup(options);
        QCOMPARE(setup.put(manifest("config", "layer", type, urls), "1"), 404); // no config yet
        QCOMPARE(setup.upload("config"), 201);
        if (blobIsThere)
            QCOMPARE(setup.upload("layer"), 201);
        QCOMPARE(setup.put(manifest("config", "layer", type, urls), "1"), status);
        QCOMPARE(setup.registry.tags(QStringLiteral("test/image")).size(), status == 201 ? 1 : 0);
    }

    void whatIsDeletedIsGone()
    {
        Setup setup;
        const QString digest = setup.registry.digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0"));
        QCOMPARE(setup.client->Delete("/v2/demo/app/manifests/1.0")->status, 202);
        QCOMPARE(setup.registry.tags(QStringLiteral("demo/app")), QStringList{QStringLiteral("latest")});
        QCOMPARE(setup.client->Delete("/v2/demo/app/manifests/" + digest.toStdString())->status, 202);
        QVERIFY(setup.registry.tags(QStringLiteral("demo/app")).isEmpty());
        const auto gone = setup.client->Get("/v2/demo/app/manifests/latest");
        QCOMPARE(gone->status, 404);
        QCOMPARE(codeOf(gone), QStringLiteral("MANIFEST_UNKNOWN"));
    }

    void asksForAPassword()
    {
        demo::Options options;
        options.user = QStringLiteral("ann");
        options.password = QStringLiteral(COLOPHON_CANARY);
        Setup setup(options);
        const auto refused = setup.client->Get("/v2/");
        QCOMPARE(refused->status, 401);
        QVERIFY(refused->get_header_value("WWW-Authenticate").starts_with("Basic "));
        setup.client->set_basic_auth("ann", "wrong");
        QCOMPARE(setup.client->Get("/v2/")->status, 401);
        setup.client->set_basic_auth("ann", COLOPHON_CANARY);
        QCOMPARE(setup.client->Get("/v2/")->status, 200);
        QVERIFY(setup.registry.requests().constLast().hadAuthorization);
        httplib::Client anybody("127.0.0.1", setup.registry.port());
        QCOMPARE(anybody.Get("/cdn/windows/10.0.17763.6414/base.tar.gz")->status, 200);
        QCOMPARE(anybody.Get("/cdn/members-only/x")->status, 401);
    }

    void staysOnLoopback()
    {
        demo::Options options;
        options.address = QStringLiteral("0.0.0.0");
        demo::DemoRegistry registry(options);
        QVERIFY(!registry.start());
        QVERIFY(registry.errorString().contains(QLatin1String("0.0.0.0")));
    }

    void aTakenPortIsSaid()
    {
        Setup setup;
        demo::Options options;
        options.port = setup.registry.port();
        demo::DemoRegistry second(options);
        QVERIFY(!second.start());
        QVERIFY(second.errorString().contains(QString::number(options.port)));
    }

    // Kept connections and a slow upload do not hold it up.
    void stopsAtOnce()
    {
        demo::Options options;
        options.millisecondsPerMiB = 60'000;
        Setup setup(options);
        QCOMPARE(setup.client->Get("/v2/")->status, 200); // stays open
        std::jthread slow([port = setup.registry.port()] {
            httplib::Client client("127.0.0.1", port);
            client.Post("/v2/a/b/blobs/uploads/?digest=" + digestOf("x"), std::string(1'000'000, 'x'), "text/plain");
        });
        QTRY_COMPARE(setup.registry.openUploads(), 1);
        QElapsedTimer timer;
        timer.start();
        setup.registry.stop();
        QVERIFY2(timer.elapsed() < 5000, "stop() waited for a connection"); // they would last a minute
        QVERIFY(!setup.registry.isRunning());
    }

    void manyClientsAtOnce()
    {
        Setup setup;
        std::atomic<int> good = 0;
        {
            std::vector<std::jthread> clients;
            for (int i = 0; i < 16; ++i)
                clients.emplace_back([&good, i, port = setup.registry.port()] {
                    httplib::Client client("127.0.0.1", port);
                    client.set_keep_alive(true);
                    client.set_read_timeout(60); // a busy machine is no failure of the registry
                    client.set_write_timeout(60);
                    const QByteArray bytes(100'000, static_cast<char>('a' + i));
                    for (int round = 0; round < 8; ++round) {
                        const auto put = client.Post("/v2/same/repo/blobs/uploads/?digest=" + digestOf(bytes),
                                                     bytes.toStdString(), "application/octet-stream");
                        const auto get = client.Get("/v2/same/repo/blobs/" + digestOf(bytes));
                        if (put && put->status == 201 && get && get->body == bytes.toStdString())
                            ++good;
                    }
                });
        }
        QCOMPARE(good.load(), 16 * 8);
        QCOMPARE(setup.registry.openUploads(), 0);
    }

    void theKeyIsThere()
    {
        QVERIFY(demo::demoPrivateKey().startsWith("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----"));
        QVERIFY(demo::demoPublicKey().startsWith("-----BEGIN PUBLIC KEY-----"));
    }

    // Other people's tools take the images for real ones: fetched whole, foreign layers from their urls, and unpacked.
    void imagesUnpack_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<QString>("os");
        QTest::addColumn<QString>("file");
        QTest::newRow("linux") << QStringLiteral("demo/app:1.0") << QStringLiteral("linux")
                               << QStringLiteral("usr/bin/app");
        QTest::newRow("half-marked") << QStringLiteral("demo/half-marked:1") << QStringLiteral("linux")
                                     << QStringLiteral("opt/vendor/EULA.txt");
        QTest::newRow("signed") << QStringLiteral("demo/signed:1.0") << QStringLiteral("linux")
                                << QStringLiteral("usr/bin/app");
        QTest::newRow("windows") << QStringLiteral("demo/windows:ltsc") << QStringLiteral("windows")
                                 << QStringLiteral("Files/app/app.exe");
    }
    void imagesUnpack()
    {
        COLOPHON_NEED_PROGRAM("skopeo");
        COLOPHON_NEED_PROGRAM("umoci");
        QFETCH(QString, image);
        QFETCH(QString, os);
        QFETCH(QString, file);
        Setup setup;
        const QTemporaryDir folder;
        const QProcessEnvironment environment = test::plainEnvironment(folder.path());
        const QString layout = folder.filePath(QStringLiteral("layout")) + QStringLiteral(":image");
        const test::Ran copied = test::run(QStringLiteral("skopeo"),
                                           {QStringLiteral("--insecure-policy"), QStringLiteral("--override-os"), os,
                                            QStringLiteral("--override-arch"), QStringLiteral("amd64"),
                                            QStringLiteral("copy"), QStringLiteral("--src-tls-verify=false"),
                                            QStringLiteral("docker://%1/%2").arg(setup.registry.host(), image),
                                            QStringLiteral("oci:") + layout},
                                           environment);
        QVERIFY2(copied.exitCode == 0, qPrintable(copied.text()));
        if (!image.startsWith(QLatin1String("demo/app")))
            return; // skopeo leaves layers with urls at their vendor: there is nothing to unpack
        const QString bundle = folder.filePath(QStringLiteral("bundle"));
        const test::Ran unpacked = test::run(
            QStringLiteral("umoci"),
            {QStringLiteral("unpack"), QStringLiteral("--rootless"), QStringLiteral("--image"), layout, bundle},
            environment);
        QVERIFY2(unpacked.exitCode == 0, qPrintable(unpacked.text()));
        QVERIFY(QFile::exists(bundle + QStringLiteral("/rootfs/") + file));
        QCOMPARE(QFile::exists(bundle + QStringLiteral("/rootfs/etc/motd")), false); // a later layer removes it
    }

    // And they can push back what they pulled.
    void takesWhatOthersPush()
    {
        COLOPHON_NEED_PROGRAM("skopeo");
        Setup setup;
        const QTemporaryDir folder;
        const test::Ran copied =
            test::run(QStringLiteral("skopeo"),
                      {QStringLiteral("--insecure-policy"), QStringLiteral("copy"), QStringLiteral("--all"),
                       QStringLiteral("--src-tls-verify=false"), QStringLiteral("--dest-tls-verify=false"),
                       QStringLiteral("docker://%1/demo/app:1.0").arg(setup.registry.host()),
                       QStringLiteral("docker://%1/copy/app:2.0").arg(setup.registry.host())},
                      test::plainEnvironment(folder.path()));
        QVERIFY2(copied.exitCode == 0, qPrintable(copied.text()));
        QCOMPARE(setup.registry.digestOfTag(QStringLiteral("copy/app"), QStringLiteral("2.0")),
                 setup.registry.digestOfTag(QStringLiteral("demo/app"), QStringLiteral("1.0")));
    }
};

QTEST_GUILESS_MAIN(TestDemoRegistry)
#include "tst_demoregistry.moc"
