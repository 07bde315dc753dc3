// SPDX-License-Identifier: Apache-2.0
// The demo registry's referrers, sentence by sentence of the distribution specification ("Listing Referrers",
// "Pushing Manifests with Subject").

#include "demo/demoregistry.h"
#include "oci/descriptor.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <httplib.h>

using namespace colophon;

namespace {

const char *const manifestType = "application/vnd.oci.image.manifest.v1+json";
const char *const indexType = "application/vnd.oci.image.index.v1+json";

QJsonObject jsonOf(const std::string &text)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

std::string nameOf(const oci::Digest &digest) { return digest.toString().toStdString(); }

QByteArray configured(const char *configType, const QByteArray &members)
{
    return QByteArray("{\"schemaVersion\":2,\"mediaType\":\"") + manifestType + "\",\"config\":{\"mediaType\":\"" +
           configType + "\",\"size\":2,\"digest\":\"" + oci::Digest::of("{}").toLatin1() + "\"},\"layers\":[]" +
           members + '}';
}
QByteArray manifest(const QByteArray &members) { return configured("application/vnd.example.config.v1+json", members); }
QByteArray subjectMember(const QByteArray &bytes)
{
    return ",\"subject\":" + oci::Descriptor::of(oci::MediaType::ociManifest(), bytes).toJson();
}

} // namespace

class TestDemoReferrers : public QObject
{
    Q_OBJECT

    struct Setup
    {
        explicit Setup(const demo::Options &options = {})
            : registry(options)
        {
            if (!registry.start())
                qFatal("%s", qPrintable(registry.errorString()));
            client = std::make_unique<httplib::Client>("127.0.0.1", registry.port());
            client->set_keep_alive(true);
            client->Post("/v2/test/image/blobs/uploads/?digest=" + nameOf(oci::Digest::of("{}")), "{}", "text/plain");
        }
        httplib::Result put(const QByteArray &bytes, const char *type = manifestType)
        {
            return client->Put("/v2/test/image/manifests/" + nameOf(oci::Digest::of(bytes)), bytes.toStdString(), type);
        }
        httplib::Result list(const QByteArray &subject, const char *query = "")
        {
            return client->Get("/v2/test/image/referrers/" + nameOf(oci::Digest::of(subject)) + query);
        }
        QJsonArray entries(const QByteArray &subject, const char *query = "")
        {
            return jsonOf(list(subject, query)->body)[QLatin1String("manifests")].toArray();
        }
        demo::DemoRegistry registry;
        std::unique_ptr<httplib::Client> client;
    };

private Q_SLOTS:
    void withoutReferrersTheListIsEmpty()
    {
        Setup setup;
        const QByteArray image = manifest({});
        QCOMPARE(setup.put(image)->status, 201);
        QVERIFY(!setup.put(image)->has_header("OCI-Subject"));
        for (const std::string &path : {"/v2/test/image/referrers/" + nameOf(oci::Digest::of(image)),
                                        "/v2/test/image/referrers/" + nameOf(oci::Digest::of("unknown")),
                                        "/v2/no/such/referrers/" + nameOf(oci::Digest::of(image))}) {
            const auto answer = setup.client->Get(path);
            QVERIFY(answer);
            QCOMPARE(answer->status, 200); // "MUST NOT return a 404"
            QCOMPARE(answer->get_header_value("Content-Type"), std::string(indexType));
            const QJsonObject index = jsonOf(answer->body);
            QCOMPARE(index[QLatin1String("schemaVersion")].toInt(), 2);
            QCOMPARE(index[QLatin1String("mediaType")].toString(), QLatin1String(indexType));
            QVERIFY(index[QLatin1String("manifests")].isArray());
            QVERIFY(index[QLatin1String("manifests")].toArray().isEmpty());
        }
    }

    void onlyDigestsHaveReferrers_data()
    {
        QTest::addColumn<std::string>("digest");
        QTest::newRow("no digest") << std::string("hello");
        QTest::newRow("too short") << std::string("sha256:abc");
        QTest::newRow("upper case") << "sha256:" + std::string(64, 'A');
    }
    void onlyDigestsHaveReferrers()
    {
        QFETCH(std::string, digest);
        Setup setup;
        const auto answer = setup.client->Get("/v2/test/image/referrers/" + digest);
        QCOMPARE(answer->status, 400);
        QCOMPARE(jsonOf(answer->body)[QLatin1String("errors")][0][QLatin1String("code")].toString(),
                 QStringLiteral("DIGEST_INVALID"));
        QCOMPARE(setup.client->Delete("/v2/test/image/referrers/" + nameOf(oci::Digest::of("x")))->status, 405);
    }

