// SPDX-License-Identifier: Apache-2.0
#pragma once

// The window's program as its users start it, in a home of the test's own, driven through the plugin in driver/ by
// lines that say what to do. It dies with the object.

#include <QProcess>
#include <QTemporaryDir>

namespace colophon::test {

class DrivenProgram
{
public:
    static constexpr int longest = 30'000; // ms; for a start of the program on a busy machine

    // With `errors` what it writes to stderr goes into that file, otherwise to the test's own.
    explicit DrivenProgram(const QTemporaryDir &home, const QStringList &arguments = {}, const QString &errors = {});
    ~DrivenProgram();
    DrivenProgram(const DrivenProgram &) = delete;
    DrivenProgram &operator=(const DrivenProgram &) = delete;

    // Whether it was done; `answer` is what was said.
    bool tell(const QString &line, QStringList *answer = nullptr);
    // Again until it can be done.
    bool bring(const QString &line);
    // What its labels say.
    QString texts();
    bool shows(const QString &text);
    // As the kernel does when memory runs out: SIGKILL.
    bool end();

    qint64 pid() const { return m_process.processId(); }
    const QByteArray &said() const { return m_said; } // all it wrote to stdout, as far as it was read

private:
    QProcess m_process;
    QByteArray m_said;
};

} // namespace colophon::test
