// SPDX-License-Identifier: Apache-2.0
#pragma once

// The command's three voices: results on stdout as text or JSON, errors and remarks on stderr, progress on stderr while
// that is a terminal. Text from outside is made visible before it gets here, except in JSON, which escapes it.

#include "base/error.h"

#include <QElapsedTimer>
#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace colophon::ctl {

// A text in JSON: null where there is none.
inline QJsonValue orNull(const QString &text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); }

class Printer
{
public:
    Printer(bool json, bool quiet);

    bool isJson() const { return m_json; }
    bool isQuiet() const { return m_quiet; }
    bool hasTerminal() const { return m_terminal; } // on stderr

    void text(const QString &line);       // stdout
    void bytes(const QByteArray &bytes);  // stdout, exactly
    void json(const QJsonObject &object); // stdout
    bool hasLostOutput() const { return m_outputErrno != 0; }
    // Whether all of it was written; says on stderr why not.
    bool closeOutput();
    void remark(const QString &line); // stderr, unless quiet or JSON
    // stderr, unless quiet; in JSON an object with this one member.
    void notice(const QString &member, const QString &line);
    void log(const QString &line);        // stderr, always: --verbose
    void error(const base::Error &error); // stderr: plain sentences or JSON

    void activity(const QString &what);
    void progress(qint64 done, qint64 total);
    void transient(const QString &line); // in its place, until something else is said
    void endProgress();

private:
    void result(const QByteArray &bytes);
    void drawProgress();

    bool m_json;
    bool m_quiet;
    bool m_terminal;
    bool m_drawn = false;
    int m_outputErrno = 0; // of the first write to stdout that failed
    QString m_activity;
    qint64 m_done = 0;
    qint64 m_total = 0;
    QElapsedTimer m_lastDrawn;
};

// Columns of text, each as wide as its widest cell; the last one is not padded.
QStringList aligned(const QList<QStringList> &rows, const QString &indent = {});

} // namespace colophon::ctl