    void descriptors_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QString>("artifactType"); // empty: no such member
        QTest::addColumn<QString>("note");
        const QByteArray subject = subjectMember("the image");
        const QByteArray note = ",\"annotations\":{\"note\":\"<b>\"}";
        QTest::newRow("artifactType") << manifest(",\"artifactType\":\"application/x\"" + subject)
                                      << QByteArray(manifestType) << QStringLiteral("application/x") << QString();
        QTest::newRow("config's type") << manifest(subject) << QByteArray(manifestType)
                                       << QStringLiteral("application/vnd.example.config.v1+json") << QString();
        QTest::newRow("empty artifactType") << manifest(",\"artifactType\":\"\"" + subject) << QByteArray(manifestType)
                                            << QStringLiteral("application/vnd.example.config.v1+json") << QString();
        QTest::newRow("annotations") << manifest(note + subject) << QByteArray(manifestType)
                                     << QStringLiteral("application/vnd.example.config.v1+json")
                                     << QStringLiteral("<b>");
        const QByteArray index =
            QByteArray("{\"schemaVersion\":2,\"mediaType\":\"") + indexType + "\",\"manifests\":[]";
        QTest::newRow("an index") << index + subject + '}' << QByteArray(indexType) << QString() << QString();
        QTest::newRow("an index with artifactType")
            << index + ",\"artifactType\":\"application/y\"" + note + subject + '}' << QByteArray(indexType)
            << QStringLiteral("application/y") << QStringLiteral("<b>");
    }
    void descriptors()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, type);
        QFETCH(QString, artifactType);
        QFETCH(QString, note);
        Setup setup;
        const auto put = setup.put(bytes, type.constData()); // its subject is not there, which is allowed
        QCOMPARE(put->status, 201);
        QCOMPARE(put->get_header_value("OCI-Subject"), nameOf(oci::Digest::of("the image")));
        const QJsonArray entries = setup.entries("the image");
        QCOMPARE(entries.size(), 1);
        const QJsonObject entry = entries.first().toObject();
        QCOMPARE(entry[QLatin1String("mediaType")].toString(), QString::fromLatin1(type));
        QCOMPARE(entry[QLatin1String("digest")].toString(), oci::Digest::of(bytes).toString());
        QCOMPARE(entry[QLatin1String("size")].toInteger(), bytes.size());
        QCOMPARE(entry.contains(QLatin1String("artifactType")), !artifactType.isEmpty());
        QCOMPARE(entry[QLatin1String("artifactType")].toString(), artifactType);
        QCOMPARE(entry.contains(QLatin1String("annotations")), !note.isEmpty());
        QCOMPARE(entry[QLatin1String("annotations")][QLatin1String("note")].toString(), note);
    }

    void aFilterIsAppliedAndSaid()
    {
        Setup setup;
        const QByteArray subject = subjectMember("the image");
        QCOMPARE(setup.put(manifest(",\"artifactType\":\"application/x+json\"" + subject))->status, 201);
        QCOMPARE(setup.put(manifest(",\"artifactType\":\"application/y\"" + subject))->status, 201);
        QCOMPARE(setup.put(manifest(subject))->status, 201);
        QCOMPARE(setup.entries("the image").size(), 3);
        QVERIFY(!setup.list("the image")->has_header("OCI-Filters-Applied"));
        const char *const query = "?artifactType=application/x%2Bjson";
        QCOMPARE(setup.list("the image", query)->get_header_value("OCI-Filters-Applied"), std::string("artifactType"));
        QCOMPARE(setup.entries("the image", query).size(), 1);
        QCOMPARE(setup.entries("the image", "?artifactType=application/vnd.example.config.v1%2Bjson").size(), 1);
        QCOMPARE(setup.entries("the image", "?artifactType=application/z").size(), 0);
    }

    void whatIsDeletedIsNotListed()
    {
        Setup setup;
        const QByteArray image = manifest({});
        const QByteArray first = manifest(",\"artifactType\":\"application/x\"" + subjectMember(image));
        const QByteArray second = manifest(",\"artifactType\":\"application/y\"" + subjectMember(image));
        for (const QByteArray &bytes : {image, first, second, second})
            QCOMPARE(setup.put(bytes)->status, 201);
        QCOMPARE(setup.entries(image).size(), 2);
        QCOMPARE(setup.client->Delete("/v2/test/image/manifests/" + nameOf(oci::Digest::of(first)))->status, 202);
        QCOMPARE(setup.entries(image).size(), 1);
        // Without their subject the others stay listed.
        QCOMPARE(setup.client->Delete("/v2/test/image/manifests/" + nameOf(oci::Digest::of(image)))->status, 202);
        QCOMPARE(setup.entries(image).size(), 1);
        // They are only of their own repository.
        QCOMPARE(jsonOf(setup.client->Get("/v2/other/referrers/" + nameOf(oci::Digest::of(image)))
                            ->body)[QLatin1String("manifests")]
                     .toArray()
                     .size(),
                 0);
    }

    void aSubjectWithoutADigestIsRefused()
    {
        Setup setup;
        const QByteArray bad = manifest(",\"subject\":{\"mediaType\":\"x\",\"size\":1,\"digest\":\"sha256:..\"}");
        QCOMPARE(setup.put(bad)->status, 400);
        const QByteArray none = manifest(",\"subject\":{\"mediaType\":\"x\",\"size\":1}");
        QCOMPARE(setup.put(none)->status, 400);
    }

    // As docker-registry 2.8: the address is unknown, and nothing is said about subjects.
    void withoutTheApi()
    {
        demo::Options options;
        options.referrersApi = false;
        Setup setup(options);
        const auto put = setup.put(manifest(subjectMember("the image")));
        QCOMPARE(put->status, 201);
        QVERIFY(!put->has_header("OCI-Subject"));
        QCOMPARE(setup.list("the image")->status, 404);
    }
};

QTEST_GUILESS_MAIN(TestDemoReferrers)
#include "tst_demoreferrers.moc"
