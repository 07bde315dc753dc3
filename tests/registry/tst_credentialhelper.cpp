// SPDX-License-Identifier: Apache-2.0
// Credential helpers, good, bad and endless, as programs of their own.

#include "registry/auth/credentialhelper.h"
#include "registry/fakehelper.h"
#include "support/await.h"
#include "support/canary/canary.h"

#include <QTest>
#include <QTimer>

using namespace colophon;
using base::ErrorKind;
using registry::auth::CredentialHelper;
using test::await;
using test::FakeHelpers;
using namespace std::chrono_literals;

class TestCredentialHelper : public QObject
{
    Q_OBJECT

    static base::Result<std::optional<registry::auth::FoundCredential>>
    ask(const FakeHelpers &helpers, const QString &name, const QString &server = QStringLiteral("r.example"),
        std::stop_token stop = {}, std::chrono::milliseconds patience = 20s)
    {
        return await(CredentialHelper::get({name, helpers.path(), patience}, server, std::move(stop)));
    }

private Q_SLOTS:
    void asksByTheProtocol()
    {
        const FakeHelpers helpers;
        helpers.write(QStringLiteral("good"), "me", COLOPHON_CANARY);
        const auto found = ask(helpers, QStringLiteral("good"), QStringLiteral("r.example:5000"));
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QVERIFY(*found);
        QCOMPARE((*found)->user, QStringLiteral("me"));
        QCOMPARE((*found)->password.reveal(), QByteArray(COLOPHON_CANARY));
        QVERIFY((*found)->identityToken.isEmpty());
        QCOMPARE(helpers.arguments(QStringLiteral("good")), QByteArray("1\nget\n"));
        QCOMPARE(helpers.input(QStringLiteral("good")), QByteArray("r.example:5000"));
    }

    void tokenIsAnIdentityToken()
    {
        const FakeHelpers helpers;
        helpers.write(QStringLiteral("token"), "<token>", "REFRESH");
        const auto found = ask(helpers, QStringLiteral("token"));
        QVERIFY(found && *found);
        QVERIFY((*found)->user.isEmpty());
        QVERIFY((*found)->password.isEmpty());
        QCOMPARE((*found)->identityToken.reveal(), QByteArray("REFRESH"));
    }

    void sayingThatThereIsNoneIsNoFailure()
    {
        const FakeHelpers helpers;
        helpers.write(QStringLiteral("none"), "echo '  credentials not found in native keychain'; exit 1");
        const auto found = ask(helpers, QStringLiteral("none"));
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QVERIFY(!*found);
    }

