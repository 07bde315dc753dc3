// SPDX-License-Identifier: Apache-2.0
// How a connection comes about: the name, the address, the proxy, the certificate; and why it did not.
#include "base/plaintext.h"
#include "registry/http/connection.h"
#include "registry/http/responseparser.h"
#include "registry/http/tls.h"

#include <QCoreApplication>
#include <QHostInfo>
#include <QNetworkProxy>
#include <QSslKey>
#include <QSslSocket>

#include <unistd.h>

namespace colophon::registry::http {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::registry::http::Connection)
};

// How long a name is looked up here that a proxy will look up anyway.
constexpr std::chrono::milliseconds advisoryLookup{2'000};

QString placeOf(const Endpoint &endpoint)
{
    return content::serverName(base::visible(endpoint.host, 255), endpoint.port);
}

base::Error networkError(const QString &message, const QString &hint = {})
{
    base::Error error;
    error.kind = base::ErrorKind::Network;
    error.message = message;
    error.hint = hint;
    return error;
}

base::Error timeoutError(const Endpoint &endpoint)
{
    base::Error error;
    error.kind = base::ErrorKind::Timeout;
    error.message = Text::tr("%1 did not take the connection in time.").arg(placeOf(endpoint));
    error.hint = Text::tr("Check the network, or allow more time with --timeout.");
    return error;
}

// What the proxy said in place of a connection.
base::Error proxyError(const Endpoint &proxy, const Endpoint &endpoint, int status)
{
    base::Error error = networkError(
        status == 407 ? Text::tr("The proxy %1 wants a user name and a password, or does not accept those it got.")
                            .arg(placeOf(proxy))
                      : Text::tr("The proxy %1 does not connect us with %2: it answers %3.")
                            .arg(placeOf(proxy), placeOf(endpoint))
                            .arg(status),
        status == 407 ? Text::tr("Write them into the proxy's address: http://USER:PASSWORD@HOST:PORT.")
                      : Text::tr("Ask the one who runs the proxy, or put the registry into NO_PROXY."));
    error.httpStatus = status;
    return error;
}

} // namespace

struct Connection::Lookup
{
    bool isDone = false;
    QHostInfo info;
};

base::Task<base::Result<void>> Connection::open(Ptr self, Way way, std::stop_token stop)
{
    const QDeadlineTimer deadline(way.timeout);
    self->m_certificates = way.certificates;
    self->m_showedCertificate = way.tls && !way.tls->localCertificateChain().isEmpty();
    if (way.proxy)
        co_return co_await openThrough(self, way, deadline, stop);
    self->m_next = self->m_endpoint;
    auto addresses = co_await lookUp(self, self->m_endpoint.host, way.network, deadline, stop);
    if (!addresses)
        co_return base::fail(addresses.error());
    base::Result<void> outcome;
    for (qsizetype i = 0; i < addresses->size(); ++i) {
        if (way.allowed) {
            base::Result<void> verdict = way.allowed(addresses->at(i));
            if (!verdict) {
                if (outcome)
                    outcome = std::move(verdict);
                continue;
            }
        }
        // Each address gets its share of what time is left, so that a dead one does not use it up.
        const QDeadlineTimer share(deadline.remainingTime() / (addresses->size() - i));
        base::Result<void> opened = co_await openAt(self, addresses->at(i), way, share, stop);
        if (opened)
            self->m_peer = way.network.route ? addresses->at(i) : self->m_socket->peerAddress();
        self->m_judged = {self->m_peer};
        if (opened || opened.error().kind == base::ErrorKind::Cancelled || opened.error().kind == base::ErrorKind::Tls)
            co_return opened;
        outcome = std::move(opened);
    }
    co_return outcome;
}

