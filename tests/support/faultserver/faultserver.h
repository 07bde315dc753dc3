// SPDX-License-Identifier: Apache-2.0
#pragma once

// An HTTP server that says exactly what the test wrote, right or wrong, on raw sockets, and remembers what it was
// asked. It runs in a thread of its own, on 127.0.0.1 and a free port, so that tests may block and run other programs
// on it.
//
//     test::FaultServer server;
//     server.once("POST", "/v2/app/blobs/uploads/", test::answer(202).with("Location", "/up/1"));
//     server.once("PUT", "/up/1.*", test::answer(413).early().thenClose());
//     server.always("GET", ".*", test::answer(200, "hello"));
//     … server.url("/v2/") … server.requests().last().header("Authorization") …
//
// Rules are looked through in the order they were added; one added by once() serves one request. `target` is a regular
// expression for the whole request target, query included. What no rule matches gets a 404 and counts as unexpected().
// A second server is a "collector": give its url() as a redirect and check that it saw no request, or no credential.

#include "support/faultserver/testauthority.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace colophon::test {

using HeaderList = QList<std::pair<QByteArray, QByteArray>>;

struct RecordedRequest
{
    QByteArray method;
    QByteArray target; // path and query as they came
    HeaderList headers;
    qint64 bodySize = 0;
    QByteArray bodySha256;   // hexadecimal, of the body that came
    QByteArray body;         // its first MiB
    bool isComplete = false; // the whole body came
    int connection = 0;      // the how-manieth connection of the server it came on, from 1
    bool isTls = false;

    QByteArray header(const QByteArray &name) const; // the first; null where there is none
    bool has(const QByteArray &name) const { return !header(name).isNull(); }
};

// What the server sends, and how.
struct Answer
{
    int status = 200;
    HeaderList headers = {};
    QByteArray body = {};

    std::optional<QByteArray> rawBytes = {};   // instead of status, headers and body
    qint64 fillerSize = 0;                     // instead of body: so many 'x', made as they are sent
    std::optional<qint64> declaredLength = {}; // Content-Length as it stands there; negative: none
    qsizetype chunkSize = 0;                   // > 0: chunked
    qsizetype pieceSize = 0;                   // > 0: sent in pieces of this size, one turn of the event loop each
    std::chrono::milliseconds delayBetween{0}; // of pieces
    std::chrono::milliseconds delayBefore{0};
    bool isEarly = false;    // sent after the request's head, before its body is read
    bool readsBody = true;   // false, with isEarly: the request's body is never read
    qint64 takesAtMost = -1; // ≥ 0: when so many bytes of the request's body are read, answer as if it were all
    qint64 stopAfter = -1;   // ≥ 0: send only so many bytes of the answer, then do `end`
    enum class End { KeepOpen, Close, Reset } end = End::KeepOpen;

    Answer with(QByteArray name, QByteArray value) const;
    Answer declaring(qint64 length) const; // a Content-Length that is not the body's
    Answer chunked(qsizetype size = 8192) const;
    // 1: byte by byte, each after a while
    Answer inPieces(qsizetype size, std::chrono::milliseconds between = {}) const;
    Answer after(std::chrono::milliseconds delay) const;
    Answer early() const;                    // before the body is read, which is then read and dropped
    Answer earlyUnread() const;              // before the body is read, which is never read
    Answer whenRead(qint64 bytes) const;     // after that much of the request's body
    Answer stalledAfter(qint64 bytes) const; // then silence on an open connection
    Answer closedAfter(qint64 bytes) const;  // then a close in good order
    Answer resetAfter(qint64 bytes) const;   // then a TCP reset; 0: no byte of an answer
    Answer thenClose() const;
    Answer thenReset() const;
};

Answer answer(int status, QByteArray body = {});
Answer filler(qint64 size); // 200 with that many 'x'
Answer raw(QByteArray bytes);
Answer silence(); // reads the request and never answers
Answer hangUp();  // reads the request and closes

class FaultServer
{
public:
    FaultServer();                                                         // plain http
    FaultServer(const TestAuthority &authority, TestAuthority::Kind kind); // https
    explicit FaultServer(TlsIdentity identity);                            // https
    ~FaultServer();
    FaultServer(const FaultServer &) = delete;
    FaultServer &operator=(const FaultServer &) = delete;

    using Script =
        std::function<Answer(const RecordedRequest &request)>; // called in the server's thread; no body there yet

    void once(const QByteArray &method, const QString &target, Answer answer); // an empty method is any
    void always(const QByteArray &method, const QString &target, Answer answer);
    void always(const QByteArray &method, const QString &target, Script script);
    void alwaysWhole(const QByteArray &method, const QString &target, Script script); // called with the body there
    void forget();                                                                    // rules and records

    quint16 port() const { return m_port; }
    QString authority(const QString &host = QStringLiteral("127.0.0.1")) const; // "127.0.0.1:41234"
    QUrl url(const QString &target, const QString &host = QStringLiteral("127.0.0.1")) const;

    QList<RecordedRequest> requests() const;                  // in the order their heads came
    QList<RecordedRequest> requests(const QByteArray &method, // an empty one is any
                                    const QString &target = QStringLiteral(".*")) const;
    int unexpected() const;      // requests that no rule matched
    int connections() const;     // accepted so far
    int openConnections() const; // now
    // Whether the condition comes true in time; looks every few milliseconds without running the caller's event loop.
    static bool until(const std::function<bool()> &condition,
                      std::chrono::milliseconds longest = std::chrono::seconds(5));
    // Closes all open connections, e.g. to make kept-alive ones stale.
    void closeAll();

    struct Shared;

private:
    class Listener;
    class Thread;
    void start();

    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<Thread> m_thread;
    Listener *m_listener = nullptr; // lives in the thread
    quint16 m_port = 0;
};

} // namespace colophon::test
