// SPDX-License-Identifier: Apache-2.0
// Where the command finds credentials, what it says about them, and that no secret is ever where it does not belong: in
// what it prints, in its command line, in a file.

#include "app/command.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/tokenserver/tokenserver.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTest>

using namespace colophon;
using test::Command;
using test::Ran;
using test::TokenServer;

namespace {
const QByteArray user("vendor");
const QByteArray canary(COLOPHON_CANARY);
} // namespace

class TestColophonctlCredentials : public QObject
{
    Q_OBJECT

    std::unique_ptr<demo::DemoRegistry> m_registry;
    std::unique_ptr<Command> m_command;

    QByteArray host() const { return m_registry->host().toLatin1(); }
    QString image(const char *rest) const
    {
        return m_registry->host() + QStringLiteral("/demo/") + QLatin1String(rest);
    }
    QString in(const char *name) const { return m_command->home() + u'/' + QLatin1String(name); }

    QString write(const char *name, const QByteArray &text, QFile::Permissions more = {}) const
    {
        QDir().mkpath(QFileInfo(in(name)).path());
        QFile file(in(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("a file of the test cannot be written");
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | more);
        return file.fileName();
    }
    QByteArray entry(const QByteArray &key) const
    {
        return "{\"auths\":{\"" + key + "\":{\"auth\":\"" + (user + ':' + canary).toBase64() + "\"}}}";
    }
    // A helper that notes what it and its parent were called with.
    void writeHelper(const QByteArray &body) const
    {
        write("bin/docker-credential-test",
              "#!/bin/sh\nprintf '%s ' \"$@\" >>'" + in("helper.args").toUtf8() + "'\n/bin/cat >>'" +
                  in("helper.stdin").toUtf8() + "'\n/bin/cat /proc/$PPID/cmdline /proc/$PPID/environ >>'" +
                  in("parent").toUtf8() + "'\n" + body + '\n',
              QFile::ExeOwner);
        m_command->setVariable(QStringLiteral("PATH"), in("bin"));
    }
    static QByteArray contents(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static bool isClean(const QByteArray &text) { return test::canaryIn(text).isEmpty(); }

private Q_SLOTS:
    void init()
    {
        demo::Options options;
        options.user = QString::fromLatin1(user);
        options.password = QString::fromLatin1(canary);
        m_registry = std::make_unique<demo::DemoRegistry>(options);
        QVERIFY2(m_registry->start(), qPrintable(m_registry->errorString()));
        m_command = std::make_unique<Command>();
    }

    void everyPlaceIsLookedAt_data()
    {
        QTest::addColumn<QByteArray>("where"); // "file" in home, or a variable
        QTest::addColumn<QString>("said");
        QTest::newRow("podman's") << QByteArray(".config/containers/auth.json")
                                  << QStringLiteral("from ~/.config/containers/auth.json for ");
        QTest::newRow("podman's for this session")
            << QByteArray("run/containers/auth.json") << QStringLiteral("from ~/run/containers/auth.json for ");
        QTest::newRow("docker's") << QByteArray(".docker/config.json")
                                  << QStringLiteral("from ~/.docker/config.json for ");
        QTest::newRow("docker's elsewhere")
            << QByteArray("dk/config.json") << QStringLiteral("from ~/dk/config.json for ");
        QTest::newRow("DOCKER_AUTH_CONFIG") << QByteArray() << QStringLiteral("from DOCKER_AUTH_CONFIG for ");
        QTest::newRow("REGISTRY_AUTH_FILE") << QByteArray("named.json") << QStringLiteral("from ~/named.json for ");
        QTest::newRow("--authfile") << QByteArray("flag.json") << QStringLiteral("from ~/flag.json for ");
        QTest::newRow("helper") << QByteArray("helper") << QStringLiteral("from ~/.docker/config.json via helper test");
    }

    void everyPlaceIsLookedAt()
    {
        QFETCH(QByteArray, where);
        QFETCH(QString, said);
        m_command->setVariable(QStringLiteral("HOME"), m_command->home());
        m_command->setVariable(QStringLiteral("XDG_RUNTIME_DIR"), in("run"));
        m_command->setVariable(QStringLiteral("XDG_CONFIG_HOME"), in(".config"));
        QStringList arguments{QStringLiteral("tags"), image("app"), QStringLiteral("--verbose")};
        const QByteArray one = entry(host() + "/demo");
        if (where == "helper") {
            writeHelper("printf '%s' '{\"Username\":\"" + user + "\",\"Secret\":\"" + canary + "\"}'");
            write(".docker/config.json", "{\"credsStore\":\"test\"}");
        } else if (where.isEmpty()) {
            m_command->setVariable(QStringLiteral("DOCKER_AUTH_CONFIG"), QString::fromLatin1(one));
        } else {
            const QString path = write(where, one);
            if (where == "dk/config.json")
                m_command->setVariable(QStringLiteral("DOCKER_CONFIG"), in("dk"));
            if (where == "named.json")
                m_command->setVariable(QStringLiteral("REGISTRY_AUTH_FILE"), path);
            if (where == "flag.json")
                arguments += {QStringLiteral("--authfile"), path};
        }
        const Ran ran = (*m_command)(arguments);
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QVERIFY2(ran.err.contains(said.toUtf8()), ran.err.constData());
        QVERIFY(isClean(ran.out + ran.err));
        if (where == "helper") {
            QCOMPARE(contents(in("helper.args")), QByteArray("get "));
            QCOMPARE(contents(in("helper.stdin")), host());
        }
    }

    void aNamedFileIsTheOnlyOne()
    {
        write(".docker/config.json", entry(host()));
        const QString path = write("other.json", entry("other.example"));
        const Ran ran = (*m_command)({QStringLiteral("tags"), image("app"), QStringLiteral("--authfile"), path});
        QCOMPARE(ran.exitCode, 6);
        const Ran without = (*m_command)({QStringLiteral("tags"), image("app")});
        QVERIFY2(without.exitCode == 0, qPrintable(without.text()));
    }

    void troublesAreSaid_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("broken") << QByteArray("{\"auths\": " + canary)
                                << QByteArray("The credentials in ~/.docker/config.json");
        QTest::newRow("no helper") << QByteArray("{\"credsStore\":\"missing\"}")
                                   << QByteArray("The credential helper docker-credential-missing failed");
        QTest::newRow("helper out of the way")
            << QByteArray("{\"credsStore\":\"../../tmp/x\"}") << QByteArray("no name of a program");
    }

    void troublesAreSaid()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, said);
        write(".docker/config.json", config);
        for (const bool isJson : {false, true}) {
            QStringList arguments{QStringLiteral("tags"), image("app")};
            if (isJson)
                arguments += QStringLiteral("--json");
            const Ran ran = (*m_command)(arguments);
            QCOMPARE(ran.exitCode, 6);
            QVERIFY2(ran.err.contains(said), ran.err.constData());
            QVERIFY(isClean(ran.out + ran.err));
        }
    }

    // A search that goes on is warned of, in each of the forms, where nobody asked for quiet.
    void whatIsPassedOverIsWarnedOf_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QByteArray>("begin"); // empty: nothing
        QTest::newRow("text") << QStringList() << QByteArray("Warning: The credentials in ~/.docker/config.json");
        QTest::newRow("json") << QStringList{QStringLiteral("--json")}
                              << QByteArray("{\n    \"warning\": \"The credentials in ~/.docker/config.json");
        QTest::newRow("quiet") << QStringList{QStringLiteral("--quiet")} << QByteArray();
        QTest::newRow("quiet json") << QStringList{QStringLiteral("--quiet"), QStringLiteral("--json")} << QByteArray();
    }

    void whatIsPassedOverIsWarnedOf()
    {
        QFETCH(const QStringList, more);
        QFETCH(const QByteArray, begin);
        write(".docker/config.json", "{\"auths\": " + canary);
        m_command->setVariable(QStringLiteral("DOCKER_AUTH_CONFIG"), QString());
        write(".dockercfg", "{\"" + host() + "\":{\"auth\":\"" + (user + ':' + canary).toBase64() + "\"}}");
        const Ran ran = (*m_command)(QStringList{QStringLiteral("tags"), image("app")} + more);
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.text()));
        QVERIFY2(begin.isEmpty() ? ran.err.isEmpty() : ran.err.startsWith(begin), ran.err.constData());
        QVERIFY(isClean(ran.out + ran.err));
    }

    void whoIsRefusedLearnsWhichCredentialItWas()
    {
        write(".docker/config.json",
              "{\"auths\":{\"" + host() + "\":{\"auth\":\"" + (user + ":wrong").toBase64() + "\"}}}");
        const Ran ran = (*m_command)({QStringLiteral("tags"), image("app")});
        QCOMPARE(ran.exitCode, 6);
        QVERIFY2(ran.err.contains("Signed in as vendor (from ~/.docker/config.json for " + host() + ")"),
                 ran.err.constData());
    }

    // Every verb, with the password from a helper, an argument's stdin, or a file: it is printed nowhere, stands on no
    // command line and in no file.
    void noSecretAnywhere_data()
    {
        QTest::addColumn<QString>("words");
        for (const char *words : {"inspect @app:1.0", "inspect @app:1.0 --json", "tags @app", "tag @app:1.0 again",
                                  "probe @windows:ltsc", "mark @app:1.0 --layer 2 --no-probe --dry-run",
                                  "mark @app:1.0 --layer 2 --no-probe", "mark @app:1.0 --layer 2 --no-probe --json",
                                  "unmark @windows:ltsc --layer foreign", "mark @app:1.0 --layer 0",
                                  "sign @app:1.0 --key KEY", "verify @app:1.0", "inspect @nothing:1", "tags @nothing"})
            QTest::newRow(words) << QString::fromLatin1(words);
    }

    void noSecretAnywhere()
    {
        QFETCH(QString, words);
        writeHelper("echo " + canary + " >&2; printf '%s' '{\"Username\":\"" + user + "\",\"Secret\":\"" + canary +
                    "\"}'");
        const QString helped = write("helped.json", "{\"credHelpers\":{\"" + host() + "\":\"test\"}}");
        words.replace(QLatin1Char('@'), m_registry->host() + QStringLiteral("/demo/"));
        words.replace(QStringLiteral("KEY"), test::demoKey());
        m_command->setVariable(QStringLiteral("COSIGN_PASSWORD"), QString());
        QStringList arguments = words.split(QLatin1Char(' '));
        arguments += QStringLiteral("--verbose");
        const Ran byHelper = (*m_command)(arguments + QStringList{QStringLiteral("--authfile"), helped});
        QVERIFY2(isClean(byHelper.out + byHelper.err), qPrintable(byHelper.text()));
        QVERIFY(byHelper.err.contains("via helper test"));
        const QByteArray parent = contents(in("parent"));
        QVERIFY(parent.contains("colophonctl"));
        QVERIFY(isClean(parent));
        QFile::remove(in("bin/docker-credential-test")); // which holds it
        const Ran byHand = (*m_command)(arguments + QStringList{QStringLiteral("--username"), QString::fromLatin1(user),
                                                                QStringLiteral("--password-stdin")},
                                        canary + '\n');
        QVERIFY2(isClean(byHand.out + byHand.err), qPrintable(byHand.text()));
        QVERIFY(byHand.err.contains("given by hand"));
        QDirIterator files(m_command->home(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            QVERIFY2(isClean(contents(path)), qPrintable(path));
        }
    }

    void aRealmElsewhereIsUsedWhenAllowed()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        TokenServer::Settings settings;
        settings.users.insert(QString::fromLatin1(user),
                              {QString::fromLatin1(canary), {{QStringLiteral("*"), {QStringLiteral("pull")}}}});
        TokenServer tokens(settings);
        test::DockerRegistryOptions wanted;
        wanted.tokenRealm = tokens.realm().replace(QStringLiteral("127.0.0.1"), QStringLiteral("localhost"));
        wanted.tokenService = tokens.service();
        wanted.tokenIssuer = tokens.issuer();
        wanted.tokenRoots = tokens.roots();
        const test::DockerRegistry registry(wanted);
        QVERIFY2(registry.isRunning(), qPrintable(registry.problem()));
        write(".docker/config.json", entry(registry.host().toLatin1()));
        const QStringList arguments{QStringLiteral("tags"), registry.host() + QStringLiteral("/app"),
                                    QStringLiteral("--verbose")};
        const Ran refused = (*m_command)(arguments);
        QCOMPARE(refused.exitCode, 6);
        QVERIFY2(refused.err.contains("--allow-realm localhost"), refused.err.constData());
        QCOMPARE(tokens.server().connections(), 0);
        const Ran allowed =
            (*m_command)(arguments + QStringList{QStringLiteral("--allow-realm"), QStringLiteral("localhost")});
        QCOMPARE(allowed.exitCode, 3); // it got in, and there is no such repository
        QVERIFY2(allowed.err.contains("token for repository:app:pull, vendor from ~/.docker/config.json for "),
                 allowed.err.constData());
        QVERIFY(isClean(allowed.out + allowed.err));
        QVERIFY(!allowed.err.contains("eyJ"));
    }
};

QTEST_GUILESS_MAIN(TestColophonctlCredentials)
#include "tst_colophonctlcredentials.moc"
