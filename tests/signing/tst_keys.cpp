// SPDX-License-Identifier: Apache-2.0
// Keys as cosign writes them: opened, told apart from other files, and used as its verifier wants.
#include "base/limits.h"
#include "oci/jsondocument.h"
#include "signing/cosignkeyfile.h"
#include "signing/fixtures.h"
#include "signing/pem.h"
#include "support/await.h"
#include "support/canary/canary.h"

#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <array>
#include <cstring>
#include <thread>

using namespace colophon;
using base::ErrorKind;
using base::Secret;
using signing::PublicKey;
using signing::SigningKey;
using test::signingData;

namespace {
constexpr char currentLabel[] = "ENCRYPTED SIGSTORE PRIVATE KEY";
constexpr char formerLabel[] = "ENCRYPTED COSIGN PRIVATE KEY";

QString keyPath(const QString &file) { return signingData(QStringLiteral("keys/") + file); }

QByteArray jsonOf(const QString &keyFile)
{
    return signing::firstPemBlock(test::contentOf(keyPath(keyFile)))->bytes.reveal();
}

QByteArray asPem(const QByteArray &json, const char *label = currentLabel) { return signing::toPem(label, json); }

base::Result<SigningKey> openedWith(const QByteArray &pem, const QByteArray &phrase = COLOPHON_FIXTURE_PASSPHRASE)
{
    return SigningKey::fromBytes(Secret(QByteArray(pem.constData(), pem.size())),
                                 Secret(QByteArray(phrase.constData(), phrase.size())), QStringLiteral("k.key"));
}

// A key file around any content, written here from the recipe.
QByteArray sealed(const QByteArray &content, int cost)
{
    const QByteArray salt(32, 's');
    const QByteArray nonce(crypto_secretbox_NONCEBYTES, 'n');
    std::array<unsigned char, crypto_secretbox_KEYBYTES> key{};
    const auto bytes = [](const QByteArray &array) {
        return reinterpret_cast<const unsigned char *>(array.constData());
    };
    if (EVP_PBE_scrypt(COLOPHON_FIXTURE_PASSPHRASE, std::strlen(COLOPHON_FIXTURE_PASSPHRASE), bytes(salt), 32,
                       static_cast<uint64_t>(cost), 8, 1, 1ULL << 30, key.data(), 32) != 1)
        qFatal("scrypt");
    QByteArray box(content.size() + qsizetype(crypto_secretbox_MACBYTES), '\0');
    crypto_secretbox_easy(reinterpret_cast<unsigned char *>(box.data()), bytes(content),
                          static_cast<unsigned long long>(content.size()), bytes(nonce), key.data());
    return R"({"kdf":{"name":"scrypt","params":{"N":)" + QByteArray::number(cost) + ",\"r\":8,\"p\":1},\"salt\":\"" +
           salt.toBase64() + R"("},"cipher":{"name":"nacl/secretbox","nonce":")" + nonce.toBase64() +
           R"("},"ciphertext":")" + box.toBase64() + "\"}";
}

using Made = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

QByteArray privateDer(EVP_PKEY *key)
{
    unsigned char *out = nullptr;
    const int size = i2d_PrivateKey(key, &out);
    QByteArray der(reinterpret_cast<const char *>(out), size);
    OPENSSL_free(out);
    return der;
}

QByteArray publicDer(EVP_PKEY *key)
{
    unsigned char *out = nullptr;
    const int size = i2d_PUBKEY(key, &out);
    QByteArray der(reinterpret_cast<const char *>(out), size);
    OPENSSL_free(out);
    return der;
}
} // namespace

class TestKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKeyOpensAndSigns_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("phrase");
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("hash");
        QTest::addColumn<int>("signatureSize"); // 0: ASN.1, differs
        const auto row = [](const char *name, const char *phrase, const char *algorithm, const char *hash, int size) {
            QTest::newRow(name) << QString::fromLatin1(name) << QByteArray(phrase) << QString::fromLatin1(algorithm)
                                << QString::fromLatin1(hash) << size;
        };
        row("cosign-v2", COLOPHON_FIXTURE_PASSPHRASE, "ECDSA P-256", "SHA-256", 0);
        row("cosign-v3", COLOPHON_FIXTURE_PASSPHRASE, "ECDSA P-256", "SHA-256", 0);
        row("cosign-nopass", "", "ECDSA P-256", "SHA-256", 0);
        row("own-written", COLOPHON_FIXTURE_PASSPHRASE, "ECDSA P-256", "SHA-256", 0);
        row("imp-rsa2048", COLOPHON_FIXTURE_PASSPHRASE, "RSA 2048", "SHA-256", 256);
        row("imp-p384", COLOPHON_FIXTURE_PASSPHRASE, "ECDSA P-384", "SHA-256", 0);
        row("imp-p521", COLOPHON_FIXTURE_PASSPHRASE, "ECDSA P-521", "SHA-256", 0);
        row("imp-ed25519", COLOPHON_FIXTURE_PASSPHRASE, "Ed25519", "pure", 64);
    }
    void aKeyOpensAndSigns()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, phrase);
        QFETCH(QString, algorithm);
        QFETCH(QString, hash);
        QFETCH(int, signatureSize);
        const auto key = SigningKey::fromFile(keyPath(name + QStringLiteral(".key")), Secret(phrase));
        QVERIFY2(key, qPrintable(key ? QString() : key.error().text()));
        const PublicKey published = test::publicKey(name);
        QCOMPARE(key->publicKey().fingerprint(), published.fingerprint());
        QCOMPARE(key->publicKey().algorithm(), algorithm);
        QCOMPARE(published.algorithm(), algorithm);
        QCOMPARE(published.toPem(), test::contentOf(keyPath(name + QStringLiteral(".pub"))));

        const QByteArray message = "what is signed";
        const QByteArray signature = test::await(key->sign(message, {})).value();
        QCOMPARE(published.verify(message, signature), hash);
        if (signatureSize > 0)
            QCOMPARE(signature.size(), signatureSize);
        else
            QCOMPARE(signature.front(), '\x30');
        QVERIFY(published.verify("What is signed", signature).isEmpty());
        for (const qsizetype at : {qsizetype(0), signature.size() / 2, signature.size() - 1}) {
            QByteArray flipped = signature;
            flipped[at] = static_cast<char>(flipped.at(at) ^ 1);
            QVERIFY(published.verify(message, flipped).isEmpty());
        }
        QVERIFY(published.verify(message, {}).isEmpty());
        QVERIFY(published.verify(message, signature.chopped(1)).isEmpty());
        QVERIFY(published.verify(message, signature + '\0').isEmpty());
        const PublicKey other = test::publicKey(name == QLatin1String("cosign-v2") ? QStringLiteral("cosign-v3")
                                                                                   : QStringLiteral("cosign-v2"));
        QVERIFY(other.verify(message, signature).isEmpty());
    }

    void theWrongPassphraseIsSaid_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("phrase");
        QTest::newRow("another") << QStringLiteral("cosign-v2.key") << QByteArray("testpasS");
        QTest::newRow("none") << QStringLiteral("cosign-v2.key") << QByteArray();
        QTest::newRow("one too many") << QStringLiteral("cosign-nopass.key") << QByteArray("x");
    }
    void theWrongPassphraseIsSaid()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, phrase);
        const auto key = SigningKey::fromFile(keyPath(file), Secret(phrase));
        QCOMPARE(key.error().kind, ErrorKind::CheckFailed);
        QCOMPARE(key.error().message, QStringLiteral("Wrong passphrase for %1.").arg(file));
    }

    void whetherAPassphraseIsNeeded()
    {
        QCOMPARE(SigningKey::needsPassphrase(keyPath(QStringLiteral("cosign-v2.key"))).value(), true);
        QCOMPARE(SigningKey::needsPassphrase(keyPath(QStringLiteral("cosign-nopass.key"))).value(), false);
        QCOMPARE(SigningKey::needsPassphrase(keyPath(QStringLiteral("cosign-v2.pub"))).error().kind,
                 ErrorKind::InvalidData);
        QCOMPARE(SigningKey::needsPassphrase(keyPath(QStringLiteral("absent.key"))).error().kind, ErrorKind::Usage);
    }

    void everyCostCosignKnowsOpens_data()
    {
        QTest::addColumn<int>("cost");
        for (const int cost : {32768, 65536, 131072})
            QTest::addRow("%d", cost) << cost;
    }
    void everyCostCosignKnowsOpens()
    {
        QFETCH(int, cost);
        const QByteArray pkcs8 =
            signing::firstPemBlock(test::contentOf(keyPath(QStringLiteral("raw-p384.pem"))))->bytes.reveal();
        const QByteArray json = sealed(pkcs8, cost);
        QCOMPARE(openedWith(asPem(json))->publicKey().algorithm(), QStringLiteral("ECDSA P-384"));
        QVERIFY(openedWith(asPem(json, formerLabel)));
    }

    void aDamagedFileIsRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("says");
        const QByteArray good = jsonOf(QStringLiteral("cosign-v2.key"));
        const auto row = [&good](const char *name, const char *from, const char *to, const char *says) {
            QByteArray json = good;
            if (json.indexOf(from) < 0)
                qFatal("%s", name);
            QTest::newRow(name) << json.replace(from, to) << QString::fromUtf8(says);
        };
        row("scrypt N above", R"("N":65536)", R"("N":262144)", "scrypt parameters");
        row("scrypt N below", R"("N":65536)", R"("N":16384)", "scrypt parameters");
        row("scrypt N near", R"("N":65536)", R"("N":65537)", "scrypt parameters");
        row("scrypt N text", R"("N":65536)", R"("N":"65536")", "scrypt parameters");
        row("scrypt N float", R"("N":65536)", R"("N":65536.0)", "scrypt parameters");
        row("scrypt r", R"("r":8)", R"("r":9)", "scrypt parameters");
        row("scrypt p", R"("p":1)", R"("p":2)", "scrypt parameters");
        row("no parameters", R"("params")", R"("param")", "scrypt parameters");
        row("another derivation", R"("scrypt")", R"("pbkdf2")", "in a way that cosign does not use");
        row("another cipher", R"("nacl/secretbox")", R"("none")", "in a way that cosign does not use");
        row("salt cut", "\"salt\":\"aPJz", "\"salt\":\"", "salt");
        row("salt no base64", "\"salt\":\"aPJz", "\"salt\":\"a-_z", "salt");
        row("nonce cut", "\"nonce\":\"axIs", "\"nonce\":\"", "nonce");
        row("no ciphertext", R"("ciphertext")", R"("cipherText")", "ciphertext");
        row("ciphertext no base64", "\"ciphertext\":\"kXZr", "\"ciphertext\":\"k!Zr", "ciphertext");
        row("ciphertext cut", R"(kXZrUp9mMCveGwK)", R"(kXZrUp9mMCveGwKK)", "ciphertext");
        row("ciphertext changed", "\"ciphertext\":\"kXZr", "\"ciphertext\":\"lXZr", "Wrong passphrase");
        row("a member twice", R"("kdf":{)", R"("kdf":{},"kdf":{)", "twice");
        QTest::newRow("no JSON") << QByteArray("hello") << QStringLiteral("no JSON");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("damaged");
        QTest::newRow("an array") << QByteArray("[]") << QStringLiteral("in a way that cosign does not use");
        QTest::newRow("short ciphertext")
            << QByteArray(good).replace(good.indexOf("\"ciphertext\":\"") + 14, good.size(), "AAAA\"}")
            << QStringLiteral("ciphertext");
        QTest::newRow("no key inside") << sealed("not a key at all", 32768) << QStringLiteral("no private key");
        const Made small(EVP_RSA_gen(1024), EVP_PKEY_free);
        QTest::newRow("a short RSA key") << sealed(privateDer(small.get()), 32768)
                                         << QStringLiteral("RSA key of 1024 bits");
        const Made curve(EVP_EC_gen("secp256k1"), EVP_PKEY_free);
        QTest::newRow("a curve nobody takes")
            << sealed(privateDer(curve.get()), 32768) << QStringLiteral("signs no images");
    }
    void aDamagedFileIsRefused()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, says);
        const auto key = openedWith(asPem(json));
        QVERIFY(!key);
        QVERIFY(key.error().kind == ErrorKind::InvalidData || key.error().kind == ErrorKind::CheckFailed);
        QVERIFY2(key.error().message.contains(says), qPrintable(key.error().message));
        QVERIFY2(key.error().message.contains(QLatin1String("k.key")), qPrintable(key.error().message));
    }

    void aCutFileIsRefusedWhereverItIsCut()
    {
        const QByteArray pem = test::contentOf(keyPath(QStringLiteral("cosign-v2.key")));
        const qsizetype end =
            pem.lastIndexOf("-----END") + qsizetype(sizeof "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----") - 1;
        for (qsizetype size = 0; size < end; ++size) {
            const auto key = openedWith(pem.left(size));
            QVERIFY2(!key, qPrintable(QString::number(size)));
            QCOMPARE(key.error().kind, ErrorKind::InvalidData);
        }
        const auto key = openedWith(pem.left(300));
        QVERIFY2(key.error().message.contains(QLatin1String("is a cosign key file, but it is damaged")),
                 qPrintable(key.error().message));
    }

    void filesThatAreNoneAreRefused()
    {
        const QTemporaryDir folder;
        QCOMPARE(SigningKey::fromFile(folder.path(), {}).error().kind, ErrorKind::Usage);
        QCOMPARE(PublicKey::fromFile(folder.filePath(QStringLiteral("absent"))).error().kind, ErrorKind::Usage);
        QFile large(folder.filePath(QStringLiteral("large.key")));
        QVERIFY(large.open(QIODevice::WriteOnly));
        QVERIFY(large.resize(base::limits::keyFile + 1));
        QCOMPARE(SigningKey::fromFile(large.fileName(), {}).error().kind, ErrorKind::TooLarge);
        QCOMPARE(PublicKey::fromFile(large.fileName()).error().kind, ErrorKind::TooLarge);
    }

    void onlyAPublicKeyIsOne_data()
    {
        QTest::addColumn<QByteArray>("pem");
        QTest::addColumn<QString>("says");
        const QByteArray good = test::contentOf(keyPath(QStringLiteral("cosign-v2.pub")));
        const QByteArray der = signing::firstPemBlock(good)->bytes.reveal();
        QTest::newRow("empty") << QByteArray() << QStringLiteral("is not a public key");
        QTest::newRow("private") << test::contentOf(keyPath(QStringLiteral("cosign-v2.key")))
                                 << QStringLiteral("is a private key");
        QTest::newRow("raw private") << test::contentOf(keyPath(QStringLiteral("raw-p384.pem")))
                                     << QStringLiteral("is a private key");
        QTest::newRow("cut") << good.chopped(40) << QStringLiteral("is not a public key");
        QTest::newRow("certificate") << signing::toPem("CERTIFICATE", der) << QStringLiteral("is not a public key");
        QTest::newRow("more behind it") << signing::toPem("PUBLIC KEY", der + "x")
                                        << QStringLiteral("is not a public key");
        QTest::newRow("two of them") << good + test::publicKey(QStringLiteral("imp-p384")).toPem()
                                     << QStringLiteral("There are 2 public keys in k.pub");
        const Made small(EVP_RSA_gen(1024), EVP_PKEY_free);
        QTest::newRow("short RSA") << signing::toPem("PUBLIC KEY", publicDer(small.get()))
                                   << QStringLiteral("RSA key of 1024 bits");
        const Made curve(EVP_EC_gen("secp256k1"), EVP_PKEY_free);
        QTest::newRow("another curve") << signing::toPem("PUBLIC KEY", publicDer(curve.get()))
                                       << QStringLiteral("signs no images");
    }
    void onlyAPublicKeyIsOne()
    {
        QFETCH(QByteArray, pem);
        QFETCH(QString, says);
        const auto key = PublicKey::fromPem(pem, QStringLiteral("k.pub"));
        QCOMPARE(key.error().kind, ErrorKind::InvalidData);
        QVERIFY2(key.error().message.contains(says), qPrintable(key.error().message));
    }

    void aKeyIsDescribedInOneLine()
    {
        const PublicKey key = test::publicKey(QStringLiteral("cosign-v2"));
        QCOMPARE(key.fingerprint().size(), 64);
        QCOMPARE(key.description(),
                 QStringLiteral("cosign-v2.pub · ECDSA P-256 · SHA256:%1…").arg(key.fingerprint().left(8)));
        QCOMPARE(test::signingKey(QStringLiteral("cosign-v2")).description(),
                 QStringLiteral("cosign-v2.key · ECDSA P-256 · SHA256:%1…").arg(key.fingerprint().left(8)));
        QCOMPARE(PublicKey::fromPem(key.toPem(), {})->description(),
                 QStringLiteral("ECDSA P-256 · SHA256:%1…").arg(key.fingerprint().left(8)));
        const QString odd = PublicKey::fromPem(key.toPem(), QStringLiteral("a\x1b[31m"))->description();
        QVERIFY(!odd.contains(QChar(0x1b)));
    }

    void everySchemeIsVerifiedAsThatAlone_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("hash");
        QTest::addColumn<bool>("pss");
        using signing::HashKind;
        const auto row = [](const char *name, HashKind hash, bool pss = false) {
            QTest::addRow("%s %d %d", name, int(hash), int(pss)) << QString::fromLatin1(name) << int(hash) << pss;
        };
        for (const char *name : {"cosign-v2", "imp-p384", "imp-p521"})
            for (const HashKind hash : {HashKind::Sha256, HashKind::Sha384, HashKind::Sha512})
                row(name, hash);
        for (const bool pss : {false, true})
            for (const HashKind hash : {HashKind::Sha256, HashKind::Sha384, HashKind::Sha512})
                row("imp-rsa2048", hash, pss);
        row("imp-ed25519", HashKind::None);
    }
    void everySchemeIsVerifiedAsThatAlone()
    {
        QFETCH(QString, name);
        QFETCH(int, hash);
        QFETCH(bool, pss);
        using signing::HashKind;
        using signing::RsaPadding;
        using signing::SignatureScheme;
        const SignatureScheme scheme{HashKind(hash), pss ? RsaPadding::Pss : RsaPadding::Pkcs1};
        const SigningKey key = test::signingKey(name);
        const QByteArray signature = test::await(key.signAs(scheme, "message", {})).value();
        const PublicKey published = test::publicKey(name);
        QVERIFY(published.verifies("message", signature, scheme));
        QVERIFY(!published.verifies("Message", signature, scheme));
        for (const HashKind other : {HashKind::Sha256, HashKind::Sha384, HashKind::Sha512, HashKind::None})
            if (other != scheme.hash)
                QVERIFY(!published.verifies("message", signature, {other, scheme.padding}));
        if (published.kind() == signing::KeyKind::Rsa)
            QVERIFY(
                !published.verifies("message", signature, {scheme.hash, pss ? RsaPadding::Pkcs1 : RsaPadding::Pss}));
        if (pss) // what cosign makes is never PSS
            QVERIFY(published.verify("message", signature).isEmpty());
    }

    void aKeyMayLiveElsewhere()
    {
        // Answers later, from the event loop, as a token or a service would.
        struct Far final : signing::PrivateKey
        {
            static base::Task<base::Result<QByteArray>> answer(QByteArray message, std::stop_token stop)
            {
                const auto woken = std::make_shared<base::Event>();
                const auto isLater = std::make_shared<bool>(false);
                QTimer::singleShot(0, [woken, isLater] {
                    *isLater = true;
                    woken->notify();
                });
                while (!*isLater)
                    co_await *woken;
                if (stop.stop_requested())
                    co_return base::cancelled();
                if (message == "refuse")
                    co_return base::fail(ErrorKind::Denied, QStringLiteral("The token is locked."));
                co_return QByteArray("signed " + message);
            }
            base::Task<base::Result<QByteArray>> sign(QByteArray message, signing::SignatureScheme scheme,
                                                      std::stop_token stop) override
            {
                asked.append(scheme);
                return answer(std::move(message), std::move(stop));
            }
            QList<signing::SignatureScheme> asked;
        };
        const auto far = std::make_shared<Far>();
        const SigningKey key(test::publicKey(QStringLiteral("imp-ed25519")), far, {"certificate"});
        QCOMPARE(test::await(key.sign("this", {})).value(), QByteArray("signed this"));
        QCOMPARE(far->asked, QList{signing::SignatureScheme{signing::HashKind::None}});
        QCOMPARE(test::await(key.sign("refuse", {})).error().message, QStringLiteral("The token is locked."));
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(test::await(key.sign("this", stop.get_token())).error().kind, ErrorKind::Cancelled);
        QCOMPARE(key.certificates(), QList<QByteArray>{"certificate"});
        QVERIFY(key.description().startsWith(QStringLiteral("imp-ed25519.pub · Ed25519 · SHA256:")));
    }

    void keysAreOpenedAndUsedFromManyThreads()
    {
        std::array<bool, 4> good{};
        std::vector<std::jthread> threads;
        threads.reserve(good.size());
        for (bool &each : good)
            threads.emplace_back([&each] {
                const SigningKey key = test::signingKey(QStringLiteral("cosign-v2"));
                const auto signature = test::await(key.sign("message", {}));
                each = signature && !key.publicKey().verify("message", *signature).isEmpty();
            });
        threads.clear();
        QVERIFY(std::all_of(good.begin(), good.end(), [](bool each) { return each; }));
    }

    void base64IsReadWithoutLeniency_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isGood");
        QTest::newRow("good") << QByteArray("YWI=") << true;
        QTest::newRow("no padding") << QByteArray("YWI") << false;
        QTest::newRow("stray bits") << QByteArray("YWJ=") << false;
        QTest::newRow("line end") << QByteArray("YWI=\n") << false;
        QTest::newRow("space") << QByteArray("YW I=") << false;
        QTest::newRow("url alphabet") << QByteArray("_-8=") << false;
        QTest::newRow("standard alphabet") << QByteArray("/+8=") << true;
        QTest::newRow("more behind it") << QByteArray("YWI=YWI=") << false;
    }
    void base64IsReadWithoutLeniency()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, isGood);
        QCOMPARE(signing::strictBase64(text).has_value(), isGood);
    }
};

QTEST_GUILESS_MAIN(TestKeys)
#include "tst_keys.moc"
