// SPDX-License-Identifier: Apache-2.0
// The answer parser: whatever comes, fed at once or in pieces, gives the same verdict, the same head and the same body.
// The first byte seeds the pieces, the second chooses HEAD and whether the connection ends.
#include "registry/http/responseparser.h"

#include <cstdint>
#include <cstdlib>

using colophon::registry::http::ResponseParser;

namespace {

struct Outcome
{
    ResponseParser::Phase phase;
    int status;
    qint64 length;
    bool isReusable;
    QByteArray body;
    QList<std::pair<QByteArray, QByteArray>> headers;
    colophon::base::ErrorKind kind;
    QString message;

    bool operator==(const Outcome &) const = default;
};

Outcome outcomeOf(const ResponseParser &parser, QByteArray body)
{
    const bool failed = parser.phase() == ResponseParser::Phase::Failed;
    return {parser.phase(),         parser.isHeadDone() ? parser.status() : 0,
            parser.contentLength(), parser.isReusable(),
            std::move(body),        parser.isHeadDone() ? parser.headers().fields() : decltype(Outcome::headers){},
            parser.error().kind,    failed ? parser.error().message : QString()};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    std::uint32_t random = data[0] * 2654435761U + 1;
    const bool answersHead = (data[1] & 1) != 0;
    const bool ends = (data[1] & 2) != 0;
    const QByteArray bytes(reinterpret_cast<const char *>(data + 2), static_cast<qsizetype>(size - 2));

    ResponseParser whole(answersHead);
    const QByteArray wholeBody = whole.feed(bytes);
    ResponseParser pieces(answersHead);
    QByteArray body;
    for (qsizetype at = 0; at < bytes.size();) {
        random = random * 1664525U + 1013904223U;
        const qsizetype most = (random >> 28) < 8 ? 3 : 200;
        const qsizetype count = 1 + static_cast<qsizetype>((random >> 8) % static_cast<std::uint32_t>(most));
        body += pieces.feed(bytes.mid(at, count));
        at += count;
    }
    if (ends) {
        whole.feedEnd();
        pieces.feedEnd();
    }
    if (outcomeOf(whole, wholeBody) != outcomeOf(pieces, body))
        std::abort();
    // What is given out is never more than what was declared, and never more than what came.
    if (wholeBody.size() > bytes.size() ||
        (whole.framing() == ResponseParser::Framing::Length && wholeBody.size() > whole.contentLength()))
        std::abort();
    return 0;
}
