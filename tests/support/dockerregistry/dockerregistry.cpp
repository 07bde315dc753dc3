// SPDX-License-Identifier: Apache-2.0
#include "support/dockerregistry/dockerregistry.h"

#include "support/canary/canary.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <csignal>
#include <sys/prctl.h>

namespace colophon::test {

namespace {

// bcrypt of DockerRegistry::password() at its lowest cost: a test that signs in a hundred times must not wait for it.
constexpr auto passwordLine = "user:$2y$04$abcdefghijklmnopqrstuuCGQAofFiim/IwOofb9nBEBtNxJhm1j.\n";

bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QString run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(20'000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return program + QStringLiteral(": ") + QString::fromLocal8Bit(process.readAllStandardError());
    return {};
}

// An authority of its own and a certificate for loopback signed by it.
QString makeCertificates(const QString &directory)
{
    const QString openssl = programOnPath(QStringLiteral("openssl"));
    if (openssl.isEmpty())
        return QStringLiteral("openssl is not installed");
    const auto in = [&](const char *name) { return directory + QLatin1Char('/') + QLatin1String(name); };
    const QStringList common{
        QStringLiteral("req"),    QStringLiteral("-x509"),    QStringLiteral("-newkey"),
        QStringLiteral("ec"),     QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"),
        QStringLiteral("-nodes"), QStringLiteral("-days"),    QStringLiteral("30")};
    QString problem =
        run(openssl, common + QStringList{QStringLiteral("-keyout"), in("ca.key"), QStringLiteral("-out"), in("ca.pem"),
                                          QStringLiteral("-subj"), QStringLiteral("/CN=Test authority")});
    if (!problem.isEmpty())
        return problem;
    return run(openssl,
               common + QStringList{QStringLiteral("-CA"), in("ca.pem"), QStringLiteral("-CAkey"), in("ca.key"),
                                    QStringLiteral("-keyout"), in("server.key"), QStringLiteral("-out"),
                                    in("server.pem"), QStringLiteral("-subj"), QStringLiteral("/CN=localhost"),
                                    QStringLiteral("-addext"),
                                    QStringLiteral("subjectAltName=IP:127.0.0.1,DNS:localhost"),
                                    QStringLiteral("-addext"), QStringLiteral("basicConstraints=critical,CA:FALSE")});
}

} // namespace

QString programOnPath(const QString &name) { return QStandardPaths::findExecutable(name); }

struct DockerRegistry::State
{
    QTemporaryDir directory;
    QProcess process;
    DockerRegistryOptions options;
    QString problem;
    quint16 port = 0;

    QString in(const char *name) const { return directory.filePath(QLatin1String(name)); }

    QString path() const { return options.program.isEmpty() ? program() : options.program; }

    QByteArray configuration() const
    {
        QByteArray text = "version: 0.1\nlog:\n  level: info\nstorage:\n  filesystem:\n    rootdirectory: ";
        text += in("storage").toUtf8() + "\n  cache:\n    blobdescriptor: inmemory\n  delete:\n    enabled: ";
        text += options.withDelete ? "true\n" : "false\n";
        if (options.isReadOnly)
            text += "  maintenance:\n    readonly:\n      enabled: true\n";
        // Port 0: the system chooses, and the log says which.
        text += "http:\n  addr: 127.0.0.1:" + QByteArray::number(port) + "\n  secret: test\n";
        if (options.withRelativeUrls)
            text += "  relativeurls: true\n";
        if (options.withTls || !options.certificateFile.isEmpty()) {
            const bool isGiven = !options.certificateFile.isEmpty();
            text += "  tls:\n    certificate: " + (isGiven ? options.certificateFile : in("server.pem")).toUtf8() +
                    "\n    key: " + (isGiven ? options.keyFile : in("server.key")).toUtf8() + "\n";
            if (!options.clientAuthorityFile.isEmpty())
                text += "    clientcas:\n      - " + options.clientAuthorityFile.toUtf8() + "\n";
        }
        if (options.withPassword)
            text += "auth:\n  htpasswd:\n    realm: test\n    path: " + in("htpasswd").toUtf8() + "\n";
        if (!options.tokenRealm.isEmpty())
            text += "auth:\n  token:\n    realm: " + options.tokenRealm.toUtf8() +
                    "\n    service: " + options.tokenService.toUtf8() +
                    "\n    issuer: " + options.tokenIssuer.toUtf8() +
                    "\n    rootcertbundle: " + options.tokenRoots.toUtf8() + "\n";
        if (!options.allowUrls.isEmpty()) {
            text += "validation:\n  manifests:\n    urls:\n      allow:\n";
            for (const QString &each : options.allowUrls)
                text += "        - '" + each.toUtf8() + "'\n";
        }
        return text + options.more;
    }

