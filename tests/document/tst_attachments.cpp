// SPDX-License-Identifier: Apache-2.0
// What is stored in a manifest that is attached, by its types, its annotations and its content, whoever wrote it.
#include "document/attachments.h"
#include "support/attached/attached.h"

#include <QTest>

using namespace colophon;
using document::Attachment;
using document::attachmentsIn;
using Kind = document::Attachment::Kind;
using Source = document::Attachment::Source;

Q_DECLARE_METATYPE(colophon::document::Attachment::Kind)
Q_DECLARE_METATYPE(colophon::document::Attachment::Source)

namespace {
oci::Descriptor image() { return oci::Descriptor::of(oci::MediaType::ociManifest(), test::fixtureImage()); }

Attachment found(Source source)
{
    Attachment where;
    where.about = image().digest;
    where.source = source;
    return where;
}

// Read as ListAttachments does.
QList<Attachment> described(const test::AttachedFixture &fixture, Source source)
{
    QList<Attachment> all = attachmentsIn(oci::Manifest::parse(fixture.manifest).value(), found(source));
    for (Attachment &each : all)
        if (document::wantsContent(each))
            each = document::withContent(each, document::readAttached(fixture.blob(each.content.digest)));
    return all;
}
} // namespace

class TestAttachments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatOthersWrote_data()
    {
        QTest::addColumn<QString>("fixture");
        QTest::addColumn<Source>("source");
        QTest::addColumn<int>("count");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<QString>("form");
        QTest::addColumn<QString>("artifactType");
        const auto row = [](const char *fixture, Source source, int count, Kind kind, const char *form,
                            const char *artifactType) {
            QTest::newRow(fixture) << QString::fromLatin1(fixture) << source << count << kind
                                   << QString::fromLatin1(form) << QString::fromLatin1(artifactType);
        };
        const char *const simple = "application/vnd.dev.cosign.simplesigning.v1+json";
        const char *const bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
        row("legacy-v2", Source::Tag, 1, Kind::Signature, "cosign-legacy", simple);
        row("legacy-two-sigs-annotated", Source::Tag, 2, Kind::Signature, "cosign-legacy", simple);
        row("legacy-v2-cert", Source::Tag, 1, Kind::Signature, "cosign-legacy", simple);
        row("legacy-v2-referrers", Source::Referrers, 1, Kind::Signature, "cosign-legacy",
            "application/vnd.dev.cosign.artifact.sig.v1+json");
        row("attestation-legacy", Source::Tag, 1, Kind::Provenance, "dsse", "application/vnd.dsse.envelope.v1+json");
        row("bundle-v3-referrers", Source::Referrers, 1, Kind::Signature, "cosign-bundle", bundle);
        row("attestation-v3-bundle", Source::Referrers, 1, Kind::Provenance, "cosign-bundle", bundle);
        row("notation-ec", Source::Referrers, 1, Kind::Signature, "notation", "application/vnd.cncf.notary.signature");
    }
    void whatOthersWrote()
    {
        QFETCH(QString, fixture);
        QFETCH(Source, source);
        QFETCH(int, count);
        QFETCH(Kind, kind);
        QFETCH(QString, form);
        QFETCH(QString, artifactType);
        const QList<Attachment> all = described(test::AttachedFixture::read(fixture), source);
        QCOMPARE(all.size(), count);
        for (const Attachment &each : all) {
            QCOMPARE(each.kind, kind);
            QCOMPARE(each.form, form);
            QCOMPARE(each.artifactType, artifactType);
            QVERIFY(each.isSigned);
            QVERIFY(each.size > 0);
            QVERIFY(!each.content.digest.isNull());
            QVERIFY2(each.problem.isEmpty(), qPrintable(each.problem));
        }
    }

    void datesAndSigners()
    {
        const auto one = [](const char *fixture, Source source) {
            return described(test::AttachedFixture::read(QLatin1String(fixture)), source).first();
        };
        QCOMPARE(one("notation-ec", Source::Referrers).created, QStringLiteral("2026-11-23T04:19:52Z"));
        QCOMPARE(one("notation-ec", Source::Referrers).signer,
                 QStringLiteral("a certificate with the fingerprint "
                                "0e9f988847f889ab5b929ee158990a48a8f7d81fc075632e068f4b98e639b5b1"));
        QCOMPARE(one("legacy-v2-cert", Source::Tag).signer, QStringLiteral("a certificate"));
        QCOMPARE(one("attestation-v3-bundle", Source::Referrers).created, QStringLiteral("2026-11-23T04:26:05Z"));
        QCOMPARE(one("attestation-v3-bundle", Source::Referrers).predicateType,
                 QStringLiteral("https://slsa.dev/provenance/v1"));
    }

    void lists_data()
    {
        QTest::addColumn<QByteArray>("artifactType");
        QTest::addColumn<QByteArray>("layerType");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<QString>("form");
        QTest::addColumn<bool>("isSigned");
        const QByteArray statement = "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":"
                                     "\"https://cyclonedx.org/bom\",\"predicate\":" +
                                     test::cycloneDx() + '}';
        QTest::newRow("by artifactType") << QByteArray("application/spdx+json") << QByteArray("text/plain")
                                         << test::spdx() << Kind::Sbom << QStringLiteral("spdx") << false;
        QTest::newRow("by the layer's type")
            << QByteArray("application/x") << QByteArray("application/vnd.cyclonedx+json") << test::cycloneDx()
            << Kind::Sbom << QStringLiteral("cyclonedx") << false;
        QTest::newRow("by content") << QByteArray("application/vnd.example.sbom") << QByteArray("application/json")
                                    << test::spdx() << Kind::Sbom << QStringLiteral("spdx") << false;
        QTest::newRow("nothing known") << QByteArray("application/x") << QByteArray("application/json")
                                       << QByteArray("{\"a\":1}") << Kind::Other << QString() << false;
        QTest::newRow("not read") << QByteArray("application/x") << QByteArray("application/gzip") << test::spdx()
                                  << Kind::Other << QString() << false;
        QTest::newRow("statement") << QByteArray() << QByteArray("application/vnd.in-toto+json") << statement
                                   << Kind::Sbom << QStringLiteral("in-toto") << false;
        // Somebody says SBOM, but it is a signed envelope.
        QTest::newRow("an envelope that calls itself a list")
            << QByteArray("application/vnd.example.sbom") << QByteArray("application/json")
            << QByteArray("{\"payloadType\":\"x\",\"payload\":\"" + test::spdx().toBase64() + "\",\"signatures\":[]}")
            << Kind::Sbom << QStringLiteral("spdx") << true;
    }
    void lists()
    {
        QFETCH(QByteArray, artifactType);
        QFETCH(QByteArray, layerType);
        QFETCH(QByteArray, content);
        QFETCH(Kind, kind);
        QFETCH(QString, form);
        QFETCH(bool, isSigned);
        test::AttachedFixture fixture;
        fixture.manifest = test::artifactManifest(artifactType, layerType, content, image());
        fixture.blobs = {content};
        const QList<Attachment> all = described(fixture, Source::Referrers);
        QCOMPARE(all.size(), 1);
        QCOMPARE(all.first().kind, kind);
        QCOMPARE(all.first().form, form);
        QCOMPARE(all.first().isSigned, isSigned);
    }

    // What is signed counts, not what stands beside it.
    void anAttestationThatCallsItselfASignature()
    {
        test::AttachedFixture fixture = test::AttachedFixture::read(QStringLiteral("attestation-v3-bundle"));
        fixture.manifest.replace("\"dev.sigstore.bundle.predicateType\":\"https://slsa.dev/provenance/v1\"",
                                 "\"dev.sigstore.bundle.predicateType\":\"https://sigstore.dev/cosign/sign/v1\"");
        QCOMPARE(described(fixture, Source::Referrers).first().kind, Kind::Provenance);
    }

    void anotherSubjectIsNotOurs_data()
    {
        QTest::addColumn<oci::Descriptor>("subject");
        QTest::newRow("another image") << oci::Descriptor::of(oci::MediaType::ociManifest(), "another");
        QTest::newRow("none") << oci::Descriptor();
    }
    void anotherSubjectIsNotOurs()
    {
        QFETCH(oci::Descriptor, subject);
        const QByteArray bytes = test::artifactManifest("application/spdx+json", "text/plain", test::spdx(), subject);
        const QList<Attachment> all = attachmentsIn(oci::Manifest::parse(bytes).value(), found(Source::Referrers));
        QCOMPARE(all.size(), 1);
        QCOMPARE(all.first().kind, Kind::Other);
        QVERIFY(!all.first().problem.isEmpty());
        // Under a tag nobody expects one.
        QVERIFY(attachmentsIn(oci::Manifest::parse(bytes).value(), found(Source::Tag)).first().problem.isEmpty());
    }

    void countsInWords()
    {
        QCOMPARE(document::inWords(1, Kind::Signature), QStringLiteral("1 signature"));
        QCOMPARE(document::inWords(2, Kind::Sbom), QStringLiteral("2 SBOMs"));
        for (const Kind kind : {Kind::Signature, Kind::Attestation, Kind::Sbom, Kind::Provenance, Kind::Other}) {
            QVERIFY(document::inWords(1, kind).startsWith(QLatin1String("1 ")));
            QVERIFY(document::inWords(3, kind).startsWith(QLatin1String("3 ")));
            QVERIFY(!document::nameOf(kind).isEmpty());
        }
    }
};

QTEST_GUILESS_MAIN(TestAttachments)
#include "tst_attachments.moc"
