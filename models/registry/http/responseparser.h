// SPDX-License-Identifier: Apache-2.0
#pragma once

// Turns the bytes of one HTTP/1.1 answer (RFC 9112) into head and body, fed in any split. Heads and chunks are parsed
// by Boost.Beast; the bytes of an identity body pass by it, so that a block read from the socket is handed on uncopied.
// What smells of request smuggling is refused: contradicting lengths, folded lines, control characters, bare CR or LF.

#include "base/error.h"
#include "registry/http/headers.h"

#include <QByteArray>

#include <memory>

namespace colophon::registry::http {

class ResponseParser
{
public:
    enum class Phase { Head, Body, Done, Failed };
    enum class Framing { None, Length, Chunked, UntilClose };

    // An answer to HEAD has no body, whatever its head says.
    explicit ResponseParser(bool answersHead = false);
    ~ResponseParser();
    ResponseParser(const ResponseParser &) = delete;
    ResponseParser &operator=(const ResponseParser &) = delete;

    // Takes what came and returns the body bytes in it; a block that is nothing but identity body comes back as it is.
    QByteArray feed(const QByteArray &bytes);
    // The other side closed the connection: the regular end of a body without length, a failure anywhere else.
    void feedEnd();

    Phase phase() const { return m_phase; }
    Framing framing() const { return m_framing; }
    bool isHeadDone() const { return m_isHeadDone; } // also when the body failed
    int status() const { return m_status; }
    const Headers &headers() const { return m_headers; }
    qint64 contentLength() const { return m_contentLength; } // as declared; -1: not declared
    qint64 bodyLeft() const { return m_left; }               // of Framing::Length
    bool hasBytes() const { return m_hasBytes; }             // whether anything came at all, also interim answers
    // Whether another request may be sent on the connection: only after Done.
    bool isReusable() const;
    // Of Phase::Failed: Protocol, TooLarge, or Network where the connection ended early.
    const base::Error &error() const { return m_error; }

private:
    class Beast;
    friend class Beast;

    qsizetype scanHead(const QByteArray &bytes); // bytes taken; the head is complete when m_newlines is 2
    void finishHead();
    void fail(base::ErrorKind kind, const QString &message);
    QByteArray feedChunks(const QByteArray &bytes);

    Phase m_phase = Phase::Head;
    Framing m_framing = Framing::None;
    bool m_answersHead;
    bool m_hasBytes = false;
    bool m_isHeadDone = false;
    bool m_hasGarbage = false; // bytes after the end
    bool m_keepsAlive = false;
    int m_status = 0;
    int m_newlines = 0;     // CRLFs in a row at the end of m_pending
    qint64 m_headBytes = 0; // of all heads so far, and of the trailers
    qint64 m_contentLength = -1;
    qint64 m_left = 0;
    Headers m_headers;
    QByteArray m_pending; // a head, or a chunk's head, that is not complete yet
    std::unique_ptr<Beast> m_beast;
    base::Error m_error;
};

} // namespace colophon::registry::http
