// SPDX-License-Identifier: Apache-2.0
#include "registry/http/transport.h"

#include "base/plaintext.h"
#include "registry/http/exchange.h"

#include <QCoreApplication>

#include <algorithm>

namespace colophon::registry::http {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::registry::http::Transport)
};

bool isToken(const QByteArray &text)
{
    return !text.isEmpty() && std::all_of(text.cbegin(), text.cend(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
    });
}

// What this layer sets itself: the framing of the message is no business of the caller.
bool isOurs(const QByteArray &name)
{
    static constexpr const char *ours[] = {"host",       "content-length", "transfer-encoding",
                                           "connection", "expect",         "upgrade",
                                           "te",         "trailer",        "proxy-authorization"};
    return std::any_of(std::begin(ours), std::end(ours),
                       [&name](const char *each) { return name.compare(each, Qt::CaseInsensitive) == 0; });
}

base::Result<Endpoint> endpointOf(const QUrl &url)
{
    const bool isTls = url.scheme() == QLatin1String("https");
    if ((!isTls && url.scheme() != QLatin1String("http")) || url.host().isEmpty() || !url.isValid())
        return base::fail(base::ErrorKind::Usage,
                          Text::tr("%1 is not an http or https address.")
                              .arg(base::visible(url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery), 300)));
    Endpoint endpoint;
    endpoint.isTls = isTls;
    endpoint.host = url.host(QUrl::FullyEncoded);
    endpoint.port = static_cast<quint16>(url.port(isTls ? 443 : 80));
    return endpoint;
}

// `plainProxy`: the request goes to a proxy that passes it on, and names the whole address (RFC 9112 §3.2.2).
base::Result<QByteArray> headOf(const Request &request, const Endpoint &endpoint, const QByteArray &userAgent,
                                const Proxy *plainProxy)
{
    if (!isToken(request.method))
        return base::fail(base::ErrorKind::Usage, Text::tr("The method of a request is not a word."));
    QByteArray target = request.url.path(QUrl::FullyEncoded).toLatin1();
    if (target.isEmpty())
        target = "/";
    if (request.url.hasQuery())
        target += '?' + request.url.query(QUrl::FullyEncoded).toLatin1();
    QByteArray host = endpoint.host.toLatin1();
    if (host.contains(':'))
        host = '[' + host + ']';
    if (endpoint.port != (endpoint.isTls ? 443 : 80))
        host += ':' + QByteArray::number(endpoint.port);

    if (plainProxy)
        target.prepend("http://" + host);
    QByteArray head = request.method + ' ' + target + " HTTP/1.1\r\nHost: " + host + "\r\n";
    if (plainProxy && !plainProxy->authorization.isEmpty())
        head += "Proxy-Authorization: " + plainProxy->authorization.reveal() + "\r\n";
    if (!request.headers.has("User-Agent"))
        head += "User-Agent: " + userAgent + "\r\n";
    for (const auto &[name, value] : request.headers.fields()) {
        const bool isClean = std::none_of(value.cbegin(), value.cend(), [](char c) {
            return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
        });
        if (!isToken(name) || !isClean)
            return base::fail(base::ErrorKind::Usage,
                              Text::tr("The header field %1 cannot be sent: it contains a control "
                                       "character.")
                                  .arg(base::visible(QString::fromLatin1(name), 100)));
        if (!isOurs(name))
            head += name + ": " + value + "\r\n";
    }
    if (request.body || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
        if (request.body && request.bodyLength < 0)
            head += "Transfer-Encoding: chunked\r\n";
        else
            head += "Content-Length: " + QByteArray::number(request.body ? request.bodyLength : 0) + "\r\n";
    }
    return head + "\r\n";
}

base::Task<base::Result<Response>> perform(ConnectionPool::Ptr pool, Request request, std::stop_token stop)
{
    base::Result<Endpoint> endpoint = endpointOf(request.url);
    if (!endpoint)
        co_return base::fail(std::move(endpoint.error()));
    auto proxy = pool->options().proxies.proxyFor(endpoint->isTls, endpoint->host, endpoint->port);
    if (!proxy)
        co_return base::fail(proxy.error());
    base::Result<QByteArray> head =
        headOf(request, *endpoint, pool->options().userAgent, *proxy && !endpoint->isTls ? &**proxy : nullptr);
    if (!head)
        co_return base::fail(std::move(head.error()));
    Connection::Way way;
    way.allowed = request.allowed;
    way.proxy = *proxy;
    way.certificates = pool->options().certificates;
    way.timeout = pool->options().connectTimeout;
    way.network = pool->options().network;
    if (endpoint->isTls) {
        base::Result<QSslConfiguration> configured = pool->tls(request.tls);
        if (!configured)
            co_return base::fail(std::move(configured.error()));
        way.tls = std::move(*configured);
    }
    const ConnectionPool::Key key{*endpoint, bool(request.allowed), request.tls};
    base::Result<ConnectionPool::Lease> leased = co_await ConnectionPool::lease(pool, key, stop);
    if (!leased)
        co_return base::fail(std::move(leased.error()));
    ConnectionPool::Lease lease = std::move(*leased);

    for (bool mayReuse = true;; mayReuse = false) {
        Connection::Ptr connection = mayReuse ? pool->takeIdle(key, request.allowed) : Connection::Ptr();
        const bool isReused = connection != nullptr;
        if (!isReused)
            connection = pool->make(key);
        auto exchange = std::make_shared<Exchange>(pool, std::move(lease), connection, stop, request.method == "HEAD");
        if (!isReused) {
            base::Result<void> opened = co_await Connection::open(connection, way, stop);
            if (!opened) {
                connection->kill();
                co_return base::fail(std::move(opened.error()));
            }
        }
        Exchange::Sent sent;
        base::Result<void> done =
            co_await Exchange::write(exchange, *head, request.body.get(), request.bodyLength, request.progress, &sent);
        if (done)
            done = co_await Exchange::readHead(exchange);
        if (!done && isReused && sent.isUntouched && exchange->isStale() && !pool->isShut() && !stop.stop_requested() &&
            done.error().kind == base::ErrorKind::Network) {
            lease = exchange->takeLease();
            continue;
        }
        if (!done)
            co_return base::fail(std::move(done.error()));
        if (!sent.wholeBody)
            exchange->closeAfterwards();

        Response response;
        response.status = exchange->parser().status();
        response.headers = exchange->parser().headers();
        response.peer = connection->peer();
        response.bodySent = sent.wholeBody;
        response.contentLength = exchange->parser().contentLength();
        if (exchange->parser().phase() == ResponseParser::Phase::Done)
            exchange->finish();
        response.body = bodyOf(std::move(exchange));
        co_return std::move(response);
    }
}

} // namespace

class Transport::Pool final : public ConnectionPool
{
public:
    using ConnectionPool::ConnectionPool;
};

Transport::Transport(TransportOptions options)
    : m_pool(std::make_shared<Pool>(std::move(options)))
{
}

Transport::~Transport()
{
    const std::shared_ptr<Pool> pool = m_pool; // what is woken may send again, and is told that it is too late
    pool->shut();
}

base::Task<base::Result<Response>> Transport::send(Request request, std::stop_token stop)
{
    return perform(m_pool, std::move(request), std::move(stop));
}

} // namespace colophon::registry::http
