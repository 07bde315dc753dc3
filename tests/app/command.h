// SPDX-License-Identifier: Apache-2.0
#pragma once

// colophonctl as its users have it: a process, with arguments, stdin and an environment, that leaves an exit code,
// stdout and stderr.

#include "demo/demoregistry.h"
#include "support/programs/programs.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

namespace colophon::test {

class Command
{
public:
    // Its home is empty and no variable of the user's own reaches it.
    Command();

    Ran operator()(const QStringList &arguments, const QByteArray &input = {}) const;
    // Runs with --json and expects this exit code and one JSON object on stdout; empty with a message printed
    // otherwise.
    QJsonObject json(QStringList arguments, int exitCode = 0) const;
    void setVariable(const QString &name, const QString &value) { m_environment.insert(name, value); }
    QString home() const { return m_home.path(); }
    const QProcessEnvironment &environment() const { return m_environment; }
    static QString program();

private:
    QTemporaryDir m_home;
    QProcessEnvironment m_environment;
};

QJsonObject objectIn(const QByteArray &text);
// The names of an object's members, sorted.
QStringList namesIn(const QJsonObject &object);
QString demoKey();       // the demo's key file, without a passphrase
QString demoPublicKey(); // its public half

} // namespace colophon::test
