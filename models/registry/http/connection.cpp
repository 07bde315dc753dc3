// SPDX-License-Identifier: Apache-2.0
#include "registry/http/connection.h"

#include "base/plaintext.h"
#include "registry/http/tls.h"

#include <QCoreApplication>
#include <QHostInfo>
#include <QNetworkProxy>
#include <QSslSocket>

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace colophon::registry::http {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::registry::http::Connection)
};

QString placeOf(const Endpoint &endpoint)
{
    const QString host = base::visible(endpoint.host, 255);
    return (host.contains(u':') ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(host).arg(endpoint.port);
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

QSslSocket *tlsOf(QTcpSocket *socket) { return qobject_cast<QSslSocket *>(socket); }

} // namespace

struct Connection::Lookup
{
    bool isDone = false;
    QHostInfo info;
};

Connection::~Connection() { drop(); }

void Connection::drop()
{
    if (m_spare >= 0)
        ::close(std::exchange(m_spare, -1));
    if (QTcpSocket *socket = std::exchange(m_socket, nullptr)) {
        socket->disconnect(); // also what a TLS socket has connected to itself
        socket->abort();
        socket->deleteLater();
    }
}

void Connection::kill()
{
    m_isKilled = true;
    m_isClosed = true;
    m_bell.ringNever();
    drop();
}

base::Task<base::Result<void>> Connection::open(Ptr self, AddressCheck allowed, std::optional<QSslConfiguration> tls,
                                                std::chrono::milliseconds timeout, std::stop_token stop)
{
    const QDeadlineTimer deadline(timeout);
    QList<QHostAddress> addresses;
    if (QHostAddress literal; literal.setAddress(self->m_endpoint.host)) {
        addresses = {literal};
    } else {
        auto lookup = std::make_shared<Lookup>();
        std::weak_ptr<Connection> weak = self;
        const int id =
            QHostInfo::lookupHost(self->m_endpoint.host, self->m_bell.context(), [lookup, weak](const QHostInfo &info) {
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
                co_return base::fail(timeoutError(self->m_endpoint));
            }
            self->m_bell.ringAt(deadline);
            co_await self->m_bell.event();
        }
        self->m_bell.ringNever();
        for (const QHostAddress &address : lookup->info.addresses()) {
            if (!addresses.contains(address))
                addresses.append(address);
        }
        if (addresses.isEmpty())
            co_return base::fail(
                networkError(Text::tr("The host %1 was not found.").arg(base::visible(self->m_endpoint.host, 255)),
                             Text::tr("Check the name of the registry and the network.")));
    }

    base::Result<void> outcome;
    for (qsizetype i = 0; i < addresses.size(); ++i) {
        if (allowed) {
            base::Result<void> verdict = allowed(addresses.at(i));
            if (!verdict) {
                if (outcome)
                    outcome = std::move(verdict);
                continue;
            }
        }
        // Each address gets its share of what time is left, so that a dead one does not use it up.
        const QDeadlineTimer share(deadline.remainingTime() / (addresses.size() - i));
        base::Result<void> opened = co_await openAt(self, addresses.at(i), tls, share, stop);
        if (opened || opened.error().kind == base::ErrorKind::Cancelled || opened.error().kind == base::ErrorKind::Tls)
            co_return opened;
        outcome = std::move(opened);
    }
    co_return outcome;
}

base::Task<base::Result<void>> Connection::openAt(Ptr self, QHostAddress address, std::optional<QSslConfiguration> tls,
                                                  QDeadlineTimer deadline, std::stop_token stop)
{
    self->drop();
    self->m_isClosed = false;
    self->m_isReadable = false;
    self->m_reason.clear();
    self->m_tlsErrors.clear();
    self->m_socketError = QAbstractSocket::UnknownSocketError;
    self->m_socket = tls ? new QSslSocket : new QTcpSocket;
    self->m_socket->setProxy(QNetworkProxy::NoProxy);
    self->watch();
    if (QSslSocket *secure = tlsOf(self->m_socket)) {
        secure->setSslConfiguration(*tls);
        secure->setReadBufferSize(base::limits::block);
        secure->connectToHostEncrypted(address.toString(), self->m_endpoint.port, self->m_endpoint.host);
    } else {
        self->m_socket->connectToHost(address.toString(), self->m_endpoint.port,
                                      QIODevice::ReadWrite | QIODevice::Unbuffered);
    }
    while (!self->m_isOpen && !self->m_isClosed) {
        if (stop.stop_requested() || self->m_isKilled)
            break;
        if (deadline.hasExpired()) {
            self->drop();
            co_return base::fail(timeoutError(self->m_endpoint));
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
    self->m_peer = self->m_socket->peerAddress();
    self->m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    if (!tls)
        self->m_spare = ::dup(static_cast<int>(self->m_socket->socketDescriptor()));
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
    const auto opened = [this] {
        m_isOpen = true;
        m_bell.ring();
    };
    if (QSslSocket *secure = tlsOf(m_socket)) {
        QObject::connect(secure, &QSslSocket::encrypted, context, opened);
        QObject::connect(secure, &QSslSocket::encryptedBytesWritten, context, moved);
        QObject::connect(secure, &QSslSocket::sslErrors, context,
                         [this](const QList<QSslError> &errors) { m_tlsErrors = errors; });
    } else {
        QObject::connect(m_socket, &QAbstractSocket::connected, context, opened);
    }
}

base::Task<Connection::Woken> Connection::wait(Ptr self, Need need, QDeadlineTimer deadline,
                                               std::chrono::milliseconds idle, std::stop_token stop)
{
    qint64 unsent = self->unsent();
    QDeadlineTimer first(idle);
    QDeadlineTimer quiet = std::min(deadline, first);
    while (true) {
        if (stop.stop_requested() || self->m_isKilled)
            co_return Woken::Stopped;
        if (self->isMet(need)) {
            self->m_bell.ringNever();
            co_return Woken::Ready;
        }
        if (self->unsent() != unsent) {
            unsent = self->unsent();
            QDeadlineTimer next(idle);
            quiet = std::min(deadline, next);
        }
        if (quiet.hasExpired())
            co_return Woken::TimedOut;
        self->m_bell.ringAt(quiet);
        co_await self->m_bell.event();
    }
}

base::Task<void> Connection::pause(Ptr self)
{
    self->m_bell.ring();
    co_await self->m_bell.event();
}

bool Connection::isMet(Need need)
{
    if (m_isClosed)
        return true;
    const bool readable = isTls() ? m_socket->bytesAvailable() > 0 : m_isReadable;
    switch (need) {
    case Need::Readable:
        return readable;
    case Need::Drained:
        return isDrained();
    case Need::ReadableOrDrained:
        return readable || isDrained();
    }
    return true;
}

QByteArray Connection::read(qsizetype most)
{
    QByteArray block(most, Qt::Uninitialized);
    qint64 count = -1;
    m_isReadable = false;
    if (m_socket && (m_socket->state() == QAbstractSocket::ConnectedState || m_socket->bytesAvailable() > 0))
        count = m_socket->read(block.data(), most);
    if (count < 0 && m_spare >= 0) // Qt closes its handle at a failed write, with the early answer still unread
        count = ::recv(m_spare, block.data(), static_cast<std::size_t>(most), MSG_DONTWAIT);
    if (count < 0 || (count == 0 && m_socket && m_socket->state() != QAbstractSocket::ConnectedState))
        m_isClosed = true;
    block.truncate(std::max<qint64>(0, count));
    return block;
}

void Connection::write(const QByteArray &block)
{
    if (m_isClosed || !m_socket)
        return;
    if (m_socket->write(block) != block.size())
        m_isClosed = true;
}

bool Connection::isReadable()
{
    if (m_isClosed || !m_socket)
        return true;
    return isTls() ? m_socket->bytesAvailable() > 0 : m_isReadable || peek() != Peek::Nothing;
}

Connection::Peek Connection::peek() const
{
    char byte = 0;
    const auto count = ::recv(static_cast<int>(m_socket->socketDescriptor()), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (count > 0)
        return Peek::Bytes;
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? Peek::Nothing : Peek::End;
}

qint64 Connection::unsent() const
{
    if (m_isClosed || !m_socket)
        return 0;
    const QSslSocket *secure = tlsOf(m_socket);
    return m_socket->bytesToWrite() + (secure ? secure->encryptedBytesToWrite() : 0);
}

bool Connection::isQuiet()
{
    if (m_isClosed || !m_socket || m_socket->state() != QAbstractSocket::ConnectedState)
        return false;
    const Peek there = peek();
    if (isTls()) // bytes that are still sealed may be session tickets
        return there != Peek::End && m_socket->bytesAvailable() == 0;
    if (there != Peek::Nothing)
        return false;
    // Its signal may have come for bytes that were read before it; it comes again only after a read.
    return !m_isReadable || (read(1).isEmpty() && !m_isClosed);
}

base::Error Connection::closedError() const
{
    const QString place = placeOf(m_endpoint);
    if (m_endpoint.isTls && !m_isOpen &&
        (!m_tlsErrors.isEmpty() || m_socketError == QAbstractSocket::SslHandshakeFailedError ||
         m_socketError == QAbstractSocket::SslInternalError ||
         m_socketError == QAbstractSocket::SslInvalidUserDataError))
        return tlsError(m_endpoint.host, m_tlsErrors, m_reason);
    if (m_socketError == QAbstractSocket::ConnectionRefusedError)
        return networkError(Text::tr("%1 refused the connection.").arg(place),
                            Text::tr("Check that the registry runs, and its port."));
    if (m_socketError == QAbstractSocket::RemoteHostClosedError || m_socketError == QAbstractSocket::UnknownSocketError)
        return networkError(Text::tr("%1 closed the connection.").arg(place), Text::tr("Try again."));
    return networkError(Text::tr("No connection with %1: %2.").arg(place, base::visible(m_reason, 300)),
                        Text::tr("Check the network, then try again."));
}

} // namespace colophon::registry::http
