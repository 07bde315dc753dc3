// SPDX-License-Identifier: Apache-2.0
// Signatures written beside those that are there: cosign's bytes, nothing lost, and never believed before read back.
#include "base/limits.h"
#include "oci/jsondocument.h"
#include "signing/cosigncheck.h"
#include "signing/cosignmanifest.h"
#include "signing/fixtures.h"
#include "support/await.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::MemoryStore;
using content::SignatureWritten;
using content::VerifyReport;
using signing::CosignLegacySigner;
using signing::CosignLegacyVerifier;
using signing::PublicKey;

namespace {
const QString v2 = QStringLiteral("cosign-v2");
const QString v3 = QStringLiteral("cosign-v3");

using Store = std::shared_ptr<MemoryStore>;

base::Result<QList<SignatureWritten>> sign(const Store &store, const QString &key, std::stop_token stop = {})
{
    CosignLegacySigner signer(test::signingKey(key));
    return test::await(
        signer.sign(store, store->registry() + QLatin1Char('/') + store->repository(), test::image(), stop));
}

VerifyReport verify(const Store &store, const QString &key)
{
    CosignLegacyVerifier verifier({{test::publicKey(key)}, {}});
    return test::await(verifier.verify(store, test::image(), {})).value();
}

QByteArray underTag(const Store &store) { return store->manifestBytes(store->tagged(test::signatureTag())); }

qsizetype signaturesIn(const Store &store)
{
    return oci::Manifest::parse(underTag(store), oci::MediaType::ociManifest())->layers().size();
}

Store emptyStore() { return std::make_shared<MemoryStore>(QStringLiteral("r.example"), QStringLiteral("app")); }

// The bytes with our random signature replaced by cosign's.
QByteArray withoutSignatures(QByteArray manifest)
{
    const auto parsed = oci::Manifest::parse(manifest, oci::MediaType::ociManifest());
    for (const oci::Descriptor &layer : parsed->layers())
        manifest.replace(layer.annotations.value(oci::signatureAnnotation).toLatin1(), "…");
    return manifest;
}
} // namespace

