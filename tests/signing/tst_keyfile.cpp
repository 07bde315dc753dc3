// SPDX-License-Identifier: Apache-2.0
// Private keys in every form that is read, as openssl wrote them: opened with their certificates, told apart, and
// refused with the reason.
#include "signing/fixtures.h"
#include "signing/keyfile.h"
#include "signing/pem.h"
#include "support/await.h"
#include "support/certificates/costlykeys.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using base::Secret;
using signing::SigningKey;

namespace {
QString keyPath(const QString &file) { return test::signingData(QStringLiteral("keys/") + file); }

base::Result<SigningKey> opened(const QByteArray &content, const QByteArray &phrase = COLOPHON_FIXTURE_PASSPHRASE)
{
    return SigningKey::fromBytes(Secret(QByteArray(content.constData(), content.size())),
                                 Secret(QByteArray(phrase.constData(), phrase.size())), QStringLiteral("k.key"));
}
} // namespace

class TestKeyFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFormOpens_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("published"); // the public key that belongs to it
        QTest::addColumn<bool>("isLocked");
        QTest::addColumn<int>("certificates");
        const auto row = [](const char *file, const char *published, bool isLocked, int certificates = 0) {
            QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(published) << isLocked
                                << certificates;
        };
        row("raw-p384.pem", "imp-p384", false);
        row("raw-p521.pem", "imp-p521", false);
        row("raw-rsa2048.pem", "imp-rsa2048", false);
        row("raw-ed25519.pem", "imp-ed25519", false);
        row("raw-sec1-p256.pem", "imp-sec1-p256", false);
        row("parameters-p256.pem", "imp-sec1-p256", false);
        row("sec1-p521.pem", "imp-p521", false);
        row("pkcs1-rsa2048.pem", "imp-rsa2048", false);
        row("pbes2-p384.pem", "imp-p384", true);
        row("pbes2-scrypt-ed25519.pem", "imp-ed25519", true);
        row("pbes1-rsa2048.pem", "imp-rsa2048", true);
        row("proctype-rsa2048.pem", "imp-rsa2048", true);
        row("proctype-p256.pem", "imp-sec1-p256", true);
        row("chain-p384.pem", "imp-p384", false, 2);
        row("p384.p12", "imp-p384", true, 2);
        row("p384-3des.p12", "imp-p384", true, 2);
        row("p384-nopass.p12", "imp-p384", false, 2);
    }
    void everyFormOpens()
    {
        QFETCH(QString, file);
        QFETCH(QString, published);
        QFETCH(bool, isLocked);
        QFETCH(int, certificates);
        const auto key = SigningKey::fromFile(keyPath(file), isLocked ? test::passphrase() : Secret());
        QVERIFY2(key, qPrintable(key ? QString() : key.error().text()));
        const signing::PublicKey other = test::publicKey(published);
        QCOMPARE(key->publicKey().fingerprint(), other.fingerprint());
        QVERIFY(key->description().startsWith(file + QStringLiteral(" · ")));
        QVERIFY(!other.verify("message", test::await(key->sign("message", {})).value()).isEmpty());
        QCOMPARE(key->certificates().size(), certificates);
        if (certificates > 0) // the key's own stands first
            QCOMPARE(
                key->certificates().constFirst(),
                signing::firstPemBlock(test::contentOf(keyPath(QStringLiteral("certificate.crt"))))->bytes.reveal());
        QCOMPARE(SigningKey::needsPassphrase(keyPath(file)).value(), isLocked);
        if (!isLocked)
            return;
        for (const QByteArray &phrase :
             {QByteArray(COLOPHON_FIXTURE_PASSPHRASE "x"), QByteArray(), QByteArray(2000, 'x')}) {
            const auto refused = SigningKey::fromFile(keyPath(file), Secret(phrase));
            QCOMPARE(refused.error().kind, ErrorKind::CheckFailed);
            QCOMPARE(refused.error().message, QStringLiteral("Wrong passphrase for %1.").arg(file));
        }
    }

    // With one of 256 passphrases a block cipher's padding looks right.
    void noPassphraseOpensByChance()
    {
        const QByteArray text = test::contentOf(keyPath(QStringLiteral("proctype-p256.pem")));
        for (int i = 0; i < 2000; ++i)
            QCOMPARE(opened(text, QByteArray::number(i)).error().kind, ErrorKind::CheckFailed);
    }

    void aCutFileIsRefused_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("says");
        for (const char *file : {"raw-p384.pem", "raw-sec1-p256.pem", "pkcs1-rsa2048.pem", "pbes2-p384.pem",
                                 "proctype-rsa2048.pem", "chain-p384.pem"})
            QTest::newRow(file) << QString::fromLatin1(file)
                                << QStringLiteral("k.key is a private key, but it is damaged");
        QTest::newRow("p384.p12") << QStringLiteral("p384.p12")
                                  << QStringLiteral("k.key is a PKCS#12 file, but it is damaged");
    }
    void aCutFileIsRefused()
    {
        QFETCH(QString, file);
        QFETCH(QString, says);
        const QByteArray whole = test::contentOf(keyPath(file));
        for (const qsizetype size : {qsizetype(60), whole.size() / 2, whole.size() - 30}) {
            const auto key = opened(whole.first(size));
            QVERIFY(!key);
            QCOMPARE(key.error().kind, ErrorKind::InvalidData);
            QVERIFY2(key.error().message.startsWith(says), qPrintable(key.error().message));
        }
        const qsizetype marked = whole.indexOf("-----END");
        const qsizetype keyEnd = marked < 0 ? whole.size() : marked;
        for (qsizetype size = 0; size < keyEnd; size += 7)
            QVERIFY(!opened(whole.first(size)));
    }

    void otherFilesAreToldApart_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *file, const char *says) {
            QTest::newRow(file) << QString::fromLatin1(file) << QString::fromUtf8(says);
        };
        row("cosign-v2.pub", "is a public key: it verifies");
        row("certificate.crt", "is a certificate without its key");
        row("certificate.p12", "There is no private key in certificate.p12.");
        row("openssh.pem", "openssh.pem is an OpenSSH key");
        row("rsa1024.pem", "rsa1024.pem is an RSA key of 1024 bits");
        row("pbes1-des-p384.pem", "pbes1-des-p384.pem is encrypted in a way that is not supported any more");
        row("p384-rc2.p12", "p384-rc2.p12 is encrypted in a way that is not supported any more");
        row("../image/index.json", "index.json is not a cosign, PEM or PKCS#12 key.");
    }
    void otherFilesAreToldApart()
    {
        QFETCH(QString, file);
        QFETCH(QString, says);
        const auto key = SigningKey::fromFile(keyPath(file), test::passphrase());
        QVERIFY(!key);
        QCOMPARE(key.error().kind, ErrorKind::InvalidData);
        QVERIFY2(key.error().message.contains(says), qPrintable(key.error().message));
        QVERIFY(!key.error().hint.isEmpty());
    }

    // A file that asks for hours of work is not opened; without the bound this would take them.
    void whatCostsTooMuchIsNotOpened_data()
    {
        using Place = test::CostlyPlace;
        QTest::addColumn<QByteArray>("content");
        const QByteArray phrase = COLOPHON_FIXTURE_PASSPHRASE;
        QTest::newRow("PBKDF2") << test::pbkdf2Key(5'000'001);
        QTest::newRow("PBKDF2, as much as there is") << test::pbkdf2Key(0x7fffffff);
        QTest::newRow("PBES1") << test::pbes1Key(0x7fffffff);
        QTest::newRow("scrypt, parallel") << test::scryptKey(2048, 8, 16'384);
        QTest::newRow("PKCS#12, MAC") << test::costlyPkcs12(Place::Mac, phrase);
        QTest::newRow("PKCS#12, key") << test::costlyPkcs12(Place::Key, phrase);
        QTest::newRow("PKCS#12, encrypted part") << test::costlyPkcs12(Place::Encrypted, phrase);
        QTest::newRow("PKCS#12, within the encrypted part") << test::costlyPkcs12(Place::WithinEncrypted, phrase);
    }
    void whatCostsTooMuchIsNotOpened()
    {
        QFETCH(QByteArray, content);
        const auto key = opened(content);
        QCOMPARE(key.error().kind, ErrorKind::TooLarge);
        QCOMPARE(key.error().message,
                 QStringLiteral("k.key asks for more than 5 million rounds of key derivation, which no "
                                "key needs; it was not opened."));
        QVERIFY(!key.error().hint.isEmpty());
    }

    void whatMayCostSomethingIsTried()
    {
        for (const QByteArray &content : {test::pbkdf2Key(100'000), test::scryptKey(16'384, 8, 1)})
            QCOMPARE(opened(content).error().kind, ErrorKind::CheckFailed); // nothing opens these
    }

    void severalKeysInOneFileAreRefused()
    {
        const QByteArray one = test::contentOf(keyPath(QStringLiteral("raw-p384.pem")));
        const auto key = opened(one + test::contentOf(keyPath(QStringLiteral("raw-p521.pem"))));
        QCOMPARE(key.error().kind, ErrorKind::InvalidData);
        QCOMPARE(key.error().message,
                 QStringLiteral("There are 2 private keys in k.key, and nothing says which is meant."));
    }

    void aDamagedBlockIsNoWrongPassphrase_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("PKCS#8") << signing::toPem("PRIVATE KEY", "hello");
        QTest::newRow("PBES2") << signing::toPem("ENCRYPTED PRIVATE KEY", "hello");
        QTest::newRow("SEC1") << signing::toPem("EC PRIVATE KEY", "hello");
        QTest::newRow("a cipher nobody has")
            << test::contentOf(keyPath(QStringLiteral("proctype-p256.pem"))).replace("AES-128-CBC", "AES-999-CBC");
    }
    void aDamagedBlockIsNoWrongPassphrase()
    {
        QFETCH(QByteArray, text);
        const auto key = opened(text);
        QCOMPARE(key.error().kind, ErrorKind::InvalidData);
        QVERIFY2(key.error().message.contains(QLatin1String("damaged")), qPrintable(key.error().message));
    }
};

QTEST_GUILESS_MAIN(TestKeyFile)
#include "tst_keyfile.moc"
