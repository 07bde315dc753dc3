// SPDX-License-Identifier: Apache-2.0
// All forms together: what is attached is read once and within a limit, each verdict says where its signature is kept
// and how far it reaches, and what is no signature is not called one.
#include "base/limits.h"
#include "content/readonce.h"
#include "content/referrerstag.h"
#include "signing/allforms.h"
#include "signing/cosignmanifest.h"
#include "signing/cosignreferrers.h"
#include "signing/forms.h"
#include "signing/notationfixtures.h"
#include "signing/notationverifier.h"
#include "signing/sigstorebundle.h"
#include "signing/statement.h"
#include "support/faketarget/faketarget.h"

#include <QTest>

using namespace colophon;
using content::CheckVerdict;
using content::MemoryStore;
using content::SignatureCheck;
using content::VerifyReport;
using Store = std::shared_ptr<MemoryStore>;

namespace {
const QString v2 = QStringLiteral("cosign-v2");

const signing::SigningKey &key()
{
    static const signing::SigningKey opened = test::signingKey(v2); // scrypt once
    return opened;
}

VerifyReport reportOf(const content::TargetPtr &target,
                      const std::optional<signing::NotationTrust> &notation = std::nullopt,
                      const oci::Descriptor &subject = test::image())
{
    const auto verifier = signing::verifierOf({{test::publicKey(v2)}, {}, {}}, notation);
    return test::await(verifier->verify(target, subject, {})).value();
}

void sign(const content::TargetPtr &target, const QString &form, const oci::Descriptor &subject = test::image())
{
    const QString repository = target->registry() + QLatin1Char('/') + target->repository();
    const content::Signers signers = signing::signersFor(key(), {form}).value();
    if (!test::await(signers.constFirst()->sign(target, repository, subject, {})))
        qFatal("cannot sign");
}

// Gives the certificate of the notation signature.
auto signInAllForms(const Store &store)
{
    sign(store, signing::cosignLegacyForm);
    sign(store, signing::cosignBundleForm);
    auto leaf = test::makeCertificate({});
    const auto chain = test::chainOf({leaf});
    test::attachEnvelope(store, test::envelopeOf({}, leaf, chain), chain);
    return leaf;
}

// What a registry would have to be asked, and the bytes that it would send.
struct Traffic
{
    QStringList requests;
    qint64 bytes = 0;
};
std::shared_ptr<Traffic> watched(const Store &store)
{
    auto traffic = std::make_shared<Traffic>();
    store->setObserver([traffic, store = store.get()](const QString &line) {
        traffic->requests.append(line);
        const auto digest = oci::Digest::parse(line.section(QLatin1Char(' '), 2));
        if (line.startsWith(QLatin1String("GET manifest")))
            traffic->bytes += store->manifestBytes(*digest).size();
        else if (line.startsWith(QLatin1String("GET blob")))
            traffic->bytes += store->blobs().value(*digest).size();
    });
    return traffic;
}

// The repository's content as somebody who copies all of it would put it into another.
Store copyOf(const Store &store, const QString &repository)
{
    auto copy = std::make_shared<MemoryStore>(store->registry(), repository);
    for (const QByteArray &blob : store->blobs())
        copy->addBlob(blob);
    const auto tags = test::await(store->tags({})).value();
    for (const QString &tag : tags) {
        const QByteArray bytes = store->manifestBytes(store->tagged(tag));
        const bool isList = tag == content::referrersTag(test::image().digest);
        copy->addManifest(bytes, isList ? oci::MediaType::ociIndex() : oci::MediaType::ociManifest(), tag);
    }
    const auto referrers = test::await(store->referrers(test::image().digest, {})).value();
    for (const oci::Descriptor &each : referrers.manifests)
        copy->addManifest(store->manifestBytes(each.digest), each.mediaType);
    return copy;
}
} // namespace

