// SPDX-License-Identifier: Apache-2.0
// What counts as an answer and what does not, and that the verdict does not depend on how it was cut into pieces.
#include "registry/http/responseparser.h"

#include "base/limits.h"

#include <QTest>

#include <optional>

using colophon::base::ErrorKind;
using colophon::registry::http::ResponseParser;
using Phase = ResponseParser::Phase;
namespace limits = colophon::base::limits;

namespace {

struct Parsed
{
    Phase phase;
    int status;
    QByteArray body;
    bool isReusable;
    std::optional<ErrorKind> error;
};

Parsed parse(const QByteArray &bytes, qsizetype pieces, bool ends, bool answersHead)
{
    ResponseParser parser(answersHead);
    QByteArray body;
    for (qsizetype at = 0; at < bytes.size(); at += pieces)
        body += parser.feed(bytes.mid(at, pieces));
    if (ends)
        parser.feedEnd();
    Parsed parsed{parser.phase(), parser.status(), body, parser.isReusable(), {}};
    if (parser.phase() == Phase::Failed)
        parsed.error = parser.error().kind;
    return parsed;
}

} // namespace

class ResponseParserTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void accepts_data();
    void accepts();
    void refuses_data();
    void refuses();
    void waitsForMore_data();
    void waitsForMore();
    void handsBlocksOnUncopied();
    void keepsHeadersAndLength();
    void limitsHeads();
    void limitsInterimHeadsTogether();
    void limitsTrailers();
    void limitsChunkExtensions();
};

