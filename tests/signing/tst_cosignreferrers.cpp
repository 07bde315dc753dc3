// SPDX-License-Identifier: Apache-2.0
// What cosign attaches by subject, checked: its bundles and its older referrers verify, an attestation is no signature,
// and whatever is not exactly right does not verify.
#include "base/limits.h"
#include "signing/cosignreferrers.h"
#include "signing/fixtures.h"
#include "signing/sigstorebundle.h"
#include "signing/statement.h"
#include "support/await.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::MemoryStore;
using content::SignatureCheck;
using content::VerifyReport;
using signing::CosignReferrersVerifier;
using signing::PublicKey;
using Verdict = content::CheckVerdict;

namespace {
const QString v2 = QStringLiteral("cosign-v2");
const QString v3 = QStringLiteral("cosign-v3");
using Store = std::shared_ptr<MemoryStore>;

base::Result<VerifyReport> outcome(const Store &store, const QList<PublicKey> &keys,
                                   const oci::Descriptor &subject = test::image(), std::stop_token stop = {})
{
    CosignReferrersVerifier verifier({keys, {}, {}});
    return test::await(verifier.verify(store, subject, stop));
}

VerifyReport reportOf(const Store &store, const QList<PublicKey> &keys, const oci::Descriptor &subject = test::image())
{
    return outcome(store, keys, subject).value();
}

// A bundle as cosign writes it, in which anything may be another way.
struct Made
{
    QByteArray statement = signing::signStatement(test::image().digest);
    QString payloadType = signing::inTotoPayloadType;
    std::function<QByteArray(QByteArray)> signature = [](const QByteArray &made) { return made; };
    std::function<QByteArray(QByteArray)> bundle = [](const QByteArray &made) { return made; };
    std::function<QByteArray(QByteArray)> manifest = [](const QByteArray &made) { return made; };
    QString mediaType = oci::MediaType::sigstoreBundle().toString();
    QString predicateType = signing::cosignSignPredicate; // as the manifest says
    qint64 claimedSize = -1;
    oci::Descriptor subject = test::image();
};

Store storeWith(const QList<Made> &all)
{
    const Store store = test::storeWithReferrers({});
    store->addBlob("{}");
    for (const Made &made : all) {
        signing::DsseEnvelope envelope{made.payloadType, made.statement, {}};
        envelope.signature = made.signature(test::await(test::signingKey(v2).sign(envelope.signedBytes(), {})).value());
        const QByteArray bytes = made.bundle(signing::sigstoreBundle(envelope, test::signingKey(v2).publicKey()));
        store->addBlob(bytes);
        oci::Descriptor layer = oci::Descriptor::of(oci::MediaType(made.mediaType), bytes);
        if (made.claimedSize >= 0)
            layer.size = made.claimedSize;
        const QByteArray manifest =
            made.manifest(signing::sigstoreBundleManifest(layer, oci::Descriptor::of(oci::MediaType::ociEmpty(), "{}"),
                                                          made.subject, QDateTime(), made.predicateType));
        const oci::Descriptor referrer = oci::Descriptor::of(oci::MediaType::ociManifest(), manifest);
        if (!test::await(store->pushReferrer(referrer, manifest, made.subject, {})))
            qFatal("cannot attach");
    }
    store->clearJournal();
    return store;
}

// The list of referrers with one more entry, as somebody else may write it.
void listAlso(const Store &store, const oci::Descriptor &entry)
{
    const QByteArray list =
        R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)"
        R"({"mediaType":)" +
        oci::jsonString(entry.mediaType.toString()) + R"(,"size":)" + QByteArray::number(entry.size) + R"(,"digest":)" +
        oci::jsonString(entry.digest.toString()) + R"(,"artifactType":)" + oci::jsonString(entry.artifactType) + "}]}";
    store->addManifest(list, oci::MediaType::ociIndex(), content::referrersTag(test::image().digest));
}

QByteArray flipped(QByteArray bytes, qsizetype at)
{
    bytes[at] = static_cast<char>(bytes.at(at) ^ 1);
    return bytes;
}
} // namespace

