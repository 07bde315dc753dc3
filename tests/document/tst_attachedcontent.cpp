// SPDX-License-Identifier: Apache-2.0
// What attached documents say of themselves, and that nonsense says nothing.
#include "base/limits.h"
#include "document/attachedcontent.h"
#include "oci/manifest.h"
#include "support/attached/attached.h"

#include <QTest>

using namespace colophon;
using document::AttachedContent;
using document::readAttached;
using Format = document::AttachedContent::Format;

Q_DECLARE_METATYPE(colophon::document::AttachedContent::Format)

namespace {
const QString imageDigest = QStringLiteral("sha256:93844a94a3e41f00f182d43cba6b58e6984cc2f75d458dd36a41049a162325ff");
const QString slsa = QStringLiteral("https://slsa.dev/provenance/v1");

QByteArray dsse(const QByteArray &payload)
{
    return "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"" + payload.toBase64() +
           "\",\"signatures\":[{\"keyid\":\"abc\",\"sig\":\"AA==\"}]}";
}
QByteArray statement(const QByteArray &type, const QByteArray &predicate)
{
    return "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"app\",\"digest\":{\"sha256\":\"" +
           QByteArray(64, 'a') + "\"}}],\"predicateType\":\"" + type + "\",\"predicate\":" + predicate + '}';
}
} // namespace

