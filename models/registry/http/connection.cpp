// SPDX-License-Identifier: Apache-2.0
#include "registry/http/connection.h"

#include <QSslSocket>

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace colophon::registry::http {

namespace {

QSslSocket *tlsOf(QTcpSocket *socket) { return qobject_cast<QSslSocket *>(socket); }

} // namespace

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

bool Connection::isAllowed(const AddressCheck &allowed) const
{
    // Nothing judged: it was opened through a proxy for who did not ask.
    if (allowed && m_judged.isEmpty())
        return false;
    if (allowed && !std::all_of(m_judged.cbegin(), m_judged.cend(),
                                [&allowed](const QHostAddress &address) { return allowed(address).has_value(); }))
        return false;
    return !m_certificates || !isTls() ||
           m_certificates->judge(m_endpoint.host, m_endpoint.port, m_leaf, m_tlsErrors) == m_verdict;
}

void Connection::kill()
{
    m_isKilled = true;
    m_isClosed = true;
    m_bell.ringNever();
    drop();
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

} // namespace colophon::registry::http
