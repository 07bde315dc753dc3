// SPDX-License-Identifier: Apache-2.0
#include "colophonctl/secrets.h"

#include <QCoreApplication>

#include <openssl/crypto.h>

#include <array>
#include <memory>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Secrets)
};

constexpr std::size_t longest = std::size_t(64) * 1024;

// In one place that never moves, so that nothing is left behind where it was.
struct Line
{
    Line() = default;
    Line(const Line &) = delete;
    Line &operator=(const Line &) = delete;
    ~Line() { OPENSSL_cleanse(letters->data(), letters->size()); }

    std::unique_ptr<std::array<char, longest>> letters = std::make_unique<std::array<char, longest>>();
    std::size_t size = 0;
};

enum class Read { Nothing, Line, TooLong };

// Byte by byte, so that nothing of a following line is taken.
Read readLine(int file, Line &line)
{
    bool any = false;
    char c = 0;
    while (::read(file, &c, 1) == 1) {
        any = true;
        if (c == '\n')
            break;
        if (line.size == longest)
            return Read::TooLong;
        (*line.letters)[line.size++] = c;
    }
    if (line.size > 0 && (*line.letters)[line.size - 1] == '\r')
        --line.size;
    return any ? Read::Line : Read::Nothing;
}

base::Secret secretIn(const Line &line)
{
    return base::Secret(QByteArray::fromRawData(line.letters->data(), static_cast<qsizetype>(line.size)));
}

std::unexpected<base::Error> tooLong(const QString &what)
{
    return base::fail(base::ErrorKind::Usage, Text::tr("What came for %1 is longer than 64 KiB.").arg(what));
}

} // namespace

base::Result<base::Secret> lineFromStdin(const QString &what)
{
    Line line;
    const Read read = readLine(STDIN_FILENO, line);
    if (read == Read::TooLong)
        return tooLong(what);
    if (read == Read::Nothing)
        return base::fail(base::ErrorKind::Usage, Text::tr("Standard input ended before %1 came.").arg(what),
                          Text::tr("Give the registry's password on the first line and the passphrase on the next."));
    return secretIn(line);
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
    Line line;
    const bool asked = ::write(terminal, prompt.constData(), static_cast<size_t>(prompt.size())) == prompt.size();
    const Read answer = asked ? readLine(terminal, line) : Read::Nothing;
    ::tcsetattr(terminal, TCSAFLUSH, &before);
    const bool ended = ::write(terminal, "\n", 1) == 1;
    ::close(terminal);
    if (answer == Read::TooLong)
        return tooLong(question);
    if (answer == Read::Nothing || !ended)
        return base::fail(base::ErrorKind::Usage, Text::tr("No answer to: %1").arg(question));
    return secretIn(line);
}

} // namespace colophon::ctl
