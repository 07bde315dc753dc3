// SPDX-License-Identifier: Apache-2.0
#pragma once

// Credential helpers as a test writes them: shell scripts in a folder of their own, which is all of PATH. Each notes
// its arguments and its standard input.

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace colophon::test {

class FakeHelpers
{
public:
    QString folder() const { return m_folder.path(); }
    QStringList path() const { return {m_folder.path()}; }

    // `body` is what it does after it has noted what it was given.
    void write(const QString &name, const QByteArray &body) const
    {
        QFile file(m_folder.filePath(QStringLiteral("docker-credential-") + name));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write a helper");
        const QByteArray base = m_folder.filePath(name).toUtf8();
        file.write("#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" >>'" + base + ".args'\n/bin/cat >>'" + base + ".stdin'\n" +
                   body + '\n');
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    // One that has a credential.
    void write(const QString &name, const QByteArray &user, const QByteArray &secret) const
    {
        write(name, "printf '%s' '{\"ServerURL\":\"x\",\"Username\":\"" + user + "\",\"Secret\":\"" + secret + "\"}'");
    }
    QByteArray arguments(const QString &name) const { return noted(name + QStringLiteral(".args")); }
    QByteArray input(const QString &name) const { return noted(name + QStringLiteral(".stdin")); }

private:
    QByteArray noted(const QString &name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QTemporaryDir m_folder;
};

} // namespace colophon::test