void ResponseParserTest::accepts_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("ends");
    QTest::addColumn<bool>("answersHead");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("reusable");
    const auto row = [](const char *name, const char *bytes, int status, const char *body, bool reusable,
                        bool ends = false, bool head = false) {
        QTest::newRow(name) << QByteArray(bytes) << ends << head << status << QByteArray(body) << reusable;
    };
    row("length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true);
    row("no reason phrase", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, "", true);
    row("empty", "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nLocation: /x\r\n\r\n", 202, "", true);
    row("204", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true);
    row("204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", 204, "", true);
    row("304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n", 304, "", true);
    row("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n", 200, "", true, false, true);
    row("HEAD chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, "", true, false, true);
    row("HEAD without length", "HTTP/1.1 404 Not Found\r\n\r\n", 404, "", true, false, true);
    row("chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", 200,
        "hello!", true);
    row("chunked, capitals", "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n", 200,
        "0123456789", true);
    row("chunk extension", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b;c=\"d\"\r\nx\r\n0\r\n\r\n", 200,
        "x", true);
    row("trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n", 200, "x",
        true);
    row("empty chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "", true);
    row("until close", "HTTP/1.1 200 OK\r\n\r\nall of it", 200, "all of it", false, true);
    row("until close, empty", "HTTP/1.1 200 OK\r\n\r\n", 200, "", false, true);
    row("close asked", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", 200, "x", false);
    row("close among others", "HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 1\r\n\r\nx", 200, "x",
        false);
    row("1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", false);
    row("1.0 kept alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", 200, "x", true);
    row("interim",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 201 Created\r\n"
        "Content-Length: 0\r\n\r\n",
        201, "", true);
    row("garbage after the end", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy", 200, "x", false);
    row("garbage after chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nx", 200, "", false);
    row("garbage after 204", "HTTP/1.1 204 No Content\r\n\r\nx", 204, "", false);
    row("body for HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "", false, false, true);
    row("same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 200, "x", true);
    row("tabs and bytes in values", "HTTP/1.1 200 OK\r\nX:\ta\tb\xc3\xa4\r\nContent-Length: 0\r\n\r\n", 200, "", true);
}

void ResponseParserTest::accepts()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, ends);
    QFETCH(bool, answersHead);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, reusable);
    for (const qsizetype pieces :
         {bytes.size(), qsizetype(1), qsizetype(2), qsizetype(3), qsizetype(7), qsizetype(20)}) {
        const Parsed parsed = parse(bytes, pieces, ends, answersHead);
        QCOMPARE(parsed.phase, Phase::Done);
        QCOMPARE(parsed.status, status);
        QCOMPARE(parsed.body, body);
        QCOMPARE(parsed.isReusable, reusable);
    }
}

void ResponseParserTest::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("ends");
    QTest::addColumn<ErrorKind>("kind");
    const auto row = [](const char *name, const QByteArray &bytes, ErrorKind kind = ErrorKind::Protocol,
                        bool ends = false) { QTest::newRow(name) << bytes << ends << kind; };
    const QByteArray ok = "HTTP/1.1 200 OK\r\n";
    row("another protocol", "SSH-2.0-OpenSSH_9.2\r\n");
    row("no status line", "<html>");
    row("HTTP/2", "HTTP/2 200 OK\r\n\r\n");
    row("HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n");
    row("leading blank line", "\r\nHTTP/1.1 200 OK\r\n\r\n");
    row("status of two digits", "HTTP/1.1 20 OK\r\n\r\n");
    row("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n");
    row("status with letters", "HTTP/1.1 2x0 OK\r\n\r\n");
    row("status 000", "HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n");
    row("status 099", "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n");
    row("upgrade nobody asked for", "HTTP/1.1 101 Switching Protocols\r\n\r\n");
    row("bare LF", "HTTP/1.1 200 OK\n\n");
    row("bare LF in a field", ok + "A: b\nC: d\r\n\r\n");
    row("bare CR in a field", ok + "A: b\rC: d\r\n\r\n");
    row("folded line", ok + "A: b\r\n c\r\n\r\n");
    row("folded with a tab", ok + "A: b\r\n\tc\r\n\r\n");
    row("NUL", ok + QByteArray("A: b\0c\r\n\r\n", 10));
    row("escape character", ok + "A: b\x1b[2J\r\n\r\n");
    row("no colon", ok + "nonsense\r\n\r\n");
    row("space before the colon", ok + "Content-Length : 3\r\n\r\n");
    row("empty name", ok + ": x\r\n\r\n");
    row("lengths contradict", ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n");
    row("lengths contradict in a list", ok + "Content-Length: 1, 2\r\n\r\n");
    row("negative length", ok + "Content-Length: -1\r\n\r\n");
    row("signed length", ok + "Content-Length: +1\r\n\r\n");
    row("hexadecimal length", ok + "Content-Length: 0x10\r\n\r\n");
    row("empty length", ok + "Content-Length: \r\n\r\n");
    row("length of 2^64", ok + "Content-Length: 18446744073709551616\r\n\r\n");
    row("length of 2^63", ok + "Content-Length: 9223372036854775808\r\n\r\n");
    row("length and chunked", ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n");
    row("chunked and length", ok + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n");
    row("gzip and chunked", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n");
    row("unknown encoding", ok + "Transfer-Encoding: xchunked\r\n\r\n");
    row("identity and length", ok + "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\n");
    row("chunked twice", ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n");
    row("chunked in 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const QByteArray chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    row("chunk size no number", chunked + "xyz\r\n");
    row("chunk size negative", chunked + "-1\r\nx\r\n");
    row("chunk size too big", chunked + "10000000000000000\r\nx\r\n");
    row("chunk longer than said", chunked + "1\r\nxy\r\n0\r\n\r\n");
    row("chunk with bare LF", chunked + "1\nx\n0\n\n", ErrorKind::Network, true); // never a whole line
    row("closed before anything", "", ErrorKind::Network, true);
    row("closed in the head", "HTTP/1.1 200 OK\r\nA: b", ErrorKind::Network, true);
    row("closed in the body", ok + "Content-Length: 3\r\n\r\nab", ErrorKind::Network, true);
    row("closed in a chunk", chunked + "5\r\nabc", ErrorKind::Network, true);
    row("closed before the last chunk", chunked + "1\r\na\r\n", ErrorKind::Network, true);
    row("closed in the trailers", chunked + "0\r\nA: b\r\n", ErrorKind::Network, true);
    row("closed after an interim answer", "HTTP/1.1 100 Continue\r\n\r\n", ErrorKind::Network, true);
}

void ResponseParserTest::refuses()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, ends);
    QFETCH(ErrorKind, kind);
    for (const qsizetype pieces : {std::max<qsizetype>(1, bytes.size()), qsizetype(1), qsizetype(2), qsizetype(5)}) {
        const Parsed parsed = parse(bytes, pieces, ends, false);
        QCOMPARE(parsed.phase, Phase::Failed);
        QCOMPARE(*parsed.error, kind);
        QVERIFY(!parsed.isReusable);
    }
}

void ResponseParserTest::waitsForMore_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Phase>("phase");
    QTest::newRow("nothing") << QByteArray("") << Phase::Head;
    QTest::newRow("half a head") << QByteArray("HTTP/1.1 200 OK\r\nContent-Len") << Phase::Head;
    QTest::newRow("interim only") << QByteArray("HTTP/1.1 100 Continue\r\n\r\n") << Phase::Head;
    QTest::newRow("half a body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab") << Phase::Body;
    QTest::newRow("half a chunk head") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5")
                                       << Phase::Body;
    QTest::newRow("no last CRLF") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r")
                                  << Phase::Body;
}

void ResponseParserTest::waitsForMore()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Phase, phase);
    const Parsed parsed = parse(bytes, std::max<qsizetype>(1, bytes.size()), false, false);
    QCOMPARE(parsed.phase, phase);
    QVERIFY(!parsed.isReusable);
}

void ResponseParserTest::handsBlocksOnUncopied()
{
    for (const char *framing : {"Content-Length: 300000\r\n", ""}) {
        ResponseParser parser;
        parser.feed(QByteArray("HTTP/1.1 200 OK\r\n") + framing + "\r\n");
        const QByteArray block(262'144, 'x');
        const QByteArray out = parser.feed(block);
        QCOMPARE(out.constData(), block.constData()); // the very same memory
        QCOMPARE(out.size(), block.size());
    }
}

void ResponseParserTest::keepsHeadersAndLength()
{
    ResponseParser parser;
    parser.feed(
        "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\nX:  a b \r\nX:\r\n\r\n");
    QVERIFY(parser.isHeadDone());
    QCOMPARE(parser.contentLength(), 9);
    QCOMPARE(parser.bodyLeft(), 9);
    QCOMPARE(parser.headers().values("x"), (QList<QByteArray>{"a b", ""}));
    QVERIFY(!parser.headers().has("X-Interim"));

    ResponseParser chunked;
    chunked.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: 1\r\n\r\n");
    QCOMPARE(chunked.contentLength(), -1);
    QVERIFY(!chunked.headers().has("X-Trailer"));

    ResponseParser head(true);
    head.feed("HTTP/1.1 200 OK\r\nContent-Length: 123\r\n\r\n");
    QCOMPARE(head.contentLength(), 123);
    QCOMPARE(head.phase(), Phase::Done);
}

void ResponseParserTest::limitsHeads()
{
    const QByteArray start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
    const QByteArray fits = start + QByteArray(limits::httpHead - start.size() - 4, 'x') + "\r\n\r\n";
    const QByteArray large = start + QByteArray(limits::httpHead - start.size() - 3, 'x') + "\r\n\r\n";
    const QByteArray endless = start + QByteArray(2 * limits::httpHead, 'x');
    for (const qsizetype pieces : {qsizetype(1'000'000), qsizetype(1000), qsizetype(1)}) {
        QCOMPARE(parse(fits, pieces, false, false).phase, Phase::Done);
        QCOMPARE(*parse(large, pieces, false, false).error, ErrorKind::TooLarge);
        QCOMPARE(*parse(endless, pieces, false, false).error, ErrorKind::TooLarge);
    }
}

void ResponseParserTest::limitsInterimHeadsTogether()
{
    const QByteArray interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
    QCOMPARE(*parse(interim.repeated(limits::httpHead / interim.size() + 1), 1000, false, false).error,
             ErrorKind::TooLarge);
}

void ResponseParserTest::limitsTrailers()
{
    const QByteArray start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n";
    const QByteArray field = "X-Trailer: 0123456789\r\n";
    const QByteArray trailers = start + field.repeated(limits::httpHead / field.size() + 1);
    for (const qsizetype pieces : {qsizetype(1'000'000), qsizetype(1000)}) {
        QCOMPARE(*parse(trailers + "\r\n", pieces, false, false).error, ErrorKind::TooLarge);
        QCOMPARE(*parse(trailers, pieces, false, false).error, ErrorKind::TooLarge);
    }
}

void ResponseParserTest::limitsChunkExtensions()
{
    const QByteArray start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=";
    QCOMPARE(*parse(start + QByteArray(2000, 'b') + "\r\nx\r\n0\r\n\r\n", 1'000'000, false, false).error,
             ErrorKind::TooLarge);
    QCOMPARE(*parse(start + QByteArray(100'000, 'b'), 1000, false, false).error, ErrorKind::TooLarge);
}

QTEST_GUILESS_MAIN(ResponseParserTest)
#include "tst_responseparser.moc"
