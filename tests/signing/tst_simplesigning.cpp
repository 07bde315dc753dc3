// SPDX-License-Identifier: Apache-2.0
// The payload that is signed: cosign's bytes when written, containers/image's strictness when read.
#include "signing/fixtures.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;

class TestSimpleSigning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsCosignsByteForByte_data()
    {
        QTest::addColumn<QString>("fixture");
        for (const char *name : {"legacy-v2", "legacy-v3", "alg-rsa2048", "alg-ed25519"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void whatIsWrittenIsCosignsByteForByte()
    {
        QFETCH(QString, fixture);
        const test::Signatures cosigns = test::signaturesOf(fixture);
        const auto claim = signing::readSimpleSigning(cosigns.payload);
        QVERIFY(claim);
        QVERIFY(claim->isCosign());
        QCOMPARE(claim->digest, test::image().digest.toString());
        QCOMPARE(signing::simpleSigningPayload(claim->identity, test::image().digest), cosigns.payload);
    }

    void whatIsReadIsStrict_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<bool>("isGood");
        const auto row = [](const char *name, const char *from, const char *to, bool isGood) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << isGood;
        };
        row("as it is", "", "", true);
        row("annotations", R"("optional":null)", R"("optional":{"a":"b"})", true);
        row("nothing optional", R"(,"optional":null)", "", true);
        row("spaces", R"({"critical")", R"({ "critical")", true);
        row("cut", R"(null})", "null", false);
        row("more behind it", R"(null})", "null}x", false);
        row("a member of the root", R"(,"optional")", R"(,"extra":1,"optional")", false);
        row("a member of critical", R"("critical":{)", R"("critical":{"extra":1,)", false);
        row("a member of image", R"("image":{)", R"("image":{"extra":1,)", false);
        row("a member of identity", R"("identity":{)", R"("identity":{"extra":1,)", false);
        row("two types", R"("type":)", R"("type":"a","type":)", false);
        row("two digests", R"("docker-manifest-digest":)", R"("docker-manifest-digest":"a","docker-manifest-digest":)",
            false);
        row("no type", R"(,"type":"cosign container image signature")", "", false);
        row("a type that is no text", R"("cosign container image signature")", "1", false);
        row("a digest that is no text", "\"docker-manifest-digest\":\"sha256", "\"docker-manifest-digest\":[\"sha256",
            false);
        row("another case", R"("critical")", R"("Critical")", false);
    }
    void whatIsReadIsStrict()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(bool, isGood);
        QByteArray payload = signing::simpleSigningPayload(QStringLiteral("r.example/app"), test::image().digest);
        if (!from.isEmpty()) {
            QVERIFY(payload.contains(from));
            payload.replace(from, to);
        }
        const auto claim = signing::readSimpleSigning(payload);
        QCOMPARE(claim.has_value(), isGood);
        if (!isGood)
            QCOMPARE(claim.error().kind, ErrorKind::InvalidData);
    }

    void anotherTypeIsNotCosigns()
    {
        QByteArray payload = signing::simpleSigningPayload(QStringLiteral("r.example/app"), test::image().digest);
        payload.replace("cosign container", "atomic container");
        QVERIFY(!signing::readSimpleSigning(payload)->isCosign());
    }

    void aRepositoryIsNamedOrNot_data()
    {
        QTest::addColumn<QString>("identity");
        QTest::addColumn<QString>("repository");
        QTest::addColumn<bool>("isNamed");
        const auto row = [](const char *identity, const char *repository, bool isNamed) {
            QTest::addRow("%s / %s", identity, repository)
                << QString::fromLatin1(identity) << QString::fromLatin1(repository) << isNamed;
        };
        row("r.example/app", "r.example/app", true);
        row("r.example/app:1.4", "r.example/app", true);
        row("r.example:5000/app", "r.example:5000/app", true);
        row("r.example:5000/app", "r.example:5001/app", false);
        row("r.example/app", "r.example/app2", false);
        row("r.example/app", "other.example/app", false);
        row("index.docker.io/library/alpine", "docker.io/library/alpine", true);
        row("docker.io/alpine", "docker.io/library/alpine", true);
        row("", "r.example/app", false);
        row("not a name", "r.example/app", false);
    }
    void aRepositoryIsNamedOrNot()
    {
        QFETCH(QString, identity);
        QFETCH(QString, repository);
        QFETCH(bool, isNamed);
        QCOMPARE(signing::namesRepository(identity, repository), isNamed);
    }
};

QTEST_GUILESS_MAIN(TestSimpleSigning)
#include "tst_simplesigning.moc"
