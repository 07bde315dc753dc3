// SPDX-License-Identifier: Apache-2.0
#include "support/faultserver/faultserver.h"

#include "support/faultserver/faultconnection.h"

#include <QDeadlineTimer>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QThread>

namespace colophon::test {

QByteArray RecordedRequest::header(const QByteArray &name) const
{
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value.isNull() ? QByteArray("") : value;
    }
    return {};
}

Answer Answer::with(QByteArray name, QByteArray value) const
{
    Answer copy = *this;
    copy.headers.append({std::move(name), std::move(value)});
    return copy;
}

Answer Answer::declaring(qint64 length) const
{
    Answer copy = *this;
    copy.declaredLength = length;
    return copy;
}

Answer Answer::chunked(qsizetype size) const
{
    Answer copy = *this;
    copy.chunkSize = size;
    return copy;
}

Answer Answer::inPieces(qsizetype size, std::chrono::milliseconds between) const
{
    Answer copy = *this;
    copy.pieceSize = size;
    copy.delayBetween = between;
    return copy;
}

Answer Answer::after(std::chrono::milliseconds delay) const
{
    Answer copy = *this;
    copy.delayBefore = delay;
    return copy;
}

Answer Answer::early() const
{
    Answer copy = *this;
    copy.isEarly = true;
    return copy;
}

Answer Answer::earlyUnread() const
{
    Answer copy = early();
    copy.readsBody = false;
    return copy;
}

Answer Answer::whenRead(qint64 bytes) const
{
    Answer copy = *this;
    copy.takesAtMost = bytes;
    return copy;
}

Answer Answer::stalledAfter(qint64 bytes) const
{
    Answer copy = *this;
    copy.stopAfter = bytes;
    return copy;
}

Answer Answer::closedAfter(qint64 bytes) const
{
    Answer copy = stalledAfter(bytes);
    copy.end = End::Close;
    return copy;
}

Answer Answer::resetAfter(qint64 bytes) const
{
    Answer copy = stalledAfter(bytes);
    copy.end = End::Reset;
    return copy;
}

Answer Answer::thenClose() const
{
    Answer copy = *this;
    copy.end = End::Close;
    return copy;
}

Answer Answer::thenReset() const
{
    Answer copy = *this;
    copy.end = End::Reset;
    return copy;
}

Answer answer(int status, QByteArray body)
{
    Answer made;
    made.status = status;
    made.body = std::move(body);
    return made;
}

Answer filler(qint64 size)
{
    Answer made;
    made.fillerSize = size;
    return made;
}

Answer raw(QByteArray bytes)
{
    Answer made;
    made.rawBytes = std::move(bytes);
    return made;
}

Answer silence() { return answer(200).stalledAfter(0); }

Answer hangUp() { return answer(200).closedAfter(0); }

class FaultServer::Listener final : public QTcpServer
{
public:
    explicit Listener(std::shared_ptr<Shared> shared)
        : m_shared(std::move(shared))
    {
    }

    void closeAll()
    {
        const QObjectList all = children();
        for (QObject *child : all) {
            if (auto *connection = dynamic_cast<FaultConnection *>(child))
                connection->close();
        }
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        int number = 0;
        {
            const QMutexLocker lock(&m_shared->mutex);
            number = ++m_shared->connections;
        }
        QTcpSocket *socket = nullptr;
        if (m_shared->identity) {
            auto *secure = new QSslSocket;
            QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
            configuration.setLocalCertificate(QSslCertificate(m_shared->identity->certificate, QSsl::Pem));
            configuration.setPrivateKey(QSslKey(m_shared->identity->key, QSsl::Ec, QSsl::Pem));
            configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
            configuration.setProtocol(QSsl::TlsV1_2OrLater);
            secure->setSslConfiguration(configuration);
            socket = secure;
        } else {
            socket = new QTcpSocket;
        }
        socket->setSocketDescriptor(descriptor);
        new FaultConnection(m_shared, socket, number, this);
        if (auto *secure = qobject_cast<QSslSocket *>(socket))
            secure->startServerEncryption();
    }

private:
    std::shared_ptr<Shared> m_shared;
};

class FaultServer::Thread final : public QThread
{
};

FaultServer::FaultServer()
    : m_shared(std::make_shared<Shared>())
{
    start();
}

