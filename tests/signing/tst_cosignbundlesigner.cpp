// SPDX-License-Identifier: Apache-2.0
// Bundles written beside what is attached already: cosign's bytes, nothing lost, nothing twice, and never believed
// before read back.
#include "base/limits.h"
#include "signing/cosignbundle.h"
#include "signing/cosignreferrers.h"
#include "signing/fixtures.h"
#include "signing/sigstorebundle.h"
#include "support/await.h"

#include <QRegularExpression>
#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::SignatureWritten;
using content::VerifyReport;

namespace {
const QString v3 = QStringLiteral("cosign-v3");
using Store = std::shared_ptr<content::MemoryStore>;

base::Result<QList<SignatureWritten>> sign(const Store &store, const QString &key, std::stop_token stop = {})
{
    signing::CosignBundleSigner signer(test::signingKey(key));
    return test::await(signer.sign(store, QStringLiteral("r.example/app"), test::image(), stop));
}

VerifyReport verify(const Store &store, const QStringList &keys)
{
    signing::Trust trust;
    for (const QString &key : keys)
        trust.keys.append(test::publicKey(key));
    signing::CosignReferrersVerifier verifier(trust);
    return test::await(verifier.verify(store, test::image(), {})).value();
}

QString listTag() { return content::referrersTag(test::image().digest); }

// The same of every run: without the time, the signature and what follows from it.
QByteArray withoutChances(QByteArray manifest)
{
    const auto parsed = oci::Manifest::parse(manifest, oci::MediaType::ociManifest());
    manifest.replace(parsed->layers().constFirst().digest.toLatin1(), "…");
    manifest.replace("\"size\":" + QByteArray::number(parsed->layers().constFirst().size) + ",\"digest\":\"…\"", "…");
    manifest.replace(parsed->annotations().value(QStringLiteral("org.opencontainers.image.created")).toUtf8(), "…");
    return manifest;
}
} // namespace

