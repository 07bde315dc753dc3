// SPDX-License-Identifier: Apache-2.0
#pragma once

// Somebody's daemon, started for one family of tests with folders and a socket of its own, and ended with it.

#include "support/programs/programs.h"

#include <QProcess>

#include <functional>

namespace colophon::test {

class Daemon
{
public:
    // Starts `program` and waits until `answers`. Its log goes to `log`.
    Daemon(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment,
           const QString &log, const std::function<bool()> &answers);
    ~Daemon();
    Daemon(const Daemon &) = delete;
    Daemon &operator=(const Daemon &) = delete;
    QString problem() const { return m_problem; } // empty: it answers

private:
    QProcess m_process;
    QString m_problem;
};

// containerd 1 or 2 with its ctr.
class Containerd
{
public:
    // Everything of it goes below `folder`. `line` is the first number of its version.
    Containerd(int line, const QString &daemon, const QString &ctr, const QString &folder,
               const QProcessEnvironment &environment);
    QString problem() const { return m_daemon->problem(); }
    QString address() const { return m_folder + QStringLiteral("/c.sock"); }
    Ran ctr(const QStringList &arguments) const;

private:
    QString m_ctr;
    QString m_folder;
    QProcessEnvironment m_environment;
    std::unique_ptr<Daemon> m_daemon;
};

// dockerd on a containerd, spoken to by its HTTP API, which is what the command does.
class Dockerd
{
public:
    Dockerd(const QString &daemon, const QString &containerd, const QStringList &options, const QString &folder,
            const QProcessEnvironment &environment);
    QString problem() const { return m_daemon->problem(); }
    // What it answered; the exit code is 1 where that tells of an error.
    Ran ask(const QString &method, const QString &path, const QStringList &more = {}) const;

private:
    QString m_folder;
    QProcessEnvironment m_environment;
    std::unique_ptr<Daemon> m_daemon;
};

} // namespace colophon::test
