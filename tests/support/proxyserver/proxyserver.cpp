// SPDX-License-Identifier: Apache-2.0
#include "support/proxyserver/proxyserver.h"

#include <QMutex>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>
#include <QUrl>

namespace colophon::test {

struct ProxyServer::Shared
{
    mutable QMutex mutex;
    QList<Request> requests;
    QByteArray password; // the whole value of Proxy-Authorization
    QByteArray answer;
};

class ProxyServer::Listener : public QTcpServer
{
public:
    explicit Listener(std::shared_ptr<Shared> shared)
        : m_shared(std::move(shared))
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *client = nextPendingConnection())
                serve(client);
        });
    }

private:
    void serve(QTcpSocket *client)
    {
        auto unread = std::make_shared<QByteArray>();
        connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
        connect(client, &QTcpSocket::readyRead, client, [this, client, unread] {
            *unread += client->readAll();
            const qsizetype end = unread->indexOf("\r\n\r\n");
            if (end < 0)
                return;
            client->disconnect(SIGNAL(readyRead()));
            answer(client, unread->left(end + 4), unread->mid(end + 4));
        });
    }

    void answer(QTcpSocket *client, const QByteArray &head, const QByteArray &rest)
    {
        QList<QByteArray> lines = head.trimmed().split('\n');
        const QList<QByteArray> first = lines.takeFirst().trimmed().split(' ');
        Request request{first.value(0), first.value(1), {}};
        QByteArray others;
        for (const QByteArray &line : std::as_const(lines)) {
            if (line.toLower().startsWith("proxy-authorization:"))
                request.authorization = line.mid(20).trimmed();
            else
                others += line.trimmed() + "\r\n";
        }
        QByteArray instead;
        {
            const QMutexLocker lock(&m_shared->mutex);
            m_shared->requests.append(request);
            instead = m_shared->answer;
            if (instead.isEmpty() && !m_shared->password.isEmpty() && request.authorization != m_shared->password)
                instead = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                          "Content-Length: 0\r\n\r\n";
        }
        if (!instead.isEmpty()) {
            client->write(instead);
            return;
        }
        const bool isTunnel = request.method == "CONNECT";
        const QUrl url(isTunnel ? QStringLiteral("http://") + QString::fromLatin1(request.target)
                                : QString::fromLatin1(request.target));
        auto *server = new QTcpSocket(client);
        const QByteArray passed = isTunnel
                                      ? rest
                                      : request.method + ' ' + url.path(QUrl::FullyEncoded).toLatin1() +
                                            (url.hasQuery() ? '?' + url.query(QUrl::FullyEncoded).toLatin1() : "") +
                                            " HTTP/1.1\r\n" + others + "\r\n" + rest;
        connect(server, &QTcpSocket::connected, client, [client, server, isTunnel, passed] {
            if (isTunnel)
                client->write("HTTP/1.1 200 Connection established\r\n\r\n");
            server->write(passed);
            connect(client, &QTcpSocket::readyRead, server, [client, server] { server->write(client->readAll()); });
            server->write(client->readAll()); // what came while nobody listened
            connect(server, &QTcpSocket::readyRead, client, [client, server] { client->write(server->readAll()); });
        });
        connect(server, &QTcpSocket::disconnected, client, &QTcpSocket::disconnectFromHost);
        connect(server, &QTcpSocket::errorOccurred, client, [client, server] {
            if (server->state() != QAbstractSocket::ConnectedState)
                client->write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        });
        server->connectToHost(QHostAddress::LocalHost, static_cast<quint16>(url.port(80)));
    }

    std::shared_ptr<Shared> m_shared;
};

ProxyServer::ProxyServer()
    : m_shared(std::make_shared<Shared>())
    , m_thread(std::make_unique<QThread>())
    , m_listener(new Listener(m_shared))
{
    m_listener->moveToThread(m_thread.get());
    m_thread->start();
    QMetaObject::invokeMethod(
        m_listener,
        [this] {
            if (!m_listener->listen(QHostAddress::LocalHost))
                qFatal("The proxy cannot listen: %s", qPrintable(m_listener->errorString()));
            m_port = m_listener->serverPort();
        },
        Qt::BlockingQueuedConnection);
}

ProxyServer::~ProxyServer()
{
    QMetaObject::invokeMethod(m_listener, [this] { delete m_listener; }, Qt::BlockingQueuedConnection);
    m_thread->quit();
    m_thread->wait();
}

QString ProxyServer::address(const QString &credentials) const
{
    const QString place = QStringLiteral("127.0.0.1:%1").arg(m_port);
    return QStringLiteral("http://") + (credentials.isEmpty() ? place : credentials + u'@' + place);
}

void ProxyServer::requirePassword(const QByteArray &pair)
{
    const QMutexLocker lock(&m_shared->mutex);
    m_shared->password = "Basic " + pair.toBase64();
}

void ProxyServer::answerWith(const QByteArray &bytes)
{
    const QMutexLocker lock(&m_shared->mutex);
    m_shared->answer = bytes;
}

QList<ProxyServer::Request> ProxyServer::requests() const
{
    const QMutexLocker lock(&m_shared->mutex);
    return m_shared->requests;
}

} // namespace colophon::test
