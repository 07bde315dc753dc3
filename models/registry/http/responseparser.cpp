// SPDX-License-Identifier: Apache-2.0
#include "registry/http/responseparser.h"

#include "base/limits.h"

#include <QCoreApplication>

#include <boost/beast/http/basic_parser.hpp>

#include <limits>

namespace beast = boost::beast;

namespace colophon::registry::http {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::registry::http::ResponseParser)
};

constexpr qsizetype longestChunkExtension = 1024;
// Whatever chunk comes next, at least "0 CR LF CR LF" is still to come; Beast 1.81 asserts on less.
constexpr qsizetype shortestChunks = 5;

QByteArray bytesOf(beast::string_view text) { return {text.data(), static_cast<qsizetype>(text.size())}; }

} // namespace

// Beast calls back with what it found; all that is kept is the owner's.
class ResponseParser::Beast final : public beast::http::basic_parser<false>
{
public:
    explicit Beast(ResponseParser &owner)
        : m_owner(owner)
    {
        header_limit(std::numeric_limits<std::uint32_t>::max()); // the owner counts, over interim heads and trailers
        body_limit(boost::none);
        skip(owner.m_answersHead);
    }

    QByteArray *body = nullptr;
    std::uint64_t chunkLeft = 0; // 0: a chunk's head comes next
    bool isTooLarge = false;
    int version = 0; // 11 for HTTP/1.1

private:
    using error_code = beast::error_code;
    using string_view = beast::string_view;

    void on_request_impl(beast::http::verb, string_view, string_view, int, error_code &) override {}
    void on_response_impl(int code, string_view, int number, error_code &) override
    {
        m_owner.m_status = code;
        version = number;
    }
    void on_field_impl(beast::http::field, string_view name, string_view value, error_code &ec) override
    {
        if (!is_header_done()) {
            m_owner.m_headers.add(bytesOf(name), bytesOf(value));
            return;
        }
        // A trailer: counted, never merged into the head (RFC 9110 §6.5.1).
        m_owner.m_headBytes += static_cast<qint64>(name.size() + value.size()) + 4;
        if (m_owner.m_headBytes > base::limits::httpHead)
            refuseSize(ec);
    }
    void on_header_impl(error_code &) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t> &, error_code &) override {}
    std::size_t on_body_impl(string_view, error_code &) override { return 0; } // bodies without chunks pass Beast by
    void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code &ec) override
    {
        chunkLeft = size;
        if (static_cast<qsizetype>(extensions.size()) > longestChunkExtension)
            refuseSize(ec);
    }
    std::size_t on_chunk_body_impl(std::uint64_t remain, string_view piece, error_code &) override
    {
        body->append(piece.data(), static_cast<qsizetype>(piece.size()));
        chunkLeft = remain - piece.size();
        return piece.size();
    }
    void on_finish_impl(error_code &) override {}

    void refuseSize(error_code &ec)
    {
        isTooLarge = true;
        ec = beast::http::make_error_code(beast::http::error::header_limit);
    }

    ResponseParser &m_owner;
};

ResponseParser::ResponseParser(bool answersHead)
    : m_answersHead(answersHead)
{
}

ResponseParser::~ResponseParser() = default;

bool ResponseParser::isReusable() const
{
    return m_phase == Phase::Done && m_framing != Framing::UntilClose && m_keepsAlive && !m_hasGarbage;
}

QByteArray ResponseParser::feed(const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return {};
    m_hasBytes = true;
    QByteArray rest = bytes;
    while (m_phase == Phase::Head && !rest.isEmpty()) {
        rest.remove(0, scanHead(rest));
        if (m_newlines == 2)
            finishHead();
    }
    if (rest.isEmpty() || m_phase == Phase::Failed || m_phase == Phase::Head)
        return {};
    if (m_phase == Phase::Done) {
        m_hasGarbage = true;
        return {};
    }
    switch (m_framing) {
    case Framing::Chunked:
        return feedChunks(rest);
    case Framing::Length:
        if (rest.size() > m_left) {
            m_hasGarbage = true;
            rest.truncate(m_left);
        }
        m_left -= rest.size();
        if (m_left == 0)
            m_phase = Phase::Done;
        return rest;
    case Framing::UntilClose:
        return rest;
    case Framing::None:
        break;
    }
    return {};
}

void ResponseParser::feedEnd()
{
    if (m_phase == Phase::Done || m_phase == Phase::Failed)
        return;
    if (m_phase == Phase::Body && m_framing == Framing::UntilClose) {
        m_phase = Phase::Done;
        return;
    }
    fail(base::ErrorKind::Network, m_phase == Phase::Head
                                       ? Text::tr("The connection was closed before the answer came.")
                                       : Text::tr("The connection was closed in the middle of the answer."));
}