    QString start()
    {
        if (path().isEmpty())
            return QStringLiteral("the registry is not installed");
        if (!directory.isValid())
            return directory.errorString();
        if (options.withTls) {
            const QString trouble = makeCertificates(directory.path());
            if (!trouble.isEmpty())
                return trouble;
        }
        if (options.withPassword && !writeFile(in("htpasswd"), passwordLine))
            return QStringLiteral("cannot write the password file");
        return run();
    }

    QString run()
    {
        if (!writeFile(in("config.yml"), configuration()))
            return QStringLiteral("cannot write the configuration");
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.setStandardOutputFile(in("log"));
        // A test that crashes takes its registry along.
        process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
        if (!options.environment.isEmpty())
            process.setProcessEnvironment(options.environment);
        process.start(path(), {QStringLiteral("serve"), in("config.yml")});
        if (!process.waitForStarted(10'000))
            return process.errorString();
        static const QRegularExpression listening(QStringLiteral("msg=\"listening on 127\\.0\\.0\\.1:(\\d+)"));
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < 20'000) {
            const auto match = listening.match(log());
            if (match.hasMatch()) {
                port = match.captured(1).toUShort();
                return {};
            }
            if (process.waitForFinished(10))
                break;
        }
        return QStringLiteral("the registry did not come up: ") + log();
    }

    QString log() const
    {
        QFile file(in("log"));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

    void stop()
    {
        if (process.state() == QProcess::NotRunning)
            return;
        process.kill();
        process.waitForFinished(10'000);
    }
};

DockerRegistry::DockerRegistry(DockerRegistryOptions options)
    : m_state(std::make_unique<State>())
{
    m_state->options = std::move(options);
    m_state->problem = m_state->start();
}

DockerRegistry::~DockerRegistry() { m_state->stop(); }

bool DockerRegistry::isDistribution3()
{
    return qEnvironmentVariable("COLOPHON_TEST_REGISTRY") == QLatin1String("distribution3");
}
QString DockerRegistry::program()
{
    return isDistribution3() ? peer(QStringLiteral("registry")) : programOnPath(QStringLiteral("docker-registry"));
}
QString DockerRegistry::user() { return QStringLiteral("user"); }
QString DockerRegistry::password() { return QStringLiteral(COLOPHON_CANARY); }
bool DockerRegistry::isRunning() const { return m_state->port != 0 && m_state->process.state() == QProcess::Running; }
QString DockerRegistry::problem() const { return m_state->problem; }
quint16 DockerRegistry::port() const { return m_state->port; }
QString DockerRegistry::host() const { return QStringLiteral("127.0.0.1:%1").arg(m_state->port); }
QString DockerRegistry::caFile() const { return m_state->options.withTls ? m_state->in("ca.pem") : QString(); }
QString DockerRegistry::storage() const { return m_state->in("storage"); }
QString DockerRegistry::log() const { return m_state->log(); }
void DockerRegistry::stop() { m_state->stop(); }

void DockerRegistry::restart()
{
    m_state->stop();
    m_state->problem = m_state->run();
}

} // namespace colophon::test
