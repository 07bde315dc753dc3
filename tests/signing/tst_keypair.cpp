// SPDX-License-Identifier: Apache-2.0
// New key pairs: as cosign would have made them, for nobody else to read, and never over what is there.
#include "oci/jsondocument.h"
#include "signing/fixtures.h"
#include "signing/keypair.h"
#include "signing/pem.h"
#include "support/await.h"

#include <QTemporaryDir>
#include <QTest>

using namespace colophon;
using base::ErrorKind;
using base::Secret;
using signing::SigningKey;

namespace {
oci::JsonDocument jsonOf(const QByteArray &keyFile)
{
    return oci::JsonDocument::parse(signing::firstPemBlock(keyFile)->bytes.reveal()).value();
}

// The file with its random values blanked.
QByteArray withoutRandom(const QByteArray &keyFile)
{
    const oci::JsonDocument json = jsonOf(keyFile);
    QByteArray bytes = json.bytes();
    for (const auto &value : {json.root()["ciphertext"], json.root()["cipher"]["nonce"], json.root()["kdf"]["salt"]}) {
        const oci::Span span = value.span();
        for (qsizetype i = span.begin + 1; i < span.end - 1; ++i)
            bytes[i] = '.';
    }
    return bytes;
}
} // namespace

class TestKeyPair : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aPairIsAsCosignMakesIt()
    {
        const auto made = signing::createKeyPair(prefix(), test::passphrase());
        QVERIFY2(made, qPrintable(made ? QString() : made.error().text()));
        QCOMPARE(made->algorithm(), QStringLiteral("ECDSA P-256"));
        const QByteArray file = test::contentOf(prefix() + QLatin1String(".key"));
        const QByteArray cosigns = test::contentOf(test::signingData(QStringLiteral("keys/cosign-v3.key")));
        QCOMPARE(withoutRandom(file), withoutRandom(cosigns));
        QCOMPARE(file.left(file.indexOf('\n')), cosigns.left(cosigns.indexOf('\n')));
        QCOMPARE(file.size(), cosigns.size());

        const auto key = SigningKey::fromFile(prefix() + QLatin1String(".key"), test::passphrase());
        const auto published = signing::PublicKey::fromFile(prefix() + QLatin1String(".pub"));
        QCOMPARE(key->publicKey().fingerprint(), published->fingerprint());
        QCOMPARE(made->fingerprint(), published->fingerprint());
        QCOMPARE(made->name(), QStringLiteral("k.pub"));
        QVERIFY(!published->verify("message", test::await(key->sign("message", {})).value()).isEmpty());
        QCOMPARE(SigningKey::fromFile(prefix() + QLatin1String(".key"), Secret(COLOPHON_FIXTURE_PASSPHRASE "x"))
                     .error()
                     .kind,
                 ErrorKind::CheckFailed);
    }

    void onlyTheOwnerReadsThePrivateKey()
    {
        QVERIFY(signing::createKeyPair(prefix(), {}));
        const auto all = QFile::permissions(prefix() + QLatin1String(".key"));
        QCOMPARE(all & ~(QFile::ReadUser | QFile::WriteUser), QFile::ReadOwner | QFile::WriteOwner);
        QVERIFY(QFile::permissions(prefix() + QLatin1String(".pub")) & QFile::ReadOther);
    }

    void everyPairIsNewThroughout()
    {
        QVERIFY(signing::createKeyPair(prefix(), {}));
        QVERIFY(signing::createKeyPair(prefix() + QLatin1Char('2'), {}));
        const oci::JsonDocument one = jsonOf(test::contentOf(prefix() + QLatin1String(".key")));
        const oci::JsonDocument two = jsonOf(test::contentOf(prefix() + QLatin1String("2.key")));
        QVERIFY(one.root()["kdf"]["salt"].string() != two.root()["kdf"]["salt"].string());
        QVERIFY(one.root()["cipher"]["nonce"].string() != two.root()["cipher"]["nonce"].string());
        QVERIFY(test::contentOf(prefix() + QLatin1String(".pub")) !=
                test::contentOf(prefix() + QLatin1String("2.pub")));
        QVERIFY(SigningKey::fromFile(prefix() + QLatin1String(".key"), {})); // an empty passphrase is legal
    }

    void nothingIsOverwritten_data()
    {
        QTest::addColumn<QString>("taken");
        QTest::addColumn<bool>("isLink");
        QTest::newRow("the private key") << QStringLiteral(".key") << false;
        QTest::newRow("the public key") << QStringLiteral(".pub") << false;
        QTest::newRow("a link into nowhere") << QStringLiteral(".key") << true;
        QTest::newRow("a link into nowhere for the public key") << QStringLiteral(".pub") << true;
    }
    void nothingIsOverwritten()
    {
        QFETCH(QString, taken);
        QFETCH(bool, isLink);
        const QString path = prefix() + taken;
        QFile file(path);
        if (isLink) {
            QVERIFY(QFile::link(m_folder->filePath(QStringLiteral("elsewhere")), path));
        } else {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("mine");
            file.close();
        }
        for (const auto &refused : {signing::canCreateKeyPair(prefix()).error(),
                                    signing::createKeyPair(prefix(), test::passphrase()).error()}) {
            QCOMPARE(refused.kind, ErrorKind::Usage);
            QVERIFY2(refused.message.contains(QLatin1String("k") + taken + QLatin1String(" exists already")),
                     qPrintable(refused.message));
        }
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::System), QStringList{QLatin1String("k") + taken});
        if (!isLink)
            QCOMPARE(test::contentOf(path), QByteArray("mine"));
    }

    void aPlaceThatIsNoneIsSaid()
    {
        QCOMPARE(signing::createKeyPair(m_folder->filePath(QStringLiteral("absent/k")), {}).error().kind,
                 ErrorKind::Usage);
        QCOMPARE(signing::createKeyPair({}, {}).error().kind, ErrorKind::Usage);
        QCOMPARE(signing::createKeyPair(m_folder->path() + QLatin1Char('/'), {}).error().kind, ErrorKind::Usage);
    }

private:
    QString prefix() const { return m_folder->filePath(QStringLiteral("k")); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestKeyPair)
#include "tst_keypair.moc"
