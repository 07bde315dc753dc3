// SPDX-License-Identifier: Apache-2.0
// What holds for both of cosign's forms: every kind of key signs in the one way that all verifiers take, and only what
// was signed so counts as signed already.
#include "signing/allforms.h"
#include "signing/fixtures.h"
#include "signing/forms.h"
#include "support/await.h"

#include <QTest>

using namespace colophon;
using content::SignatureWritten;
using content::VerifyReport;
using Store = std::shared_ptr<content::MemoryStore>;

namespace {
const QString legacy = signing::cosignLegacyForm;
const QString bundle = signing::cosignBundleForm;

std::shared_ptr<content::Signer> signerOf(const QString &form, const QString &key)
{
    return signing::signersFor(test::signingKey(key), {form})->constFirst();
}

base::Result<QList<SignatureWritten>> sign(const Store &store, const QString &form, const QString &key)
{
    return test::await(signerOf(form, key)->sign(store, store->registry() + QLatin1Char('/') + store->repository(),
                                                 test::image(), {}));
}

// The algorithms of what verifies, in their order.
QStringList verified(const Store &store, const QString &key)
{
    signing::Trust trust;
    trust.keys.append(test::publicKey(key));
    const VerifyReport report = test::await(signing::verifierOf(trust)->verify(store, test::image(), {})).value();
    QStringList algorithms;
    for (const content::SignatureCheck &check : report.signatures)
        algorithms.append(check.verdict == content::CheckVerdict::Verified ? check.algorithm : check.reason);
    return algorithms;
}

// Where that form keeps its signatures.
oci::Digest listOf(const Store &store, const QString &form)
{
    return store->tagged(form == legacy ? test::signatureTag() : content::referrersTag(test::image().digest));
}
} // namespace

