// SPDX-License-Identifier: Apache-2.0
#include "support/tapproxy/tapproxy.h"

#include <QPointer>
#include <QTcpSocket>

#include <algorithm>

namespace colophon::test {

struct TapProxy::Connection
{
    QTcpSocket *client = nullptr;
    QTcpSocket *registry = nullptr;
    QByteArray unread;      // of the client, not yet understood
    QByteArray unpassed;    // understood, and held until the registry is connected
    qint64 bodyLeft = 0;    // of the request that is being passed
    QByteArray answer;      // the beginning of an answer, until its status is known
    int awaited = -1;       // the request whose answer's status is not known yet
    bool isChunked = false; // the body ends with the last chunk
};

TapProxy::TapProxy(quint16 registryPort, QObject *parent)
    : QObject(parent)
    , m_registryPort(registryPort)
{
    connect(&m_server, &QTcpServer::newConnection, this, &TapProxy::accept);
    m_server.listen(QHostAddress::LocalHost);
}

TapProxy::~TapProxy() { cutAll(); }

QString TapProxy::host() const { return QStringLiteral("127.0.0.1:%1").arg(m_server.serverPort()); }

void TapProxy::tripAt(int k, Moment moment, std::function<bool(const TappedRequest &)> counts,
                      std::function<void()> act)
{
    m_tripAt = k;
    m_moment = moment;
    m_counts = std::move(counts);
    m_act = std::move(act);
}

void TapProxy::clear()
{
    cutAll();
    m_requests.clear();
    m_counted.clear();
    m_tripAt = 0;
    m_tripped = false;
    m_counts = nullptr;
    m_act = nullptr;
}

void TapProxy::accept()
{
    while (QTcpSocket *client = m_server.nextPendingConnection()) {
        auto *connection = new Connection;
        connection->client = client;
        connection->registry = new QTcpSocket(this);
        m_connections.append(connection);
        const auto over = [this, connection] {
            if (!m_connections.removeOne(connection))
                return;
            for (QTcpSocket *socket : {connection->client, connection->registry}) {
                socket->disconnect(this);
                socket->disconnectFromHost();
                connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
                if (socket->state() == QAbstractSocket::UnconnectedState)
                    socket->deleteLater();
            }
            delete connection;
        };
        connect(client, &QTcpSocket::readyRead, this, [this, connection] { fromClient(*connection); });
        connect(connection->registry, &QTcpSocket::readyRead, this, [this, connection] { fromRegistry(*connection); });
        connect(connection->registry, &QTcpSocket::connected, this, [connection] {
            connection->registry->write(connection->unpassed);
            connection->unpassed.clear();
        });
        connect(client, &QTcpSocket::disconnected, this, over);
        connect(connection->registry, &QTcpSocket::disconnected, this, over);
        connect(connection->registry, &QTcpSocket::errorOccurred, this, over);
        connection->registry->connectToHost(QHostAddress::LocalHost, m_registryPort);
    }
}

bool TapProxy::trips(int request, Moment moment)
{
    if (m_tripped || m_tripAt == 0 || moment != m_moment || m_counted.value(m_tripAt - 1, -1) != request)
        return false;
    m_tripped = true;
    m_act();
    cutAll();
    return true;
}

void TapProxy::cutAll()
{
    const QList<Connection *> all = std::exchange(m_connections, {});
    for (Connection *connection : all) {
        for (QTcpSocket *socket : {connection->client, connection->registry}) {
            socket->disconnect(this);
            socket->abort();
            socket->deleteLater();
        }
        delete connection;
    }
}

void TapProxy::takeHead(Connection &connection, const QByteArray &head)
{
    const QList<QByteArray> lines = head.split('\n');
    const QList<QByteArray> first = lines.first().trimmed().split(' ');
    TappedRequest request;
    request.method = first.value(0);
    request.path = first.value(1);
    connection.bodyLeft = 0;
    connection.isChunked = false;
    for (const QByteArray &line : lines) {
        const QByteArray lower = line.toLower();
        if (lower.startsWith("content-length:"))
            connection.bodyLeft = lower.mid(15).trimmed().toLongLong();
        if (lower.startsWith("transfer-encoding:"))
            connection.isChunked = true;
    }
    m_requests.append(request);
    const int number = static_cast<int>(m_requests.size()) - 1;
    if (!m_counts || m_counts(request))
        m_counted.append(number);
    connection.awaited = number;
}

void TapProxy::fromClient(Connection &connection)
{
    const auto pass = [&connection](const QByteArray &bytes) {
        if (connection.registry->state() == QAbstractSocket::ConnectedState)
            connection.registry->write(bytes);
        else
            connection.unpassed += bytes;
    };
    connection.unread += connection.client->readAll();
    while (!connection.unread.isEmpty()) {
        // The beginning of TLS, say: a registry that speaks plain http would end it, and so does this.
        if (connection.awaited < 0 && connection.bodyLeft == 0 && !connection.isChunked &&
            (connection.unread.at(0) < 'A' || connection.unread.at(0) > 'Z')) {
            connection.client->abort();
            return; // the connection is gone
        }
        if (connection.isChunked) {
            pass(connection.unread);
            if (connection.unread.endsWith("0\r\n\r\n"))
                connection.isChunked = false;
            connection.unread.clear();
        } else if (connection.bodyLeft > 0) {
            const QByteArray part = connection.unread.left(connection.bodyLeft);
            connection.bodyLeft -= part.size();
            connection.unread.remove(0, part.size());
            pass(part);
        } else {
            const qsizetype end = connection.unread.indexOf("\r\n\r\n");
            if (end < 0)
                return;
            const QByteArray head = connection.unread.left(end + 4);
            connection.unread.remove(0, end + 4);
            takeHead(connection, head);
            if (trips(connection.awaited, Moment::Arrived))
                return; // the connection is gone
            pass(head);
        }
    }
}

void TapProxy::fromRegistry(Connection &connection)
{
    QByteArray bytes = connection.registry->readAll();
    if (connection.awaited >= 0) {
        connection.answer += bytes;
        const qsizetype end = connection.answer.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        bytes = std::exchange(connection.answer, {});
        const int status = bytes.mid(9, 3).toInt();
        if (status != 100) {
            const int number = connection.awaited;
            m_requests[number].status = status;
            connection.awaited = -1;
            if (trips(number, Moment::Answered))
                return; // the connection is gone
        }
    }
    connection.client->write(bytes);
}

} // namespace colophon::test
