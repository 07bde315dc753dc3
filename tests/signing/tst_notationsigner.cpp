// SPDX-License-Identifier: Apache-2.0
// Signing as notation does: the bytes are those notation-go would write, what is there stays, and nothing moves before
// key and certificates are known to be good.
#include "signing/notationfixtures.h"
#include "signing/notationsigner.h"
#include "signing/notationverifier.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using content::MemoryStore;
using content::SignatureWritten;
using content::VerifyReport;
using signing::CertificateChain;
using signing::NotationSigner;
using test::CertificateWish;
using test::MadeCertificate;
using test::makeCertificate;
using test::TrustFolder;

namespace {
base::Result<QList<SignatureWritten>> sign(const std::shared_ptr<MemoryStore> &store, const MadeCertificate &key,
                                           const QList<MadeCertificate> &chain)
{
    const auto signer = NotationSigner::create(test::keyOf(key), test::chainOf(chain));
    if (!signer)
        return base::fail(signer.error());
    return test::await((*signer)->sign(store, QStringLiteral("r.example/app"), test::image(), {}));
}

VerifyReport verified(const std::shared_ptr<MemoryStore> &store, const MadeCertificate &authority)
{
    signing::NotationVerifier verifier(TrustFolder({authority.pem}).read().value());
    return test::await(verifier.verify(store, test::image(), {})).value();
}

QStringList written(const std::shared_ptr<MemoryStore> &store)
{
    return store->journal().filter(QRegularExpression(QStringLiteral("^(PUT|TAG)")));
}
} // namespace

