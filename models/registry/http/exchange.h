// SPDX-License-Identifier: Apache-2.0
#pragma once

// One request on its way: the request is written, the answer's head read, and the exchange lives on as the stream of
// the answer's body until that ends and the connection goes back to the pool, or dies with it.

#include "registry/http/pace.h"
#include "registry/http/pool.h"
#include "registry/http/responseparser.h"

namespace colophon::registry::http {

class Exchange
{
public:
    using Ptr = std::shared_ptr<Exchange>;

    Exchange(ConnectionPool::Ptr pool, ConnectionPool::Lease lease, Connection::Ptr connection, std::stop_token stop,
             bool answersHead);
    ~Exchange();
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;

    struct Sent
    {
        bool wholeBody = true;   // false: the answer came first
        bool isUntouched = true; // nothing of the body was read
    };
    // Writes head and body until all is written or the answer is there. `outcome` is filled as far as it came.
    static base::Task<base::Result<void>> write(Ptr self, QByteArray head, content::Reader *body, qint64 length,
                                                content::Progress progress, Sent *outcome);
    static base::Task<base::Result<void>> readHead(Ptr self);
    static base::Task<base::Result<QByteArray>> readBody(Ptr self);

    const ResponseParser &parser() const { return m_parser; }
    const Connection::Ptr &connection() const { return m_connection; }
    // No answer came and none will: a kept-alive connection that the other side had given up.
    bool isStale() const { return m_connection && m_connection->isClosed() && !m_parser.hasBytes(); }
    ConnectionPool::Lease takeLease() { return std::move(m_lease); }
    // The connection is of no further use, e.g. because the request was not sent to its end.
    void closeAfterwards() { m_isLast = true; }
    // Gives the connection back when the answer has ended, or ends without waiting; otherwise closes it.
    void finish();

private:
    qsizetype takeBytes(qsizetype most); // 0: nothing there
    base::Error parserError() const;
    base::Error timeoutError(const QString &message) const;

    ConnectionPool::Ptr m_pool;
    ConnectionPool::Lease m_lease;
    Connection::Ptr m_connection;
    std::stop_token m_stop;
    RingOnStop m_ring;
    ResponseParser m_parser;
    QByteArray m_body; // body bytes read and not asked for yet: at most what came with the head
    Pace m_pace;       // of the answer's body
    bool m_isLast = false;
};

// The body of an answer as a stream; owns what is left of its exchange.
content::ReaderPtr bodyOf(Exchange::Ptr exchange);

} // namespace colophon::registry::http
