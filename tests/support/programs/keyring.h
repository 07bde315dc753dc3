// SPDX-License-Identifier: Apache-2.0
#pragma once

// A bus of its own with GNOME's keyring on it, or without one, for programs that keep secrets there. Needs
// dbus-run-session and gnome-keyring-daemon.

#include "support/programs/programs.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace colophon::test {

class Keyring
{
public:
    // Each step of the script, in which RUN starts this worker with the settings file as its first argument.
    explicit Keyring(const char *worker)
        : m_worker(worker)
    {
        QDir(m_home.path()).mkdir(QStringLiteral("run"));
        QFile::setPermissions(in("run"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    QString home() const { return m_home.path(); }
    QString in(const char *name) const { return m_home.filePath(QLatin1String(name)); }
    QString settings() const { return in("colophon.conf"); }

    // A bus on which nothing is started when it is asked for.
    QStringList bareBus() const
    {
        QFile file(in("bus.conf"));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write the bus's configuration");
        file.write("<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context=\"default\">"
                   "<allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>"
                   "<allow own=\"*\"/></policy></busconfig>\n");
        return {QStringLiteral("--config-file=") + file.fileName()};
    }

    // Unlocks the keyring; the first lines of a script.
    static QByteArray unlocked()
    {
        return "printf 'the keyring' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n";
    }

    // The lines that the steps print, each a start of the program of its own, on one bus.
    QStringList steps(const QByteArray &setup, const QList<QByteArray> &all, const QStringList &bus = {}) const
    {
        const QByteArray worker = '\'' + m_worker + "' '" + settings().toUtf8() + "' ";
        QByteArray script = setup;
        for (QByteArray step : all) {
            step.replace("RUN ", worker);
            script += step + '\n';
        }
        const auto ran = run(QStringLiteral("dbus-run-session"),
                             bus + QStringList{QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
                                               QString::fromUtf8(script)},
                             environment());
        if (ran.exitCode != 0)
            qWarning("%s", qPrintable(ran.text()));
        return QString::fromUtf8(ran.out).split(u'\n', Qt::SkipEmptyParts);
    }

private:
    QProcessEnvironment environment() const
    {
        QProcessEnvironment all = plainEnvironment(home());
        all.insert(QStringLiteral("XDG_RUNTIME_DIR"), in("run"));
        all.insert(QStringLiteral("XDG_DATA_HOME"), in("data"));
        all.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        all.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        all.remove(QStringLiteral("DISPLAY"));
        all.remove(QStringLiteral("GNOME_KEYRING_CONTROL"));
        return all;
    }

    QTemporaryDir m_home;
    QByteArray m_worker;
};

} // namespace colophon::test
