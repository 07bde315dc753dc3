// SPDX-License-Identifier: Apache-2.0
#include "colophonctl/secrets.h"

#include <QCoreApplication>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Secrets)
};

constexpr qsizetype longest = qsizetype(64) * 1024;

// Byte by byte, so that nothing of a following line is taken; false where the input ended without one.
bool readLine(int file, QByteArray &line)
{
    bool any = false;
    char c = 0;
    while (line.size() < longest && ::read(file, &c, 1) == 1) {
        any = true;
        if (c == '\n')
            break;
        line.append(c);
    }
    if (line.endsWith('\r'))
        line.chop(1);
    return any;
}

base::Secret wrapped(QByteArray line)
{
    base::Secret secret(line);
    line.fill('\0');
    return secret;
}

} // namespace

base::Result<base::Secret> lineFromStdin(const QString &what)
{
    QByteArray line;
    line.reserve(1024);
    if (!readLine(STDIN_FILENO, line))
        return base::fail(base::ErrorKind::Usage, Text::tr("Standard input ended before %1 came.").arg(what),
                          Text::tr("Give the registry's password on the first line and the passphrase on the next."));
    return wrapped(std::move(line));
}

base::Result<base::Secret> askOnTerminal(const QString &question)
{
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return base::fail(base::ErrorKind::Usage, Text::tr("There is no terminal to ask on: %1").arg(question));
    termios before{};
    ::tcgetattr(terminal, &before);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal, TCSAFLUSH, &silent);
    const QByteArray prompt = question.toUtf8() + ' ';
    QByteArray line;
    line.reserve(1024);
    const bool asked = ::write(terminal, prompt.constData(), static_cast<size_t>(prompt.size())) == prompt.size();
    const bool answered = asked && readLine(terminal, line);
    ::tcsetattr(terminal, TCSAFLUSH, &before);
    const bool ended = ::write(terminal, "\n", 1) == 1;
    ::close(terminal);
    if (!answered || !ended)
        return base::fail(base::ErrorKind::Usage, Text::tr("No answer to: %1").arg(question));
    return wrapped(std::move(line));
}

} // namespace colophon::ctl
