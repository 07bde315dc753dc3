// SPDX-License-Identifier: Apache-2.0
#include "colophonctl/printer.h"

#include "base/bytesize.h"
#include "base/plaintext.h"
#include "base/result.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Printer)
};

constexpr int progressWidth = 78;

// 0, or the errno of what went wrong.
int write(FILE *to, const QByteArray &bytes)
{
    errno = 0;
    const auto size = static_cast<size_t>(bytes.size());
    const bool written = std::fwrite(bytes.constData(), 1, size, to) == size;
    return std::fflush(to) == 0 && written ? 0 : std::max(errno, 1);
}

// Qt writes DEL, C1 and the marks that reorder text as they are; a terminal would obey them.
QByteArray escaped(const QJsonObject &object)
{
    const QString text = QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Indented));
    QString safe;
    safe.reserve(text.size());
    for (const QChar c : text) {
        if (c == QLatin1Char('\n') || base::visible(c) == c)
            safe += c;
        else
            safe += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
    }
    return safe.toUtf8();
}

} // namespace

Printer::Printer(bool json, bool quiet)
    : m_json(json)
    , m_quiet(quiet)
    , m_terminal(::isatty(STDERR_FILENO) == 1)
{
}

void Printer::text(const QString &line)
{
    endProgress();
    result(line.toUtf8() + '\n');
}

void Printer::bytes(const QByteArray &bytes)
{
    endProgress();
    result(bytes);
}

void Printer::json(const QJsonObject &object)
{
    endProgress();
    result(escaped(object));
}

void Printer::result(const QByteArray &bytes)
{
    if (m_outputErrno == 0) // a second try would say less
        m_outputErrno = write(stdout, bytes);
}

bool Printer::closeOutput()
{
    if (m_outputErrno == 0)
        return true;
    if (m_outputErrno != EPIPE) // a reader that had enough is no news
        error(base::fail(base::ErrorKind::Failed, Text::tr("The result could not be written to standard output: %1.")
                                                      .arg(qt_error_string(m_outputErrno)))
                  .error());
    return false;
}

void Printer::remark(const QString &line)
{
    if (!m_quiet && !m_json)
        log(line);
}

void Printer::notice(const QString &member, const QString &line)
{
    if (m_quiet)
        return;
    if (!m_json) {
        log(line);
        return;
    }
    endProgress();
    write(stderr, escaped({{member, line}}));
}

void Printer::log(const QString &line)
{
    endProgress();
    write(stderr, line.toUtf8() + '\n');
}

void Printer::error(const base::Error &error)
{
    endProgress();
    if (m_json) {
        write(stderr, escaped({{QStringLiteral("error"), error.toJson()}}));
        return;
    }
    QString line = QStringLiteral("colophonctl: ");
    if (!error.operation.isEmpty())
        line += QStringLiteral("cannot %1: ").arg(error.operation);
    log(line + error.message);
    if (!error.hint.isEmpty())
        log(QStringLiteral("  ") + error.hint);
}

void Printer::activity(const QString &what)
{
    m_activity = what;
    drawProgress();
}

void Printer::progress(qint64 done, qint64 total)
{
    m_done = done;
    m_total = total;
    drawProgress();
}

void Printer::drawProgress()
{
    constexpr int milliseconds = 100;
    if (!m_terminal || m_quiet || (m_lastDrawn.isValid() && m_lastDrawn.elapsed() < milliseconds))
        return;
    m_lastDrawn.start();
    QString line = base::visible(m_activity, progressWidth - 24);
    if (m_total > 0)
        line += QStringLiteral(" %1 of %2").arg(base::humanSize(m_done), base::humanSize(m_total));
    transient(line);
}

void Printer::transient(const QString &line)
{
    if (!m_terminal || m_quiet)
        return;
    write(stderr, "\r\x1b[K" + line.left(progressWidth).toUtf8());
    m_drawn = true;
}

void Printer::endProgress()
{
    if (m_drawn)
        write(stderr, "\r\x1b[K");
    m_drawn = false;
}

QStringList aligned(const QList<QStringList> &rows, const QString &indent)
{
    QList<qsizetype> widths;
    for (const QStringList &row : rows)
        for (qsizetype column = 0; column < row.size(); ++column) {
            if (column == widths.size())
                widths.append(0);
            widths[column] = std::max(widths[column], row[column].size());
        }
    QStringList lines;
    for (const QStringList &row : rows) {
        QString line = indent;
        for (qsizetype column = 0; column < row.size(); ++column) {
            const bool last = column == row.size() - 1;
            line += last ? row[column] : row[column].leftJustified(widths[column] + 2);
        }
        while (line.endsWith(QLatin1Char(' ')))
            line.chop(1);
        lines.append(line);
    }
    return lines;
}

} // namespace colophon::ctl