    void failuresAreSaid_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("part");
        QTest::newRow("almost the words") << QByteArray("echo 'credentials not found'; exit 1")
                                          << QStringLiteral("it says \"credentials not found\"");
        QTest::newRow("no server") << QByteArray("echo 'no credentials server URL'; exit 1")
                                   << QStringLiteral("no credentials server URL");
        QTest::newRow("reason with escapes")
            << QByteArray("printf '\\033[31mlocked\\nmore'; exit 1") << QStringLiteral("\\u001b[31mlocked\"");
        QTest::newRow("silent") << QByteArray("exit 3") << QStringLiteral("gives no reason");
        QTest::newRow("the secret and a failure")
            << QByteArray("echo '{\"Secret\":\"" COLOPHON_CANARY "\"}'; exit 1") << QStringLiteral("gives no reason");
        QTest::newRow("chatter on stderr")
            << QByteArray("echo " COLOPHON_CANARY " >&2; exit 1") << QStringLiteral("gives no reason");
        QTest::newRow("no JSON") << QByteArray("echo " COLOPHON_CANARY) << QStringLiteral("no credential");
        QTest::newRow("no user") << QByteArray("echo '{\"Secret\":\"" COLOPHON_CANARY "\",\"Username\":\"\"}'")
                                 << QStringLiteral("no usable user name");
        QTest::newRow("numbers") << QByteArray("echo '{\"Secret\":5,\"Username\":5}'")
                                 << QStringLiteral("no credential");
        QTest::newRow("a GB") << QByteArray("exec /usr/bin/head -c 1000000000 /dev/zero")
                              << QStringLiteral("more than anyone can use");
        QTest::newRow("crash") << QByteArray("kill -SEGV $$") << QStringLiteral("crashed");
    }

    void failuresAreSaid()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, part);
        const FakeHelpers helpers;
        helpers.write(QStringLiteral("bad"), body);
        const auto found = ask(helpers, QStringLiteral("bad"));
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::Unauthorized);
        QVERIFY2(found.error().message.contains(QStringLiteral("docker-credential-bad")),
                 qPrintable(found.error().message));
        QVERIFY2(found.error().message.contains(part), qPrintable(found.error().message));
        QVERIFY(test::canaryIn(found.error().text().toUtf8()).isEmpty());
    }

    void oneThatHangsIsGivenUp()
    {
        const FakeHelpers helpers;
        helpers.write(QStringLiteral("slow"), "exec /bin/sleep 1000");
        const auto found = ask(helpers, QStringLiteral("slow"), QStringLiteral("r.example"), {}, 200ms);
        QVERIFY(!found);
        QVERIFY2(found.error().message.contains(QStringLiteral("did not answer")), qPrintable(found.error().message));
    }

    void cancelDoesNotWaitForIt()
    {
        const FakeHelpers helpers;
        helpers.write(QStringLiteral("slow"), "exec /bin/sleep 1000");
        std::stop_source stop;
        QTimer::singleShot(50, this, [stop]() mutable { stop.request_stop(); });
        const auto found = ask(helpers, QStringLiteral("slow"), QStringLiteral("r.example"), stop.get_token());
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::Cancelled);
    }

    void namesThatAreNoPrograms_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("path") << QStringLiteral("../../tmp/x");
        QTest::newRow("slash") << QStringLiteral("a/b");
        QTest::newRow("space") << QStringLiteral("a b");
        QTest::newRow("dash") << QStringLiteral("-x");
        QTest::newRow("dot") << QStringLiteral(".x");
        QTest::newRow("empty") << QString();
        QTest::newRow("line break") << QStringLiteral("x\n");
        QTest::newRow("NUL") << QStringLiteral("x") + QChar(0) + QStringLiteral("y");
        QTest::newRow("long") << QString(65, u'x');
        QTest::newRow("missing") << QStringLiteral("missing");
    }

    void namesThatAreNoPrograms()
    {
        QFETCH(QString, name);
        const FakeHelpers helpers;
        // Something stands wherever such a name could lead.
        QDir(helpers.folder()).mkpath(QStringLiteral("docker-credential-a"));
        helpers.write(QStringLiteral("a/b"), "me", COLOPHON_CANARY);
        helpers.write(QStringLiteral("a b"), "me", COLOPHON_CANARY);
        helpers.write(QStringLiteral("-x"), "me", COLOPHON_CANARY);
        helpers.write(QStringLiteral(".x"), "me", COLOPHON_CANARY);
        helpers.write(QString(), "me", COLOPHON_CANARY);
        helpers.write(QString(65, u'x'), "me", COLOPHON_CANARY);
        const auto found = ask(helpers, name);
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::Unauthorized);
    }

    void theWorkingDirectoryIsNotOnPath()
    {
        const FakeHelpers helpers;
        helpers.write(QStringLiteral("here"), "me", COLOPHON_CANARY);
        const QString before = QDir::currentPath();
        QDir::setCurrent(helpers.folder());
        const auto found =
            await(CredentialHelper::get({QStringLiteral("here"), {}, 5s}, QStringLiteral("r.example"), {}));
        QDir::setCurrent(before);
        QVERIFY(!found);
    }

    void aServerWithALineBreakIsNotAskedFor()
    {
        const FakeHelpers helpers;
        helpers.write(QStringLiteral("good"), "me", COLOPHON_CANARY);
        QVERIFY(!ask(helpers, QStringLiteral("good"), QStringLiteral("r.example\nother.example")));
        QVERIFY(helpers.arguments(QStringLiteral("good")).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCredentialHelper)
#include "tst_credentialhelper.moc"