class TestNotationSigner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBytesAreNotations_data()
    {
        QTest::addColumn<QString>("fixture");
        for (const char *fixture : {"notation-rsa", "notation-ec", "notation-chain"})
            QTest::newRow(fixture) << QString::fromLatin1(fixture);
    }
    void theBytesAreNotations()
    {
        QFETCH(QString, fixture);
        const test::Signatures all = test::signaturesOf(fixture);
        const QByteArray envelope = all.blobs.at(1);
        const auto read = signing::readNotationEnvelope(envelope);
        QVERIFY2(read, qPrintable(read ? QString() : read.error().text()));
        const auto chain = CertificateChain::fromDer(read->certificates, fixture).value();
        const auto algorithm = signing::jwsAlgorithmOf(chain.leaf().publicKey().value());
        QCOMPARE(signing::notationSignedBytes(*algorithm, read->signingTime, test::image()), read->signedBytes);
        QCOMPARE(signing::notationManifest(oci::Descriptor::of(signing::joseEnvelopeType(), envelope), test::image(),
                                           chain, read->signingTime),
                 all.manifest);
        QByteArray ours = signing::notationEnvelope(read->signedBytes, read->signature, chain);
        QVERIFY(envelope.contains("notation-go/1.3.2 notahelp"));
        QCOMPARE(ours.replace("\"colophon\"", "\"notation-go/1.3.2 notahelp\""), envelope);
    }

    void everyKindOfKeySigns_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<bool>("hasAuthority");
        for (const char *key : {"P-256", "P-384", "P-521", "RSA-2048", "RSA-3072"})
            for (const bool hasAuthority : {false, true})
                QTest::addRow("%s, %s", key, hasAuthority ? "issued" : "self-signed")
                    << QByteArray(key) << hasAuthority;
    }
    void everyKindOfKeySigns()
    {
        QFETCH(QByteArray, key);
        QFETCH(bool, hasAuthority);
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate leaf = makeCertificate({.key = key}, hasAuthority ? &root : nullptr);
        const auto store = test::storeWithImage();
        const auto signature =
            sign(store, leaf, hasAuthority ? QList<MadeCertificate>{leaf, root} : QList<MadeCertificate>{leaf});
        QVERIFY2(signature, qPrintable(signature ? QString() : signature.error().text()));
        QCOMPARE(signature->size(), 1);
        const SignatureWritten one = signature->constFirst();
        QCOMPARE(one.form, QStringLiteral("notation"));
        QCOMPARE(one.subject, test::image().digest);
        QCOMPARE(one.tag, QString());
        const oci::Manifest manifest = oci::Manifest::parse(store->manifestBytes(one.manifest.digest)).value();
        QCOMPARE(manifest.config().mediaType, signing::notationSignatureType());
        QCOMPARE(manifest.artifactType(), QString());
        QCOMPARE(store->blobs().value(manifest.config().digest), QByteArray("{}"));
        const VerifyReport report = verified(store, hasAuthority ? root : leaf);
        QVERIFY2(report.verdict == VerifyReport::Verdict::Verified, qPrintable(report.reason));
        const QDateTime at = report.signatures.constFirst().signingTime;
        QVERIFY(std::abs(at.secsTo(QDateTime::currentDateTimeUtc())) < 120);
        QCOMPARE(at.time().msec(), 0);
    }

    void whatIsThereStays()
    {
        const auto store = test::storeOfNotation(QStringLiteral("notation-ec"));
        const QByteArray list = store->manifestBytes(store->tagged(content::referrersTag(test::image().digest)));
        const MadeCertificate leaf = makeCertificate({});
        QVERIFY(sign(store, leaf, {leaf}));
        const QByteArray after = store->manifestBytes(store->tagged(content::referrersTag(test::image().digest)));
        QVERIFY(after.startsWith(list.chopped(2)));
        QCOMPARE(verified(store, leaf).signatures.size(), 2);
        // Another certificate of another maker signs beside both.
        const MadeCertificate other = makeCertificate({.key = "P-384"});
        QVERIFY(sign(store, other, {other}));
        QCOMPARE(verified(store, other).signatures.size(), 3);
    }

    // Reading back asks for what was written alone.
    void whatOthersAttachedIsReadOnce()
    {
        const auto store = test::storeOfNotation(QStringLiteral("notation-ec"));
        const test::Signatures all = test::signaturesOf(QStringLiteral("notation-ec"));
        const MadeCertificate leaf = makeCertificate({});
        store->clearJournal();
        QVERIFY(sign(store, leaf, {leaf}));
        const QString read = store->journal().join(QLatin1Char('\n'));
        QCOMPARE(read.count(QStringLiteral("GET manifest ") + oci::Digest::of(all.manifest).toString()), 1);
        QCOMPARE(read.count(QStringLiteral("GET blob ") + oci::Digest::of(all.blobs.at(1)).toString()), 1);
    }

    // Where more is attached than is read nobody would find one more signature; one that is found is enough.
    void tooMuchIsNotAddedTo()
    {
        const auto store = test::storeWithImage();
        const MadeCertificate leaf = makeCertificate({});
        const auto first = sign(store, leaf, {leaf});
        QVERIFY(first);
        test::attachLarge(store, 20);
        store->clearJournal();
        const MadeCertificate other = makeCertificate({});
        const auto result = sign(store, other, {other});
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::TooLarge);
        QVERIFY2(result.error().message.contains(QLatin1String("more attached to this image than is read")),
                 qPrintable(result.error().message));
        QCOMPARE(written(store), QStringList());
        QVERIFY(store->journal().filter(QStringLiteral("GET manifest")).size() <= 18); // the list, and 64 MiB
        QCOMPARE(sign(store, leaf, {leaf})->constFirst().manifest, first->constFirst().manifest);
        QCOMPARE(written(store), QStringList());
    }

    void oneSignatureOfACertificateIsEnough()
    {
        const auto store = test::storeWithImage();
        const MadeCertificate leaf = makeCertificate({});
        const auto first = sign(store, leaf, {leaf});
        store->clearJournal();
        const auto second = sign(store, leaf, {leaf});
        QVERIFY(second);
        QCOMPARE(second->constFirst().manifest, first->constFirst().manifest);
        QCOMPARE(written(store), QStringList());
        // One that is damaged does not count.
        const oci::Manifest manifest =
            oci::Manifest::parse(store->manifestBytes(first->constFirst().manifest.digest)).value();
        store->replaceBlob(manifest.layers().constFirst().digest, "damaged");
        const auto third = sign(store, leaf, {leaf});
        QVERIFY2(third, qPrintable(third ? QString() : third.error().text()));
        QVERIFY(third->constFirst().manifest != first->constFirst().manifest);
        QVERIFY(verified(store, leaf).verdict == VerifyReport::Verdict::Verified);
    }

    void nothingMovesWithAWrongCertificate_data()
    {
        QTest::addColumn<QString>("situation");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *situation, const char *message) {
            QTest::newRow(situation) << QString::fromLatin1(situation) << QString::fromUtf8(message);
        };
        row("none", "A notation signature needs the certificate of its key.");
        row("another key's",
            "The certificate “CN=leaf,O=Notary,ST=WA,C=US” is not that of k.pem · ECDSA P-256 · SHA256:");
        row("wrong order",
            "The certificate “CN=root,O=Notary,ST=WA,C=US” is not that of k.pem · ECDSA P-256 · SHA256:");
        row("no root", "These certificates cannot be signed with: The chain does not end in a self-signed root: ");
        row("no key usage",
            "These certificates cannot be signed with: “CN=leaf,O=Notary,ST=WA,C=US” may not sign code: it "
            "has no key usage.");
        row("expired", "These certificates cannot be signed with: “CN=leaf,O=Notary,ST=WA,C=US” expired on ");
        row("Ed25519", "These certificates cannot be signed with: The key of ");
    }
    void nothingMovesWithAWrongCertificate()
    {
        QFETCH(QString, situation);
        QFETCH(QString, message);
        CertificateWish wish;
        if (situation == QLatin1String("no key usage"))
            wish.keyUsage = "";
        else if (situation == QLatin1String("expired"))
            wish.until = -60;
        else if (situation == QLatin1String("Ed25519"))
            wish.key = "ED25519";
        const MadeCertificate root = makeCertificate(CertificateWish::authority("root"));
        const MadeCertificate leaf = makeCertificate(wish, &root);
        QList<MadeCertificate> chain{leaf, root};
        if (situation == QLatin1String("none"))
            chain.clear();
        else if (situation == QLatin1String("another key's"))
            chain = {makeCertificate(wish, &root), root};
        else if (situation == QLatin1String("wrong order"))
            chain = {root, leaf};
        else if (situation == QLatin1String("no root"))
            chain = {leaf};
        const auto signer = NotationSigner::create(test::keyOf(leaf), test::chainOf(chain));
        QVERIFY(!signer);
        QCOMPARE(signer.error().kind, ErrorKind::Usage);
        QVERIFY2(signer.error().message.startsWith(message), qPrintable(signer.error().message));
    }

    void whatCannotBeReadBackIsNoSuccess()
    {
        const MadeCertificate leaf = makeCertificate({});
        const auto store = test::storeWithImage();
        store->setObserver([&store](const QString &line) {
            if (line.startsWith(QLatin1String("TAG "))) // behind our back, once all is written
                for (const oci::Digest &digest : store->blobs().keys())
                    store->replaceBlob(digest, "damaged");
        });
        const auto signature = sign(store, leaf, {leaf});
        QVERIFY(!signature);
        QVERIFY2(signature.error().message.startsWith(
                     QLatin1String("The signature was written, but read back it does not verify: ")),
                 qPrintable(signature.error().message));
        QCOMPARE(signature.error().operation, QStringLiteral("sign ") + test::image().digest.toString());
    }

    void failuresAreErrors_data()
    {
        QTest::addColumn<QString>("request");
        for (const char *request : {"HEAD blob", "PUT blob", "PUT manifest", "TAG"})
            QTest::newRow(request) << QString::fromLatin1(request);
    }
    void failuresAreErrors()
    {
        QFETCH(QString, request);
        const MadeCertificate leaf = makeCertificate({});
        const auto store = test::storeWithImage();
        base::Error denied;
        denied.kind = ErrorKind::Denied;
        store->failNext(request, denied);
        const auto signature = sign(store, leaf, {leaf});
        QVERIFY(!signature);
        QCOMPARE(signature.error().kind, ErrorKind::Denied);
        // Once the way is free it goes on.
        QVERIFY(sign(store, leaf, {leaf}));
        QCOMPARE(verified(store, leaf).verdict, VerifyReport::Verdict::Verified);
    }
};

QTEST_GUILESS_MAIN(TestNotationSigner)
#include "tst_notationsigner.moc"