class TestCosignBundleSigner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBytesAreCosigns()
    {
        const test::Signatures cosigns = test::signaturesOf(QStringLiteral("bundle-v3"));
        const Store store = test::storeWithReferrers({});
        const auto written = sign(store, v3);
        QVERIFY2(written, qPrintable(written ? QString() : written.error().text()));
        const QByteArray manifest = store->manifestBytes(written->constFirst().manifest.digest);
        // cosign puts an artifactType into the config's descriptor, where none belongs.
        QCOMPARE(
            withoutChances(manifest),
            withoutChances(QByteArray(cosigns.manifest)
                               .replace(R"(,"artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json"},)", "},")));
        QCOMPARE(store->blobs().value(oci::Digest::of("{}")), QByteArray("{}"));
        const oci::Digest layer =
            oci::Manifest::parse(manifest, oci::MediaType::ociManifest())->layers().constFirst().digest;
        const QByteArray bundle = store->blobs().value(layer);
        const QByteArray signature = signing::SigstoreBundle::read(bundle)->envelope.signature.toBase64();
        const QByteArray theirs =
            signing::SigstoreBundle::read(cosigns.blobs.constLast())->envelope.signature.toBase64();
        QCOMPARE(QByteArray(bundle).replace(signature, "…"),
                 QByteArray(cosigns.blobs.constLast()).replace(theirs, "…"));
    }

    void whereAndWhenItWasWrittenIsReported()
    {
        const Store store = test::storeWithReferrers({});
        const auto written = sign(store, v3);
        QCOMPARE(written->constFirst().tag, listTag()); // nobody else keeps the list here
        const auto manifest = oci::Manifest::parse(store->manifestBytes(written->constFirst().manifest.digest),
                                                   oci::MediaType::ociManifest());
        const QDateTime created = QDateTime::fromString(
            manifest->annotations().value(QStringLiteral("org.opencontainers.image.created")), Qt::ISODate);
        QVERIFY(created.isValid() && std::abs(created.secsTo(QDateTime::currentDateTimeUtc())) < 120);
    }

    void blobsGoFirstAndItIsReadBack()
    {
        const Store store = test::storeWithReferrers({});
        store->setDemandsContent(true);
        QVERIFY(sign(store, v3));
        const QStringList journal = store->journal();
        QStringList puts;
        for (const QString &line : journal)
            if (line.startsWith(QLatin1String("PUT")) || line.startsWith(QLatin1String("TAG")))
                puts.append(line.section(QLatin1Char(' '), 0, line.startsWith(QLatin1String("TAG")) ? 0 : 1));
        QCOMPARE(puts.mid(0, 3),
                 (QStringList{QStringLiteral("PUT blob"), QStringLiteral("PUT blob"), QStringLiteral("PUT manifest")}));
        const QStringList after = journal.mid(journal.lastIndexOf(QRegularExpression(QStringLiteral("^TAG .*"))));
        QCOMPARE(after.filter(QStringLiteral("GET blob")).size(), 1);
    }

    void nothingIsLost()
    {
        const Store store = test::storeWithReferrers({QStringLiteral("bundle-v2"), QStringLiteral("attestation-v3")});
        QVERIFY(sign(store, v3));
        const VerifyReport report = verify(store, {QStringLiteral("cosign-v2"), v3});
        QCOMPARE(report.signatures.size(), 2);
        QCOMPARE(report.attestations.size(), 1);
        for (const auto &check : report.signatures)
            QVERIFY2(check.verdict == content::CheckVerdict::Verified, qPrintable(check.reason));
    }

    // An attestation by the same key does not stand for a signature.
    void anAttestationIsNotEnough()
    {
        const Store store = test::storeWithReferrers({QStringLiteral("attestation-v3")});
        QVERIFY(sign(store, v3));
        QCOMPARE(verify(store, {v3}).verdict, VerifyReport::Verdict::Verified);
    }

    void itIsNotBelievedBeforeItIsRead_data()
    {
        QTest::addColumn<bool>("isLost");
        QTest::newRow("not in the list") << true;
        QTest::newRow("other bytes") << false;
    }
    void itIsNotBelievedBeforeItIsRead()
    {
        QFETCH(bool, isLost);
        const Store store = test::storeWithReferrers({});
        QByteArray bundle;
        int looks = 0;
        store->setObserver([&](const QString &line) {
            if (!line.startsWith(QLatin1String("HEAD manifest ") + listTag()))
                return;
            // Once the new list is there it is looked at twice: by whoever wrote it, and afresh.
            const bool isWritten = !store->journal().filter(QStringLiteral("TAG ")).isEmpty();
            if (!isWritten || ++looks < 2)
                return;
            if (isLost) {
                store->removeTag(listTag());
                return;
            }
            for (auto it = store->blobs().begin(); it != store->blobs().end(); ++it)
                if (it.value().contains("dsseEnvelope"))
                    bundle = it.value();
            store->replaceBlob(oci::Digest::of(bundle), QByteArray(bundle).replace("payload", "Payload"));
        });
        const auto written = sign(store, v3);
        QVERIFY(!written);
        QVERIFY2(written.error().message.startsWith(QLatin1String("The signature was written, but ")),
                 qPrintable(written.error().message));
    }

    void whatFailsIsAnError_data()
    {
        QTest::addColumn<QString>("request");
        for (const char *request : {"HEAD manifest", "HEAD blob", "PUT blob", "PUT manifest", "TAG"})
            QTest::newRow(request) << QString::fromLatin1(request);
    }
    void whatFailsIsAnError()
    {
        QFETCH(QString, request);
        for (const ErrorKind kind : {ErrorKind::Network, ErrorKind::Denied, ErrorKind::Cancelled}) {
            const Store store = test::storeWithReferrers({});
            store->failNext(request, base::fail(kind, QStringLiteral("no")).error());
            const auto result = sign(store, v3);
            QVERIFY(!result);
            QCOMPARE(result.error().kind, kind);
            QVERIFY(result.error().operation.contains(test::image().digest.toString()));
        }
    }

    // Reading back asks for what was written alone.
    void whatOthersAttachedIsReadOnce()
    {
        const QStringList fixtures{QStringLiteral("bundle-v2"), QStringLiteral("attestation-v3")};
        const Store store = test::storeWithReferrers(fixtures);
        QVERIFY(sign(store, v3));
        const QString read = store->journal().join(QLatin1Char('\n'));
        for (const QString &fixture : fixtures) {
            const test::Signatures all = test::signaturesOf(fixture);
            QCOMPARE(read.count(QStringLiteral("GET manifest ") + oci::Digest::of(all.manifest).toString()), 1);
            QCOMPARE(read.count(QStringLiteral("GET blob ") + oci::Digest::of(all.blobs.constLast()).toString()), 1);
        }
    }

    // Where more is attached than is read nobody would find one more signature.
    void tooMuchIsNotAddedTo()
    {
        const Store store = test::storeWithReferrers({});
        test::attachLarge(store, 20);
        store->clearJournal();
        const auto result = sign(store, v3);
        QCOMPARE(result.error().kind, ErrorKind::TooLarge);
        QVERIFY2(result.error().message.contains(QLatin1String("more attached to this image than is read")),
                 qPrintable(result.error().message));
        QVERIFY(store->journal().filter(QStringLiteral("PUT")).isEmpty());
        QVERIFY(store->journal().filter(QStringLiteral("GET manifest")).size() <= 17); // the list, and 64 MiB
    }

    void aFullListIsNotAddedTo()
    {
        const Store store = test::storeWithReferrers({});
        QByteArrayList entries;
        for (int i = 0; i < base::limits::referrers; ++i)
            entries.append(R"({"mediaType":"application/vnd.oci.image.index.v1+json","size":10,"digest":)" +
                           oci::jsonString(oci::Digest::of(QByteArray::number(i)).toString()) + '}');
        store->addManifest(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
                               entries.join(',') + "]}",
                           oci::MediaType::ociIndex(), listTag());
        const auto result = sign(store, v3);
        QCOMPARE(result.error().kind, ErrorKind::TooLarge);
        QVERIFY(store->journal().filter(QStringLiteral("PUT")).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCosignBundleSigner)
#include "tst_cosignbundlesigner.moc"