class TestCosignLegacySigner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBytesAreCosigns_data()
    {
        QTest::addColumn<QString>("fixture");
        QTest::addColumn<QString>("key");
        QTest::newRow("cosign 2") << QStringLiteral("legacy-v2") << v2;
        QTest::newRow("cosign 3") << QStringLiteral("legacy-v3") << v3;
        QTest::newRow("RSA") << QStringLiteral("alg-rsa2048") << QStringLiteral("imp-rsa2048");
    }
    void theBytesAreCosigns()
    {
        QFETCH(QString, fixture);
        QFETCH(QString, key);
        const test::Signatures cosigns = test::signaturesOf(fixture);
        const auto store = std::make_shared<MemoryStore>(cosigns.registry, cosigns.repository);
        const auto written = sign(store, key);
        QVERIFY2(written, qPrintable(written ? QString() : written.error().text()));
        QCOMPARE(withoutSignatures(underTag(store)), withoutSignatures(cosigns.manifest));
        QCOMPARE(store->blobs().size(), cosigns.blobs.size());
        for (const QByteArray &blob : cosigns.blobs)
            QCOMPARE(store->blobs().value(oci::Digest::of(blob)), blob);
        if (key == QLatin1String("imp-rsa2048")) // PKCS#1 v1.5 is not randomised
            QCOMPARE(underTag(store), cosigns.manifest);
    }

    void whereItWasWrittenIsReported()
    {
        const Store store = emptyStore();
        const auto written = sign(store, v2);
        QCOMPARE(written->constFirst().tag, test::signatureTag());
        QCOMPARE(written->constFirst().manifest.digest, store->tagged(test::signatureTag()));
    }

    void blobsGoFirstAndTheTagLast()
    {
        const Store store = emptyStore();
        store->setDemandsContent(true);
        QVERIFY(sign(store, v2));
        QStringList puts;
        for (const QString &line : store->journal())
            if (line.startsWith(QLatin1String("PUT")) || line.startsWith(QLatin1String("TAG")))
                puts.append(line.section(QLatin1Char(' '), 0, line.startsWith(QLatin1String("TAG")) ? 0 : 1));
        QCOMPARE(puts, (QStringList{QStringLiteral("PUT blob"), QStringLiteral("PUT blob"),
                                    QStringLiteral("PUT manifest"), QStringLiteral("TAG")}));
        // After the tag it asks for everything anew.
        const QStringList after = store->journal().mid(
            store->journal().lastIndexOf(store->journal().filter(QStringLiteral("TAG ")).constLast()));
        QCOMPARE(after.filter(QStringLiteral("GET blob")).size(), 1);
        QCOMPARE(after.filter(QStringLiteral("GET manifest")).size(), 1);
    }

    void aSecondSignatureIsPutBesideTheFirst()
    {
        const test::Signatures cosigns = test::signaturesOf(QStringLiteral("legacy-v2"));
        const Store store = test::storeOf(cosigns);
        QVERIFY(sign(store, v3));
        QCOMPARE(signaturesIn(store), 2);
        QCOMPARE(verify(store, v2).verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(verify(store, v3).verdict, VerifyReport::Verdict::Verified);
        QVERIFY(sign(store, QStringLiteral("imp-p384")));
        QCOMPARE(signaturesIn(store), 3);
        QCOMPARE(verify(store, v2).verdict, VerifyReport::Verdict::Verified);
        // One history and one diff_id for each, in order.
        const auto manifest = oci::Manifest::parse(underTag(store), oci::MediaType::ociManifest());
        const auto config = oci::JsonDocument::parse(store->blobs().value(manifest->config().digest));
        QCOMPARE(config->root()["history"].size(), 3);
        QStringList diffIds;
        for (const auto &each : config->root()["rootfs"]["diff_ids"].children())
            diffIds.append(each.string().value());
        QStringList payloads;
        for (const oci::Descriptor &layer : manifest->layers())
            payloads.append(layer.digest.toString());
        QCOMPARE(diffIds, payloads);
    }

    void whatOthersWroteSurvivesByteForByte()
    {
        // Odd spacing, members nobody knows, annotations of the layer, embedded data.
        const test::Signatures cosigns = test::signaturesOf(QStringLiteral("legacy-two-sigs-annotated"));
        QByteArray before = cosigns.manifest;
        before.replace(R"("layers":[)",
                       R"("annotations" : { "who":"me" },  "x":[1.50, 18446744073709551617],"layers" :  [ )");
        before.replace("\"annotations\":{\"dev", "\"annotations\":{\"a/b\":\"c\\/d\",\"dev");
        before.replace(R"("size":352,)", "\"size\": 352 ,\"data\":\"e30=\",");
        before.replace("}}]}", "}}\n ]\t}\r\n");
        const auto embedded = [](const QByteArray &config) { return '"' + config.toBase64() + '"'; };
        const QByteArray oldConfig = cosigns.blobs.constLast();
        before.replace("\"e30=\"", embedded(oldConfig));
        test::Signatures odd = cosigns;
        odd.manifest = before;
        const Store store = test::storeOf(odd);
        QVERIFY(sign(store, QStringLiteral("imp-p384")));
        QByteArray after = underTag(store);

        // Taking back out what was put in gives the original.
        const auto manifest = oci::Manifest::parse(after, oci::MediaType::ociManifest());
        QCOMPARE(manifest->layers().size(), 3);
        const QByteArray added =
            "," + QByteArray(manifest->layerValue(2).raw().data(), manifest->layerValue(2).raw().size());
        const QByteArray config = store->blobs().value(manifest->config().digest);
        after.replace(added, "");
        after.replace(embedded(config), embedded(oldConfig));
        after.replace(manifest->config().digest.toLatin1(), oci::Digest::of(oldConfig).toLatin1());
        after.replace("\"size\": " + QByteArray::number(config.size()) + ' ', "\"size\": 352 ");
        QCOMPARE(after, before);
    }

    void aSignatureOfAnotherKeyOverTheSamePayloadIsNotOurs()
    {
        const Store store = emptyStore();
        QVERIFY(sign(store, v2));
        QVERIFY(sign(store, v3));
        QCOMPARE(signaturesIn(store), 2);
        QCOMPARE(store->blobs().size(), 3); // one payload, two configs
    }

    void aSignatureForAnotherRepositoryIsNotOurs()
    {
        // As after a copy with all tags: the old signature stays, one for the new name is added.
        test::Signatures copied = test::signaturesOf(QStringLiteral("legacy-v2"));
        copied.repository = QStringLiteral("copy");
        const Store store = test::storeOf(copied);
        QCOMPARE(verify(store, v2).verdict, VerifyReport::Verdict::Failed);
        QVERIFY(sign(store, v2));
        QCOMPARE(signaturesIn(store), 2);
        QCOMPARE(verify(store, v2).verdict, VerifyReport::Verdict::Verified);
    }

    void blobsThatAreThereAreNotSentAgain()
    {
        const Store store = emptyStore();
        const QByteArray payload = signing::simpleSigningPayload(QStringLiteral("r.example/app"), test::image().digest);
        store->addBlob(payload);
        QVERIFY(sign(store, v2));
        QVERIFY(!store->journal().contains(QLatin1String("PUT blob ") + oci::Digest::of(payload).toString()));
    }

    void aPayloadThatIsGoneIsSentAgain()
    {
        const Store store = emptyStore();
        QVERIFY(sign(store, v2));
        store->removeBlob(
            oci::Digest::of(signing::simpleSigningPayload(QStringLiteral("r.example/app"), test::image().digest)));
        QCOMPARE(verify(store, v2).verdict, VerifyReport::Verdict::Failed);
        QVERIFY(sign(store, v2));
        QCOMPARE(verify(store, v2).verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(signaturesIn(store), 1);
    }

    void whatIsNoListOfSignaturesIsNotTouched_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<oci::MediaType>("type");
        const oci::MediaType manifest = oci::MediaType::ociManifest();
        const QByteArray good = test::signaturesOf(QStringLiteral("legacy-v2")).manifest;
        const auto changed = [&good](const QByteArray &from, const QByteArray &to) {
            return QByteArray(good).replace(from, to);
        };
        QTest::newRow("an image") << test::imageBytes() << manifest;
        QTest::newRow("an index") << test::contentOf(test::signingData(QStringLiteral("image/index.json")))
                                  << oci::MediaType::ociIndex();
        QTest::newRow("no JSON") << QByteArray("hello") << manifest;
        QTest::newRow("a layer of another type")
            << changed("application/vnd.dev.cosign.simplesigning.v1+json", "text/plain") << manifest;
        QTest::newRow("a config of another type")
            << changed("application/vnd.oci.image.config.v1+json", "text/plain") << manifest;
        QTest::newRow("a member twice") << changed(R"("layers":)", R"("x":1,"x":2,"layers":)") << manifest;
        QTest::newRow("Docker's type") << changed("application/vnd.oci.image.manifest.v1+json",
                                                  "application/vnd.docker.distribution.manifest.v2+json")
                                       << oci::MediaType::dockerManifest();
    }
    void whatIsNoListOfSignaturesIsNotTouched()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(oci::MediaType, type);
        const Store store = emptyStore();
        const oci::Descriptor before = store->addManifest(bytes, type, test::signatureTag());
        const auto written = sign(store, v2);
        QCOMPARE(written.error().kind, ErrorKind::InvalidData);
        QVERIFY2(written.error().hint.contains(QLatin1String("Nothing was changed")),
                 qPrintable(written.error().text()));
        QCOMPARE(store->tagged(test::signatureTag()), before.digest);
        QVERIFY(store->journal().filter(QStringLiteral("PUT")).isEmpty());
    }

    void moreThanAreReadAreNotWritten()
    {
        QByteArray manifest = test::signaturesOf(QStringLiteral("legacy-v2")).manifest;
        const auto parsed = oci::Manifest::parse(manifest, oci::MediaType::ociManifest());
        const QByteArrayView layer = parsed->layerValue(0).raw();
        QByteArray more;
        for (int i = 1; i < base::limits::signatures; ++i)
            more += QByteArray(layer.data(), layer.size()) + ',';
        manifest.insert(parsed->layerValue(0).span().begin, more);
        const Store store = emptyStore();
        const oci::Descriptor before =
            store->addManifest(manifest, oci::MediaType::ociManifest(), test::signatureTag());
        QCOMPARE(sign(store, v2).error().kind, ErrorKind::TooLarge);
        QCOMPARE(store->tagged(test::signatureTag()), before.digest);
    }

    void whoeverSignsAtTheSameTimeLosesNothing()
    {
        // Between our look and our PUT somebody else's signature appears, once.
        const Store store = emptyStore();
        const Store others = emptyStore();
        QVERIFY(sign(others, v3));
        int puts = 0;
        store->setObserver([&](const QString &line) {
            if (!line.startsWith(QLatin1String("PUT manifest")) || ++puts > 1)
                return;
            for (const QByteArray &blob : others->blobs())
                store->addBlob(blob);
            store->addManifest(underTag(others), oci::MediaType::ociManifest(), test::signatureTag());
        });
        QVERIFY(sign(store, v2));
        QCOMPARE(signaturesIn(store), 2);
        QCOMPARE(verify(store, v2).verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(verify(store, v3).verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(puts, 2);
    }

    void aSignatureThatIsOverwrittenAtOnceIsWrittenAgain()
    {
        // Somebody else's PUT comes right after ours and does not know of it.
        const Store store = emptyStore();
        const Store others = emptyStore();
        QVERIFY(sign(others, v3));
        bool isTagged = false;
        bool isDone = false;
        store->setObserver([&](const QString &line) {
            if (line.startsWith(QLatin1String("TAG ")))
                isTagged = true;
            else if (isTagged && !std::exchange(isDone, true)) {
                for (const QByteArray &blob : others->blobs())
                    store->addBlob(blob);
                store->addManifest(underTag(others), oci::MediaType::ociManifest(), test::signatureTag());
            }
        });
        QVERIFY(sign(store, v2));
        QCOMPARE(signaturesIn(store), 2);
        QCOMPARE(verify(store, v2).verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(verify(store, v3).verdict, VerifyReport::Verdict::Verified);
    }

    void anEndlessRaceEnds()
    {
        const Store store = emptyStore();
        int puts = 0;
        store->setObserver([&](const QString &line) {
            if (!line.startsWith(QLatin1String("PUT manifest")))
                return;
            ++puts;
            const Store others =
                std::make_shared<MemoryStore>(QStringLiteral("r.example"), QStringLiteral("app%1").arg(puts));
            QVERIFY(sign(others, v3));
            for (const QByteArray &blob : others->blobs())
                store->addBlob(blob);
            store->addManifest(underTag(others), oci::MediaType::ociManifest(), test::signatureTag());
        });
        const auto written = sign(store, v2);
        QCOMPARE(written.error().kind, ErrorKind::Conflict);
        QCOMPARE(puts, 3);
        QCOMPARE(verify(store, v2).verdict, VerifyReport::Verdict::Failed); // the others' is what is there
    }

    void aRegistryThatLosesThePayloadIsFoundOut()
    {
        const Store store = emptyStore();
        const QByteArray payload = signing::simpleSigningPayload(QStringLiteral("r.example/app"), test::image().digest);
        store->setObserver([&](const QString &line) {
            if (line.startsWith(QLatin1String("TAG ")))
                store->replaceBlob(oci::Digest::of(payload), payload.chopped(1));
        });
        const auto written = sign(store, v2);
        QCOMPARE(written.error().kind, ErrorKind::InvalidData);
        QVERIFY2(written.error().message.contains(QLatin1String("does not verify")),
                 qPrintable(written.error().message));
    }

    void anyRequestThatFailsIsTheError_data()
    {
        QTest::addColumn<QString>("request");
        for (const char *request :
             {"HEAD manifest", "HEAD blob", "PUT blob", "PUT manifest", "TAG", "GET manifest", "GET blob"})
            QTest::newRow(request) << QString::fromLatin1(request);
    }
    void anyRequestThatFailsIsTheError()
    {
        QFETCH(QString, request);
        const Store store = emptyStore();
        store->failNext(request, base::fail(ErrorKind::Network, QStringLiteral("gone")).error());
        const auto written = sign(store, v2);
        QCOMPARE(written.error().kind, ErrorKind::Network);
        QVERIFY(written.error().operation.contains(test::image().digest.toString()));
        QVERIFY(sign(store, v2)); // and it can be tried again
        QCOMPARE(signaturesIn(store), 1);
    }

    void itStopsWhenTold_data() { anyRequestThatFailsIsTheError_data(); }
    void itStopsWhenTold()
    {
        QFETCH(QString, request);
        const Store store = emptyStore();
        std::stop_source source;
        QString last;
        store->setObserver([&](const QString &line) {
            last = line;
            if (line.startsWith(request))
                source.request_stop();
        });
        const auto written = sign(store, v2, source.get_token());
        if (request != QLatin1String("GET blob")) // the last request of all
            QCOMPARE(written.error().kind, ErrorKind::Cancelled);
        QVERIFY2(last.startsWith(request), qPrintable(last));
    }
};

QTEST_GUILESS_MAIN(TestCosignLegacySigner)
#include "tst_cosignlegacysigner.moc"