class TestCosignSigner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindOfKeySignsSoThatItVerifies_data()
    {
        QTest::addColumn<QString>("form");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("algorithm");
        for (const QString &form : {legacy, bundle}) {
            const auto row = [&form](const char *key, const char *algorithm) {
                QTest::addRow("%s, %s", qPrintable(form), key)
                    << form << QString::fromLatin1(key) << QString::fromLatin1(algorithm);
            };
            row("cosign-v2", "ECDSA P-256, SHA-256");
            row("imp-rsa2048", "RSA 2048, SHA-256");
            row("imp-p384", "ECDSA P-384, SHA-256");
            row("imp-p521", "ECDSA P-521, SHA-256");
            row("imp-ed25519", "Ed25519, pure");
        }
    }
    void everyKindOfKeySignsSoThatItVerifies()
    {
        QFETCH(QString, form);
        QFETCH(QString, key);
        QFETCH(QString, algorithm);
        const Store store = test::storeWithReferrers({});
        QVERIFY(sign(store, form, key));
        QCOMPARE(verified(store, key), QStringList{algorithm});
        QVERIFY(verified(store, QStringLiteral("cosign-v3")) != QStringList{algorithm});
        // Again adds nothing.
        const oci::Digest list = listOf(store, form);
        store->clearJournal();
        QVERIFY(sign(store, form, key));
        QCOMPARE(listOf(store, form), list);
        QVERIFY(store->journal().filter(QStringLiteral("PUT")).isEmpty());
    }

    // Other versions of cosign sign with the curve's own hash, or with Ed25519ph, which not every verifier takes.
    void aSignatureInAnotherWayIsNotEnough_data()
    {
        QTest::addColumn<QString>("form");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QStringList>("algorithms");
        for (const QString &form : {legacy, bundle}) {
            const auto row = [&form](const char *key, const char *theirs, const char *ours) {
                QTest::addRow("%s, %s", qPrintable(form), key)
                    << form << QString::fromLatin1(key)
                    << QStringList{QString::fromLatin1(theirs), QString::fromLatin1(ours)};
            };
            row("p384", "ECDSA P-384, SHA-384", "ECDSA P-384, SHA-256");
            row("p521", "ECDSA P-521, SHA-512", "ECDSA P-521, SHA-256");
            row("ed25519", "Ed25519, prehashed (Ed25519ph)", "Ed25519, pure");
        }
    }
    void aSignatureInAnotherWayIsNotEnough()
    {
        QFETCH(QString, form);
        QFETCH(QString, key);
        QFETCH(QStringList, algorithms);
        const QString name = QStringLiteral("imp-") + key;
        const QString fixture = QStringLiteral("alg-") + key;
        const Store store = form == legacy ? test::storeOf(test::signaturesOf(fixture))
                                           : test::storeWithReferrers({fixture + QStringLiteral("-bundle")});
        QCOMPARE(verified(store, name), algorithms.first(1));
        QVERIFY(sign(store, form, name));
        QCOMPARE(verified(store, name), algorithms); // theirs is not lost
        const oci::Digest list = listOf(store, form);
        QVERIFY(sign(store, form, name)); // and ours is there now
        QCOMPARE(listOf(store, form), list);
    }

    void itSaysWhatItIs_data()
    {
        QTest::addColumn<QString>("form");
        QTest::newRow("legacy") << legacy;
        QTest::newRow("bundle") << bundle;
    }
    void itSaysWhatItIs()
    {
        QFETCH(QString, form);
        const QString key = QStringLiteral("cosign-v2");
        const auto signer = signerOf(form, key);
        QCOMPARE(signer->form(), form);
        QCOMPARE(signer->keyDescription(), test::signingKey(key).description());
        const Store store = test::storeWithReferrers({});
        for (int i = 0; i < 2; ++i) { // made, and found again
            const auto written = sign(store, form, key);
            QCOMPARE(written->size(), 1);
            QCOMPARE(written->constFirst().form, form);
            QCOMPARE(written->constFirst().subject, test::image().digest);
            QVERIFY(!store->manifestBytes(written->constFirst().manifest.digest).isEmpty());
        }
    }

    void aSignerMayGoWhileItSigns_data() { itSaysWhatItIs_data(); }
    void aSignerMayGoWhileItSigns()
    {
        QFETCH(QString, form);
        const Store store = test::storeWithReferrers({});
        base::Task<base::Result<QList<SignatureWritten>>> task;
        {
            const auto signer = signerOf(form, QStringLiteral("cosign-v2"));
            task = signer->sign(store, QStringLiteral("r.example/app"), test::image(), {});
        }
        QVERIFY(test::await(std::move(task)));
    }

    // A sha512 digest makes no tag; what names the image by a digest alone is written all the same.
    void aLongDigest()
    {
        const QString key = QStringLiteral("cosign-v2");
        oci::Descriptor subject = test::image();
        subject.digest = oci::Digest::of(test::imageBytes(), oci::Digest::Algorithm::Sha512);
        const Store store = test::storeWithReferrers({});
        const auto refused =
            test::await(signerOf(legacy, key)->sign(store, QStringLiteral("r.example/app"), subject, {}));
        QCOMPARE(refused.error().kind, base::ErrorKind::Usage);
        QCOMPARE(
            refused.error().message,
            QStringLiteral("The form cosign-legacy keeps signatures under a tag with the image's digest in it, and no "
                           "tag is long enough for a sha512 digest."));
        QVERIFY2(refused.error().hint.startsWith(QLatin1String("Sign it as cosign-bundle or notation")),
                 qPrintable(refused.error().hint));
        QVERIFY(store->journal().isEmpty());
        const auto written =
            test::await(signerOf(bundle, key)->sign(store, QStringLiteral("r.example/app"), subject, {}));
        QVERIFY2(written, qPrintable(written ? QString() : written.error().text()));
        signing::Trust trust;
        trust.keys.append(test::publicKey(key));
        QCOMPARE(test::await(signing::verifierOf(trust)->verify(store, subject, {}))->verdict,
                 VerifyReport::Verdict::Verified);
    }
};

QTEST_GUILESS_MAIN(TestCosignSigner)
#include "tst_cosignsigner.moc"