FaultServer::FaultServer(const TestAuthority &authority, TestAuthority::Kind kind)
    : FaultServer(authority.issue(kind))
{
}

FaultServer::FaultServer(TlsIdentity identity)
    : m_shared(std::make_shared<Shared>())
{
    m_shared->identity = std::move(identity);
    start();
}

void FaultServer::start()
{
    m_thread = std::make_unique<Thread>();
    m_listener = new Listener(m_shared);
    m_listener->moveToThread(m_thread.get());
    m_thread->start();
    QMetaObject::invokeMethod(
        m_listener,
        [this] {
            if (!m_listener->listen(QHostAddress::LocalHost))
                qFatal("The fault server cannot listen: %s", qPrintable(m_listener->errorString()));
            m_port = m_listener->serverPort();
        },
        Qt::BlockingQueuedConnection);
}

FaultServer::~FaultServer()
{
    QMetaObject::invokeMethod(m_listener, [this] { delete m_listener; }, Qt::BlockingQueuedConnection);
    m_thread->quit();
    m_thread->wait();
}

void FaultServer::once(const QByteArray &method, const QString &target, Answer answer)
{
    const QMutexLocker lock(&m_shared->mutex);
    m_shared->rules.append({method, QRegularExpression(QRegularExpression::anchoredPattern(target)),
                            [answer = std::move(answer)](const RecordedRequest &) { return answer; }, true});
}

void FaultServer::always(const QByteArray &method, const QString &target, Answer answer)
{
    always(method, target, [answer = std::move(answer)](const RecordedRequest &) { return answer; });
}

void FaultServer::always(const QByteArray &method, const QString &target, Script script)
{
    const QMutexLocker lock(&m_shared->mutex);
    m_shared->rules.append(
        {method, QRegularExpression(QRegularExpression::anchoredPattern(target)), std::move(script), false});
}

void FaultServer::alwaysWhole(const QByteArray &method, const QString &target, Script script)
{
    const QMutexLocker lock(&m_shared->mutex);
    m_shared->rules.append(
        {method, QRegularExpression(QRegularExpression::anchoredPattern(target)), std::move(script), false, true});
}

void FaultServer::forget()
{
    const QMutexLocker lock(&m_shared->mutex);
    m_shared->rules.clear();
    m_shared->requests.clear();
    m_shared->unexpected = 0;
    ++m_shared->generation;
}

QString FaultServer::authority(const QString &host) const { return QStringLiteral("%1:%2").arg(host).arg(m_port); }

QUrl FaultServer::url(const QString &target, const QString &host) const
{
    return QUrl((m_shared->identity ? QStringLiteral("https://") : QStringLiteral("http://")) + authority(host) +
                target);
}

QList<RecordedRequest> FaultServer::requests() const
{
    const QMutexLocker lock(&m_shared->mutex);
    return m_shared->requests;
}

QList<RecordedRequest> FaultServer::requests(const QByteArray &method, const QString &target) const
{
    const QRegularExpression pattern(QRegularExpression::anchoredPattern(target));
    QList<RecordedRequest> found = requests();
    found.removeIf([&](const RecordedRequest &each) {
        return (!method.isEmpty() && each.method != method) ||
               !pattern.match(QString::fromLatin1(each.target)).hasMatch();
    });
    return found;
}

int FaultServer::unexpected() const
{
    const QMutexLocker lock(&m_shared->mutex);
    return m_shared->unexpected;
}

int FaultServer::connections() const
{
    const QMutexLocker lock(&m_shared->mutex);
    return m_shared->connections;
}

int FaultServer::openConnections() const
{
    const QMutexLocker lock(&m_shared->mutex);
    return m_shared->open;
}

bool FaultServer::until(const std::function<bool()> &condition, std::chrono::milliseconds longest)
{
    const QDeadlineTimer deadline(longest);
    while (!condition()) {
        if (deadline.hasExpired())
            return false;
        QThread::msleep(2);
    }
    return true;
}

void FaultServer::closeAll()
{
    QMetaObject::invokeMethod(m_listener, [this] { m_listener->closeAll(); }, Qt::BlockingQueuedConnection);
    until([this] { return openConnections() == 0; });
}

} // namespace colophon::test
