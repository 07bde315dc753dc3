// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/challenge.h"

#include <QTest>

using colophon::registry::auth::Challenge;

class TestChallenge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatRegistriesSend_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QList<QByteArray>>("schemes");
        QTest::addColumn<QString>("realm"); // of the first
        QTest::newRow("docker") << QByteArray(
                                       "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\"")
                                << QList<QByteArray>{"bearer"} << QStringLiteral("https://auth.docker.io/token");
        QTest::newRow("spaces around commas")
            << QByteArray("Bearer realm=\"r\" , service=\"s\" ,scope=\"a:b:pull,push\"") << QList<QByteArray>{"bearer"}
            << QStringLiteral("r");
        QTest::newRow("spaces around equals")
            << QByteArray("Basic realm = \"r\"") << QList<QByteArray>{"basic"} << QStringLiteral("r");
        QTest::newRow("unquoted") << QByteArray("Basic realm=r") << QList<QByteArray>{"basic"} << QStringLiteral("r");
        QTest::newRow("case") << QByteArray("bAsIc ReAlM=\"R\"") << QList<QByteArray>{"basic"} << QStringLiteral("R");
        QTest::newRow("several") << QByteArray("Basic realm=\"a\", Bearer realm=\"b\",service=\"c\", Negotiate")
                                 << QList<QByteArray>{"basic", "bearer", "negotiate"} << QStringLiteral("a");
        QTest::newRow("token68 first") << QByteArray("Negotiate YIIabc+/==, Basic realm=\"a\"")
                                       << QList<QByteArray>{"negotiate", "basic"} << QString();
        QTest::newRow("empty elements") << QByteArray(", ,Basic realm=\"a\",, ") << QList<QByteArray>{"basic"}
                                        << QStringLiteral("a");
        QTest::newRow("escapes") << QByteArray("Basic realm=\"a\\\"b\\\\c\"") << QList<QByteArray>{"basic"}
                                 << QStringLiteral("a\"b\\c");
        QTest::newRow("comma in quotes") << QByteArray("Basic realm=\"a, Bearer realm=b\"")
                                         << QList<QByteArray>{"basic"} << QStringLiteral("a, Bearer realm=b");
        QTest::newRow("nothing") << QByteArray() << QList<QByteArray>{} << QString();
        QTest::newRow("scheme alone") << QByteArray("Negotiate") << QList<QByteArray>{"negotiate"} << QString();
    }

    void readsWhatRegistriesSend()
    {
        QFETCH(QByteArray, field);
        QFETCH(QList<QByteArray>, schemes);
        QFETCH(QString, realm);
        const auto challenges = Challenge::parse(field);
        QVERIFY2(challenges, challenges ? "" : qPrintable(challenges.error().message));
        QList<QByteArray> found;
        for (const Challenge &each : *challenges)
            found.append(each.scheme());
        QCOMPARE(found, schemes);
        if (!found.isEmpty())
            QCOMPARE(challenges->first().parameter("realm"), realm);
    }

    void refusesWhatBreaksTheGrammar_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::newRow("open quotation") << QByteArray("Bearer realm=\"https://x");
        QTest::newRow("backslash at the end") << QByteArray("Bearer realm=\"x\\");
        QTest::newRow("twice") << QByteArray("Bearer realm=\"a\",realm=\"b\"");
        QTest::newRow("twice in other case") << QByteArray("Bearer realm=\"a\",Realm=\"b\"");
        QTest::newRow("no value") << QByteArray("Bearer realm=,service=x");
        QTest::newRow("no comma") << QByteArray("Bearer realm=\"a\" service=\"b\"");
        QTest::newRow("line break") << QByteArray("Bearer realm=\"a\r\nX: y\"");
        QTest::newRow("NUL") << QByteArray("Bearer realm=\"a\0b\"", 18);
        QTest::newRow("NUL in a name") << QByteArray("Bea\0rer realm=\"a\"", 17);
        QTest::newRow("not ASCII") << QByteArray("Bearer realm=\"\xC3\xA4\"");
        QTest::newRow("quotes first") << QByteArray("\"Bearer\" realm=\"a\"");
        QTest::newRow("equals first") << QByteArray("=x");
        QTest::newRow("rubbish behind the value") << QByteArray("Bearer realm=\"a\"x");
    }

    void refusesWhatBreaksTheGrammar()
    {
        QFETCH(QByteArray, field);
        QVERIFY(!Challenge::parse(field));
        QVERIFY(!Challenge::best({field}));
    }

    void prefersBearerAndPassesBrokenLinesBy()
    {
        const auto best =
            Challenge::best({"Bearer realm=\"open", "Negotiate", "Basic realm=\"b\"", "Bearer realm=\"c\""});
        QVERIFY(best);
        QVERIFY(best->isBearer());
        QCOMPARE(best->parameter("realm"), QStringLiteral("c"));
        QVERIFY(Challenge::best({"Bearer service=\"without realm\", Basic realm=\"b\""})->isBasic());
        QVERIFY(!Challenge::best({"Negotiate", "Digest realm=\"x\""}));
        QVERIFY(!Challenge::best({}));
    }
};

QTEST_GUILESS_MAIN(TestChallenge)
#include "tst_challenge.moc"