base::Task<base::Result<void>> Connection::openThrough(Ptr self, Way way, QDeadlineTimer deadline, std::stop_token stop)
{
    self->m_isProxied = true;
    self->m_next = {false, way.proxy->host, way.proxy->port};
    if (way.allowed) {
        QDeadlineTimer soon(advisoryLookup);
        soon = std::min(soon, deadline);
        auto known = co_await lookUp(self, self->m_endpoint.host, way.network, soon, stop);
        if (!known && known.error().kind == base::ErrorKind::Cancelled)
            co_return base::fail(known.error());
        self->m_judged = known ? *known : QList<QHostAddress>{QHostAddress()};
        for (const QHostAddress &address : std::as_const(self->m_judged)) {
            base::Result<void> verdict = way.allowed(address);
            if (!verdict)
                co_return verdict;
        }
    }
    auto addresses = co_await lookUp(self, way.proxy->host, way.network, deadline, stop);
    if (!addresses)
        co_return base::fail(addresses.error().withHintAdded(
            Text::tr("It is the proxy of this environment: check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY.")));
    base::Result<void> outcome;
    for (qsizetype i = 0; i < addresses->size(); ++i) {
        const QDeadlineTimer share(deadline.remainingTime() / (addresses->size() - i));
        outcome = co_await openAt(self, addresses->at(i), way, share, stop);
        if (outcome || self->m_isConnected || outcome.error().kind == base::ErrorKind::Cancelled)
            break;
    }
    if (!outcome && !self->m_isConnected && outcome.error().kind == base::ErrorKind::Network)
        outcome = base::fail(outcome.error().withHintAdded(
            Text::tr("It is the proxy of this environment: check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY.")));
    co_return outcome;
}

base::Task<base::Result<QList<QHostAddress>>> Connection::lookUp(Ptr self, QString host, Network network,
                                                                 QDeadlineTimer deadline, std::stop_token stop)
{
    if (QHostAddress literal; literal.setAddress(host))
        co_return QList<QHostAddress>{literal};
    const auto notFound = [&host] {
        return base::fail(networkError(Text::tr("The host %1 was not found.").arg(base::visible(host, 255)),
                                       Text::tr("Check the name of the registry and the network.")));
    };
    if (network.lookUp) {
        auto found = network.lookUp(host);
        if (found.isEmpty())
            co_return notFound();
        co_return std::move(found);
    }
    auto lookup = std::make_shared<Lookup>();
    std::weak_ptr<Connection> weak = self;
    const int id = QHostInfo::lookupHost(host, self->m_bell.context(), [lookup, weak](const QHostInfo &info) {
        lookup->isDone = true;
        lookup->info = info;
        if (const auto connection = weak.lock())
            connection->m_bell.ring();
    });
    while (!lookup->isDone) {
        if (stop.stop_requested() || self->m_isKilled || deadline.hasExpired()) {
            QHostInfo::abortHostLookup(id);
            if (stop.stop_requested() || self->m_isKilled)
                co_return base::cancelled();
            co_return base::fail(timeoutError(self->m_next));
        }
        self->m_bell.ringAt(deadline);
        co_await self->m_bell.event();
    }
    self->m_bell.ringNever();
    QList<QHostAddress> addresses;
    for (const QHostAddress &address : lookup->info.addresses()) {
        if (!addresses.contains(address))
            addresses.append(address);
    }
    if (addresses.isEmpty())
        co_return notFound();
    co_return std::move(addresses);
}

base::Task<base::Result<void>> Connection::until(Ptr self, std::function<bool()> isThere, QDeadlineTimer deadline,
                                                 std::stop_token stop)
{
    while (!isThere() && !self->m_isClosed) {
        if (stop.stop_requested() || self->m_isKilled)
            break;
        if (deadline.hasExpired()) {
            self->drop();
            co_return base::fail(timeoutError(self->m_isConnected ? self->m_endpoint : self->m_next));
        }
        self->m_bell.ringAt(deadline);
        co_await self->m_bell.event();
    }
    self->m_bell.ringNever();
    if (stop.stop_requested() || self->m_isKilled) {
        self->kill();
        co_return base::cancelled();
    }
    if (self->m_isClosed) {
        base::Error error = self->closedError();
        self->drop();
        co_return base::fail(std::move(error));
    }
    co_return base::Result<void>{};
}

