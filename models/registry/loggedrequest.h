// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the log is told of one request: that it is on its way, how it was answered, and how it ended. It ends with the
// body of its answer, or when nobody wants more of that.

#include "content/reader.h"
#include "content/requestrecord.h"

#include <QElapsedTimer>

#include <memory>

namespace colophon::registry {

class LoggedRequest
{
public:
    // `begun` says everything that is known beforehand; the log is told so.
    LoggedRequest(content::RequestLog log, content::RequestRecord begun);
    ~LoggedRequest(); // over, if it is not yet
    LoggedRequest(const LoggedRequest &) = delete;
    LoggedRequest &operator=(const LoggedRequest &) = delete;

    void setSent(qint64 bytes) { m_record.bytesSent = bytes; }
    void answered(int status, qint64 declaredBytes);
    void failed(const QString &why);

    // The body of the answer, counted.
    static content::ReaderPtr watched(std::shared_ptr<LoggedRequest> request, content::ReaderPtr body);

private:
    class Watched;
    void say(content::RequestRecord::Stage stage);
    void end();

    content::RequestLog m_log;
    content::RequestRecord m_record;
    QElapsedTimer m_clock;
    qint64 m_received = 0;
};

} // namespace colophon::registry
