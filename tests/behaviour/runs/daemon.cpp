// SPDX-License-Identifier: Apache-2.0
#include "behaviour/runs/daemon.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QThread>

#include <csignal>
#include <sys/prctl.h>

namespace colophon::test {

Daemon::Daemon(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment,
               const QString &log, const std::function<bool()> &answers)
{
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(log);
    // A test that crashes takes its daemons along.
    m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process.start(program, arguments);
    QDeadlineTimer deadline(60'000);
    while (m_process.state() != QProcess::NotRunning && !deadline.hasExpired()) {
        if (answers())
            return;
        m_process.waitForFinished(100);
    }
    QFile file(log);
    m_problem = program + QStringLiteral(" did not come up: ") +
                (file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll().right(4000)) : QString());
}

Daemon::~Daemon()
{
    m_process.terminate();
    if (!m_process.waitForFinished(10'000)) {
        m_process.kill();
        m_process.waitForFinished(5'000);
    }
}

namespace {
// Without what is only for Kubernetes; the transfer service of containerd 2 unpacks where its settings name it.
QByteArray containerdSettings(int line)
{
    if (line == 1)
        return "version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n";
    return "version = 3\n"
           "disabled_plugins = [\"io.containerd.cri.v1.runtime\", \"io.containerd.cri.v1.images\", "
           "\"io.containerd.grpc.v1.cri\"]\n"
           "[[plugins.\"io.containerd.transfer.v1.local\".unpack_config]]\n"
           "platform = \"linux/amd64\"\nsnapshotter = \"native\"\ndiffer = \"walking\"\n";
}

QString settingsFile(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("The settings of a daemon cannot be written.");
    return path;
}
} // namespace

Containerd::Containerd(int line, const QString &daemon, const QString &ctr, const QString &folder,
                       const QProcessEnvironment &environment)
    : m_ctr(ctr)
    , m_folder(folder)
    , m_environment(environment)
{
    m_daemon = std::make_unique<Daemon>(
        daemon,
        QStringList{QStringLiteral("--config"),
                    settingsFile(folder + QStringLiteral("/config.toml"), containerdSettings(line)),
                    QStringLiteral("--root"), folder + QStringLiteral("/root"), QStringLiteral("--state"),
                    folder + QStringLiteral("/state"), QStringLiteral("--address"), address()},
        environment, folder + QStringLiteral("/log"),
        [this] { return this->ctr({QStringLiteral("version")}).exitCode == 0; });
}

Ran Containerd::ctr(const QStringList &arguments) const
{
    return run(m_ctr, QStringList{QStringLiteral("--address"), address()} + arguments, m_environment);
}

Dockerd::Dockerd(const QString &daemon, const QString &containerd, const QStringList &options, const QString &folder,
                 const QProcessEnvironment &environment)
    : m_folder(folder)
    , m_environment(environment)
{
    // Not the machine's own.
    const QString settings = settingsFile(folder + QStringLiteral("/daemon.json"), "{}");
    const auto in = [&folder](const char *name) { return folder + QLatin1Char('/') + QLatin1String(name); };
    m_daemon = std::make_unique<Daemon>(
        daemon,
        QStringList{QStringLiteral("--containerd"), containerd, QStringLiteral("--data-root"), in("data"),
                    QStringLiteral("--exec-root"), in("exec"), QStringLiteral("--pidfile"), in("pid"),
                    QStringLiteral("--host"), QStringLiteral("unix://") + in("d.sock"), QStringLiteral("--config-file"),
                    settings, QStringLiteral("--bridge=none"), QStringLiteral("--iptables=false"),
                    QStringLiteral("--ip6tables=false")} +
            options,
        environment, in("log"), [this] { return ask(QStringLiteral("GET"), QStringLiteral("/_ping")).exitCode == 0; });
}

Ran Dockerd::ask(const QString &method, const QString &path, const QStringList &more) const
{
    Ran ran = run(QStringLiteral("curl"),
                  QStringList{QStringLiteral("-sS"), QStringLiteral("--fail-with-body"),
                              QStringLiteral("--unix-socket"), m_folder + QStringLiteral("/d.sock"),
                              QStringLiteral("-X"), method, QStringLiteral("http://docker") + path} +
                      more,
                  m_environment, {}, 120'000);
    // A pull or a push that fails later answers 200 first.
    if (ran.exitCode == 0 && ran.out.contains("\"errorDetail\""))
        ran.exitCode = 1;
    return ran;
}

} // namespace colophon::test
