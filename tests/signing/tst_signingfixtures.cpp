// SPDX-License-Identifier: Apache-2.0
// Whatever other programs wrote, in the place where they left it, asked of the verifier of all forms: each gets the one
// verdict it should have.
#include "signing/allforms.h"
#include "signing/notationfixtures.h"

#include <QTest>

using namespace colophon;
using content::CheckVerdict;
using content::VerifyReport;
using Overall = VerifyReport::Verdict;
using Store = std::shared_ptr<content::MemoryStore>;

namespace {
const QString good = QStringLiteral("verified");

// Where a fixture hangs.
enum class At { SignatureTag, AttestationTag, Referrers };

struct Row
{
    QString fixture;
    At at = At::Referrers;
    QString list = {}; // as its maker left it under the fallback tag, or was answered by a registry; empty: none
};

Store storeOf(const QList<Row> &rows)
{
    const test::Signatures first = test::signaturesOf(rows.constFirst().fixture);
    auto store = first.repository.isEmpty()
                     ? std::make_shared<content::MemoryStore>(QStringLiteral("r.example"), QStringLiteral("app"))
                     : std::make_shared<content::MemoryStore>(first.registry, first.repository);
    store->addManifest(test::imageBytes(), oci::MediaType::ociManifest(), QStringLiteral("v1"));
    for (const Row &row : rows) {
        const test::Signatures all = test::signaturesOf(row.fixture);
        for (const QByteArray &blob : all.blobs)
            store->addBlob(blob);
        if (row.at == At::Referrers && row.list.isEmpty())
            test::attach(store, all.manifest, {});
        else if (row.at == At::Referrers)
            store->addManifest(all.manifest, oci::MediaType::ociManifest());
        else
            store->addManifest(all.manifest, oci::MediaType::ociManifest(),
                               oci::attachmentTags(test::image().digest).at(row.at == At::SignatureTag ? 0 : 1));
        if (!row.list.isEmpty())
            store->addManifest(test::contentOf(test::signingData(row.fixture + QLatin1Char('/') + row.list)),
                               oci::MediaType::ociIndex(), content::referrersTag(test::image().digest));
    }
    return store;
}

VerifyReport verified(const Store &store, const oci::Descriptor &subject, const QString &key)
{
    signing::Trust trust;
    if (!key.isEmpty())
        trust.keys.append(test::publicKey(key));
    const auto notation =
        signing::NotationTrust::read(test::signingData(QStringLiteral("notation-trust")),
                                     test::signingData(QStringLiteral("notation-trust/trustpolicy.json")));
    return test::await(signing::verifierOf(trust, notation.value())->verify(store, subject, {})).value();
}

// The verdict on each, or why it is not the good one.
QStringList verdicts(const VerifyReport &report)
{
    QStringList all;
    for (const auto &each : report.signatures)
        all.append(each.form + QStringLiteral(": ") + (each.verdict == CheckVerdict::Verified ? good : each.reason));
    return all;
}

// The manifest with another image as its subject, as "regctl image mod" copies what is attached to the one it edits.
QByteArray movedTo(const oci::Descriptor &other, QByteArray manifest)
{
    return manifest.replace(test::image().digest.toLatin1(), other.digest.toLatin1())
        .replace(R"("size":)" + QByteArray::number(test::image().size) + ',',
                 R"("size":)" + QByteArray::number(other.size) + ',');
}
} // namespace

