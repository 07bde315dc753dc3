// SPDX-License-Identifier: Apache-2.0
#include "support/faultserver/faultconnection.h"

#include <QSslSocket>

#include <openssl/evp.h>

#include <sys/socket.h>

namespace colophon::test {

namespace {
constexpr qsizetype block = 64 * 1024;
constexpr qint64 keptBody = 1024 * 1024;
} // namespace

Answer FaultServer::Shared::answerFor(const RecordedRequest &request, Script &later)
{
    Script script;
    later = {};
    {
        const QMutexLocker lock(&mutex);
        for (qsizetype i = 0; i < rules.size() && !script; ++i) {
            const Rule &rule = rules.at(i);
            if ((!rule.method.isEmpty() && rule.method != request.method) ||
                !rule.target.match(QString::fromLatin1(request.target)).hasMatch())
                continue;
            script = rule.script;
            if (rule.wantsBody)
                later = script;
            if (rule.isOnce)
                rules.removeAt(i);
        }
        if (!script)
            ++unexpected;
    }
    if (later)
        return {};
    return script ? script(request) : answer(404, "no rule for " + request.method + ' ' + request.target + '\n');
}

FaultConnection::FaultConnection(std::shared_ptr<FaultServer::Shared> shared, QTcpSocket *socket, int number,
                                 QObject *parent)
    : QObject(parent)
    , m_shared(std::move(shared))
    , m_socket(socket)
    , m_number(number)
    , m_hash(EVP_MD_CTX_new())
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(4 * block); // a request that is not read presses back on its sender
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &FaultConnection::pump);
    connect(m_socket, &QIODevice::readyRead, this, &FaultConnection::onReadyRead);
    connect(m_socket, &QIODevice::bytesWritten, this, &FaultConnection::pump);
    if (auto *secure = qobject_cast<QSslSocket *>(m_socket))
        connect(secure, &QSslSocket::encryptedBytesWritten, this, &FaultConnection::pump, Qt::QueuedConnection);
    connect(m_socket, &QAbstractSocket::disconnected, this, [this] {
        record();
        deleteLater();
    });
    const QMutexLocker lock(&m_shared->mutex);
    ++m_shared->open;
}

FaultConnection::~FaultConnection()
{
    m_socket->disconnect();
    EVP_MD_CTX_free(m_hash);
    const QMutexLocker lock(&m_shared->mutex);
    --m_shared->open;
}

void FaultConnection::close()
{
    m_state = State::Silent;
    m_isSending = false;
    m_socket->disconnectFromHost();
}

void FaultConnection::onReadyRead()
{
    while (m_socket->bytesAvailable() > 0 || !m_input.isEmpty()) {
        const qint64 before = m_socket->bytesAvailable() + m_input.size();
        const State state = m_state;
        if (m_state == State::Head)
            readHead();
        else if (m_state == State::Body)
            readBody();
        else
            return;
        if (m_state == state && m_socket->bytesAvailable() + m_input.size() == before &&
            m_socket->bytesAvailable() == 0)
            return;
    }
}

void FaultConnection::readHead()
{
    m_input += m_socket->read(block);
    const qsizetype end = m_input.indexOf("\r\n\r\n");
    if (end < 0)
        return;
    const QList<QByteArray> lines = m_input.first(end).split('\n');
    m_input.remove(0, end + 4);
    m_request = {};
    const QList<QByteArray> words = lines.first().trimmed().split(' ');
    m_request.method = words.value(0);
    m_request.target = words.value(1);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines.at(i).indexOf(':');
        m_request.headers.append(
            {lines.at(i).first(std::max<qsizetype>(0, colon)), lines.at(i).sliced(colon + 1).trimmed()});
    }
    m_request.connection = m_number;
    m_request.isTls = m_shared->identity.has_value();
    m_isChunked = m_request.header("Transfer-Encoding").toLower() == "chunked";
    m_chunkLeft = -1;
    m_bodyLeft = m_isChunked ? 1 : m_request.header("Content-Length").toLongLong();
    EVP_DigestInit_ex(m_hash, EVP_sha256(), nullptr);
    {
        const QMutexLocker lock(&m_shared->mutex);
        m_index = static_cast<int>(m_shared->requests.size());
        m_generation = m_shared->generation;
        m_shared->requests.append(m_request);
    }
    m_answer = m_shared->answerFor(m_request, m_later);
    m_isAnswered = false;
    m_state = State::Body;
    if (m_answer.isEarly) {
        m_isAnswered = true;
        if (!m_answer.readsBody)
            m_state = State::Silent;
        beginAnswer();
    }
    if (m_state == State::Body && m_bodyLeft == 0)
        endBody();
}

