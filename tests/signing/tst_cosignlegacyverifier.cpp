// SPDX-License-Identifier: Apache-2.0
// Signatures under the `.sig` tag, checked: what cosign wrote verifies, and whatever is not exactly right does not.
#include "base/limits.h"
#include "signing/certificatechain.h"
#include "signing/fixtures.h"
#include "support/await.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::MemoryStore;
using content::SignatureCheck;
using content::VerifyReport;
using signing::CosignLegacyVerifier;
using signing::PublicKey;

namespace {
const QString v2 = QStringLiteral("cosign-v2");

base::Result<VerifyReport> outcome(const std::shared_ptr<MemoryStore> &store, const QList<PublicKey> &keys,
                                   const oci::Descriptor &subject = test::image(), std::stop_token stop = {})
{
    CosignLegacyVerifier verifier({keys, {}, {}});
    return test::await(verifier.verify(store, subject, stop));
}

VerifyReport reportOf(const std::shared_ptr<MemoryStore> &store, const QList<PublicKey> &keys,
                      const oci::Descriptor &subject = test::image())
{
    return outcome(store, keys, subject).value();
}

// A signature image as cosign writes it, but with any payload and any text for a signature.
struct Made
{
    QByteArray payload;
    QByteArray signature; // base64 as it will stand in the annotation
    QString mediaType = oci::MediaType::cosignSimpleSigning().toString();
    qint64 claimedSize = -1;
};

QByteArray layerOf(const Made &made)
{
    const qint64 size = made.claimedSize < 0 ? made.payload.size() : made.claimedSize;
    return R"({"mediaType":)" + oci::jsonString(made.mediaType) + R"(,"size":)" + QByteArray::number(size) +
           R"(,"digest":)" + oci::jsonString(oci::Digest::of(made.payload).toString()) +
           R"(,"annotations":{"dev.cosignproject.cosign/signature":)" +
           oci::jsonString(QString::fromUtf8(made.signature)) + "}}";
}

std::shared_ptr<MemoryStore> storeWith(const QList<Made> &signatures, const QString &repository = QStringLiteral("app"))
{
    auto store = std::make_shared<MemoryStore>(QStringLiteral("r.example"), repository);
    QByteArrayList layers;
    for (const Made &each : signatures) {
        store->addBlob(each.payload);
        layers.append(layerOf(each));
    }
    const oci::Descriptor config = store->addBlob("{}");
    store->addManifest(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)"
                       R"({"mediaType":"application/vnd.oci.image.config.v1+json","size":2,"digest":)" +
                           oci::jsonString(config.digest.toString()) + R"(},"layers":[)" + layers.join(',') + "]}",
                       oci::MediaType::ociManifest(), test::signatureTag());
    return store;
}

QByteArray payloadFor(const QString &repository = QStringLiteral("r.example/app"))
{
    return signing::simpleSigningPayload(repository, test::image().digest);
}

Made signedBy(const QString &key, const QByteArray &payload)
{
    return {payload, test::await(test::signingKey(key).sign(payload, {}))->toBase64()};
}

QByteArray flipped(QByteArray bytes, qsizetype at)
{
    bytes[at] = static_cast<char>(bytes.at(at) ^ 1);
    return bytes;
}
} // namespace

