// SPDX-License-Identifier: Apache-2.0
// Passwords, tokens and passphrases of a real registry, a real token service and a real key are nowhere but where they
// belong: not in what the command prints, not on a command line of it or of its children, not in a file
// below the home it was given, not in a core. The search is first shown to find each of these.

#include "app/command.h"
#include "support/canary/canary.h"
#include "support/dockerregistry/dockerregistry.h"
#include "support/registryimage/registryimage.h"
#include "support/tokenserver/tokenserver.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTest>

using namespace colophon;
using test::canariesBelow;
using test::canaryIn;
using test::Ran;
using test::TokenServer;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// What anybody on this computer sees of a program while it runs.
struct Seen
{
    QByteArray commandLines; // its own and those of all its children
    QByteArray limits;       // its own

    void look(qint64 pid, bool isChild = false)
    {
        const QString process = QStringLiteral("/proc/%1/").arg(pid);
        const QByteArray line = contentOf(process + QStringLiteral("cmdline"));
        if (!commandLines.contains(line))
            commandLines += line + '\n';
        if (!isChild) {
            const QByteArray now = contentOf(process + QStringLiteral("limits"));
            if (!now.isEmpty())
                limits = now;
        }
        for (const QString &thread :
             QDir(process + QStringLiteral("task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            for (const QByteArray &child :
                 contentOf(process + QStringLiteral("task/%1/children").arg(thread)).split(' '))
                if (!child.trimmed().isEmpty())
                    look(child.trimmed().toLongLong(), true);
    }
};

} // namespace

class TestColophonctlSecrets : public QObject
{
    Q_OBJECT

    std::unique_ptr<TokenServer> m_tokens;
    std::unique_ptr<test::DockerRegistry> m_registry;
    std::unique_ptr<QTemporaryDir> m_home;
    QProcessEnvironment m_environment;
    Seen m_seen;

    QString in(const char *name) const { return m_home->filePath(QLatin1String(name)); }