class TestVerification : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingIsReadOnce()
    {
        const Store store = test::storeWithImage();
        const auto leaf = signInAllForms(store);
        test::attachAll(store, {test::otherReferrer(1), test::otherReferrer(2)});
        const auto traffic = watched(store);
        const VerifyReport report = reportOf(store, test::TrustFolder({leaf.pem}).read().value());
        QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(report.signatures.size(), 3);
        for (const SignatureCheck &each : report.signatures)
            QVERIFY2(each.verdict == CheckVerdict::Verified, qPrintable(each.reason));
        QCOMPARE(traffic->requests.removeDuplicates(), 0);
        // Three tags are asked for; then the list, the image under .sig, four referrers; and three payloads.
        QCOMPARE(traffic->requests.filter(QStringLiteral("HEAD manifest")).size(), 3);
        QCOMPARE(traffic->requests.filter(QStringLiteral("GET manifest")).size(), 6);
        QCOMPARE(traffic->requests.filter(QStringLiteral("GET blob")).size(), 3);
    }

    // Where there is more than is read nothing is called verified, not even what was found before that.
    void tooManyBytesVerifyNothing()
    {
        const Store store = test::storeWithImage();
        sign(store, signing::cosignLegacyForm);
        sign(store, signing::cosignBundleForm);
        QCOMPARE(reportOf(store).verdict, VerifyReport::Verdict::Verified);
        QList<QByteArray> others;
        for (int i = 0; i < 20; ++i)
            others.append(test::otherReferrer(i, base::limits::manifest - 4096));
        test::attachAll(store, others.mid(0, 15));
        QCOMPARE(reportOf(store).verdict, VerifyReport::Verdict::Verified);
        test::attachAll(store, others.mid(15));
        const auto traffic = watched(store);
        const VerifyReport report = reportOf(store);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(report.reason.startsWith(QLatin1String("Too much is attached to it to say whether it is signed. There "
                                                        "is more attached to this image than is read: ")),
                 qPrintable(report.reason));
        QVERIFY2(traffic->bytes <= base::limits::attached, qPrintable(QString::number(traffic->bytes)));
        QVERIFY(report.isCut);
    }

    // The limit is each image's own: two platforms with much attached are verified through the same target, as often
    // as somebody asks.
    void whatIsAttachedToOneImageDoesNotCountForAnother()
    {
        const Store store = test::storeWithImage();
        const oci::Descriptor second =
            store->addManifest(test::imageBytes() + '\n', oci::MediaType::ociManifest(), QStringLiteral("v2"));
        const QList<oci::Descriptor> subjects{test::image(), second};
        for (const oci::Descriptor &subject : subjects) {
            sign(store, signing::cosignLegacyForm, subject);
            QList<QByteArray> others;
            for (int i = 0; i < 10; ++i)
                others.append(test::otherReferrer(i, base::limits::manifest - 4096, subject));
            test::attachAll(store, others, subject);
        }
        const auto once = std::make_shared<content::ReadOnce>(store);
        for (const oci::Descriptor &subject : subjects + subjects) {
            const VerifyReport report = reportOf(once, std::nullopt, subject);
            QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
        }
        // Nor does it keep from saying what is wrong with one of them.
        QList<QByteArray> more;
        for (int i = 10; i < 20; ++i)
            more.append(test::otherReferrer(i, base::limits::manifest - 4096, second));
        test::attachAll(store, more, second);
        const auto again = std::make_shared<content::ReadOnce>(store);
        QCOMPARE(reportOf(again, std::nullopt, second).verdict, VerifyReport::Verdict::Failed);
        QCOMPARE(reportOf(again).verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(reportOf(again, std::nullopt, second).verdict, VerifyReport::Verdict::Failed);
    }

    void tooManySignaturesVerifyNothing()
    {
        const Store store = test::storeWithImage();
        sign(store, signing::cosignLegacyForm);
        sign(store, signing::cosignBundleForm);
        const QString tag = test::signatureTag();
        QByteArray manifest = store->manifestBytes(store->tagged(tag));
        const qsizetype begin = manifest.indexOf("\"layers\":[") + 10;
        const QByteArray layer = manifest.mid(begin, manifest.lastIndexOf(']') - begin);
        manifest.insert(begin, (layer + ',').repeated(base::limits::signatures));
        store->addManifest(manifest, oci::MediaType::ociManifest(), tag);
        const auto traffic = watched(store);
        const VerifyReport report = reportOf(store);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(report.reason.contains(QLatin1String("There are 1001 signatures; more than 1000 are not read.")),
                 qPrintable(report.reason));
    }

    void tooManyReferrersVerifyNothing()
    {
        const Store store = test::storeWithImage();
        sign(store, signing::cosignLegacyForm);
        QList<QByteArray> others;
        for (int i = 0; i <= base::limits::referrers; ++i)
            others.append(test::otherReferrer(i));
        test::attachAll(store, others);
        const auto traffic = watched(store);
        const VerifyReport report = reportOf(store);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
        QVERIFY2(report.reason.contains(QLatin1String("1001")), qPrintable(report.reason));
        QCOMPARE(report.problems.size(), 1); // said once, whoever found out
        QVERIFY(traffic->requests.filter(QStringLiteral("GET manifest")).size() <= 2);
    }

    // Likewise where they stand under the tag, of a registry that keeps the list itself: what is there is not known.
    void tooManyUnderTheTagVerifyNothing()
    {
        const Store store = test::storeWithImage();
        sign(store, signing::cosignBundleForm);
        const auto target = std::make_shared<test::FakeTarget>(store);
        target->keepList(test::await(store->referrers(test::image().digest, {}))->manifests);
        QList<QByteArray> others;
        for (int i = 0; i < base::limits::referrers; ++i)
            others.append(test::otherReferrer(i));
        test::attachAll(store, others);
        for (const QList<oci::Descriptor> &list :
             {QList<oci::Descriptor>(), test::await(target->referrers(test::image().digest, {}))->manifests}) {
            target->keepList(list);
            const VerifyReport report = reportOf(target);
            QCOMPARE(report.verdict, VerifyReport::Verdict::Failed);
            QVERIFY2(report.reason.contains(QLatin1String("It has 1001 attachments; at most 1000 are read.")),
                     qPrintable(report.reason));
            QCOMPARE(report.problems.size(), 1);
            QCOMPARE(report.signatures.size(), list.size());
            // Whoever looks for one form alone does not know either.
            QVERIFY(test::await(signing::NotationVerifier(std::nullopt).verify(target, test::image(), {}))->isCut);
            QVERIFY(test::await(signing::CosignReferrersVerifier({}).verify(target, test::image(), {}))->isCut);
        }
        // Something else under that tag is of no importance.
        store->addManifest("no list", oci::MediaType::ociManifest(), content::referrersTag(test::image().digest));
        QCOMPARE(reportOf(target).verdict, VerifyReport::Verdict::Verified);
    }

    // One payload that is too large is a signature that does not verify; another that is right still does.
    void aLargePayloadIsAboutItsSignatureAlone()
    {
        const Store store = test::storeWithImage();
        sign(store, signing::cosignBundleForm);
        const QByteArray large(2 * base::limits::MiB, ' ');
        store->addBlob(large);
        const oci::Descriptor layer = oci::Descriptor::of(oci::MediaType::cosignSimpleSigning(), large);
        const auto image = signing::withSignature({}, layer, "signature");
        store->addManifest(image->manifest, oci::MediaType::ociManifest(), test::signatureTag());
        const auto traffic = watched(store);
        const VerifyReport report = reportOf(store);
        QCOMPARE(report.signatures.constFirst().reason,
                 QStringLiteral("The payload is larger than the 1.0 MB that are read."));
        QCOMPARE(report.signatures.constFirst().verdict, CheckVerdict::Failed);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
        QVERIFY(traffic->bytes < base::limits::MiB);
    }

    void aSignatureCopiedToAnotherRepository()
    {
        const Store store = test::storeWithImage();
        const auto leaf = signInAllForms(store);
        const VerifyReport report =
            reportOf(copyOf(store, QStringLiteral("elsewhere")), test::TrustFolder({leaf.pem}).read().value());
        QCOMPARE(report.signatures.size(), 3);
        const auto of = [&report](const QString &form) {
            return *std::ranges::find(report.signatures, form, &SignatureCheck::form);
        };
        const SignatureCheck legacy = of(signing::cosignLegacyForm);
        QCOMPARE(legacy.verdict, CheckVerdict::Failed);
        QVERIFY2(legacy.reason.contains(QLatin1String("signed for another repository")), qPrintable(legacy.reason));
        QVERIFY(!signing::signsDigestAlone(legacy.form));
        for (const QString &form : {QString(signing::cosignBundleForm), QString(signing::notationForm)}) {
            const SignatureCheck copied = of(form);
            QVERIFY2(copied.verdict == CheckVerdict::Verified, qPrintable(copied.reason));
            QVERIFY2(copied.reason.contains(signing::digestAloneInWords()), qPrintable(copied.reason));
            QVERIFY(signing::signsDigestAlone(form));
        }
        QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
    }

    // Each check says where its signature is, though all are over the same payload.
    void eachCheckKnowsItsPlace()
    {
        const test::Signatures legacy = test::signaturesOf(QStringLiteral("legacy-two-sigs-annotated"));
        const Store store = test::storeOf(legacy);
        store->addManifest(test::imageBytes(), oci::MediaType::ociManifest());
        sign(store, signing::cosignLegacyForm);
        const test::Signatures attached = test::signaturesOf(QStringLiteral("referrer-v2"));
        for (const QByteArray &blob : attached.blobs)
            store->addBlob(blob);
        test::attachAll(store, {attached.manifest});
        sign(store, signing::cosignBundleForm);
        const VerifyReport report = reportOf(store);
        const oci::Digest underTag = store->tagged(test::signatureTag());
        QList<content::Kept> places;
        for (const SignatureCheck &each : report.signatures) {
            QVERIFY(!places.contains(each.kept));
            places.append(each.kept);
        }
        for (int i = 0; i < 3; ++i)
            QVERIFY(places.contains(content::Kept{underTag, i, test::signatureTag()}));
        QVERIFY(places.contains(content::Kept{oci::Digest::of(attached.manifest), 0, {}}));
        QCOMPARE(places.size(), 5);
    }

    void attestationsUnderTheTagAreNoSignature()
    {
        const Store store = test::storeWithImage();
        const test::Signatures all = test::signaturesOf(QStringLiteral("attestation-legacy"));
        for (const QByteArray &blob : all.blobs)
            store->addBlob(blob);
        const QString tag = oci::attestationTag(test::image().digest);
        store->addManifest(all.manifest, oci::MediaType::ociManifest(), tag);
        const VerifyReport report = reportOf(store);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Unsigned);
        QVERIFY(report.signatures.isEmpty());
        QCOMPARE(report.attestations.size(), 1);
        const content::AttestationCheck found = report.attestations.constFirst();
        QVERIFY2(found.verdict == CheckVerdict::Verified, qPrintable(found.reason));
        QCOMPARE(found.predicateType, QStringLiteral("https://slsa.dev/provenance/v1"));
        QCOMPARE(found.kept, (content::Kept{oci::Digest::of(all.manifest), 0, tag}));
        QCOMPARE(report.reason,
                 QStringLiteral("There is no signature for %1. An attestation is attached to it "
                                "(https://slsa.dev/provenance/v1), and an attestation is not a signature.")
                     .arg(test::image().digest.toString()));
    }

    // Nobody is believed because it stands under that tag.
    void attestationsUnderTheTagAreChecked_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("reason");
        QTest::newRow("another signature")
            << QByteArray(R"("sig":"M)") << QByteArray(R"("sig":"N)") << QStringLiteral("was not made by this key");
        QTest::newRow("no JSON") << QByteArray("{") << QByteArray("[") << QStringLiteral("no JSON");
        QTest::newRow("another type") << QByteArray("application/vnd.in-toto+json")
                                      << QByteArray("application/vnd.in-toto+cbor")
                                      << QStringLiteral("not an in-toto statement");
    }
    void attestationsUnderTheTagAreChecked()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, reason);
        const test::Signatures all = test::signaturesOf(QStringLiteral("attestation-legacy"));
        const Store store = test::storeWithImage();
        QByteArray manifest = all.manifest;
        for (const QByteArray &blob : all.blobs) {
            QByteArray changed = blob;
            if (blob.contains("payloadType")) {
                QVERIFY(blob.contains(from));
                changed.replace(from, to);
                manifest.replace(oci::Digest::of(blob).toLatin1(), oci::Digest::of(changed).toLatin1());
                QCOMPARE(changed.size(), blob.size());
            }
            store->addBlob(changed);
        }
        store->addManifest(manifest, oci::MediaType::ociManifest(), oci::attestationTag(test::image().digest));
        const VerifyReport report = reportOf(store);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Unsigned);
        QCOMPARE(report.attestations.size(), 1);
        QCOMPARE(report.attestations.constFirst().verdict, CheckVerdict::Failed);
        QVERIFY2(report.attestations.constFirst().reason.contains(reason),
                 qPrintable(report.attestations.constFirst().reason));
    }

    // However many and large they are: what is no signature keeps none from being verified.
    void manyAttestationsHideNoSignature_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<qsizetype>("size");
        QTest::addColumn<int>("reported");
        QTest::addColumn<QString>("reason");
        QTest::newRow("1,001") << 1001 << qsizetype(0) << 1
                               << QStringLiteral("There are 1001 attestations; more than 1000 are not read.");
        QTest::newRow("80 MB") << 80 << qsizetype(base::limits::MiB - 10) << 80
                               << QStringLiteral("There is more attached to this image than is read");
    }
    void manyAttestationsHideNoSignature()
    {
        QFETCH(int, number);
        QFETCH(qsizetype, size);
        QFETCH(int, reported);
        QFETCH(QString, reason);
        const Store store = test::storeWithImage();
        QByteArrayList layers;
        for (int i = 0; i < number; ++i) {
            const QByteArray bytes = QByteArray::number(i).leftJustified(size, ' ');
            store->addBlob(bytes);
            layers.append(
                oci::Descriptor::of(oci::MediaType(QStringLiteral("application/vnd.dsse.envelope.v1+json")), bytes)
                    .toJson());
        }
        const QByteArray config = "{}";
        store->addManifest(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
                               oci::Descriptor::of(oci::MediaType::ociConfig(), config).toJson() + R"(,"layers":[)" +
                               layers.join(',') + "]}",
                           oci::MediaType::ociManifest(), oci::attestationTag(test::image().digest));
        VerifyReport report = reportOf(store);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Unsigned);
        QCOMPARE(report.attestations.size(), reported);
        QCOMPARE(report.attestations.constLast().verdict, CheckVerdict::Failed);
        QCOMPARE(report.attestations.constLast().kept.tag, oci::attestationTag(test::image().digest));
        QVERIFY2(report.attestations.constLast().reason.contains(reason),
                 qPrintable(report.attestations.constLast().reason));
        sign(store, signing::cosignLegacyForm);
        report = reportOf(store);
        QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
    }

    void somethingElseUnderThatTagHidesNoSignature()
    {
        const Store store = test::storeWithImage();
        sign(store, signing::cosignBundleForm);
        store->addManifest("no manifest", oci::MediaType::ociManifest(), oci::attestationTag(test::image().digest));
        const VerifyReport report = reportOf(store);
        QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
        QCOMPARE(report.attestations.constFirst().verdict, CheckVerdict::Failed);
    }

    // What stands under the tag alone is found by few, but it is what it is.
    void underTheTagAloneItIsVerifiedAllTheSame()
    {
        const Store store = test::storeWithImage();
        sign(store, signing::cosignBundleForm);
        const auto leaf = test::makeCertificate({});
        const auto chain = test::chainOf({leaf});
        test::attachEnvelope(store, test::envelopeOf({}, leaf, chain), chain);
        const auto trust = test::TrustFolder({leaf.pem}).read().value();
        const auto all = test::await(store->referrers(test::image().digest, {}))->manifests;
        QCOMPARE(all.size(), 2);
        const auto target = std::make_shared<test::FakeTarget>(store);
        const QString words = content::unlistedInWords(test::image().digest);
        const QString tag = content::referrersTag(test::image().digest);
        for (const int listed : {0, 1, 2}) {
            target->keepList(all.mid(0, listed));
            const VerifyReport report = reportOf(target, trust);
            QCOMPARE(report.verdict, VerifyReport::Verdict::Verified);
            QCOMPARE(report.signatures.size(), 2);
            for (const SignatureCheck &each : report.signatures) {
                QVERIFY2(each.verdict == CheckVerdict::Verified, qPrintable(each.reason));
                const bool isListed =
                    all.mid(0, listed).contains(each.kept.manifest == all.at(0).digest ? all.at(0) : all.at(1));
                QCOMPARE(each.reason.contains(words), !isListed);
                QCOMPARE(each.kept.tag, isListed ? QString() : tag);
            }
        }
    }

    // Whoever signs looks at the registry's list alone: there the signature is to be found.
    void signingAgainPutsItIntoTheList()
    {
        const Store store = test::storeWithImage();
        sign(store, signing::cosignBundleForm);
        const auto target = std::make_shared<test::FakeTarget>(store);
        target->keepList({});
        const content::Signers signers = signing::signersFor(key(), {signing::cosignBundleForm}).value();
        store->clearJournal();
        (void)test::await(signers.constFirst()->sign(target, QStringLiteral("r.example/app"), test::image(), {}));
        QVERIFY(!store->journal().filter(QStringLiteral("PUT manifest")).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestVerification)
#include "tst_verification.moc"