class TestCosignLegacyVerifier : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatCosignWroteVerifies_data()
    {
        QTest::addColumn<QString>("fixture");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("algorithm");
        const auto row = [](const char *fixture, const char *key, const char *algorithm) {
            QTest::newRow(fixture) << QString::fromLatin1(fixture) << QString::fromLatin1(key)
                                   << QString::fromLatin1(algorithm);
        };
        row("legacy-v2", "cosign-v2", "ECDSA P-256, SHA-256");
        row("legacy-v3", "cosign-v3", "ECDSA P-256, SHA-256");
        row("alg-rsa2048", "imp-rsa2048", "RSA 2048, SHA-256");
        row("alg-p384", "imp-p384", "ECDSA P-384, SHA-384");
        row("alg-p521", "imp-p521", "ECDSA P-521, SHA-512");
        row("alg-ed25519", "imp-ed25519", "Ed25519, prehashed (Ed25519ph)");
    }
    void whatCosignWroteVerifies()
    {
        QFETCH(QString, fixture);
        QFETCH(QString, key);
        QFETCH(QString, algorithm);
        const test::Signatures all = test::signaturesOf(fixture);
        const PublicKey publicKey = test::publicKey(key);
        const VerifyReport report = reportOf(test::storeOf(all), {publicKey});
        QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
        QCOMPARE(report.subject, test::image());
        QCOMPARE(report.reason, QStringLiteral("Verified with %1.").arg(publicKey.description()));
        QCOMPARE(report.signatures.size(), 1);
        const SignatureCheck &check = report.signatures.constFirst();
        QCOMPARE(check.verdict, SignatureCheck::Verdict::Verified);
        QCOMPARE(check.form, QStringLiteral("cosign-legacy"));
        QCOMPARE(check.key, publicKey.description());
        QCOMPARE(check.algorithm, algorithm);
        QCOMPARE(check.identity, all.registry + QLatin1Char('/') + all.repository);
        QCOMPARE(check.subject, test::image().digest);
        QCOMPARE(check.digest, oci::Digest::of(all.payload));
    }

    void eachOfSeveralSignaturesIsChecked()
    {
        const auto store = test::storeOf(test::signaturesOf(QStringLiteral("legacy-two-sigs-annotated")));
        const VerifyReport report =
            reportOf(store, {test::publicKey(QStringLiteral("cosign-v3")), test::publicKey(v2)});
        QCOMPARE(report.signatures.size(), 2);
        QVERIFY(report.verdict == VerifyReport::Verdict::Verified);
        for (const SignatureCheck &check : report.signatures)
            QVERIFY2(check.verdict == SignatureCheck::Verdict::Verified, qPrintable(check.reason));
    }

    void oneGoodSignatureAmongOthersVerifies()
    {
        const auto store = storeWith({signedBy(QStringLiteral("imp-p384"), payloadFor()), signedBy(v2, payloadFor())});
        const VerifyReport report = reportOf(store, {test::publicKey(v2)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(report.signatures.at(0).verdict, SignatureCheck::Verdict::Failed);
        QCOMPARE(report.signatures.at(1).verdict, SignatureCheck::Verdict::Verified);
    }

    void noTagMeansUnsigned()
    {
        const auto store = std::make_shared<MemoryStore>();
        const VerifyReport report = reportOf(store, {test::publicKey(v2)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Unsigned);
        QVERIFY(report.signatures.isEmpty());
        QVERIFY(report.reason.contains(test::image().digest.toString()));
        QCOMPARE(reportOf(storeWith({}), {test::publicKey(v2)}).verdict, VerifyReport::Verdict::Unsigned);
    }

    void aLongDigestHasNoTag()
    {
        oci::Descriptor subject = test::image();
        subject.digest = oci::Digest::of(test::imageBytes(), oci::Digest::Algorithm::Sha512);
        const auto store = std::make_shared<MemoryStore>();
        QCOMPARE(reportOf(store, {test::publicKey(v2)}, subject).verdict, VerifyReport::Verdict::Unsigned);
        QVERIFY(store->journal().isEmpty());
    }

    void withoutKeysNothingIsVerified()
    {
        const VerifyReport report = reportOf(test::storeOf(test::signaturesOf(QStringLiteral("legacy-v2"))), {});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QCOMPARE(report.signatures.constFirst().verdict, SignatureCheck::Verdict::NotChecked);
        QVERIFY2(report.reason.contains(QLatin1String("no key was given")), qPrintable(report.reason));
        QCOMPARE(report.signatures.constFirst().identity, QStringLiteral("127.0.0.1:15281/leg2"));
    }

    void whatIsNotExactlyRightFails_data()
    {
        QTest::addColumn<Made>("made");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const Made &made, const char *says) {
            QTest::newRow(name) << made << QString::fromLatin1(says);
        };
        const Made good = signedBy(v2, payloadFor());
        const QByteArray raw = QByteArray::fromBase64(good.signature);
        const QString another = QStringLiteral("cosign-v3");
        row("another key", signedBy(another, payloadFor()), "not made by this key");
        row("another payload", {payloadFor() + ' ', good.signature}, "not made by this key");
        row("a bit of the signature", {good.payload, flipped(raw, 40).toBase64()}, "not made by this key");
        row("the signature cut", {good.payload, raw.chopped(1).toBase64()}, "not made by this key");
        row("no signature", {good.payload, ""}, "no proper base64");
        row("no padding", {good.payload, good.signature + "="}, "no proper base64");
        row("a line end", {good.payload, good.signature + '\n'}, "no proper base64");
        row("a space", {good.payload, ' ' + good.signature}, "no proper base64");
        row("another type of layer", {good.payload, good.signature, QStringLiteral("application/json")},
            "not a cosign signature's");
        row("another size", {good.payload, good.signature, Made().mediaType, good.payload.size() - 1}, "longer than");
        row("2 MiB", {good.payload, good.signature, Made().mediaType, 2 * base::limits::MiB}, "larger than");
        row("for another repository", signedBy(v2, payloadFor(QStringLiteral("r.example/other"))),
            "another repository: r.example/other, not r.example/app");
        row("for another registry", signedBy(v2, payloadFor(QStringLiteral("q.example/app"))), "another repository");
        const QByteArray elsewhere =
            signing::simpleSigningPayload(QStringLiteral("r.example/app"), oci::Digest::of("another image"));
        row("for another image", signedBy(v2, elsewhere), "another image");
        row("another type of payload", signedBy(v2, payloadFor().replace("cosign container", "atomic container")),
            "which is not cosign's");
        row("no JSON", signedBy(v2, "hello"), "no JSON");
        row("an ambiguous payload", signedBy(v2, payloadFor().replace(R"("type":)", R"("type":"x","type":)")), "twice");
        row("hidden members", signedBy(v2, payloadFor().replace(R"("type":)", R"("x":1,"type":)")), "not made of");
        row("control characters", signedBy(v2, payloadFor(QStringLiteral("r.example/\u202eapp\x1b"))), "U+202E");
    }
    void whatIsNotExactlyRightFails()
    {
        QFETCH(Made, made);
        QFETCH(QString, says);
        const VerifyReport report = reportOf(storeWith({made}), {test::publicKey(v2)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QCOMPARE(report.signatures.size(), 1);
        QCOMPARE(report.signatures.constFirst().verdict, SignatureCheck::Verdict::Failed);
        QVERIFY2(report.reason.contains(says), qPrintable(report.reason));
        QCOMPARE(report.reason, report.signatures.constFirst().reason);
        QVERIFY(!report.reason.contains(QChar(0x1b)));
    }

    void withoutKeysAForeignSignatureStillFails()
    {
        const auto store = storeWith({signedBy(v2, payloadFor(QStringLiteral("r.example/other")))});
        QCOMPARE(reportOf(store, {}).signatures.constFirst().verdict, SignatureCheck::Verdict::Failed);
    }

    void aLargePayloadIsNotEvenAskedFor()
    {
        Made made = signedBy(v2, payloadFor());
        made.claimedSize = 2 * base::limits::MiB;
        const auto store = storeWith({made});
        QCOMPARE(reportOf(store, {test::publicKey(v2)}).verdict, VerifyReport::Verdict::Failed);
        QVERIFY(store->journal().filter(QStringLiteral("GET blob")).isEmpty());
    }

    void aSignatureCopiedToAnotherDigestFails()
    {
        const test::Signatures all = test::signaturesOf(QStringLiteral("legacy-v2"));
        const auto store = test::storeOf(all);
        const oci::Descriptor other =
            oci::Descriptor::of(oci::MediaType::ociManifest(),
                                test::contentOf(test::signingData(QStringLiteral("image/manifest-arm64.json"))));
        store->addManifest(all.manifest, oci::MediaType::ociManifest(), oci::signatureTag(other.digest));
        const VerifyReport report = reportOf(store, {test::publicKey(v2)}, other);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(report.reason.contains(QLatin1String("It signs another image: sha256:93844a94")),
                 qPrintable(report.reason));
    }

    void aSignatureCopiedToAnotherRepositoryFails()
    {
        test::Signatures all = test::signaturesOf(QStringLiteral("legacy-v2"));
        all.repository = QStringLiteral("copy");
        const VerifyReport report = reportOf(test::storeOf(all), {test::publicKey(v2)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(report.reason.contains(QLatin1String("another repository: 127.0.0.1:15281/leg2")),
                 qPrintable(report.reason));
    }

    void aCertificateIsShownButNotBelieved()
    {
        const auto store = test::storeOf(test::signaturesOf(QStringLiteral("legacy-v2-cert")));
        for (const QList<PublicKey> &keys : {QList<PublicKey>{}, {test::publicKey(v2)}}) {
            const VerifyReport report = reportOf(store, keys);
            QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
            const SignatureCheck &check = report.signatures.constFirst();
            QCOMPARE(check.verdict, SignatureCheck::Verdict::NotChecked);
            QCOMPARE(check.certificate->identity, QStringLiteral("signer@example.org"));
            QVERIFY(check.key.isEmpty());
            QVERIFY2(report.reason.contains(QLatin1String("was not verified against a log")),
                     qPrintable(report.reason));
        }
    }

    void aCertificateIsBelievedWhereItLeadsToARoot()
    {
        const test::Signatures all = test::signaturesOf(QStringLiteral("legacy-v2-cert"));
        const auto layer = oci::Manifest::parse(all.manifest, oci::MediaType::ociManifest())->layers().constFirst();
        const auto roots = signing::CertificateChain::fromPem(layer.annotations.value(oci::chainAnnotation).toUtf8(),
                                                              QStringLiteral("roots.pem"));
        const auto reportAt = [&all, &roots](const QDateTime &now) {
            CosignLegacyVerifier verifier(
                {{}, roots->certificates(), now, {{QStringLiteral("signer@example.org")}, {}}});
            return test::await(verifier.verify(test::storeOf(all), test::image(), {})).value();
        };
        const VerifyReport report = reportAt(QDateTime(QDate(2027, 1, 1), QTime(0, 0), Qt::UTC));
        QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
        QVERIFY(report.signatures.constFirst().key.startsWith(QStringLiteral("signer@example.org · ECDSA P-256")));
        QVERIFY(report.signatures.constFirst().reason.contains(QLatin1String("no log says when it signed")));
        const VerifyReport late = reportAt(QDateTime(QDate(2036, 1, 1), QTime(0, 0), Qt::UTC));
        QCOMPARE(late.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(late.reason.contains(QLatin1String("expired")) &&
                     late.reason.contains(QLatin1String("not proven that it signed before")),
                 qPrintable(late.reason));
    }

    void aRegistryThatServesOtherBytesIsFoundOut()
    {
        const test::Signatures all = test::signaturesOf(QStringLiteral("legacy-v2"));
        const oci::Digest payload = oci::Digest::of(all.payload);
        const QList<PublicKey> keys{test::publicKey(v2)};
        for (qsizetype at = 0; at < all.payload.size(); ++at) {
            const auto store = test::storeOf(all);
            store->replaceBlob(payload, flipped(all.payload, at));
            const VerifyReport report = reportOf(store, keys);
            QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
            QVERIFY(report.reason.contains(QLatin1String("is not what its digest says")));
        }
        for (qsizetype at = 0; at < all.manifest.size(); ++at) {
            const auto store = test::storeOf(all);
            store->replaceManifest(oci::Digest::of(all.manifest), flipped(all.manifest, at));
            QCOMPARE(reportOf(store, keys).verdict, VerifyReport::Verdict::Failed);
        }
        const auto store = test::storeOf(all);
        store->removeBlob(payload);
        QVERIFY(reportOf(store, keys).reason.startsWith(QLatin1String("The payload cannot be read: ")));
    }

    void whoeverChangesPayloadAndManifestIsFoundOut()
    {
        // The whole chain of digests rebuilt around one changed bit: only the signature can tell.
        const Made good = signedBy(v2, payloadFor());
        const QList<PublicKey> keys{test::publicKey(v2)};
        QCOMPARE(reportOf(storeWith({good}), keys).verdict, VerifyReport::Verdict::Verified);
        for (qsizetype at = 0; at < good.payload.size(); ++at)
            QCOMPARE(reportOf(storeWith({{flipped(good.payload, at), good.signature}}), keys).verdict,
                     VerifyReport::Verdict::Failed);
        const QByteArray raw = QByteArray::fromBase64(good.signature);
        for (qsizetype at = 0; at < raw.size(); ++at)
            QCOMPARE(reportOf(storeWith({{good.payload, flipped(raw, at).toBase64()}}), keys).verdict,
                     VerifyReport::Verdict::Failed);
    }

    void signaturesAreCounted()
    {
        const Made wrong = {payloadFor(), "MEQ="};
        QList<Made> many(base::limits::signatures - 1, wrong);
        many.append(signedBy(v2, payloadFor()));
        const QList<PublicKey> keys{test::publicKey(v2)};
        QCOMPARE(reportOf(storeWith(many), keys).verdict, VerifyReport::Verdict::Verified);
        many.prepend(wrong);
        const auto store = storeWith(many);
        const VerifyReport tooMany = reportOf(store, keys);
        QCOMPARE(tooMany.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(tooMany.reason.contains(QLatin1String("1001 signatures")), qPrintable(tooMany.reason));
        QVERIFY(store->journal().filter(QStringLiteral("blob")).isEmpty());
    }

    void somethingElseUnderTheTagFails_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<oci::MediaType>("type");
        const QByteArray index = test::contentOf(test::signingData(QStringLiteral("image/index.json")));
        const QByteArray manifest = test::signaturesOf(QStringLiteral("legacy-v2")).manifest;
        QTest::newRow("an index") << index << oci::MediaType::ociIndex();
        QTest::newRow("an index called manifest") << index << oci::MediaType::ociManifest();
        QTest::newRow("an image") << test::imageBytes() << oci::MediaType::ociManifest();
        QTest::newRow("no JSON") << QByteArray("hello") << oci::MediaType::ociManifest();
        QTest::newRow("a member twice") << QByteArray(manifest).replace(R"("layers":)", R"("layers":[],"layers":)")
                                        << oci::MediaType::ociManifest();
    }
    void somethingElseUnderTheTagFails()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(oci::MediaType, type);
        const auto store = test::storeOf(test::signaturesOf(QStringLiteral("legacy-v2")));
        store->addManifest(bytes, type, test::signatureTag());
        const VerifyReport report = reportOf(store, {test::publicKey(v2)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY(!report.reason.isEmpty());
    }

    void whatCannotBeAskedIsAnError_data()
    {
        QTest::addColumn<QString>("request");
        for (const char *request : {"HEAD manifest", "GET manifest", "GET blob"})
            QTest::newRow(request) << QString::fromLatin1(request);
    }
    void whatCannotBeAskedIsAnError()
    {
        QFETCH(QString, request);
        for (const ErrorKind kind : {ErrorKind::Network, ErrorKind::Unauthorized, ErrorKind::Cancelled}) {
            const auto store = test::storeOf(test::signaturesOf(QStringLiteral("legacy-v2")));
            store->failNext(request, base::fail(kind, QStringLiteral("no")).error());
            const auto result = outcome(store, {test::publicKey(v2)});
            QCOMPARE(result.error().kind, kind);
            QVERIFY(result.error().operation.contains(test::image().digest.toString()));
        }
    }

    void itStopsWhenTold()
    {
        const auto store = test::storeOf(test::signaturesOf(QStringLiteral("legacy-v2")));
        std::stop_source source;
        store->setObserver([&source](const QString &line) {
            if (line.startsWith(QLatin1String("GET manifest")))
                source.request_stop();
        });
        QCOMPARE(outcome(store, {test::publicKey(v2)}, test::image(), source.get_token()).error().kind,
                 ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestCosignLegacyVerifier)
#include "tst_cosignlegacyverifier.moc"