    void write(const char *name, const QByteArray &text, QFile::Permissions more = {}) const
    {
        QDir().mkpath(QFileInfo(in(name)).path());
        QFile file(in(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("a file of the test cannot be written");
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | more);
    }

    Ran watched(const QString &program, const QStringList &arguments, const QByteArray &input = {})
    {
        Ran ran;
        ran.command = program + u' ' + arguments.join(u' ');
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.start(program, arguments);
        process.write(input);
        process.closeWriteChannel();
        const QDeadlineTimer longest(60'000);
        while (!process.waitForFinished(1) && process.state() != QProcess::NotRunning && !longest.hasExpired())
            m_seen.look(process.processId());
        ran.out = process.readAllStandardOutput();
        ran.err = process.readAllStandardError();
        if (process.state() == QProcess::NotRunning && process.exitStatus() == QProcess::NormalExit)
            ran.exitCode = process.exitCode();
        process.kill();
        process.waitForFinished();
        return ran;
    }

    void startRegistry(bool withTokens)
    {
        test::DockerRegistryOptions wanted;
        wanted.allowUrls = {QStringLiteral("^https?://.*")};
        wanted.withPassword = !withTokens;
        if (withTokens) {
            TokenServer::Settings settings;
            settings.users.insert(test::DockerRegistry::user(),
                                  {test::DockerRegistry::password(),
                                   {{QStringLiteral("*"), {QStringLiteral("pull"), QStringLiteral("push")}}}});
            m_tokens = std::make_unique<TokenServer>(settings);
            wanted.tokenRealm = m_tokens->realm();
            wanted.tokenService = m_tokens->service();
            wanted.tokenIssuer = m_tokens->issuer();
            wanted.tokenRoots = m_tokens->roots();
        }
        m_registry = std::make_unique<test::DockerRegistry>(wanted);
        QVERIFY2(m_registry->isRunning(), qPrintable(m_registry->problem()));
        test::ImageBuilder builder;
        const auto root = builder.manifest({test::ordinary("one"), test::ordinary("two")});
        QCOMPARE(test::upload(builder.image(root),
                              {image(), {}, test::DockerRegistry::user(), test::DockerRegistry::password()}),
                 QString());
    }
    QString image() const { return m_registry->host() + QStringLiteral("/vendor/app:1"); }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        m_environment = test::plainEnvironment(m_home->path());
        for (const char *each : {"CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "STATE_HOME", "RUNTIME_DIR"}) {
            const QByteArray folder = "xdg-" + QByteArray(each).toLower();
            QDir().mkpath(in(folder.constData()));
            QFile::setPermissions(in(folder.constData()), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
            m_environment.insert(QStringLiteral("XDG_") + QLatin1String(each), in(folder.constData()));
        }
        m_seen = {};
    }
    void cleanup()
    {
        m_registry.reset();
        m_tokens.reset();
    }

    void theSearchFindsWhatIsPlanted_data()
    {
        QTest::addColumn<QByteArray>("form");
        for (const test::CanaryForm &form : test::canaryForms())
            QTest::newRow(form.name) << form.text;
        QTest::newRow("user and password") << QByteArray("somebody:" COLOPHON_CANARY).toBase64();
        QTest::newRow("in the middle of a token")
            << QByteArray("{\"a\":\"" COLOPHON_CANARY "\"}")
                   .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    }
    void theSearchFindsWhatIsPlanted()
    {
        QFETCH(QByteArray, form);
        QVERIFY(canaryIn("nothing to be found here").isEmpty());
        QVERIFY(!canaryIn("some words before " + form + " and behind").isEmpty());
        write("deep/down/.hidden", "x" + form);
        QCOMPARE(canariesBelow(m_home->path()).size(), 1);
        if (form.contains('\0'))
            return; // cannot stand on a command line
        const QString planted = QString::fromLatin1(form);
        const QString nap = QStringLiteral("sleep 0.2; true");
        watched(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), nap, QStringLiteral("x"), planted});
        QVERIFY(!canaryIn(m_seen.commandLines).isEmpty());
        m_seen = {};
        // A child of a child.
        const QString nested = QStringLiteral("/bin/sh -c '%1' x '%2'; true").arg(nap, planted);
        write("nested", nested.toLatin1());
        watched(QStringLiteral("/bin/sh"), {in("nested")});
        QVERIFY(!canaryIn(m_seen.commandLines).isEmpty());
        QVERIFY(canaryIn(m_seen.limits).isEmpty());
    }

    void nowhere_data()
    {
        QTest::addColumn<bool>("withTokens");
        QTest::addColumn<QByteArray>("source");
        for (const bool withTokens : {false, true})
            for (const char *source : {"stdin", "file", "helper", "variable"})
                QTest::addRow("%s, %s", withTokens ? "tokens" : "password", source) << withTokens << QByteArray(source);
        QTest::newRow("tokens, identity token") << true << QByteArray("identity");
    }
    void nowhere()
    {
        COLOPHON_NEED_DOCKER_REGISTRY();
        QFETCH(bool, withTokens);
        QFETCH(QByteArray, source);
        startRegistry(withTokens);
        const QByteArray host = m_registry->host().toLatin1();
        const QByteArray auth =
            "\"auth\":\"" +
            (test::DockerRegistry::user() + u':' + QStringLiteral(COLOPHON_CANARY)).toLatin1().toBase64() + '"';
        QStringList more{QStringLiteral("--verbose")};
        QByteArray input;
        QByteArray said = "from ~/.docker/config.json for " + host;
        if (source == "stdin") {
            more += {QStringLiteral("--username"), test::DockerRegistry::user(), QStringLiteral("--password-stdin")};
            input = COLOPHON_CANARY "\n";
            said = "given by hand";
        } else if (source == "file") {
            write(".docker/config.json", "{\"auths\":{\"" + host + "\":{" + auth + "}}}");
        } else if (source == "identity") {
            write(".docker/config.json", "{\"auths\":{\"" + host + "\":{\"identitytoken\":\"" +
                                             m_tokens->refreshTokenFor(test::DockerRegistry::user()) + "\"}}}");
        } else if (source == "helper") {
            write(".docker/config.json", "{\"credsStore\":\"test\"}");
            // It says what it was given, and is there for long enough to be seen.
            write("bin/docker-credential-test",
                  "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" >>'" + in("helper.said").toUtf8() + "'\n/bin/cat >>'" +
                      in("helper.said").toUtf8() + "'\n/usr/bin/env >>'" + in("helper.said").toUtf8() +
                      "'\n/bin/sleep 0.1\necho " COLOPHON_CANARY " >&2\nprintf '%s' '{\"Username\":\"" +
                      test::DockerRegistry::user().toLatin1() + "\",\"Secret\":\"" COLOPHON_CANARY "\"}'\n",
                  QFile::ExeOwner);
            m_environment.insert(QStringLiteral("PATH"), in("bin"));
            said = "via helper test";
        } else {
            m_environment.insert(QStringLiteral("DOCKER_AUTH_CONFIG"),
                                 QString::fromLatin1("{\"auths\":{\"" + host + "\":{" + auth + "}}}"));
            said = "from DOCKER_AUTH_CONFIG";
        }
        const QStringList planted = canariesBelow(m_home->path());
        QCOMPARE(planted.size(), source == "stdin" || source == "variable" ? 0 : 1);

        const QString repository = image().section(u':', 0, -2);
        const QString key = QStringLiteral(COLOPHON_TEST_DATA "/signing/keys/cosign-v2.key");
        struct Step
        {
            QStringList words;
            int exitCode;
            bool isSigning = false;
        };
        const QList<Step> steps{
            {{QStringLiteral("inspect"), image()}, 0},
            {{QStringLiteral("inspect"), image(), QStringLiteral("--json")}, 0},
            {{QStringLiteral("tags"), repository}, 0},
            {{QStringLiteral("mark"), image(), QStringLiteral("--layer"), QStringLiteral("0")},
             6}, // nobody may fetch it
            {{QStringLiteral("mark"), image(), QStringLiteral("--layer"), QStringLiteral("0"),
              QStringLiteral("--no-probe"), QStringLiteral("--json")},
             0},
            {{QStringLiteral("sign"), image(), QStringLiteral("--key"), key, QStringLiteral("--passphrase-stdin")},
             0,
             true},
            {{QStringLiteral("inspect"), repository + QStringLiteral(":nothing")}, 3},
        };
        for (const Step &step : steps) {
            const QByteArray phrase = step.isSigning ? COLOPHON_FIXTURE_PASSPHRASE "\n" : "";
            const Ran ran = watched(test::Command::program(), step.words + more, input + phrase);
            QVERIFY2(ran.exitCode == step.exitCode, qPrintable(ran.text()));
            QVERIFY2(ran.err.contains(said), qPrintable(ran.text())); // the secret was in use
            QCOMPARE(canaryIn(ran.out), QString());
            QCOMPARE(canaryIn(ran.err), QString());
        }
        // What is refused is not repeated in words, either.
        if (source == "stdin") {
            const Ran ran = watched(test::Command::program(), QStringList{QStringLiteral("tags"), repository} + more,
                                    COLOPHON_CANARY "-wrong\n");
            QCOMPARE(ran.exitCode, 6);
            QCOMPARE(canaryIn(ran.out + ran.err), QString());
        }
        QVERIFY2(m_seen.commandLines.contains("colophonctl"), m_seen.commandLines.constData());
        QCOMPARE(m_seen.commandLines.contains("docker-credential-test"), source == "helper");
        QCOMPARE(contentOf(in("helper.said")).contains("HOME="), source == "helper");
        QCOMPARE(canaryIn(m_seen.commandLines), QString());
        QCOMPARE(canariesBelow(m_home->path()), planted);
        const QByteArray cores = m_seen.limits.mid(m_seen.limits.indexOf("Max core file size")).left(50).simplified();
        QCOMPARE(cores, QByteArray("Max core file size 0 0"));
    }
};

QTEST_GUILESS_MAIN(TestColophonctlSecrets)
#include "tst_colophonctlsecrets.moc"