base::Task<base::Result<void>> Connection::openAt(Ptr self, QHostAddress address, Way way, QDeadlineTimer deadline,
                                                  std::stop_token stop)
{
    self->drop();
    self->m_isClosed = false;
    self->m_isReadable = false;
    self->m_isConnected = false;
    self->m_reason.clear();
    self->m_tlsErrors.clear();
    self->m_leaf.clear();
    self->m_verdict = KnownCertificates::Verdict::Refused;
    self->m_socketError = QAbstractSocket::UnknownSocketError;
    self->m_socket = way.tls ? new QSslSocket : new QTcpSocket;
    self->m_socket->setProxy(QNetworkProxy::NoProxy);
    if (way.network.route)
        address = way.network.route(address);
    self->watch();
    if (QSslSocket *secure = qobject_cast<QSslSocket *>(self->m_socket)) {
        secure->setSslConfiguration(*way.tls);
        secure->setReadBufferSize(base::limits::block);
        if (way.proxy) {
            secure->setPeerVerifyName(self->m_endpoint.host);
            secure->connectToHost(address.toString(), way.proxy->port);
            auto there = co_await tunnel(self, *way.proxy, deadline, stop);
            if (!there)
                co_return there;
            secure->startClientEncryption();
        } else {
            secure->connectToHostEncrypted(address.toString(), self->m_endpoint.port, self->m_endpoint.host);
        }
    } else {
        self->m_socket->connectToHost(address.toString(), self->m_next.port,
                                      QIODevice::ReadWrite | QIODevice::Unbuffered);
    }
    const Connection *const raw = self.get();
    auto opened = co_await until(self, [raw] { return raw->m_isOpen; }, deadline, stop);
    if (!opened)
        co_return opened;
    self->m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    if (!way.tls)
        self->m_spare = ::dup(static_cast<int>(self->m_socket->socketDescriptor()));
    co_return base::Result<void>{};
}

// Asks the proxy for a tunnel to the endpoint, by its name (RFC 9110 §9.3.6).
base::Task<base::Result<void>> Connection::tunnel(Ptr self, Proxy proxy, QDeadlineTimer deadline, std::stop_token stop)
{
    Connection *const raw = self.get();
    auto connected = co_await until(self, [raw] { return raw->m_isConnected; }, deadline, stop);
    if (!connected)
        co_return connected;
    const QByteArray place = content::serverName(self->m_endpoint.host, self->m_endpoint.port).toLatin1();
    QByteArray head = "CONNECT " + place + " HTTP/1.1\r\nHost: " + place + "\r\n";
    if (!proxy.authorization.isEmpty())
        head += "Proxy-Authorization: " + proxy.authorization.reveal() + "\r\n";
    self->m_socket->write(head + "\r\n");
    const base::Secret wiped(std::move(head));
    // Byte by byte, so that nothing behind the head is taken from the one we want to speak to.
    ResponseParser parser(true);
    while (!parser.isHeadDone() && parser.phase() != ResponseParser::Phase::Failed) {
        auto readable = co_await until(self, [raw] { return raw->m_socket->bytesAvailable() > 0; }, deadline, stop);
        if (!readable)
            co_return readable;
        while (!parser.isHeadDone() && parser.phase() != ResponseParser::Phase::Failed &&
               self->m_socket->bytesAvailable() > 0)
            parser.feed(self->m_socket->read(1));
    }
    if (parser.phase() == ResponseParser::Phase::Failed || parser.status() / 100 != 2 ||
        self->m_socket->bytesAvailable() > 0) {
        self->drop();
        if (parser.isHeadDone() && parser.status() / 100 != 2)
            co_return base::fail(proxyError(self->m_next, self->m_endpoint, parser.status()));
        co_return base::fail(networkError(Text::tr("The proxy %1 does not speak http.").arg(placeOf(self->m_next)),
                                          Text::tr("Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY.")));
    }
    co_return base::Result<void>{};
}

