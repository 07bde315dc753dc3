// SPDX-License-Identifier: Apache-2.0
#include "registry/http/exchange.h"

#include "base/limits.h"
#include "base/plaintext.h"

#include <QCoreApplication>

namespace colophon::registry::http {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::registry::http::Exchange)
};

constexpr qsizetype headBlock = 16 * base::limits::KiB;
constexpr qsizetype worthDraining = 16 * base::limits::KiB; // an unread rest up to this size, if it is there
constexpr std::chrono::milliseconds slice{8};               // the longest run without the event loop

// One chunk of the chunked transfer coding (RFC 9112 §7.1); the empty one ends the body.
QByteArray asChunk(const QByteArray &block) { return QByteArray::number(block.size(), 16) + "\r\n" + block + "\r\n"; }

class Body final : public content::Reader
{
public:
    explicit Body(Exchange::Ptr exchange)
        : m_exchange(std::move(exchange))
    {
    }
    ~Body() override { m_exchange->finish(); }

    base::Task<base::Result<QByteArray>> read() override { return Exchange::readBody(m_exchange); }

private:
    Exchange::Ptr m_exchange;
};

} // namespace

content::ReaderPtr bodyOf(Exchange::Ptr exchange) { return std::make_unique<Body>(std::move(exchange)); }

Exchange::Exchange(ConnectionPool::Ptr pool, ConnectionPool::Lease lease, Connection::Ptr connection,
                   std::stop_token stop, bool answersHead)
    : m_pool(std::move(pool))
    , m_lease(std::move(lease))
    , m_connection(std::move(connection))
    , m_stop(std::move(stop))
    , m_ring(m_stop, m_connection->bell())
    , m_parser(answersHead)
    , m_pace(m_pool->options().slowTimeout)
{
}

Exchange::~Exchange() { finish(); }

base::Task<base::Result<void>> Exchange::write(Ptr self, QByteArray head, content::Reader *body, qint64 length,
                                               content::Progress progress, Sent *outcome)
{
    const Connection::Ptr connection = self->m_connection;
    const auto idle = self->m_pool->options().idleTimeout;
    const bool isChunked = body != nullptr && length < 0;
    outcome->wholeBody = body == nullptr || length == 0;
    connection->write(head);

    qint64 taken = 0; // bytes read from the body, i.e. given to the connection, except `ahead`
    QDeadlineTimer turn(slice);
    Pace pace(self->m_pool->options().slowTimeout);
    QByteArray ahead;
    bool isAtEnd = body == nullptr;
    bool isEndDue = isChunked; // the empty chunk is still to be written
    while (!isAtEnd || !ahead.isEmpty() || isEndDue || !connection->isDrained()) {
        if (!connection->isDrained())
            turn.setRemainingTime(slice);
        const qint64 unsent = connection->unsent();
        const QDeadlineTimer judged = pace.wait();
        const Connection::Woken woken =
            co_await Connection::wait(connection, Connection::Need::ReadableOrDrained, judged, idle, self->m_stop);
        if (woken == Connection::Woken::Stopped) {
            connection->kill();
            co_return base::cancelled();
        }
        const Pace::Verdict verdict = pace.judge(unsent - connection->unsent(), woken == Connection::Woken::TimedOut);
        if (verdict != Pace::Verdict::Moving) {
            connection->kill();
            co_return base::fail(self->timeoutError(verdict == Pace::Verdict::Resting
                                                        ? Text::tr("%1 takes no more data.")
                                                        : Text::tr("%1 takes less than 1 KiB of data a second.")));
        }
        if (progress && taken > 0)
            progress(taken - connection->unsent());
        if (connection->isReadable()) { // an early answer, an interim one, or the end
            while (self->takeBytes(headBlock) && !self->m_parser.isHeadDone()) {
            }
            if (connection->isClosed() || self->m_parser.phase() != ResponseParser::Phase::Head) {
                outcome->wholeBody =
                    isAtEnd && ahead.isEmpty() && !isEndDue && connection->isDrained() && !connection->isClosed();
                co_return base::Result<void>{};
            }
            if (!connection->isDrained())
                continue;
        }
        if (!connection->isDrained())
            continue;
        if (turn.hasExpired()) {
            co_await Connection::pause(connection);
            turn.setRemainingTime(slice);
            continue;
        }
        // One block is read ahead: the last one goes out only when the body says that it ended well, so that a body
        // that turns out wrong is never complete at the other side.
        if (!isAtEnd) {
            outcome->isUntouched = false;
            base::Result<QByteArray> block = co_await body->read();
            if (!block) {
                connection->kill();
                co_return base::fail(std::move(block.error()));
            }
            const qint64 read = taken + ahead.size() + block->size();
            isAtEnd = block->isEmpty();
            if (!isChunked && (read > length || (isAtEnd && read < length))) {
                connection->kill();
                co_return base::fail(base::ErrorKind::InvalidData,
                                     Text::tr("The data to send is %1 than the %2 bytes announced.")
                                         .arg(read > length ? Text::tr("longer") : Text::tr("shorter"))
                                         .arg(length));
            }
            std::swap(ahead, *block);
            if (block->isEmpty())
                continue;
            taken += block->size();
            connection->write(isChunked ? asChunk(*block) : *block);
        } else if (!ahead.isEmpty()) {
            taken += ahead.size();
            const QByteArray last = std::exchange(ahead, {});
            connection->write(isChunked ? asChunk(last) : last);
        } else if (isEndDue) { // not for a request whose head alone has just gone out
            isEndDue = false;
            connection->write(asChunk({}));
        }
    }
    if (progress && taken > 0)
        progress(taken);
    outcome->wholeBody = true;
    co_return base::Result<void>{};
}

