// SPDX-License-Identifier: Apache-2.0
// `verify` from outside: how far a signature reaches, what a policy only logs, what is no signature, and what stands
// where the registry does not look.

#include "app/command.h"
#include "content/referrerstag.h"
#include "demo/demoregistry.h"
#include "oci/attachmentnames.h"
#include "registry/client.h"
#include "signing/dsse.h"
#include "signing/notationfixtures.h"
#include "signing/statement.h"
#include "support/attached/attached.h"

#include <QTest>

using namespace colophon;
using content::TargetPtr;
using test::await;
using test::Command;
using test::Ran;

namespace {
oci::Descriptor put(const TargetPtr &target, const oci::MediaType &type, const QByteArray &bytes)
{
    const oci::Descriptor blob = oci::Descriptor::of(type, bytes);
    if (!await(target->pushBlob(blob, content::readerOf(bytes), {}, {})))
        qFatal("cannot upload a blob");
    return blob;
}

// A manifest with all its blobs, to wherever.
oci::Manifest copied(const TargetPtr &from, const TargetPtr &to, const oci::Descriptor &manifest)
{
    const QByteArray bytes = await(from->fetchManifest(manifest, {})).value();
    oci::Manifest parsed = oci::Manifest::parse(bytes, manifest.mediaType).value();
    for (const oci::Descriptor &blob : QList{parsed.config()} + parsed.layers()) {
        content::ReaderPtr reader = await(from->openBlob(blob, {})).value();
        if (!await(to->pushBlob(blob, std::move(reader), {}, {})))
            qFatal("cannot copy a blob");
    }
    if (!await(to->pushManifest(manifest, bytes, {})))
        qFatal("cannot copy a manifest");
    return parsed;
}
} // namespace

class TestColophonctlReach : public QObject
{
    Q_OBJECT

    std::unique_ptr<demo::DemoRegistry> m_demo;
    std::unique_ptr<registry::Client> m_client;
    Command m_command;

    void start(const demo::Options &options = {})
    {
        m_demo = std::make_unique<demo::DemoRegistry>(options);
        QVERIFY2(m_demo->start(), qPrintable(m_demo->errorString()));
        m_client = std::make_unique<registry::Client>();
    }
    QString image(const char *name) const { return m_demo->host() + QLatin1Char('/') + QLatin1String(name); }
    TargetPtr target(const char *name) const { return m_client->target(*oci::Reference::parse(image(name))); }
    QString vendorKey() const
    {
        const QString path = m_command.home() + QStringLiteral("/vendor.pub");
        test::writeFile(path, m_demo->vendorKey());
        return path;
    }
    QStringList verify(const QString &place, const QString &key) const
    {
        return {QStringLiteral("verify"), place, QStringLiteral("--key"), key};
    }
    static QJsonObject signatureOf(const QJsonObject &report, const char *form)
    {
        for (const QJsonValue each : report[QLatin1String("signatures")].toArray())
            if (each[QLatin1String("form")].toString() == QLatin1String(form))
                return each.toObject();
        return {};
    }
    static QString text(const QJsonObject &object, const char *name) { return object[QLatin1String(name)].toString(); }

private Q_SLOTS:
    void cleanup()
    {
        m_client.reset();
        m_demo.reset();
    }

    // The demo's signed image, and nothing else, verifies with the vendor's key.
    void theDemosSignedImage()
    {
        start();
        const QJsonObject report = m_command.json(verify(image("demo/signed:1.0"), vendorKey()));
        QCOMPARE(text(report, "verdict"), QStringLiteral("verified"));
        QCOMPARE(report[QLatin1String("caveat")], QJsonValue());
        for (const char *form : {"cosign-legacy", "cosign-bundle"}) {
            QCOMPARE(text(signatureOf(report, form), "verdict"), QStringLiteral("verified"));
            QVERIFY(oci::Digest::parse(text(signatureOf(report, form), "manifest")));
        }
        QVERIFY(text(signatureOf(report, "cosign-legacy"), "manifest") !=
                text(signatureOf(report, "cosign-bundle"), "manifest"));
        const oci::Digest subject = *oci::Digest::parse(text(report, "digest"));
        QCOMPARE(text(signatureOf(report, "cosign-legacy"), "tag"), oci::signatureTag(subject));
        QCOMPARE(signatureOf(report, "cosign-bundle").value(QLatin1String("tag")), QJsonValue()); // it is listed
        for (const char *form : {"cosign-legacy", "cosign-bundle"})
            QCOMPARE(signatureOf(report, form).value(QLatin1String("layer")), QJsonValue(0));
        QCOMPARE(report[QLatin1String("attestations")].toArray().size(), 1);
        QCOMPARE(report[QLatin1String("attestations")][0][QLatin1String("layer")], QJsonValue(0));
        QCOMPARE(report[QLatin1String("attestations")][0][QLatin1String("tag")], QJsonValue());
        QCOMPARE(text(report[QLatin1String("attestations")][0].toObject(), "predicateType"),
                 QStringLiteral("https://slsa.dev/provenance/v1"));
        QCOMPARE(text(report[QLatin1String("attestations")][0].toObject(), "verdict"), QStringLiteral("verified"));
        QCOMPARE(m_command(verify(image("demo/app:1.0"), vendorKey())).exitCode, 5);
        QCOMPARE(m_command(verify(image("demo/signed:1.0"), test::demoPublicKey())).exitCode, 5);
    }

