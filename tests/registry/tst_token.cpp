// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/token.h"

#include <QTest>

using colophon::registry::auth::Token;
using namespace std::chrono_literals;

class TestToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("text"); // empty: refused
        QTest::addColumn<int>("life");
        QTest::newRow("token") << QByteArray(R"({"token":"abc"})") << QByteArray("abc") << 60;
        QTest::newRow("access_token") << QByteArray(R"({"access_token":"abc","expires_in":300})") << QByteArray("abc")
                                      << 300;
        QTest::newRow("both") << QByteArray(R"({"token":"a","access_token":"b"})") << QByteArray("a") << 60;
        QTest::newRow("token null") << QByteArray(R"({"token":null,"access_token":"b"})") << QByteArray("b") << 60;
        QTest::newRow("negative life") << QByteArray(R"({"token":"a","expires_in":-1})") << QByteArray("a") << 60;
        QTest::newRow("no life") << QByteArray(R"({"token":"a","expires_in":0})") << QByteArray("a") << 60;
        QTest::newRow("endless life") << QByteArray(R"({"token":"a","expires_in":1e18})") << QByteArray("a") << 3600;
        QTest::newRow("life beyond numbers")
            << QByteArray(R"({"token":"a","expires_in":1e300})") << QByteArray("a") << 60;
        QTest::newRow("life as text") << QByteArray(R"({"token":"a","expires_in":"300"})") << QByteArray("a") << 60;
        QTest::newRow("life in halves") << QByteArray(R"({"token":"a","expires_in":1.5})") << QByteArray("a") << 60;
        QTest::newRow("none") << QByteArray(R"({"expires_in":300})") << QByteArray() << 0;
        QTest::newRow("empty") << QByteArray(R"({"token":""})") << QByteArray() << 0;
        QTest::newRow("number") << QByteArray(R"({"token":5})") << QByteArray() << 0;
        QTest::newRow("line break") << QByteArray(R"({"token":"a\r\nX-Evil: 1"})") << QByteArray() << 0;
        QTest::newRow("space") << QByteArray(R"({"token":"a b"})") << QByteArray() << 0;
        QTest::newRow("not ASCII") << QByteArray(R"({"token":"ä"})") << QByteArray() << 0;
        QTest::newRow("array") << QByteArray(R"(["token"])") << QByteArray() << 0;
        QTest::newRow("page") << QByteArray("<html>") << QByteArray() << 0;
        QTest::newRow("nothing") << QByteArray() << QByteArray() << 0;
    }

    void reads()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, text);
        QFETCH(int, life);
        const auto token = Token::parse(json, Token::Clock::now());
        QCOMPARE(token.has_value(), !text.isEmpty());
        if (!token)
            return;
        QCOMPARE(token->text.reveal(), text);
        QCOMPARE(token->life.count(), life);
    }

    void expires()
    {
        const auto now = Token::Clock::now();
        const auto token = Token::parse(R"({"token":"a"})", now);
        QVERIFY(!token->isExpired(now));
        QVERIFY(!token->isExpired(now + 50s));
        QVERIFY(token->isExpired(now + 56s)); // early: the request still has to travel
        QVERIFY(token->isExpired(now + 61s));
        QVERIFY(token->isExpired(now - 1s)); // a clock that went back proves nothing
    }
};

QTEST_GUILESS_MAIN(TestToken)
#include "tst_token.moc"
