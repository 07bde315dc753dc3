// SPDX-License-Identifier: Apache-2.0
#pragma once

// One TCP or TLS connection: resolved, checked and opened to that very address, then read and written in blocks. Plain
// sockets are unbuffered, TLS ones hold one block: it reads only when asked and takes a block to write only when the
// last one is gone, so that memory stays flat whatever flows through.

#include "base/limits.h"
#include "base/result.h"
#include "base/task.h"
#include "registry/http/bell.h"

#include <QDeadlineTimer>
#include <QHostAddress>
#include <QSslConfiguration>
#include <QSslError>
#include <QTcpSocket>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>

namespace colophon::registry::http {

// Where a connection leads.
struct Endpoint
{
    bool isTls = false;
    QString host; // as in the url, without brackets; also for SNI and the certificate
    quint16 port = 0;

    bool operator==(const Endpoint &) const = default;
    bool operator<(const Endpoint &other) const
    {
        return std::tie(isTls, host, port) < std::tie(other.isTls, other.host, other.port);
    }
};

class Connection : public std::enable_shared_from_this<Connection>
{
public:
    using Ptr = std::shared_ptr<Connection>;
    using AddressCheck = std::function<base::Result<void>(const QHostAddress &)>;

    explicit Connection(Endpoint endpoint)
        : m_endpoint(std::move(endpoint))
    {
    }
    ~Connection();

    // Tries the host's addresses in their order; one that `allowed` refuses is not contacted.
    static base::Task<base::Result<void>> open(Ptr self, AddressCheck allowed, std::optional<QSslConfiguration> tls,
                                               std::chrono::milliseconds timeout, std::stop_token stop);

    enum class Need { Readable, Drained, ReadableOrDrained };
    enum class Woken { Ready, TimedOut, Stopped };
    // Waits until it can be read without waiting, or until all that was written is with the kernel. A closed connection
    // is Ready for both. The time runs only while no byte moves.
    static base::Task<Woken> wait(Ptr self, Need need, QDeadlineTimer deadline, std::chrono::milliseconds idle,
                                  std::stop_token stop);
    // Lets the event loop have its turn.
    static base::Task<void> pause(Ptr self);

    // Up to `most` bytes that are there; empty: nothing yet, or isClosed().
    QByteArray read(qsizetype most);
    // Takes all of it; only when isDrained(), so that at most one block waits.
    void write(const QByteArray &block);
    // Asks the kernel, not only what was signalled so far.
    bool isReadable();
    bool isDrained() const { return unsent() == 0; }
    bool isClosed() const { return m_isClosed; }
    // Bytes taken by write() that the kernel has not got yet.
    qint64 unsent() const;
    // Still open and silent: fit for another request.
    bool isQuiet();

    const Endpoint &endpoint() const { return m_endpoint; }
    const QHostAddress &peer() const { return m_peer; }
    // Why it closed, in a sentence that names the host.
    base::Error closedError() const;

    // Ends it without a word to anybody who waits; the one who calls this wakes them, as the last act.
    void kill();
    bool isKilled() const { return m_isKilled; }
    Bell &bell() { return m_bell; }

private:
    struct Lookup;
    static base::Task<base::Result<void>> openAt(Ptr self, QHostAddress address, std::optional<QSslConfiguration> tls,
                                                 QDeadlineTimer deadline, std::stop_token stop);
    void watch();
    void drop();
    bool isMet(Need need);
    enum class Peek { Nothing, Bytes, End };
    Peek peek() const; // what the kernel has for us
    bool isTls() const { return m_endpoint.isTls; }

    Endpoint m_endpoint;
    Bell m_bell;
    QTcpSocket *m_socket = nullptr; // dies by disconnect and deleteLater
    int m_spare = -1; // second handle of a plain socket: what came before a reset is read from it after Qt has let go
    QHostAddress m_peer;
    QString m_reason; // the socket's own text of its failure
    QList<QSslError> m_tlsErrors;
    QAbstractSocket::SocketError m_socketError = QAbstractSocket::UnknownSocketError;
    bool m_isOpen = false;
    bool m_isReadable = false; // of a plain socket: signalled and not read since
    bool m_isClosed = false;
    bool m_isKilled = false;
};

} // namespace colophon::registry::http