    // Two signatures over one payload in one manifest are told apart by their layers.
    void twoOverOnePayload()
    {
        start();
        const TargetPtr place = target("demo/signed:1.0");
        const oci::Descriptor subject = await(place->resolve(QStringLiteral("1.0"), {})).value();
        const QString tag = oci::signatureTag(subject.digest);
        const oci::Descriptor first = await(place->resolve(tag, {})).value();
        QByteArray bytes = await(place->fetchManifest(first, {})).value();
        const qsizetype begin = bytes.indexOf(R"("layers":[)") + 10;
        const QByteArray layer = bytes.mid(begin, bytes.lastIndexOf(']') - begin);
        bytes.insert(begin, layer + ',');
        const oci::Descriptor twice = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
        QVERIFY(await(place->tag(twice, bytes, tag, {})));
        const QJsonObject report = m_command.json(verify(image("demo/signed:1.0"), vendorKey()));
        QList<int> layers;
        for (const QJsonValue each : report[QLatin1String("signatures")].toArray()) {
            if (each[QLatin1String("form")].toString() != QLatin1String("cosign-legacy"))
                continue;
            QCOMPARE(each[QLatin1String("manifest")].toString(), twice.digest.toString());
            layers.append(each[QLatin1String("layer")].toInt(-1));
        }
        QCOMPARE(layers, (QList<int>{0, 1}));
    }

    void copiedToAnotherRepository()
    {
        start();
        const TargetPtr from = target("demo/signed:1.0");
        const TargetPtr to = target("elsewhere/app:1.0");
        const oci::Descriptor subject = await(from->resolve(QStringLiteral("1.0"), {})).value();
        const oci::Manifest all = copied(from, to, subject);
        QVERIFY(await(to->tag(subject, all.bytes(), QStringLiteral("1.0"), {})));
        const QString tag = oci::signatureTag(subject.digest);
        const oci::Descriptor legacy = await(from->resolve(tag, {})).value();
        QVERIFY(await(to->tag(legacy, copied(from, to, legacy).bytes(), tag, {})));
        const QString place = image("elsewhere/app:1.0");
        // The form that names a repository is worth nothing in another.
        Ran ran = m_command(verify(place, vendorKey()));
        QVERIFY2(ran.exitCode == 5, qPrintable(ran.text()));
        QVERIFY2(ran.out.contains("It was signed for another repository"), ran.out.constData());

        const auto referrers = await(from->referrers(subject.digest, {})).value();
        for (const oci::Descriptor &each : referrers.manifests)
            copied(from, to, each);
        const QJsonObject report = m_command.json(verify(place, vendorKey()));
        QCOMPARE(text(report, "verdict"), QStringLiteral("verified"));
        QCOMPARE(text(signatureOf(report, "cosign-legacy"), "verdict"), QStringLiteral("failed"));
        QCOMPARE(text(signatureOf(report, "cosign-legacy"), "boundTo"), QStringLiteral("repository"));
        const QJsonObject bundle = signatureOf(report, "cosign-bundle");
        QCOMPARE(text(bundle, "verdict"), QStringLiteral("verified"));
        QCOMPARE(text(bundle, "boundTo"), QStringLiteral("digest"));
        QVERIFY2(text(bundle, "reason").contains(QLatin1String("as good in any other repository")),
                 qPrintable(text(bundle, "reason")));
        ran = m_command(verify(place, vendorKey()));
        QVERIFY2(ran.out.contains("by its digest alone"), ran.out.constData());
    }