base::Task<base::Result<void>> Exchange::readHead(Ptr self)
{
    const Connection::Ptr connection = self->m_connection;
    const QDeadlineTimer deadline(self->m_pool->options().firstByteTimeout);
    while (!self->m_parser.isHeadDone() && self->m_parser.phase() != ResponseParser::Phase::Failed) {
        const Connection::Woken woken = co_await Connection::wait(
            connection, Connection::Need::Readable, deadline, self->m_pool->options().firstByteTimeout, self->m_stop);
        if (woken == Connection::Woken::Stopped) {
            connection->kill();
            co_return base::cancelled();
        }
        if (woken == Connection::Woken::TimedOut) {
            connection->kill();
            co_return base::fail(self->timeoutError(Text::tr("%1 did not answer in time.")));
        }
        if (!self->takeBytes(headBlock) && connection->isClosed())
            self->m_parser.feedEnd();
    }
    if (!self->m_parser.isHeadDone()) {
        base::Error error = self->parserError();
        connection->kill();
        co_return base::fail(std::move(error));
    }
    co_return base::Result<void>{};
}

base::Task<base::Result<QByteArray>> Exchange::readBody(Ptr self)
{
    while (true) {
        if (!self->m_body.isEmpty()) {
            if (self->m_parser.phase() == ResponseParser::Phase::Done)
                self->finish();
            co_return std::exchange(self->m_body, {});
        }
        if (self->m_parser.phase() == ResponseParser::Phase::Done) {
            self->finish();
            co_return QByteArray();
        }
        const Connection::Ptr connection = self->m_connection;
        if (self->m_parser.phase() == ResponseParser::Phase::Failed || !connection) {
            base::Error error = self->parserError();
            self->finish();
            co_return base::fail(std::move(error));
        }
        const auto idle = self->m_pool->options().idleTimeout;
        const QDeadlineTimer judged = self->m_pace.wait();
        const Connection::Woken woken =
            co_await Connection::wait(connection, Connection::Need::Readable, judged, idle, self->m_stop);
        if (woken == Connection::Woken::Stopped) {
            connection->kill();
            co_return base::cancelled();
        }
        const qsizetype taken = self->takeBytes(base::limits::block);
        const Pace::Verdict verdict = self->m_pace.judge(taken, woken == Connection::Woken::TimedOut);
        if (verdict != Pace::Verdict::Moving) {
            connection->kill();
            co_return base::fail(self->timeoutError(verdict == Pace::Verdict::Resting
                                                        ? Text::tr("%1 sends no more data.")
                                                        : Text::tr("%1 sends less than 1 KiB of data a second.")));
        }
        if (taken == 0 && connection->isClosed())
            self->m_parser.feedEnd();
    }
}

qsizetype Exchange::takeBytes(qsizetype most)
{
    // Never past the end of a body of known length: what is there without having been asked for shows at keep().
    if (m_parser.phase() == ResponseParser::Phase::Body && m_parser.framing() == ResponseParser::Framing::Length)
        most = std::min<qint64>(most, m_parser.bodyLeft());
    const QByteArray block = m_connection->read(most);
    if (block.isEmpty())
        return 0;
    QByteArray body = m_parser.feed(block);
    if (m_body.isEmpty())
        m_body = std::move(body);
    else
        m_body += body;
    return block.size();
}

void Exchange::finish()
{
    if (!m_connection)
        return;
    const Connection::Ptr connection = std::exchange(m_connection, nullptr);
    if (!m_isLast && m_parser.phase() == ResponseParser::Phase::Body && !connection->isClosed() &&
        (m_parser.framing() != ResponseParser::Framing::Length || m_parser.bodyLeft() <= worthDraining) &&
        connection->isReadable())
        m_parser.feed(connection->read(
            std::min<qint64>(worthDraining, m_parser.framing() == ResponseParser::Framing::Length ? m_parser.bodyLeft()
                                                                                                  : worthDraining)));
    if (!m_isLast && m_parser.isReusable() && !connection->isClosed()) {
        m_lease.endWith(connection);
    } else {
        connection->kill();
        m_lease.end();
    }
}

base::Error Exchange::parserError() const
{
    if (m_connection && m_connection->isRefusedAsClient())
        return m_connection->closedError();
    base::Error error = m_parser.error();
    const QString host = base::visible(m_connection ? m_connection->endpoint().host : QString(), 255);
    if (m_connection && error.kind == base::ErrorKind::Network) {
        error.message = m_parser.hasBytes()
                            ? Text::tr("%1 closed the connection in the middle of its answer.").arg(host)
                            : Text::tr("%1 closed the connection without an answer.").arg(host);
        error.hint = Text::tr("Try again; if it stays so, ask the owner of the registry.");
    } else if (m_connection) {
        error.message = Text::tr("%1 does not speak proper HTTP. %2").arg(host, error.message);
        error.hint = Text::tr("Check the address and port of the registry.");
    }
    return error;
}

base::Error Exchange::timeoutError(const QString &message) const
{
    base::Error error;
    error.kind = base::ErrorKind::Timeout;
    error.message = message.arg(m_connection ? base::visible(m_connection->endpoint().host, 255) : QString());
    error.hint = Text::tr("Try again, or allow more time with --timeout.");
    return error;
}

} // namespace colophon::registry::http