class TestAttachedContent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void billsOfMaterials_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<Format>("format");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("created");
        const QString date = QStringLiteral("2026-11-23T04:22:55Z");
        QTest::newRow("SPDX") << test::spdx() << Format::Spdx << QStringLiteral("SPDX 2.3 of app 1.4: 2 packages.")
                              << date;
        QTest::newRow("SPDX without packages")
            << QByteArray("{\"spdxVersion\":\"SPDX-2.2\",\"name\":\"x\"}") << Format::Spdx
            << QStringLiteral("SPDX 2.2 of x: 0 packages.") << QString();
        QTest::newRow("SPDX 3") << QByteArray(
                                       "{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\",\"@graph\":["
                                       "{\"type\":\"CreationInfo\",\"created\":\"2026-11-23T04:22:55Z\"},"
                                       "{\"type\":\"SpdxDocument\",\"name\":\"app\"},{\"type\":\"software_Package\"}]}")
                                << Format::Spdx << QStringLiteral("SPDX 3 of app: 1 package.") << date;
        QTest::newRow("SPDX as tags and values")
            << QByteArray("SPDXVersion: SPDX-2.3\r\nDocumentName: app\nCreated: 2026-11-23T04:22:55Z\nPackageName: "
                          "a\nPackageName: b\nno tag\n")
            << Format::Spdx << QStringLiteral("SPDX 2.3 of app: 2 packages.") << date;
        QTest::newRow("CycloneDX") << test::cycloneDx() << Format::CycloneDx
                                   << QStringLiteral("CycloneDX 1.5 of app 1.4: 1 component.") << date;
        QTest::newRow("CycloneDX as XML")
            << QByteArray("<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"><metadata>"
                          "<timestamp>2026-11-23T04:22:55Z</timestamp><component><name>app</name><version>2</version>"
                          "</component></metadata><components><component><name>a</name></component>"
                          "<component><name>b</name></component></components></bom>")
            << Format::CycloneDx << QStringLiteral("CycloneDX 1.4 of app 2: 2 components.") << date;
        QTest::newRow("syft") << QByteArray(
                                     "{\"artifacts\":[{},{},{}],\"source\":{\"name\":\"app\",\"version\":\"1\"},"
                                     "\"schema\":{\"version\":\"16.0\",\"url\":\"https://x/anchore/syft/s.json\"}}")
                              << Format::Syft << QStringLiteral("syft 16.0 of app 1: 3 packages.") << QString();
    }
    void billsOfMaterials()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(Format, format);
        QFETCH(QString, words);
        QFETCH(QString, created);
        const AttachedContent content = readAttached(bytes);
        QCOMPARE(content.format, format);
        QCOMPARE(content.inWords(), words);
        QCOMPARE(content.created, created);
        QCOMPARE(content.text, bytes);
        QVERIFY(!content.isSigned());
        QVERIFY(content.problem.isEmpty());
    }

    // What cosign and notation wrote.
    void others_data()
    {
        QTest::addColumn<QString>("fixture");
        QTest::addColumn<Format>("format");
        QTest::addColumn<QString>("envelope");
        QTest::addColumn<QString>("predicateType");
        QTest::addColumn<QString>("signer");
        QTest::newRow("attestation, DSSE") << QStringLiteral("attestation-legacy") << Format::InToto
                                           << QStringLiteral("DSSE envelope") << slsa << QString();
        QTest::newRow("attestation, bundle")
            << QStringLiteral("attestation-v3-bundle") << Format::InToto << QStringLiteral("sigstore bundle") << slsa
            << QStringLiteral("a key with the hint 7N1NcbRz9y9aIE+8cbYxGRl7OsnDEy+iKIEncrdQiw4=");
        QTest::newRow("signature, bundle")
            << QStringLiteral("bundle-v3-referrers") << Format::InToto << QStringLiteral("sigstore bundle")
            << QStringLiteral("https://sigstore.dev/cosign/sign/v1") << QStringLiteral("a key with the hint *");
        QTest::newRow("signature, simple signing")
            << QStringLiteral("legacy-v2") << Format::SimpleSigning << QString() << QString() << QString();
        QTest::newRow("signature, notation") << QStringLiteral("notation-ec") << Format::Jws << QStringLiteral("JWS")
                                             << QString() << QStringLiteral("a certificate");
    }
    void others()
    {
        QFETCH(QString, fixture);
        QFETCH(Format, format);
        QFETCH(QString, envelope);
        QFETCH(QString, predicateType);
        QFETCH(QString, signer);
        const auto written = test::AttachedFixture::read(fixture);
        const auto manifest = oci::Manifest::parse(written.manifest);
        QVERIFY(manifest);
        const AttachedContent content = readAttached(written.blob(manifest->layers().first().digest));
        QCOMPARE(content.format, format);
        QCOMPARE(content.envelope, envelope);
        QCOMPARE(content.predicateType, predicateType);
        if (signer.endsWith(QLatin1Char('*')))
            QVERIFY2(content.signer.startsWith(signer.chopped(1)), qPrintable(content.signer));
        else
            QCOMPARE(content.signer, signer);
        QCOMPARE(content.subjects, QStringList{imageDigest});
        QVERIFY(content.isSigned());
        QVERIFY(content.text.startsWith('{'));
        QVERIFY(content.text.contains(QByteArray(imageDigest.toLatin1()).mid(7)));
        QVERIFY2(content.problem.isEmpty(), qPrintable(content.problem));
        QVERIFY(!content.formatName().isEmpty());
        if (format == Format::Jws)
            QCOMPARE(content.created, QStringLiteral("2026-11-23T04:19:52Z"));
    }

    void aListInAStatement()
    {
        const QByteArray inner = statement("https://spdx.dev/Document", test::spdx());
        const AttachedContent content = readAttached(dsse(inner));
        QCOMPARE(content.format, Format::InToto);
        QCOMPARE(content.parts, 2);
        QCOMPARE(content.name, QStringLiteral("app"));
        QCOMPARE(content.version, QStringLiteral("1.4"));
        QCOMPARE(content.signer, QStringLiteral("a key called abc"));
        QCOMPARE(content.text, inner);
        QCOMPARE(content.inWords(),
                 QStringLiteral("in-toto statement of type https://spdx.dev/Document of app 1.4: 2 packages, in a DSSE "
                                "envelope."));
    }

    void provenanceSaysWhen()
    {
        const QByteArray newer = "{\"runDetails\":{\"metadata\":{\"finishedOn\":\"2026-01-02T03:04:05Z\"}}}";
        QCOMPARE(readAttached(statement("https://slsa.dev/provenance/v1", newer)).created,
                 QStringLiteral("2026-01-02T03:04:05Z"));
        const QByteArray older = "{\"metadata\":{\"buildFinishedOn\":\"2025-01-02T03:04:05Z\"}}";
        const AttachedContent content = readAttached(statement("https://slsa.dev/provenance/v0.2", older));
        QCOMPARE(content.created, QStringLiteral("2025-01-02T03:04:05Z"));
        QCOMPARE(content.name, QStringLiteral("app"));
        QVERIFY(!content.isSigned());
    }

    void aSignatureOfADigestAlone()
    {
        const AttachedContent content =
            readAttached("{\"verificationMaterial\":{\"certificate\":{\"rawBytes\":\"AA==\"}},\"messageSignature\":"
                         "{\"messageDigest\":{\"algorithm\":\"SHA2_256\",\"digest\":\"" +
                         QByteArray(32, 'x').toBase64() + "\"},\"signature\":\"AA==\"}}");
        QCOMPARE(content.format, Format::MessageSignature);
        QCOMPARE(content.subjects,
                 QStringList{QStringLiteral("sha256:") + QString::fromLatin1(QByteArray(32, 'x').toHex())});
        QCOMPARE(content.signer, QStringLiteral("a certificate"));
        QVERIFY(content.isSigned());
    }

    void nonsense_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("isProblem");
        QTest::newRow("nothing") << QByteArray() << false;
        QTest::newRow("text") << QByteArray("hello") << false;
        QTest::newRow("an array") << QByteArray("[]") << false;
        QTest::newRow("an object") << QByteArray("{\"x\":1}") << false;
        QTest::newRow("broken") << QByteArray("{\"spdxVersion\":") << true;
        QTest::newRow("deep") << QByteArray("{\"a\":").repeated(100) + '1' + QByteArray("}").repeated(100) << true;
        QTest::newRow("no base64") << QByteArray("{\"payloadType\":\"x\",\"payload\":\"*\",\"signatures\":[]}") << true;
        QTest::newRow("envelope in envelope") << dsse(dsse(dsse(dsse(dsse("{}"))))) << true;
        QTest::newRow("another XML") << QByteArray("<html><body/></html>") << false;
        QTest::newRow("broken XML") << QByteArray("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"><x>") << true;
        QTest::newRow("XML with entities")
            << QByteArray("<!DOCTYPE b [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><bom "
                          "xmlns=\"http://cyclonedx.org/schema/bom/1.4\">&b;</bom>")
            << false;
        QTest::newRow("deep XML") << "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\">" +
                                         QByteArray("<x>").repeated(1000) + QByteArray("</x>").repeated(1000) + "</bom>"
                                  << false;
        QTest::newRow("too large") << QByteArray("{\"x\":\"") + QByteArray(base::limits::attachment, 'x') + "\"}"
                                   << true;
    }
    void nonsense()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, isProblem);
        const AttachedContent content = readAttached(bytes);
        QCOMPARE(content.format, Format::Unknown);
        QCOMPARE(!content.problem.isEmpty(), isProblem);
        QVERIFY(content.formatName().isEmpty());
        QVERIFY(!content.inWords().isEmpty());
    }

    void manySubjectsAreCut()
    {
        QByteArray subjects;
        for (int i = 0; i < 1000; ++i)
            subjects += ",{\"digest\":{\"sha256\":\"" + QByteArray::number(i) + "\"}}";
        const AttachedContent content =
            readAttached("{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"x\",\"subject\":[" +
                         subjects.mid(1) + "]}");
        QCOMPARE(content.subjects.size(), 100);
    }
};

QTEST_GUILESS_MAIN(TestAttachedContent)
#include "tst_attachedcontent.moc"