    // Signed by the right key, but it says something else about the image.
    void anAttestationIsNoSignature()
    {
        start();
        const TargetPtr place = target("demo/half-marked:1");
        const oci::Descriptor subject = await(place->resolve(QStringLiteral("1"), {})).value();
        const auto key = signing::SigningKey::fromBytes(base::Secret(demo::demoPrivateKey()), {}, QString());
        const QByteArray statement =
            "{\"_type\":\"https://in-toto.io/Statement/v0.1\",\"predicateType\":\"https://slsa.dev/provenance/v1\","
            "\"subject\":[{\"digest\":{\"sha256\":\"" +
            subject.digest.hex().toLatin1() + "\"}}],\"predicate\":{}}";
        signing::DsseEnvelope envelope{QString(signing::inTotoPayloadType), statement, {}};
        envelope.signature = await(key->sign(envelope.signedBytes(), {})).value();
        oci::Descriptor layer =
            put(place, oci::MediaType(QStringLiteral("application/vnd.dsse.envelope.v1+json")), envelope.toJson());
        const oci::Descriptor config = put(place, oci::MediaType::ociConfig(), "{}");
        const QByteArray manifest =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
            config.toJson() + R"(,"layers":[)" + layer.toJson() + "]}";
        QVERIFY(await(place->tag(oci::Descriptor::of(oci::MediaType::ociManifest(), manifest), manifest,
                                 oci::attestationTag(subject.digest), {})));
        const QStringList command = verify(image("demo/half-marked:1"), test::demoPublicKey());
        const QJsonObject report = m_command.json(command, 5);
        QCOMPARE(text(report, "verdict"), QStringLiteral("unsigned"));
        QVERIFY2(text(report, "reason")
                     .contains(QLatin1String("(https://slsa.dev/provenance/v1), and an attestation is "
                                             "not a signature.")),
                 qPrintable(text(report, "reason")));
        const QJsonObject found = report[QLatin1String("attestations")][0].toObject();
        QCOMPARE(text(found, "kind"), QStringLiteral("dsse"));
        QCOMPARE(text(found, "verdict"), QStringLiteral("verified"));
        QCOMPARE(text(found, "tag"), oci::attestationTag(subject.digest));
        const Ran ran = m_command(command);
        QVERIFY2(ran.out.contains("an attestation is not a signature"), ran.out.constData());
    }

    void onlyUnderTheTagOfARegistryThatKeepsAList()
    {
        demo::Options options;
        options.takesOverReferrers = false;
        start(options);
        const TargetPtr place = target("demo/signed:1.0");
        const oci::Descriptor subject = await(place->resolve(QStringLiteral("1.0"), {})).value();
        const auto listed = await(place->referrers(subject.digest, {})).value();
        QCOMPARE(listed.source, content::Referrers::Source::Api);
        QByteArrayList entries;
        for (const oci::Descriptor &each : listed.manifests)
            entries.append(each.toJson());
        QCOMPARE(entries.size(), 3); // signature, provenance, list of packages
        const QByteArray list =
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
            entries.join(',') + "]}";
        const QString tag = content::referrersTag(subject.digest);
        QVERIFY(await(place->tag(oci::Descriptor::of(oci::MediaType::ociIndex(), list), list, tag, {})));
        QVERIFY(await(place->referrers(subject.digest, {}))->manifests.isEmpty());

        const QJsonObject report = m_command.json(verify(image("demo/signed:1.0"), vendorKey()));
        const QJsonObject bundle = signatureOf(report, "cosign-bundle");
        QCOMPARE(text(bundle, "verdict"), QStringLiteral("verified"));
        QVERIFY2(text(bundle, "reason").contains(tag.left(19) + QStringLiteral("… alone")),
                 qPrintable(text(bundle, "reason")));
        QCOMPARE(text(bundle, "tag"), tag);
        QVERIFY(!text(signatureOf(report, "cosign-legacy"), "reason").contains(QLatin1String(" alone, and not in")));
        const QJsonObject shown = m_command.json({QStringLiteral("inspect"), image("demo/signed:1.0")});
        QCOMPARE(shown[QLatin1String("attachments")].toArray().size(), 4);
    }