void FaultConnection::take(const QByteArray &piece)
{
    EVP_DigestUpdate(m_hash, piece.constData(), static_cast<std::size_t>(piece.size()));
    if (m_request.body.size() < keptBody)
        m_request.body += piece.first(std::min<qint64>(piece.size(), keptBody - m_request.body.size()));
    m_request.bodySize += piece.size();
}

// The chunked transfer coding (RFC 9112 §7.1), without extensions and trailers, which nobody sends us.
void FaultConnection::readChunks()
{
    m_input += m_socket->read(block);
    while (m_bodyLeft > 0) {
        if (m_chunkLeft < 0) {
            const qsizetype end = m_input.indexOf("\r\n");
            if (end < 0)
                return;
            m_chunkLeft = m_input.first(end).toLongLong(nullptr, 16);
            m_input.remove(0, end + 2);
            if (m_chunkLeft == 0)
                m_bodyLeft = 0; // the empty line behind it is all that follows
        } else if (m_input.size() < std::min<qint64>(m_chunkLeft, 1) + 2) {
            return;
        } else {
            const QByteArray piece = m_input.first(std::min<qint64>(m_chunkLeft, m_input.size() - 2));
            m_input.remove(0, piece.size());
            take(piece);
            m_chunkLeft -= piece.size();
            if (m_chunkLeft == 0) {
                m_input.remove(0, 2);
                m_chunkLeft = -1;
            }
            if (m_answer.takesAtMost >= 0 && m_request.bodySize >= m_answer.takesAtMost)
                return endBody();
        }
    }
    if (m_input.startsWith("\r\n"))
        m_input.remove(0, 2);
    endBody();
}

void FaultConnection::readBody()
{
    if (m_isChunked)
        return readChunks();
    QByteArray piece;
    if (!m_input.isEmpty()) {
        piece = m_input.first(std::min<qint64>(m_bodyLeft, m_input.size()));
        m_input.remove(0, piece.size());
    } else {
        qint64 most = std::min<qint64>(m_bodyLeft, block);
        if (m_answer.takesAtMost >= 0)
            most = std::max<qint64>(1, std::min(most, m_answer.takesAtMost - m_request.bodySize));
        piece = m_socket->read(most);
    }
    take(piece);
    m_bodyLeft -= piece.size();
    if (m_bodyLeft == 0 || (m_answer.takesAtMost >= 0 && m_request.bodySize >= m_answer.takesAtMost))
        endBody();
}

