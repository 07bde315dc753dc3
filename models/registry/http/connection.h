// SPDX-License-Identifier: Apache-2.0
#pragma once

// One TCP or TLS connection: resolved, checked and opened to that very address, or through a proxy; then read and
// written in blocks. Plain sockets are unbuffered, TLS ones hold one block: it reads only when asked and takes a block
// to write only when the last one is gone, so that memory stays flat whatever flows through. Not QNetworkProxy: its
// sockets take whatever is written into a buffer of their own.

#include "base/limits.h"
#include "base/result.h"
#include "base/task.h"
#include "registry/http/bell.h"
#include "registry/http/knowncertificates.h"
#include "registry/http/network.h"
#include "registry/http/proxysettings.h"

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

    struct Way
    {
        AddressCheck allowed;                            // none: any address
        std::optional<QSslConfiguration> tls;            // none: plain
        std::optional<Proxy> proxy;                      // none: straight there
        std::shared_ptr<KnownCertificates> certificates; // may be null: authorities alone decide
        std::chrono::milliseconds timeout{10'000};
        Network network = {};
    };
    // Tries the host's addresses in their order; one that `allowed` refuses is not contacted. Through a proxy, which
    // looks the name up itself, every address that the name has here must be allowed; for a name unknown here it is
    // the null address.
    static base::Task<base::Result<void>> open(Ptr self, Way way, std::stop_token stop);

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
    const QHostAddress &peer() const { return m_peer; } // null: it is a proxy's affair
    bool isProxied() const { return m_isProxied; }
    // Whether it could be opened now under this check and with what is accepted now.
    bool isAllowed(const AddressCheck &allowed) const;
    // Why it closed, in a sentence that names the host.
    base::Error closedError() const;
    // It closed because of who we are, which TLS says only after the handshake.
    bool isRefusedAsClient() const;

    // Ends it without a word to anybody who waits; the one who calls this wakes them, as the last act.
    void kill();
    bool isKilled() const { return m_isKilled; }
    Bell &bell() { return m_bell; }

private:
    struct Lookup;
    static base::Task<base::Result<QList<QHostAddress>>> lookUp(Ptr self, QString host, Network network,
                                                                QDeadlineTimer deadline, std::stop_token stop);
    static base::Task<base::Result<void>> openThrough(Ptr self, Way way, QDeadlineTimer deadline, std::stop_token stop);
    static base::Task<base::Result<void>> openAt(Ptr self, QHostAddress address, Way way, QDeadlineTimer deadline,
                                                 std::stop_token stop);
    static base::Task<base::Result<void>> tunnel(Ptr self, Proxy proxy, QDeadlineTimer deadline, std::stop_token stop);
    // Until `isThere` says so, the other side closes, time is up or somebody stops.
    static base::Task<base::Result<void>> until(Ptr self, std::function<bool()> isThere, QDeadlineTimer deadline,
                                                std::stop_token stop);
    void judgeCertificate();
    base::Error certificateError() const;
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
    QList<QHostAddress> m_judged; // where it leads, as far as that is known here
    bool m_isProxied = false;
    Endpoint m_next; // whom we speak to directly: the endpoint or its proxy
    std::shared_ptr<KnownCertificates> m_certificates;
    QSslCertificate m_leaf;
    KnownCertificates::Verdict m_verdict = KnownCertificates::Verdict::Refused; // of the certificate
    bool m_showedCertificate = false;
    QString m_reason; // the socket's own text of its failure
    QList<QSslError> m_tlsErrors;
    QAbstractSocket::SocketError m_socketError = QAbstractSocket::UnknownSocketError;
    bool m_isConnected = false; // TCP
    bool m_isOpen = false;      // for us to use
    bool m_isReadable = false;  // of a plain socket: signalled and not read since
    bool m_isClosed = false;
    bool m_isKilled = false;
};

} // namespace colophon::registry::http