// Byte by byte, so that the verdict depends on what was sent and not on how it was cut into pieces.
qsizetype ResponseParser::scanHead(const QByteArray &bytes)
{
    static constexpr char protocol[] = "HTTP/1.";
    static constexpr qsizetype protocolLength = sizeof protocol - 1;

    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const char c = bytes.at(i);
        const char before = m_pending.isEmpty() ? '\0' : m_pending.back();
        if (++m_headBytes > base::limits::httpHead) {
            fail(base::ErrorKind::TooLarge,
                 Text::tr("The head of the answer is larger than %1 bytes.").arg(base::limits::httpHead));
        } else if (m_pending.size() < protocolLength && c != protocol[m_pending.size()]) {
            fail(base::ErrorKind::Protocol, Text::tr("The answer is not HTTP/1.1."));
        } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\r' && c != '\n' && c != '\t') || c == 0x7f) {
            fail(base::ErrorKind::Protocol, Text::tr("The head of the answer contains a control character."));
        } else if ((c == '\n') != (before == '\r')) {
            fail(base::ErrorKind::Protocol, Text::tr("A line of the answer's head does not end in CR LF."));
        } else if ((c == ' ' || c == '\t') && before == '\n') {
            fail(base::ErrorKind::Protocol, Text::tr("The head of the answer contains a folded line."));
        }
        if (m_phase == Phase::Failed)
            return bytes.size();
        m_pending.append(c);
        if (c == '\n')
            ++m_newlines;
        else if (c != '\r')
            m_newlines = 0;
        if (m_newlines == 2)
            return i + 1;
    }
    return bytes.size();
}

void ResponseParser::finishHead()
{
    m_newlines = 0;
    m_headers = {};
    m_beast = std::make_unique<Beast>(*this);
    beast::error_code ec;
    m_beast->put({m_pending.constData(), static_cast<std::size_t>(m_pending.size())}, ec);
    m_pending = {};
    if (ec || !m_beast->is_header_done()) {
        fail(base::ErrorKind::Protocol,
             Text::tr("The head of the answer is malformed (%1).").arg(QString::fromStdString(ec.message())));
        return;
    }
    if (m_status < 100 || m_status == 101) {
        fail(base::ErrorKind::Protocol,
             Text::tr("The answer has the status %1, which was not asked for.").arg(m_status));
        return;
    }
    if (m_status < 200) { // an interim answer: the real one follows
        m_headers = {};
        return;
    }

    const QList<QByteArray> encodings = m_headers.values("Transfer-Encoding");
    const bool isChunked = !encodings.isEmpty();
    if (isChunked && (encodings.size() > 1 || encodings.first().compare("chunked", Qt::CaseInsensitive) != 0 ||
                      m_headers.has("Content-Length") || m_beast->version < 11)) {
        fail(base::ErrorKind::Protocol, Text::tr("The answer's length is ambiguous (Transfer-Encoding)."));
        return;
    }
    if (const auto length = m_beast->content_length()) {
        if (*length > static_cast<std::uint64_t>(std::numeric_limits<qint64>::max())) {
            fail(base::ErrorKind::Protocol, Text::tr("The answer's Content-Length is impossible."));
            return;
        }
        m_contentLength = static_cast<qint64>(*length);
    }

    m_isHeadDone = true;
    m_keepsAlive = m_beast->keep_alive();
    if (m_answersHead || m_status == 204 || m_status == 304 || m_contentLength == 0) {
        m_framing = Framing::None;
        m_phase = Phase::Done;
    } else if (isChunked) {
        m_framing = Framing::Chunked;
        m_phase = Phase::Body;
    } else if (m_contentLength > 0) {
        m_framing = Framing::Length;
        m_phase = Phase::Body;
        m_left = m_contentLength;
    } else {
        m_framing = Framing::UntilClose;
        m_phase = Phase::Body;
    }
}

QByteArray ResponseParser::feedChunks(const QByteArray &bytes)
{
    QByteArray input = bytes;
    if (!m_pending.isEmpty()) {
        input = m_pending + bytes;
        m_pending = {};
    }
    QByteArray body;
    body.reserve(input.size());
    m_beast->body = &body;
    qsizetype used = 0;
    beast::error_code ec;
    while (!ec && !m_beast->is_done() && used < input.size() &&
           (m_beast->chunkLeft > 0 || input.size() - used >= shortestChunks)) {
        used += static_cast<qsizetype>(
            m_beast->put({input.constData() + used, static_cast<std::size_t>(input.size() - used)}, ec));
    }
    m_beast->body = nullptr;
    if (m_beast->is_done()) {
        m_phase = Phase::Done;
        m_hasGarbage = used < input.size();
    } else if (ec && ec != beast::http::make_error_code(beast::http::error::need_more)) {
        if (m_beast->isTooLarge)
            fail(base::ErrorKind::TooLarge, Text::tr("A chunk's head or the trailers of the answer are too large."));
        else
            fail(base::ErrorKind::Protocol,
                 Text::tr("The chunks of the answer are malformed (%1).").arg(QString::fromStdString(ec.message())));
    } else {
        m_pending = input.sliced(used);
        if (m_pending.size() > base::limits::httpHead)
            fail(base::ErrorKind::TooLarge, Text::tr("A chunk's head or the trailers of the answer are too large."));
    }
    return body;
}

void ResponseParser::fail(base::ErrorKind kind, const QString &message)
{
    m_phase = Phase::Failed;
    m_pending = {};
    m_error.kind = kind;
    m_error.message = message;
}

} // namespace colophon::registry::http