void FaultConnection::record()
{
    if (m_index < 0)
        return;
    QByteArray digest(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    EVP_DigestFinal_ex(m_hash, reinterpret_cast<unsigned char *>(digest.data()), &size);
    m_request.bodySha256 = digest.first(size).toHex();
    m_request.isComplete = m_bodyLeft == 0;
    const QMutexLocker lock(&m_shared->mutex);
    if (m_generation == m_shared->generation)
        m_shared->requests[m_index] = m_request;
    m_index = -1;
}

void FaultConnection::endBody()
{
    record();
    if (m_isAnswered) {
        if (!m_isSending)
            m_state = State::Head;
        else
            m_state = State::Answering;
        return;
    }
    if (m_later)
        m_answer = m_later(m_request);
    m_state = State::Answering;
    beginAnswer();
}

void FaultConnection::beginAnswer()
{
    m_isSending = true;
    m_outputAt = 0;
    m_sent = 0;
    m_fillerLeft = 0;
    if (m_answer.rawBytes) {
        m_output = *m_answer.rawBytes;
    } else {
        m_output = "HTTP/1.1 " + QByteArray::number(m_answer.status) + " Scripted\r\n";
        for (const auto &[name, value] : m_answer.headers)
            m_output += name + ": " + value + "\r\n";
        const qint64 length = m_answer.declaredLength.value_or(m_answer.body.size() + m_answer.fillerSize);
        const bool hasNoBody = m_answer.status / 100 == 1 || m_answer.status == 204 || m_answer.status == 304;
        if (m_answer.chunkSize > 0)
            m_output += "Transfer-Encoding: chunked\r\n";
        else if (length >= 0 && !hasNoBody)
            m_output += "Content-Length: " + QByteArray::number(length) + "\r\n";
        m_output += "\r\n";
        if (m_request.method != "HEAD" && m_answer.chunkSize > 0) {
            for (qsizetype at = 0; at < m_answer.body.size(); at += m_answer.chunkSize) {
                const QByteArray chunk = m_answer.body.mid(at, m_answer.chunkSize);
                m_output += QByteArray::number(chunk.size(), 16) + "\r\n" + chunk + "\r\n";
            }
            m_fillerLeft = m_answer.fillerSize;
            if (m_fillerLeft == 0)
                m_output += "0\r\n\r\n";
        } else if (m_request.method != "HEAD") {
            m_output += m_answer.body;
            m_fillerLeft = m_answer.fillerSize;
        }
    }
    if (m_answer.delayBefore.count() > 0)
        m_timer.start(m_answer.delayBefore);
    else
        pump();
}

qint64 FaultConnection::unsent() const
{
    const auto *secure = qobject_cast<const QSslSocket *>(m_socket);
    return m_socket->bytesToWrite() + (secure ? secure->encryptedBytesToWrite() : 0);
}

QByteArray FaultConnection::nextBytes(qsizetype most)
{
    if (m_answer.stopAfter >= 0)
        most = std::min<qint64>(most, m_answer.stopAfter - m_sent);
    if (m_outputAt == m_output.size() && m_fillerLeft > 0 && m_answer.chunkSize > 0) {
        const auto size = static_cast<qsizetype>(std::min<qint64>(m_answer.chunkSize, m_fillerLeft));
        m_fillerLeft -= size;
        m_output = QByteArray::number(size, 16) + "\r\n" + QByteArray(size, 'x') + "\r\n";
        m_output += m_fillerLeft > 0 ? "" : "0\r\n\r\n";
        m_outputAt = 0;
    }
    QByteArray bytes;
    if (m_outputAt < m_output.size()) {
        bytes = m_output.mid(m_outputAt, most);
        m_outputAt += bytes.size();
    } else if (m_fillerLeft > 0) {
        bytes = QByteArray(std::min<qint64>(most, m_fillerLeft), 'x');
        m_fillerLeft -= bytes.size();
    }
    m_sent += bytes.size();
    return bytes;
}

void FaultConnection::pump()
{
    if (!m_isSending || m_timer.isActive())
        return;
    const bool isPieced = m_answer.pieceSize > 0;
    while (unsent() < 2 * block) {
        const QByteArray bytes = nextBytes(isPieced ? m_answer.pieceSize : block);
        if (bytes.isEmpty()) {
            if (unsent() == 0)
                endAnswer();
            return;
        }
        if (m_socket->write(bytes) != bytes.size()) { // the other side has gone
            m_isSending = false;
            m_state = State::Silent;
            m_socket->abort();
            return;
        }
        if (isPieced) {
            m_timer.start(m_answer.delayBetween); // first: flushing asks for more
            m_socket->flush();
            return;
        }
    }
}

void FaultConnection::endAnswer()
{
    m_isSending = false;
    const bool isCut = m_answer.stopAfter >= 0 && m_sent >= m_answer.stopAfter;
    switch (m_answer.end) {
    case Answer::End::Close:
        m_state = State::Silent;
        record();
        m_socket->disconnectFromHost();
        return;
    case Answer::End::Reset: {
        m_state = State::Silent;
        record();
        const linger now{1, 0};
        ::setsockopt(static_cast<int>(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
        m_socket->abort();
        return;
    }
    case Answer::End::KeepOpen:
        break;
    }
    if (isCut) {
        m_state = State::Silent;
    } else if (m_state == State::Answering) {
        m_state = State::Head;
        // Another request may have come meanwhile, and its readyRead is gone.
        QMetaObject::invokeMethod(this, &FaultConnection::onReadyRead, Qt::QueuedConnection);
    }
}

} // namespace colophon::test