class TestCosignReferrers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatCosignWroteVerifies_data()
    {
        QTest::addColumn<QString>("fixture");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("form");
        QTest::addColumn<QString>("algorithm");
        const auto row = [](const char *fixture, const char *key, const char *form, const char *algorithm) {
            QTest::newRow(fixture) << QString::fromLatin1(fixture) << QString::fromLatin1(key)
                                   << QString::fromLatin1(form) << QString::fromLatin1(algorithm);
        };
        row("bundle-v3", "cosign-v3", "cosign-bundle", "ECDSA P-256, SHA-256");
        row("bundle-v3-fallback", "cosign-v3", "cosign-bundle", "ECDSA P-256, SHA-256");
        row("bundle-v3-signingconfig", "cosign-v3", "cosign-bundle", "ECDSA P-256, SHA-256");
        row("bundle-v2", "cosign-v2", "cosign-bundle", "ECDSA P-256, SHA-256");
        row("own-bundle", "cosign-v2", "cosign-bundle", "ECDSA P-256, SHA-256");
        row("alg-rsa2048-bundle", "imp-rsa2048", "cosign-bundle", "RSA 2048, SHA-256");
        row("alg-p384-bundle", "imp-p384", "cosign-bundle", "ECDSA P-384, SHA-384");
        row("alg-p521-bundle", "imp-p521", "cosign-bundle", "ECDSA P-521, SHA-512");
        row("alg-ed25519-bundle", "imp-ed25519", "cosign-bundle", "Ed25519, prehashed (Ed25519ph)");
        row("referrer-v2", "cosign-v2", "cosign-referrer", "ECDSA P-256, SHA-256");
        row("referrer-v2-fallback", "cosign-v2", "cosign-referrer", "ECDSA P-256, SHA-256");
    }
    void whatCosignWroteVerifies()
    {
        QFETCH(QString, fixture);
        QFETCH(QString, key);
        QFETCH(QString, form);
        QFETCH(QString, algorithm);
        const Store store = test::storeWithReferrers({fixture});
        if (const QString list = test::signingData(fixture + QStringLiteral("/index.json")); QFile::exists(list))
            store->addManifest(test::contentOf(list), oci::MediaType::ociIndex(),
                               content::referrersTag(test::image().digest)); // cosign's own
        const PublicKey publicKey = test::publicKey(key);
        const VerifyReport report = reportOf(store, {publicKey});
        QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
        QCOMPARE(report.reason, QStringLiteral("Verified with %1.").arg(publicKey.description()));
        QCOMPARE(report.signatures.size(), 1);
        const SignatureCheck &check = report.signatures.constFirst();
        QCOMPARE(check.form, form);
        QCOMPARE(check.key, publicKey.description());
        QCOMPARE(check.algorithm, algorithm);
        QCOMPARE(check.subject, test::image().digest);
        QCOMPARE(check.identity.isEmpty(), form == QLatin1String("cosign-bundle")); // a bundle names no repository
        QVERIFY(report.attestations.isEmpty());

        const VerifyReport other = reportOf(store, {test::publicKey(QStringLiteral("cosign-nopass"))});
        QCOMPARE(other.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(other.reason.startsWith(QLatin1String("The signature was not made by this key")),
                 qPrintable(other.reason));
    }

    void anotherKeyIsNamedByItsHint()
    {
        const Store store = test::storeWithReferrers({QStringLiteral("bundle-v3")});
        const VerifyReport report = reportOf(store, {test::publicKey(v2)});
        QVERIFY2(
            report.reason.contains(
                QStringLiteral("It says that the key was SHA256:%1….").arg(test::publicKey(v3).fingerprint().left(8))),
            qPrintable(report.reason));
    }

    void anAttestationIsNoSignature()
    {
        const Store store = test::storeWithReferrers({QStringLiteral("attestation-v3")});
        const VerifyReport report = reportOf(store, {test::publicKey(v3)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Unsigned);
        QVERIFY(report.signatures.isEmpty());
        QVERIFY2(report.reason.contains(QLatin1String("an attestation is not a signature")), qPrintable(report.reason));
        QCOMPARE(report.attestations.size(), 1);
        const content::AttestationCheck &found = report.attestations.constFirst();
        QCOMPARE(found.kind, QStringLiteral("cosign-bundle"));
        QCOMPARE(found.predicateType, QStringLiteral("https://slsa.dev/provenance/v1"));
        QCOMPARE(found.verdict, Verdict::Verified);
        QCOMPARE(found.key, test::publicKey(v3).description());
        QCOMPARE(reportOf(store, {test::publicKey(v2)}).attestations.constFirst().verdict, Verdict::Failed);
        QCOMPARE(reportOf(store, {}).attestations.constFirst().verdict, Verdict::NotChecked);
    }

    // What cannot be read is what its manifest calls it: an SBOM that is too large is no signature that failed.
    void anAttestationThatIsNotReadIsNoSignature_data()
    {
        QTest::addColumn<Made>("made");
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<QString>("says");
        const QString sbom = QStringLiteral("https://spdx.dev/Document/v2.3");
        const auto row = [](const char *name, const Made &made, Verdict verdict, const char *says) {
            QTest::newRow(name) << made << verdict << QString::fromUtf8(says);
        };
        row("2 MiB",
            {.bundle = [](const QByteArray &made) { return made.leftJustified(2 * base::limits::MiB, ' '); },
             .predicateType = sbom},
            Verdict::Failed, "larger than the 1.0 MB that are read");
        row("no bundle", {.bundle = [](const QByteArray &) { return QByteArray("{}"); }, .predicateType = sbom},
            Verdict::Failed, "bundle");
        row("no statement", {.statement = "hello", .predicateType = sbom}, Verdict::Failed, "The statement is no JSON");
        row("another version",
            {.mediaType = QStringLiteral("application/vnd.dev.sigstore.bundle.v0.2+json"), .predicateType = sbom},
            Verdict::NotChecked, "are not read");
        row("no layer",
            {.manifest =
                 [](QByteArray made) { return made.replace("\"layers\":[", "\"layers\":[],\"annotations2\":["); },
             .predicateType = sbom},
            Verdict::Failed, "has 0 layers");
    }
    void anAttestationThatIsNotReadIsNoSignature()
    {
        QFETCH(Made, made);
        QFETCH(Verdict, verdict);
        QFETCH(QString, says);
        VerifyReport report = reportOf(storeWith({made}), {test::publicKey(v2)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Unsigned);
        QVERIFY(report.signatures.isEmpty());
        QCOMPARE(report.attestations.size(), 1);
        const content::AttestationCheck found = report.attestations.constFirst();
        QCOMPARE(found.predicateType, made.predicateType);
        QCOMPARE(found.verdict, verdict);
        QVERIFY2(found.reason.contains(says), qPrintable(found.reason));
        QVERIFY(!found.kept.manifest.isNull());
        report = reportOf(storeWith({made, {}}), {test::publicKey(v2)});
        QCOMPARE(report.reason, QStringLiteral("Verified with %1.").arg(test::publicKey(v2).description()));
        // Whoever calls it a signature, or nothing at all, has one that failed or was not checked.
        for (const QString &name : {QString(signing::cosignSignPredicate), QString()}) {
            made.predicateType = name;
            report = reportOf(storeWith({made}), {test::publicKey(v2)});
            QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
            QCOMPARE(report.signatures.size(), 1);
        }
    }

    // A statement that can be read says itself what it is.
    void theManifestsWordForAStatementIsNotBelieved()
    {
        const Made made{.predicateType = QStringLiteral("https://spdx.dev/Document/v2.3")};
        QCOMPARE(reportOf(storeWith({made}), {test::publicKey(v2)}).signatures.size(), 1);
    }

    // Nor does the list's word for one make a manifest that cannot be read an attestation.
    void theListsWordForAManifestIsNotBelieved()
    {
        const QString sbom = QStringLiteral("https://spdx.dev/Document/v2.3");
        const Store store = storeWith({{.predicateType = sbom}});
        const oci::Descriptor entry = test::await(store->referrers(test::image().digest, {}))->manifests.constFirst();
        QCOMPARE(entry.annotations.value(oci::bundlePredicateAnnotation), sbom);
        store->replaceManifest(entry.digest, "damaged");
        const VerifyReport report = reportOf(store, {test::publicKey(v2)});
        QVERIFY(report.attestations.isEmpty());
        QCOMPARE(report.signatures.size(), 1);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
    }

    void everythingAttachedIsLookedAt()
    {
        const Store store = test::storeWithReferrers(
            {QStringLiteral("bundle-v3"), QStringLiteral("attestation-v3"), QStringLiteral("bundle-v2")});
        VerifyReport report = reportOf(store, {test::publicKey(v2)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(report.signatures.size(), 2);
        QCOMPARE(report.attestations.size(), 1);
        QVERIFY2(report.reason.endsWith(QLatin1String(": 1 of 2 signatures.")), qPrintable(report.reason));
        report = reportOf(store, {test::publicKey(v2), test::publicKey(v3)});
        QCOMPARE(std::ranges::count(report.signatures, Verdict::Verified, &SignatureCheck::verdict), 2);
    }

    // The list's word for it counts for nothing, in either direction.
    void theListIsNotBelieved()
    {
        const test::Signatures bundle = test::signaturesOf(QStringLiteral("bundle-v3"));
        const Store store = test::storeWithReferrers({QStringLiteral("bundle-v3")});
        oci::Descriptor entry = oci::Descriptor::of(oci::MediaType::ociManifest(), bundle.manifest);
        entry.artifactType = QStringLiteral("application/spdx+json");
        listAlso(store, entry);
        QCOMPARE(reportOf(store, {test::publicKey(v3)}).verdict, VerifyReport::Verdict::Verified);

        const oci::Descriptor image = test::image();
        entry = image;
        entry.artifactType = oci::MediaType::sigstoreBundle().toString();
        listAlso(store, entry);
        QCOMPARE(reportOf(store, {test::publicKey(v3)}).verdict, VerifyReport::Verdict::Unsigned);
    }

    void nothingAttachedMeansUnsigned()
    {
        const VerifyReport report = reportOf(test::storeWithReferrers({}), {test::publicKey(v2)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Unsigned);
        QCOMPARE(report.reason, QStringLiteral("There is no signature for %1.").arg(test::image().digest.toString()));
    }

    void withoutKeysNothingIsVerified()
    {
        const VerifyReport report = reportOf(test::storeWithReferrers({QStringLiteral("bundle-v3")}), {});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QCOMPARE(report.signatures.constFirst().verdict, Verdict::NotChecked);
        QCOMPARE(report.reason, QStringLiteral("Not checked: no key was given."));
    }

    void whatIsNotExactlyRightFails_data()
    {
        QTest::addColumn<Made>("made");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const Made &made, const char *says) {
            QTest::newRow(name) << made << QString::fromUtf8(says);
        };
        const auto replaced = [](const QByteArray &from, const QByteArray &to) {
            return [from, to](QByteArray bytes) {
                if (!bytes.contains(from))
                    qFatal("%s", from.constData());
                return bytes.replace(from, to);
            };
        };
        const QByteArray statement = Made().statement;
        const oci::Digest other = oci::Digest::of("another image");
        row("another image", {.statement = signing::signStatement(other)}, "It signs another image: sha256:");
        row("no image", {.statement = QByteArray(statement).replace("\"subject\"", "\"object\"")},
            "It does not say what it signs.");
        row("another hash of it", {.statement = QByteArray(statement).replace("\"sha256\"", "\"sha1\"")},
            "It does not say what it signs.");
        row("no statement", {.statement = QByteArray(statement).replace("in-toto.io/Statement/v1", "example.org/v1")},
            "The payload is no in-toto statement.");
        row("a statement of no kind", {.statement = QByteArray(statement).replace("predicateType", "kind")},
            "does not say of which kind");
        row("an ambiguous statement",
            {.statement =
                 QByteArray(statement).replace("\"predicateType\"", "\"predicateType\":\"x\",\"predicateType\"")},
            "The statement has /predicateType twice");
        row("no JSON", {.statement = "hello"}, "The statement is no JSON");
        row("another payload type", {.payloadType = QStringLiteral("application/json")},
            "of type “application/json”, not an in-toto statement");
        row("a type that was not signed",
            {.bundle = replaced("\"payloadType\":\"application/vnd.in-toto+json\"", "\"payloadType\":\"text/plain\"")},
            "of type “text/plain”");
        row("a bit of the signature", {.signature = [](const QByteArray &made) { return flipped(made, 40); }},
            "not made by this key");
        row("another statement than was signed",
            {.bundle = replaced(statement.toBase64(), QByteArray(statement).replace("{}}", "{ }}").toBase64())},
            "not made by this key");
        row("no signature", {.bundle = replaced("\"signatures\":[{", "\"signatures\":[],\"x\":[{")},
            "has 0 signatures; exactly one");
        row("two signatures", {.bundle = replaced("\"signatures\":[", "\"signatures\":[{\"sig\":\"AAAA\"},")},
            "has 2 signatures; exactly one");
        row("a signature with a space", {.bundle = replaced("\"sig\":\"", "\"sig\":\" ")}, "no proper base64");
        row("a payload without base64", {.bundle = replaced("\"payload\":\"", "\"payload\":\"!")}, "no proper base64");
        row("a bundle that is no JSON", {.bundle = replaced("{\"mediaType\"", "{{\"mediaType\"")},
            "The bundle is no JSON");
        row("an ambiguous bundle", {.bundle = replaced("\"dsseEnvelope\":", "\"dsseEnvelope\":{},\"dsseEnvelope\":")},
            "The bundle has /dsseEnvelope twice");
        row("a bundle of a version before", {.bundle = replaced("bundle.v0.3", "bundle.v0.2")},
            "The bundle calls itself “application/vnd.dev.sigstore.bundle.v0.2+json”");
        row("a bundle of something else", {.bundle = replaced("dsseEnvelope", "messageSignature")},
            "holds no envelope");
        row("no layer", {.manifest = replaced("\"layers\":[", "\"layers\":[],\"annotations2\":[")}, "has 0 layers");
        row("another size", {.claimedSize = 600}, "longer than");
        row("2 MiB", {.claimedSize = 2 * base::limits::MiB}, "larger than the 1.0 MB that are read");
    }
    void whatIsNotExactlyRightFails()
    {
        QFETCH(Made, made);
        QFETCH(QString, says);
        const VerifyReport report = reportOf(storeWith({made}), {test::publicKey(v2)});
        QVERIFY2(report.verdict == VerifyReport::Verdict::Failed, qPrintable(report.reason));
        QCOMPARE(report.signatures.size(), 1);
        QCOMPARE(report.signatures.constFirst().verdict, Verdict::Failed);
        QVERIFY2(report.reason.contains(says), qPrintable(report.reason));
    }

    void whatIsMadeHereIsRightOtherwise()
    {
        QCOMPARE(reportOf(storeWith({Made()}), {test::publicKey(v2)}).verdict, VerifyReport::Verdict::Verified);
    }

    void versionsBeforeAreSaidNotToBeRead()
    {
        for (const char *type :
             {"application/vnd.dev.sigstore.bundle.v0.2+json", "application/vnd.dev.sigstore.bundle+json;version=0.1",
              "application/vnd.dev.sigstore.bundle"}) {
            const Store store = storeWith({Made{.mediaType = QString::fromLatin1(type)}});
            const VerifyReport report = reportOf(store, {test::publicKey(v2)});
            QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
            QCOMPARE(report.signatures.constFirst().verdict, Verdict::NotChecked);
            QVERIFY2(report.reason.contains(QLatin1String(type)), qPrintable(report.reason));
            QVERIFY(store->journal().filter(QStringLiteral("GET blob")).isEmpty());
        }
    }

    // Somebody puts a good signature of one image into the list of another: with the statement unchanged, and with a
    // manifest that is not about this image at all.
    void aSignatureCopiedToAnotherImageFails()
    {
        const oci::Descriptor other =
            oci::Descriptor::of(oci::MediaType::ociManifest(),
                                test::contentOf(test::signingData(QStringLiteral("image/manifest-arm64.json"))));
        VerifyReport report = reportOf(storeWith({Made{.subject = other}}), {test::publicKey(v2)}, other);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(
            report.reason.contains(QStringLiteral("It signs another image: %1").arg(test::image().digest.toString())),
            qPrintable(report.reason));

        const Store store = test::storeWithReferrers({QStringLiteral("bundle-v3")});
        store->addManifest(store->manifestBytes(store->tagged(content::referrersTag(test::image().digest))),
                           oci::MediaType::ociIndex(), content::referrersTag(other.digest));
        report = reportOf(store, {test::publicKey(v3)}, other);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(report.reason.startsWith(QLatin1String("Its manifest belongs to another image: sha256:93844a94")),
                 qPrintable(report.reason));
    }

    void aRegistryThatServesOtherBytesIsFoundOut()
    {
        const test::Signatures all = test::signaturesOf(QStringLiteral("bundle-v3"));
        const QList<PublicKey> keys{test::publicKey(v3)};
        const QByteArray bundle = all.blobs.constLast();
        for (qsizetype at = 0; at < bundle.size(); at += 3) {
            const Store store = test::storeWithReferrers({QStringLiteral("bundle-v3")});
            store->replaceBlob(oci::Digest::of(bundle), flipped(bundle, at));
            const VerifyReport report = reportOf(store, keys);
            QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
            QVERIFY2(report.reason.contains(QLatin1String("is not what its digest says")), qPrintable(report.reason));
        }
        for (qsizetype at = 0; at < all.manifest.size(); at += 3) {
            const Store store = test::storeWithReferrers({QStringLiteral("bundle-v3")});
            store->replaceManifest(oci::Digest::of(all.manifest), flipped(all.manifest, at));
            const VerifyReport report = reportOf(store, keys);
            QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
            QVERIFY2(report.reason.startsWith(QLatin1String("Its manifest cannot be read: ")),
                     qPrintable(report.reason));
        }
        const Store store = test::storeWithReferrers({QStringLiteral("bundle-v3")});
        store->removeBlob(oci::Digest::of(bundle));
        QVERIFY(reportOf(store, keys).reason.startsWith(QLatin1String("The payload cannot be read: ")));
    }

    // The whole chain of digests rebuilt around one changed bit: only the signature can tell.
    void whoeverChangesTheEnvelopeIsFoundOut()
    {
        const QByteArray statement = Made().statement;
        for (qsizetype at = 0; at < statement.size(); ++at) {
            const QByteArray changed = flipped(statement, at).toBase64();
            const Made made{.bundle = [&](QByteArray bundle) { return bundle.replace(statement.toBase64(), changed); }};
            QVERIFY(reportOf(storeWith({made}), {test::publicKey(v2)}).verdict != VerifyReport::Verdict::Verified);
        }
    }

    void attachmentsAreCounted()
    {
        const Store store = test::storeWithReferrers({});
        QByteArrayList entries;
        for (int i = 0; i <= base::limits::referrers; ++i)
            entries.append(R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","size":10,"digest":)" +
                           oci::jsonString(oci::Digest::of(QByteArray::number(i)).toString()) + '}');
        store->addManifest(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
                               entries.join(',') + "]}",
                           oci::MediaType::ociIndex(), content::referrersTag(test::image().digest));
        const VerifyReport report = reportOf(store, {test::publicKey(v2)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(report.reason.contains(QLatin1String("1001")), qPrintable(report.reason));
        QVERIFY(store->journal().filter(QStringLiteral("blob")).isEmpty());
    }

    void othersAttachmentsDoNotMatter()
    {
        const Store store = test::storeWithReferrers({QStringLiteral("bundle-v3")});
        const oci::Descriptor packages =
            oci::Descriptor::of(oci::MediaType(QStringLiteral("application/spdx+json")), "a list of packages");
        const QByteArray other = signing::sigstoreBundleManifest(
            packages, oci::Descriptor::of(oci::MediaType::ociEmpty(), "{}"), test::image(), QDateTime());
        const oci::Descriptor manifest = oci::Descriptor::of(oci::MediaType::ociManifest(), other);
        QVERIFY(test::await(store->pushReferrer(manifest, other, test::image(), {})));
        VerifyReport report = reportOf(store, {test::publicKey(v3)});
        QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(report.signatures.size(), 1);
        store->replaceManifest(manifest.digest, "damaged");
        report = reportOf(store, {test::publicKey(v3)});
        QCOMPARE(report.signatures.size(), 1);
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
            const Store store = test::storeWithReferrers({QStringLiteral("bundle-v3")});
            store->failNext(request, base::fail(kind, QStringLiteral("no")).error());
            const auto result = outcome(store, {test::publicKey(v3)});
            QCOMPARE(result.error().kind, kind);
            QVERIFY(result.error().operation.contains(test::image().digest.toString()));
        }
    }

    void itStopsWhenTold()
    {
        const Store store = test::storeWithReferrers({QStringLiteral("bundle-v3")});
        std::stop_source source;
        store->setObserver([&source](const QString &line) {
            if (line.startsWith(QLatin1String("GET manifest")))
                source.request_stop();
        });
        QCOMPARE(outcome(store, {test::publicKey(v3)}, test::image(), source.get_token()).error().kind,
                 ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestCosignReferrers)
#include "tst_cosignreferrers.moc"
