// SPDX-License-Identifier: Apache-2.0
#include "registry/loggedrequest.h"

#include <atomic>

namespace colophon::registry {

using Stage = content::RequestRecord::Stage;

class LoggedRequest::Watched final : public content::Reader
{
public:
    Watched(std::shared_ptr<LoggedRequest> request, content::ReaderPtr inner)
        : m_request(std::move(request))
        , m_inner(std::move(inner))
    {
    }
    base::Task<base::Result<QByteArray>> read() override
    {
        base::Result<QByteArray> block = co_await m_inner->read();
        if (!block)
            m_request->failed(block.error().message);
        else if (block->isEmpty())
            m_request->end();
        else
            m_request->m_received += block->size();
        co_return block;
    }

private:
    std::shared_ptr<LoggedRequest> m_request;
    content::ReaderPtr m_inner;
};

LoggedRequest::LoggedRequest(content::RequestLog log, content::RequestRecord begun)
    : m_log(std::move(log))
    , m_record(std::move(begun))
{
    static std::atomic<qint64> requests = 0; // of this process: several clients may write into one log
    m_record.id = ++requests;
    m_record.started = QDateTime::currentDateTime();
    m_clock.start();
    say(Stage::Begun);
}

LoggedRequest::~LoggedRequest() { end(); }

void LoggedRequest::answered(int status, qint64 declaredBytes)
{
    m_record.status = status;
    m_record.bytesReceived = std::max<qint64>(0, declaredBytes);
    say(Stage::Answered);
}

void LoggedRequest::failed(const QString &why)
{
    if (m_record.failure.isEmpty())
        m_record.failure = why;
    end();
}

void LoggedRequest::end()
{
    if (m_record.stage == Stage::Over)
        return;
    m_record.bytesReceived = m_received;
    say(Stage::Over);
}

void LoggedRequest::say(Stage stage)
{
    m_record.stage = stage;
    m_record.milliseconds = m_clock.elapsed();
    if (m_log)
        m_log(m_record);
}

content::ReaderPtr LoggedRequest::watched(std::shared_ptr<LoggedRequest> request, content::ReaderPtr body)
{
    return std::make_unique<Watched>(std::move(request), std::move(body));
}

} // namespace colophon::registry
