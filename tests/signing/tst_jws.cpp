// SPDX-License-Identifier: Apache-2.0
// Signatures as JWS wants them: the examples of RFC 7515, every key's own algorithm, and nothing that is only nearly
// one.
#include "signing/jws.h"
#include "signing/notationfixtures.h"

#include <QTest>

using namespace colophon;
using signing::JwsAlgorithm;
using signing::PublicKey;
using signing::SigningKey;
using test::MadeCertificate;
using test::makeCertificate;

class TestJws : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // RFC 7515, appendix A.3 and A.4, with the curve's point as a SubjectPublicKeyInfo around x and y.
    void theExamplesOfTheStandardVerify_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("signature"); // base64url
        QTest::addColumn<QByteArray>("spki");
        QTest::newRow("ES256")
            << QByteArray(
                   "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9p"
                   "c19yb290Ijp0cnVlfQ")
            << QByteArray("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
            << QByteArray::fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200") + '\x04' +
                   *signing::strictBase64Url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU") +
                   *signing::strictBase64Url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
        QTest::newRow("ES512") << QByteArray("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA")
                               << QByteArray(
                                      "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-"
                                      "KGDKB34XO0aw_7XdtAG8GaSwFKdCA"
                                      "PZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn")
                               << QByteArray::fromHex("30819b301006072a8648ce3d020106052b8104002303818600") + '\x04' +
                                      *signing::strictBase64Url(
                                          "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4"
                                          "qUxcWceqwQGk") +
                                      *signing::strictBase64Url(
                                          "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9u"
                                          "bmf63e3kyMj2");
    }
    void theExamplesOfTheStandardVerify()
    {
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, signature);
        QFETCH(QByteArray, spki);
        const auto key = PublicKey::fromDer(spki, QStringLiteral("rfc7515"));
        QVERIFY2(key, qPrintable(key ? QString() : key.error().text()));
        const QByteArray raw = signing::strictBase64Url(signature).value();
        QVERIFY(signing::isJwsSignature(message, raw, *key));
        QVERIFY(!signing::isJwsSignature(message + '.', raw, *key));
    }

    void everyKeyHasOneAlgorithm_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QString>("algorithm"); // empty: none
        QTest::addColumn<int>("size");          // of a signature
        QTest::newRow("P-256") << QByteArray("P-256") << QStringLiteral("ES256") << 64;
        QTest::newRow("P-384") << QByteArray("P-384") << QStringLiteral("ES384") << 96;
        QTest::newRow("P-521") << QByteArray("P-521") << QStringLiteral("ES512") << 132;
        QTest::newRow("RSA-2048") << QByteArray("RSA-2048") << QStringLiteral("PS256") << 256;
        QTest::newRow("RSA-3072") << QByteArray("RSA-3072") << QStringLiteral("PS384") << 384;
        QTest::newRow("RSA-4096") << QByteArray("RSA-4096") << QStringLiteral("PS512") << 512;
        QTest::newRow("RSA-2560") << QByteArray("RSA-2560") << QString() << 0;
        QTest::newRow("Ed25519") << QByteArray("ED25519") << QString() << 0;
    }
    void everyKeyHasOneAlgorithm()
    {
        QFETCH(QByteArray, kind);
        QFETCH(QString, algorithm);
        QFETCH(int, size);
        const SigningKey key = test::keyOf(makeCertificate({.key = kind}));
        const auto found = signing::jwsAlgorithmOf(key.publicKey());
        QCOMPARE(found ? signing::nameOf(*found) : QString(), algorithm);
        const auto signature = test::await(signing::jwsSignature(key, "message", {}));
        if (algorithm.isEmpty()) {
            QVERIFY(!signature);
            QCOMPARE(signature.error().kind, base::ErrorKind::Usage);
            QVERIFY(!signing::isJwsSignature("message", "signature", key.publicKey()));
            return;
        }
        QVERIFY2(signature, qPrintable(signature ? QString() : signature.error().text()));
        QCOMPARE(signature->size(), size);
        QVERIFY(signing::isJwsSignature("message", *signature, key.publicKey()));
        QVERIFY(!signing::isJwsSignature("messagE", *signature, key.publicKey()));
        QVERIFY(!signing::isJwsSignature("message", signature->chopped(1), key.publicKey()));
        QVERIFY(!signing::isJwsSignature("message", *signature + '\0', key.publicKey()));
        QVERIFY(!signing::isJwsSignature("message", {}, key.publicKey()));
        QByteArray changed = *signature;
        changed[size / 2] = static_cast<char>(changed.at(size / 2) ^ 1);
        QVERIFY(!signing::isJwsSignature("message", changed, key.publicKey()));
    }

    // What cosign takes from the same key is not what a JWS takes.
    void anotherFormOfSignatureIsRefused_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::newRow("DER instead of r and s") << QByteArray("P-256");
        QTest::newRow("PKCS #1 v1.5 instead of PSS") << QByteArray("RSA-2048");
    }
    void anotherFormOfSignatureIsRefused()
    {
        QFETCH(QByteArray, kind);
        const SigningKey key = test::keyOf(makeCertificate({.key = kind}));
        const auto signature = test::await(key.sign("message", {}));
        QVERIFY(!key.publicKey().verify("message", *signature).isEmpty());
        QVERIFY(!signing::isJwsSignature("message", *signature, key.publicKey()));
    }

    void base64UrlHasOneTextForAll_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isGood");
        QTest::newRow("good") << QByteArray("-_-_YQ") << true;
        QTest::newRow("empty") << QByteArray("") << true;
        QTest::newRow("padded") << QByteArray("YQ==") << false;
        QTest::newRow("standard alphabet") << QByteArray("+/+/") << false;
        QTest::newRow("stray bits") << QByteArray("YR") << false;
        QTest::newRow("white space") << QByteArray("YW Jj") << false;
        QTest::newRow("a line's end") << QByteArray("YWJj\n") << false;
        QTest::newRow("a letter too many") << QByteArray("YWJjY") << false;
    }
    void base64UrlHasOneTextForAll()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, isGood);
        const auto bytes = signing::strictBase64Url(text);
        QCOMPARE(bytes.has_value(), isGood);
        if (isGood)
            QCOMPARE(signing::base64Url(*bytes), text);
    }
};

QTEST_GUILESS_MAIN(TestJws)
#include "tst_jws.moc"
