// SPDX-License-Identifier: Apache-2.0
#include "registry/answererror.h"

#include <QTest>

using namespace colophon;
using base::ErrorKind;
using registry::Occasion;
using registry::WireError;

class TestAnswerError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kindFollowsFromTheStatus_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("writing");
        QTest::addColumn<int>("kind");
        const auto row = [](int status, bool writing, ErrorKind kind) {
            QTest::newRow(qPrintable(QString::number(status) + QLatin1String(writing ? "w" : "")))
                << status << writing << int(kind);
        };
        row(400, false, ErrorKind::Failed);
        row(401, false, ErrorKind::Unauthorized);
        row(403, false, ErrorKind::Denied);
        row(404, false, ErrorKind::NotFound);
        row(405, false, ErrorKind::Failed);
        row(409, false, ErrorKind::Failed);
        row(409, true, ErrorKind::Denied);
        row(412, true, ErrorKind::Denied);
        row(413, true, ErrorKind::TooLarge);
        row(429, false, ErrorKind::Failed);
        row(500, true, ErrorKind::Failed);
        row(503, false, ErrorKind::Failed);
        row(204, false, ErrorKind::Protocol);
    }

    void kindFollowsFromTheStatus()
    {
        QFETCH(int, status);
        QFETCH(bool, writing);
        QFETCH(int, kind);
        Occasion occasion{QStringLiteral("do it"), QStringLiteral("r.example")};
        occasion.writing = writing;
        const base::Error error = registry::errorOf(status, {}, {}, occasion);
        QCOMPARE(int(error.kind), kind);
        QCOMPARE(error.httpStatus, status);
        QCOMPARE(error.operation, QStringLiteral("do it"));
        QVERIFY2(error.message.contains(QStringLiteral("r.example")), qPrintable(error.message));
    }

    void readsTheRegistrysWords_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("message");
        const QByteArray json("application/json");
        QTest::newRow("specified") << QByteArray(R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"no such"}]})")
                                   << json << QStringLiteral("MANIFEST_UNKNOWN") << QStringLiteral("no such");
        QTest::newRow("unknown first")
            << QByteArray(
                   R"({"errors":[{"code":"UNKNOWN","message":"unknown error"},{"code":"MANIFEST_BLOB_UNKNOWN","message":"blob"}]})")
            << json << QStringLiteral("MANIFEST_BLOB_UNKNOWN") << QStringLiteral("blob");
        QTest::newRow("token service") << QByteArray(R"({"details":"incorrect username or password"})") << json
                                       << QString() << QStringLiteral("incorrect username or password");
        QTest::newRow("text") << QByteArray("first line\nsecond") << QByteArray("text/plain; charset=utf-8")
                              << QString() << QStringLiteral("first line");
        QTest::newRow("one line") << QByteArray("the only line") << QByteArray("text/plain") << QString()
                                  << QStringLiteral("the only line");
        QTest::newRow("page") << QByteArray("<html>x</html>") << QByteArray("text/html") << QString() << QString();
        QTest::newRow("no list") << QByteArray(R"({"errors":"many"})") << json << QString() << QString();
        QTest::newRow("empty list") << QByteArray(R"({"errors":[]})") << json << QString() << QString();
        QTest::newRow("nothing") << QByteArray() << QByteArray() << QString() << QString();
    }

    void readsTheRegistrysWords()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, type);
        const WireError wire = WireError::parse(body, type);
        QTEST(wire.code, "code");
        QTEST(wire.message, "message");
    }

    void foreignTextIsMadeVisible()
    {
        WireError wire;
        wire.code = QStringLiteral("EVIL\x1b[31m");
        wire.message = QStringLiteral("red \x1b]52;c;\x07 and \u202Ereversed");
        const base::Error error = registry::errorOf(400, {}, wire, {QStringLiteral("do"), QStringLiteral("r")});
        QVERIFY(!error.text().contains(QChar(0x1B)));
        QVERIFY(!error.text().contains(QChar(0x202E)));
        QVERIFY(!error.wireCode.contains(QChar(0x1B)));
    }

    void unauthorizedSaysWhoWeAre()
    {
        Occasion occasion{QStringLiteral("do"), QStringLiteral("r.example"), QStringLiteral("app")};
        QVERIFY(registry::errorOf(401, {}, {}, occasion).hint.contains(QStringLiteral("Sign in")));
        occasion.shown = {QStringLiteral("somebody"), QStringLiteral("given by hand")};
        QVERIFY(registry::errorOf(401, {}, {}, occasion).message.contains(QStringLiteral("Signed in as somebody")));
        occasion.shown.source = QStringLiteral("from ~/.docker/config.json for r.example");
        occasion.shown.asked = QStringLiteral("repository:app:pull,push");
        occasion.shown.granted = QStringLiteral("repository:app:pull");
        for (const int status : {401, 403}) {
            const QString message = registry::errorOf(status, {}, {}, occasion).message;
            QVERIFY2(message.startsWith(QStringLiteral(
                         "Signed in as somebody (from ~/.docker/config.json for r.example), and r.exam")),
                     qPrintable(message));
            QVERIFY2(message.contains(
                         QStringLiteral("asked for \"repository:app:pull,push\" and grants \"repository:app:pull\".")),
                     qPrintable(message));
        }
        occasion.shown.user.clear();
        QVERIFY(registry::errorOf(403, {}, {}, occasion).message.startsWith(QStringLiteral("Signed in with a token")));
    }

    void retryAfterIsPassedOn()
    {
        const Occasion occasion{QStringLiteral("do"), QStringLiteral("r.example")};
        QVERIFY(
            registry::errorOf(429, {{"Retry-After", "17"}}, {}, occasion).hint.contains(QStringLiteral("17 seconds")));
        const auto hint = [&occasion](const QByteArray &after) {
            return registry::errorOf(503, {{"Retry-After", after}}, {}, occasion).hint;
        };
        QCOMPARE(hint("7200"), QStringLiteral("Try again in 120 minutes."));
        QCOMPARE(hint("7201"), QStringLiteral("Try again in 3 hours."));
        QCOMPARE(hint("99999999999"), QStringLiteral("Wait a while and try again."));
        QCOMPARE(hint("soon"), QStringLiteral("Wait a while and try again."));
        QCOMPARE(hint("Sun, 06 Nov 1994 08:49:37 GMT"), QStringLiteral("Try again in a moment."));
        const QDateTime later = QDateTime::currentDateTimeUtc().addDays(7).addSecs(-3600);
        const QString date =
            QLocale::c().toString(later, QStringLiteral("ddd, dd MMM yyyy HH:mm:ss")) + QStringLiteral(" GMT");
        QCOMPARE(hint(date.toLatin1()), QStringLiteral("Try again in 7 days."));
        QVERIFY(!registry::errorOf(429, {}, {}, occasion).hint.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAnswerError)
#include "tst_answererror.moc"