class TestSigningFixtures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRowGetsItsVerdict_data()
    {
        QTest::addColumn<QList<Row>>("rows");
        QTest::addColumn<QString>("key");
        QTest::addColumn<Overall>("overall");
        QTest::addColumn<QStringList>("signatures"); // in their order: the form, and how its verdict begins
        const auto row = [](const QList<Row> &rows, const char *key, Overall overall, const QStringList &signatures) {
            QTest::addRow("%s", qPrintable(rows.constFirst().fixture + rows.constFirst().list))
                << rows << QString::fromLatin1(key) << overall << signatures;
        };
        const auto one = [&row](const char *fixture, At at, const char *key, const char *signature) {
            const QString said = QString::fromUtf8(signature);
            row({{QString::fromLatin1(fixture), at}}, key, said.endsWith(good) ? Overall::Verified : Overall::Failed,
                {said});
        };
        one("legacy-v2", At::SignatureTag, "cosign-v2", "cosign-legacy: verified");
        one("legacy-v3", At::SignatureTag, "cosign-v3", "cosign-legacy: verified");
        one("own-legacy", At::SignatureTag, "cosign-v2", "cosign-legacy: verified");
        one("legacy-v2-cert", At::SignatureTag, "", "cosign-legacy: Its certificate names signer@example.org");
        one("alg-rsa2048", At::SignatureTag, "imp-rsa2048", "cosign-legacy: verified");
        one("alg-p384", At::SignatureTag, "imp-p384", "cosign-legacy: verified");
        one("alg-p521", At::SignatureTag, "imp-p521", "cosign-legacy: verified");
        one("alg-ed25519", At::SignatureTag, "imp-ed25519", "cosign-legacy: verified");
        one("referrer-v2", At::Referrers, "cosign-v2", "cosign-referrer: verified");
        one("bundle-v2", At::Referrers, "cosign-v2", "cosign-bundle: verified");
        one("bundle-v3", At::Referrers, "cosign-v3", "cosign-bundle: verified");
        one("bundle-v3-signingconfig", At::Referrers, "cosign-v3", "cosign-bundle: verified");
        one("own-bundle", At::Referrers, "cosign-v2", "cosign-bundle: verified");
        one("alg-rsa2048-bundle", At::Referrers, "imp-rsa2048", "cosign-bundle: verified");
        one("alg-p384-bundle", At::Referrers, "imp-p384", "cosign-bundle: verified");
        one("alg-p521-bundle", At::Referrers, "imp-p521", "cosign-bundle: verified");
        one("alg-ed25519-bundle", At::Referrers, "imp-ed25519", "cosign-bundle: verified");
        one("notation-own-rsa", At::Referrers, "cosign-v3", "notation: verified");
        one("notation-own-chain", At::Referrers, "cosign-v3", "notation: verified");

        const QString list = QStringLiteral("index.json");
        const QString isNotation = QStringLiteral("notation: verified");
        for (const char *fixture : {"notation-rsa", "notation-ec", "notation-chain", "notation-own-ec"})
            row({{QString::fromLatin1(fixture), At::Referrers, list}}, "", Overall::Verified, {isNotation});
        for (const char *fixture : {"notation-cose", "notation-cose-chain"})
            row({{QString::fromLatin1(fixture), At::Referrers, list}}, "", Overall::Failed,
                {QStringLiteral("notation: A COSE envelope")});
        row({{QStringLiteral("referrer-v2-fallback"), At::Referrers, list}}, "cosign-v2", Overall::Verified,
            {QStringLiteral("cosign-referrer: verified")});
        for (const char *fixture : {"bundle-v3-fallback", "bundle-v3-referrers"})
            row({{QString::fromLatin1(fixture), At::Referrers, list}}, "cosign-v3", Overall::Verified,
                {QStringLiteral("cosign-bundle: verified")});
        row({{QStringLiteral("legacy-two-sigs-annotated"), At::SignatureTag}}, "cosign-v2", Overall::Verified,
            {QStringLiteral("cosign-legacy: verified"), QStringLiteral("cosign-legacy: The signature was not made")});
        // Everything at once, as an image that was signed in all forms has it.
        row({{QStringLiteral("own-legacy"), At::SignatureTag},
             {QStringLiteral("own-bundle"), At::Referrers},
             {QStringLiteral("notation-own-both"), At::Referrers, list}},
            "cosign-v2", Overall::Verified,
            {QStringLiteral("cosign-legacy: verified"), QStringLiteral("cosign-bundle: verified"), isNotation});
        // A list of two bundles, one of which was not kept: what is there counts, what is not is told.
        row({{QStringLiteral("bundle-v3-signingconfig"), At::Referrers},
             {QStringLiteral("bundle-v3-fallback"), At::Referrers, QStringLiteral("index-two-sigs.json")}},
            "cosign-v3", Overall::Verified,
            {QStringLiteral("cosign-bundle: Its manifest cannot be read"), QStringLiteral("cosign-bundle: verified")});

        // An attestation is not a signature, wherever it hangs.
        row({{QStringLiteral("attestation-v3"), At::Referrers}}, "cosign-v3", Overall::Unsigned, {});
        row({{QStringLiteral("attestation-legacy"), At::AttestationTag}}, "cosign-v3", Overall::Unsigned, {});
        row({{QStringLiteral("attestation-legacy"), At::SignatureTag}}, "cosign-v3", Overall::Failed,
            {QStringLiteral("cosign-legacy: The layer's type is application/vnd.dsse.envelope.v1+json, not a cosign")});
        row({{QStringLiteral("attestation-legacy"), At::Referrers}}, "cosign-v3", Overall::Unsigned, {});
        // The lists of an edited image and of what "regctl image mod" made of it: the manifests in them are gone.
        for (const char *stale : {"index.json", "index-stale.json"})
            row({{QStringLiteral("attestation-legacy"), At::AttestationTag, QString::fromLatin1(stale)}}, "cosign-v3",
                Overall::Failed,
                {QStringLiteral("cosign-bundle: Its manifest cannot be read"),
                 QStringLiteral("cosign-bundle: Its manifest cannot be read"),
                 QStringLiteral("notation: The signature's manifest cannot be read")});
    }
    void everyRowGetsItsVerdict()
    {
        QFETCH(QList<Row>, rows);
        QFETCH(QString, key);
        QFETCH(Overall, overall);
        QFETCH(QStringList, signatures);
        const VerifyReport report = verified(storeOf(rows), test::image(), key);
        QVERIFY2(report.verdict == overall, qPrintable(report.reason));
        const QStringList found = verdicts(report);
        QVERIFY2(found.size() == signatures.size(), qPrintable(found.join(QLatin1Char('\n'))));
        for (qsizetype i = 0; i < found.size(); ++i)
            QVERIFY2(found.at(i).startsWith(signatures.at(i)), qPrintable(found.at(i)));
        if (overall == Overall::Unsigned)
            QVERIFY2(report.reason.startsWith(QLatin1String("There is no signature for ")), qPrintable(report.reason));
        // With a key that made none of them, cosign's fail.
        for (const QString &said : verdicts(verified(storeOf(rows), test::image(), QStringLiteral("imp-sec1-p256"))))
            QVERIFY2(said.startsWith(QLatin1String("notation")) || !said.endsWith(good), qPrintable(said));
    }

    // What was attached to the image before an edit and was re-pointed to the edited one still says which it signed.
    void whatWasMovedToAnEditedImageIsStale_data()
    {
        QTest::addColumn<QString>("fixture");
        QTest::addColumn<QString>("key");
        QTest::newRow("cosign's bundle") << QStringLiteral("bundle-v3") << QStringLiteral("cosign-v3");
        QTest::newRow("cosign, attached") << QStringLiteral("referrer-v2") << QStringLiteral("cosign-v2");
        QTest::newRow("notation") << QStringLiteral("notation-own-ec") << QString();
    }
    void whatWasMovedToAnEditedImageIsStale()
    {
        QFETCH(QString, fixture);
        QFETCH(QString, key);
        const QByteArray bytes = test::contentOf(test::signingData(QStringLiteral("image/manifest-arm64.json")));
        const oci::Descriptor edited = oci::Descriptor::of(oci::MediaType::ociManifest(), bytes);
        const Store store = storeOf({{fixture, At::Referrers}});
        store->addManifest(bytes, oci::MediaType::ociManifest());
        const test::Signatures all = test::signaturesOf(fixture);
        test::attach(store, movedTo(edited, all.manifest), {}, edited);
        const VerifyReport report = verified(store, edited, key);
        QCOMPARE(report.verdict, Overall::Failed);
        QCOMPARE(report.signatures.size(), 1);
        QVERIFY2(report.reason.contains(QStringLiteral("It signs another image: ") + test::image().digest.toString()),
                 qPrintable(report.reason));
        QCOMPARE(verified(store, test::image(), key).verdict, Overall::Verified); // and of that one it is right
    }
};

QTEST_GUILESS_MAIN(TestSigningFixtures)
#include "tst_signingfixtures.moc"