    // A policy that only logs lets it pass, and the first line says what it let pass.
    void whatThePolicyOnlyLogsIsInTheFirstLine()
    {
        start();
        const TargetPtr place = target("demo/half-marked:1");
        const oci::Descriptor subject = await(place->resolve(QStringLiteral("1"), {})).value();
        const auto leaf = test::makeCertificate({});
        const auto chain = test::chainOf({leaf});
        const QString until =
            QDateTime::currentDateTimeUtc().addSecs(-60).toString(QStringLiteral("yyyy-MM-ddTHH:mm:ssZ"));
        test::EnvelopeWish wish;
        wish.critical = R"(["io.cncf.notary.signingScheme","io.cncf.notary.expiry"])";
        wish.more = ",\"io.cncf.notary.expiry\":\"" + until.toLatin1() + "\"";
        wish.time = QDateTime::currentDateTimeUtc()
                        .addSecs(-1800)
                        .toString(QStringLiteral("\"yyyy-MM-ddTHH:mm:ssZ\""))
                        .toLatin1();
        wish.payload =
            R"({"targetArtifact":)" + oci::Descriptor{subject.mediaType, subject.digest, subject.size}.toJson() + '}';
        const QByteArray envelope = test::envelopeOf(wish, leaf, chain);
        put(place, oci::MediaType(), "{}");
        const QByteArray manifest = signing::notationManifest(put(place, signing::joseEnvelopeType(), envelope),
                                                              subject, chain, QDateTime::currentDateTimeUtc());
        QVERIFY(await(
            place->pushReferrer(oci::Descriptor::of(oci::MediaType::ociManifest(), manifest), manifest, subject, {})));
        const test::TrustFolder permissive({leaf.pem}, {.level = "permissive"});
        const auto by = [this](const test::TrustFolder &folder) {
            return QStringList{QStringLiteral("verify"),         image("demo/half-marked:1"),
                               QStringLiteral("--trust-store"),  folder.path(),
                               QStringLiteral("--trust-policy"), folder.policyFile()};
        };
        const Ran ran = m_command(by(permissive));
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        const QByteArray first = ran.out.left(ran.out.indexOf('\n'));
        QVERIFY2(first.startsWith("valid, but expired on " + until.left(10).toLatin1()) &&
                     first.contains("(the policy only logs this): " + image("demo/half-marked:1").toUtf8()),
                 first.constData());
        const QJsonObject report = m_command.json(by(permissive));
        QCOMPARE(text(report, "verdict"), QStringLiteral("verified"));
        QVERIFY(text(report, "caveat").startsWith(QLatin1String("expired on ")));
        QVERIFY(text(report, "reason").contains(QLatin1String("the policy only logs this")));
        QCOMPARE(text(signatureOf(report, "notation"), "caveat"), text(report, "caveat"));
        const test::TrustFolder strict({leaf.pem});
        QCOMPARE(m_command(by(strict)).exitCode, 5);
    }

    void tooMuchAttachedIsNoVerdict()
    {
        start();
        const TargetPtr place = target("demo/signed:1.0");
        const oci::Descriptor subject = await(place->resolve(QStringLiteral("1.0"), {})).value();
        const oci::Descriptor plain{subject.mediaType, subject.digest, subject.size};
        put(place, {}, test::emptyConfig);
        put(place, {}, "content");
        for (int i = 0; i < 20; ++i) {
            const QByteArray padding = "{\"padding\":\"" + QByteArray::number(i) + QByteArray(4000000, 0x78) + "\"}";
            const QByteArray manifest = test::artifactManifest(
                "application/vnd.example.other", "application/vnd.example.other", "content", plain, padding);
            QVERIFY(
                await(place->pushManifest(oci::Descriptor::of(oci::MediaType::ociManifest(), manifest), manifest, {})));
        }
        // The list carries their annotations, and is too long itself.
        const QJsonObject report = m_command.json(verify(image("demo/signed:1.0"), vendorKey()), 5);
        QCOMPARE(text(report, "verdict"), QStringLiteral("failed"));
        QVERIFY2(text(report, "reason").startsWith(QLatin1String("Too much is attached to it")),
                 qPrintable(text(report, "reason")));
    }
};

QTEST_GUILESS_MAIN(TestColophonctlReach)
#include "tst_colophonctlreach.moc"
