// SPDX-License-Identifier: Apache-2.0
#include "registry/courier.h"

#include "base/plaintext.h"
#include "registry/loggedrequest.h"
#include "registry/words.h"

#include <QUrlQuery>

namespace colophon::registry {

namespace {

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool isReading(const QByteArray &method) { return method == "GET" || method == "HEAD"; }

// Whether the answer would have us come back with another method and without the body (RFC 9110 §15.4).
bool dropsTheBody(const QByteArray &method, int status)
{
    return !isReading(method) && (status == 303 || (method == "POST" && (status == 301 || status == 302)));
}

// A reader that keeps what it reads from alive.
class KeepingReader final : public content::Reader
{
public:
    KeepingReader(content::ReaderPtr inner, std::shared_ptr<Courier> courier)
        : m_courier(std::move(courier))
        , m_inner(std::move(inner))
    {
    }
    base::Task<base::Result<QByteArray>> read() override { return m_inner->read(); }

private:
    std::shared_ptr<Courier> m_courier; // before the body: it must outlive it
    content::ReaderPtr m_inner;
};

content::RequestRecord recordOf(const Errand &errand, const Terms &terms, bool carries)
{
    using Authorization = content::RequestRecord::Authorization;
    content::RequestRecord record;
    record.method = errand.method;
    record.url = maskedUrl(errand.url);
    if (carries)
        record.authorization =
            terms.authorization.reveal().startsWith("Bearer ") ? Authorization::Bearer : Authorization::Basic;
    record.credential = carries || terms.holdsSecret ? terms.credential : QStringLiteral("none");
    return record;
}

base::Result<QUrl> nextHop(const http::Response &response, const QUrl &here)
{
    const auto next = locationOf(response.headers, here);
    if (!next) {
        return base::fail(base::ErrorKind::Protocol,
                          Words::tr("%1 redirects (%2) without saying to which address, or to one that cannot be used.")
                              .arg(here.host())
                              .arg(response.status));
    }
    if (here.scheme() == QLatin1String("https") && next->scheme() != QLatin1String("https")) {
        return base::fail(base::ErrorKind::Denied,
                          Words::tr("%1 redirects from an encrypted to an unencrypted address at %2, which is refused.")
                              .arg(here.host(), base::visible(next->host())));
    }
    return *next;
}

} // namespace

class StreamedBody::Attempt final : public content::Reader
{
public:
    explicit Attempt(std::shared_ptr<StreamedBody> body)
        : m_body(std::move(body))
    {
    }
    base::Task<base::Result<QByteArray>> read() override
    {
        m_body->m_touched = true;
        return m_body->m_bytes->read();
    }

private:
    std::shared_ptr<StreamedBody> m_body;
};

StreamedBody::StreamedBody(content::ReaderPtr bytes, qint64 length, content::Progress progress)
    : m_bytes(std::move(bytes))
    , m_length(length)
    , m_progress(std::move(progress))
{
}

content::ReaderPtr StreamedBody::reader(std::shared_ptr<StreamedBody> body)
{
    return std::make_unique<Attempt>(std::move(body));
}

Courier::Courier(const ClientOptions &options, std::shared_ptr<retry::Pacer> pacer)
    : m_transport(options.transport)
    , m_folders(options.certificateFolders)
    , m_log(options.log)
    , m_pacer(pacer ? std::move(pacer) : std::make_shared<retry::Pacer>(options.patience))
{
}

base::Task<base::Result<Answer>> Courier::follow(std::shared_ptr<Courier> courier, Errand errand, Terms terms,
                                                 std::stop_token stop)
{
    for (int hops = 0;; ++hops) {
        auto answer = co_await exchange(courier, errand, terms, hops, stop);
        if (!answer)
            co_return base::fail(answer.error());
        answer->redirects = hops;
        if (!isRedirect(answer->status()))
            co_return std::move(*answer);
        if (hops >= terms.redirects) {
            const QString host = errand.url.host();
            co_return base::fail(base::ErrorKind::Protocol,
                                 hops == 0
                                     ? Words::tr("%1 answers with a redirect, which is not followed here.").arg(host)
                                     : Words::tr("%1 redirects more than %2 times.").arg(host).arg(hops));
        }
        if (dropsTheBody(errand.method, answer->status())) {
            co_return base::fail(base::ErrorKind::Protocol,
                                 Words::tr("%1 answers a %2 with a redirect (%3) that would drop what was sent.")
                                     .arg(errand.url.host(), QString::fromLatin1(errand.method))
                                     .arg(answer->status()));
        }
        if (errand.stream && errand.stream->isTouched()) {
            co_return base::fail(base::ErrorKind::Protocol,
                                 Words::tr("%1 redirects an upload that is already on its way.").arg(errand.url.host()),
                                 Words::tr("Try again; if it stays so, the registry does not work with this program."));
        }
        auto next = nextHop(answer->response, answer->url);
        if (!next)
            co_return base::fail(next.error());
        co_await drain(std::move(answer->response.body));
        errand.url = *next;
    }
}

base::Result<http::TlsMaterialPtr> Courier::certificatesFor(const QUrl &url, const Terms &terms)
{
    const Origin origin = Origin::of(url);
    if (!origin.isEncrypted())
        return http::TlsMaterialPtr();
    return terms.registryAt.contains(origin) ? m_folders.ofRegistry(terms.registry)
                                             : m_folders.ofPlace(origin.host, origin.port, terms.registry);
}

base::Task<base::Result<Answer>> Courier::exchange(std::shared_ptr<Courier> courier, Errand errand, Terms terms,
                                                   int hop, std::stop_token stop)
{
    const bool atHome = Origin::of(errand.url) == terms.home;
    if (terms.holdsSecret && !atHome)
        co_return base::fail(
            base::ErrorKind::Denied,
            Words::tr("%1 redirects a request that holds a secret, which is not followed.").arg(terms.home.host));
    http::Request request;
    request.method = errand.method;
    request.url = errand.url;
    request.headers = errand.headers;
    // Digests are over the bytes as they are; a transfer encoding that changes them is of no use here.
    request.headers.set("Accept-Encoding", "identity");
    request.headers.remove("Authorization");
    const bool carries = atHome && !terms.authorization.isEmpty();
    if (carries)
        request.headers.set("Authorization", terms.authorization.reveal());
    if (errand.bytes) {
        request.body = content::readerOf(*errand.bytes);
        request.bodyLength = errand.bytes->size();
    } else if (errand.stream) {
        request.body = StreamedBody::reader(errand.stream);
        request.bodyLength = errand.stream->length();
    }
    auto certificates = courier->certificatesFor(errand.url, terms);
    if (!certificates)
        co_return base::fail(certificates.error());
    request.tls = *certificates;
    request.allowed = atHome ? terms.homeCheck : checkNamedBy(terms.from, terms.lifted, terms.namedBy);
    if ((carries || terms.holdsSecret) && !terms.home.isEncrypted() && !terms.allowInClear)
        request.allowed = checkBoth(request.allowed, checkInClear());

    content::RequestRecord begun = recordOf(errand, terms, carries);
    begun.hop = hop;
    begun.headers = request.headers.fields();
    begun.headers.removeIf([](const auto &field) { return field.first == "Authorization"; });
    const auto logged = std::make_shared<LoggedRequest>(courier->m_log, std::move(begun));
    const content::Progress progress = errand.stream ? errand.stream->progress() : content::Progress();
    request.progress = [logged, progress](qint64 bytes) {
        logged->setSent(bytes);
        if (progress)
            progress(bytes);
    };
    auto response = co_await courier->m_transport.send(std::move(request), stop);
    if (!response) {
        logged->failed(response.error().message);
        co_return base::fail(response.error());
    }
    logged->answered(response->status, response->contentLength);
    Answer answer;
    answer.response = std::move(*response);
    content::ReaderPtr body = LoggedRequest::watched(logged, std::move(answer.response.body));
    answer.response.body = std::make_unique<KeepingReader>(std::move(body), courier);
    answer.url = errand.url;
    answer.atHome = atHome;
    co_return std::move(answer);
}

base::Task<void> drain(content::ReaderPtr body)
{
    qint64 left = base::limits::errorBody;
    while (body && left > 0) {
        auto block = co_await body->read();
        if (!block || block->isEmpty())
            co_return;
        left -= block->size();
    }
}

std::optional<QUrl> locationOf(const http::Headers &headers, const QUrl &base)
{
    const QByteArray text = headers.value("Location").trimmed();
    if (text.isEmpty())
        return {};
    const QUrl named = QUrl::fromEncoded(text, QUrl::TolerantMode);
    if (!named.isValid())
        return {};
    QUrl whole = base.resolved(named);
    whole.setFragment(QString());
    const bool usable = whole.isValid() && !whole.host().isEmpty() && whole.userInfo().isEmpty() &&
                        (whole.scheme() == QLatin1String("https") || whole.scheme() == QLatin1String("http"));
    return usable ? std::optional(whole) : std::nullopt;
}

QString maskedUrl(const QUrl &url)
{
    static const QStringList harmless{QStringLiteral("scope"), QStringLiteral("service"), QStringLiteral("digest"),
                                      QStringLiteral("mount"), QStringLiteral("from"),    QStringLiteral("n"),
                                      QStringLiteral("last"),  QStringLiteral("ns")};
    QUrl copy = url;
    copy.setUserInfo(QString());
    copy.setFragment(QString());
    QStringList parts;
    for (const QString &part : copy.query(QUrl::FullyEncoded).split(u'&', Qt::SkipEmptyParts)) {
        const QString name = part.section(u'=', 0, 0);
        const bool isNamed = part.contains(u'=');
        parts.append(harmless.contains(name) ? part : isNamed ? name + QStringLiteral("=***") : QStringLiteral("***"));
    }
    copy.setQuery(QString());
    const QString text = copy.toString(QUrl::FullyEncoded);
    return base::visible(parts.isEmpty() ? text : text + u'?' + parts.join(u'&'));
}

} // namespace colophon::registry