// What a socket says is noted and rung; nobody is resumed from inside its signals.
void Connection::watch()
{
    QObject *context = m_bell.context();
    const auto readable = [this] {
        m_isReadable = true;
        m_bell.ring();
    };
    const auto moved = [this] { m_bell.ring(); };
    const auto closed = [this] {
        m_isClosed = true;
        m_bell.ring();
    };
    QObject::connect(m_socket, &QIODevice::readyRead, context, readable);
    QObject::connect(m_socket, &QIODevice::bytesWritten, context, moved);
    QObject::connect(m_socket, &QAbstractSocket::disconnected, context, closed);
    QObject::connect(m_socket, &QAbstractSocket::errorOccurred, context, [this](QAbstractSocket::SocketError error) {
        m_socketError = error;
        m_reason = m_socket->errorString();
        m_isClosed = true;
        m_bell.ring();
    });
    QSslSocket *secure = qobject_cast<QSslSocket *>(m_socket);
    QObject::connect(m_socket, &QAbstractSocket::connected, context, [this, secure] {
        m_isConnected = true;
        m_isOpen = !secure;
        m_bell.ring();
    });
    if (!secure)
        return;
    QObject::connect(secure, &QSslSocket::encrypted, context, [this] {
        judgeCertificate(); // also where nobody complained: another one may have been accepted
        m_isOpen = !m_isClosed;
        m_bell.ring();
    });
    QObject::connect(secure, &QSslSocket::encryptedBytesWritten, context, moved);
    QObject::connect(secure, &QSslSocket::sslErrors, context, [this, secure](const QList<QSslError> &errors) {
        m_tlsErrors = errors;
        judgeCertificate();
        if (m_verdict == KnownCertificates::Verdict::Accepted)
            secure->ignoreSslErrors(errors);
    });
}

void Connection::judgeCertificate()
{
    using Verdict = KnownCertificates::Verdict;
    m_leaf = qobject_cast<QSslSocket *>(m_socket)->peerCertificate();
    if (m_certificates)
        m_verdict = m_certificates->judge(m_endpoint.host, m_endpoint.port, m_leaf, m_tlsErrors);
    else
        m_verdict = m_tlsErrors.isEmpty() ? Verdict::Verified : Verdict::Refused;
    if (m_verdict == Verdict::Verified || m_verdict == Verdict::Accepted)
        return;
    m_isClosed = true;
    if (m_certificates && !m_leaf.isNull())
        m_certificates->noteRefused(describe(m_endpoint.host, m_endpoint.port, m_leaf, m_tlsErrors));
}

base::Error Connection::certificateError() const
{
    base::Error error = tlsError(m_endpoint.host, m_tlsErrors, m_reason);
    if (m_leaf.isNull())
        return error;
    const content::ServerCertificate shown = describe(m_endpoint.host, m_endpoint.port, m_leaf, m_tlsErrors);
    error.server = shown.exception.server();
    if (m_verdict == KnownCertificates::Verdict::Changed) {
        error.message = Text::tr("The certificate of %1 is not the one that was accepted for it: it has changed, or "
                                 "somebody else answers.")
                            .arg(placeOf(m_endpoint));
        error.hint = m_tlsErrors.isEmpty()
                         ? Text::tr("An authority vouches for the new one: if its owner renewed it, the exception for "
                                    "the old one is not needed any more.")
                         : Text::tr("Ask its owner. Now its fingerprint is %1.")
                               .arg(content::fingerprintText(shown.exception.fingerprint));
    } else if (shown.canBeAccepted) {
        error.hint += QLatin1Char(' ') +
                      Text::tr("To accept just this certificate, once its owner has confirmed its fingerprint: "
                               "--trust-fingerprint %1.")
                          .arg(shown.exception.toString());
    }
    return error;
}

bool Connection::isRefusedAsClient() const { return isTls() && asksForAClientCertificate(m_reason); }

base::Error Connection::closedError() const
{
    const QString place = placeOf(m_isConnected ? m_endpoint : m_next);
    if (isRefusedAsClient())
        return clientCertificateError(m_endpoint.host, m_showedCertificate);
    if (m_endpoint.isTls && !m_isOpen &&
        (!m_tlsErrors.isEmpty() || !m_leaf.isNull() || m_socketError == QAbstractSocket::SslHandshakeFailedError ||
         m_socketError == QAbstractSocket::SslInternalError ||
         m_socketError == QAbstractSocket::SslInvalidUserDataError))
        return certificateError();
    if (m_socketError == QAbstractSocket::ConnectionRefusedError)
        return networkError(Text::tr("%1 refused the connection.").arg(place),
                            Text::tr("Check that the registry runs, and its port."));
    if (m_socketError == QAbstractSocket::RemoteHostClosedError || m_socketError == QAbstractSocket::UnknownSocketError)
        return networkError(Text::tr("%1 closed the connection.").arg(place), Text::tr("Try again."));
    return networkError(Text::tr("No connection with %1: %2.").arg(place, base::visible(m_reason, 300)),
                        Text::tr("Check the network, then try again."));
}

} // namespace colophon::registry::http
