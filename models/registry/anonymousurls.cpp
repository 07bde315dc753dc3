// SPDX-License-Identifier: Apache-2.0
#include "registry/anonymousurls.h"

#include "base/bytesize.h"
#include "base/plaintext.h"
#include "content/resumingreader.h"
#include "registry/ranges.h"
#include "registry/words.h"

namespace colophon::registry {

namespace {

using base::ErrorKind;
using content::UrlProbe;
using Verdict = content::UrlProbe::Verdict;

// The server with its port, where it is not the scheme's own: two servers of one host are two.
QString hostOf(const QUrl &url)
{
    QUrl place;
    place.setHost(url.host());
    place.setPort(url.port());
    return base::visible(place.authority());
}

UrlProbe::Reach reachOf(const QHostAddress &address)
{
    switch (classOf(address)) {
    case AddressClass::Special:
        return UrlProbe::Reach::Unknown;
    case AddressClass::Loopback:
        return UrlProbe::Reach::Loopback;
    case AddressClass::Private:
        return UrlProbe::Reach::Private;
    case AddressClass::Public:
        return UrlProbe::Reach::Public;
    }
    return UrlProbe::Reach::Unknown;
}

// No answer: what to do then, the layers below say of a registry.
base::Error ofItsServer(base::Error error)
{
    switch (error.kind) {
    case ErrorKind::Network:
    case ErrorKind::Timeout:
    case ErrorKind::Protocol:
        error.hint = Words::tr("Check the address, and that its server runs.");
        break;
    case ErrorKind::Tls:
        error.hint = Words::tr("Clients that pull the image must trust this server, too.");
        break;
    default:
        break;
    }
    return error;
}

void judgeError(UrlProbe &probe, const base::Error &error)
{
    probe.verdict = error.kind == ErrorKind::Denied ? Verdict::Refused : Verdict::Failed;
    probe.httpStatus = error.httpStatus;
    probe.reason = ofItsServer(error).text();
    probe.confined = error.confined;
}

// What status and fields alone say. True: the content is there.
bool judgeStatus(UrlProbe &probe, const Answer &answer)
{
    const int status = answer.status();
    const QString host = hostOf(answer.url);
    probe.httpStatus = status;
    probe.redirects = answer.redirects;
    probe.reach = reachOf(answer.response.peer);
    if (answer.redirects > 0 && host != hostOf(QUrl(probe.url)))
        probe.answeredBy = host;
    if (status == 200) {
        probe.size = answer.response.contentLength;
        return true;
    }
    if (status == 206) {
        probe.size = totalIn(answer.response.headers.value("Content-Range"));
        return true;
    }
    if (status == 401 || status == 403 || status == 407) {
        probe.verdict = Verdict::NeedsCredentials;
        probe.reason =
            Words::tr("%1 wants credentials (%2); clients that pull the image have none for it.").arg(host).arg(status);
    } else if (status == 404 || status == 410) {
        probe.verdict = Verdict::NotFound;
        probe.reason = Words::tr("%1 has nothing at this address (%2).").arg(host).arg(status);
    } else {
        probe.verdict = Verdict::Failed;
        probe.reason = Words::tr("%1 answers with %2 where the layer should be.").arg(host).arg(status);
    }
    return false;
}

void judgeSize(UrlProbe &probe, const oci::Descriptor &layer, const Answer &answer)
{
    const QString host = hostOf(answer.url);
    if (probe.size < 0) {
        probe.verdict = Verdict::Reachable;
        probe.reason = Words::tr("%1 answers without credentials but does not say how large it is.").arg(host);
    } else if (probe.size != layer.size) {
        probe.verdict = Verdict::WrongSize;
        probe.reason = Words::tr("%1 has %2 bytes there, the layer has %3.").arg(host).arg(probe.size).arg(layer.size);
    } else {
        probe.verdict = Verdict::Reachable;
        probe.reason = Words::tr("%1 answers without credentials, and the size is right.").arg(host);
    }
}

base::Task<base::Result<Answer>> get(std::shared_ptr<Courier> courier, Terms terms, QUrl url, bool oneByte,
                                     Repeat repeat, std::stop_token stop)
{
    Errand errand;
    errand.url = url;
    errand.repeat = repeat;
    if (oneByte)
        errand.headers.set("Range", "bytes=0-0");
    co_return co_await Courier::send(courier, errand, terms, stop);
}

// Reads everything there is, at most one block more than the layer has, and says what came.
base::Task<base::Result<void>> readWhole(content::ReaderPtr body, oci::Descriptor layer, QString host,
                                         std::shared_ptr<UrlProbe> probe)
{
    oci::Hasher hasher(layer.digest.isNull() ? oci::Digest::Algorithm::Sha256 : layer.digest.algorithm());
    qint64 count = 0;
    while (count <= layer.size) {
        auto block = co_await body->read();
        if (!block) {
            if (block.error().kind == ErrorKind::Cancelled)
                co_return base::fail(block.error());
            judgeError(*probe, block.error());
            co_return base::Result<void>{};
        }
        if (block->isEmpty())
            break;
        count += block->size();
        hasher.add(*block);
    }
    if (count != layer.size) {
        probe->verdict = Verdict::WrongSize;
        probe->reason = count > layer.size
                            ? Words::tr("%1 gives more than the %2 bytes of the layer.").arg(host).arg(layer.size)
                            : Words::tr("%1 gives %2 bytes, the layer has %3.").arg(host).arg(count).arg(layer.size);
        if (count < layer.size)
            probe->size = count;
        co_return base::Result<void>{};
    }
    probe->size = count;
    probe->digest = hasher.finish();
    if (probe->digest != layer.digest) {
        probe->verdict = Verdict::WrongDigest;
        probe->reason = Words::tr("%1 gives other content: %2.").arg(host, probe->digest.toString());
    } else {
        probe->verdict = Verdict::Reachable;
        probe->reason = Words::tr("%1 gives the layer without credentials; size and digest are right.").arg(host);
    }
    co_return base::Result<void>{};
}

base::Task<base::Result<UrlProbe>> probeAt(std::shared_ptr<Courier> courier, Terms terms, QString text,
                                           oci::Descriptor layer, bool whole, std::stop_token stop)
{
    auto probe = std::make_shared<UrlProbe>();
    probe->url = text;
    const auto address = AnonymousUrls::checkedAddress(text);
    if (!address) {
        judgeError(*probe, address.error());
        co_return *probe;
    }
    probe->isPlain = address->scheme() == QLatin1String("http");
    probe->reach = reachOf(QHostAddress(address->host())); // where it is written so; whoever answers is asked again
    // Asked once: what a client of the customer would be told is what is wanted.
    auto answer = co_await get(courier, terms, *address, !whole, Repeat::Never, stop);
    if (answer && answer->status() == 416 && !whole) // an empty layer has no first byte
        answer = co_await get(courier, terms, *address, false, Repeat::Never, stop);
    if (!answer) {
        if (answer.error().kind == ErrorKind::Cancelled)
            co_return base::fail(answer.error());
        judgeError(*probe, answer.error());
        co_return *probe;
    }
    if (!judgeStatus(*probe, *answer))
        co_return *probe;
    judgeSize(*probe, layer, *answer);
    if (whole && probe->isReachable()) {
        auto read = co_await readWhole(std::move(answer->response.body), layer, hostOf(answer->url), probe);
        if (!read)
            co_return base::fail(read.error());
    }
    co_return *probe;
}

base::Task<base::Result<content::Tail>> openTailAt(std::shared_ptr<Courier> courier, Terms terms, QString text,
                                                   oci::Descriptor layer, qint64 offset, std::stop_token stop);

// `goesOn`: over broken connections, by ranges.
base::Task<base::Result<content::ReaderPtr>> openAt(std::shared_ptr<Courier> courier, Terms terms, QString text,
                                                    oci::Descriptor layer, bool goesOn, std::stop_token stop)
{
    const auto address = AnonymousUrls::checkedAddress(text);
    if (!address)
        co_return base::fail(address.error());
    const QString operation = Words::tr("fetch the layer %1 from %2").arg(layer.digest.shortForm(), hostOf(*address));
    auto answer = co_await get(courier, terms, *address, false, Repeat::ByMethod, stop);
    if (!answer)
        co_return base::fail(ofItsServer(answer.error()).withOperation(operation));
    base::Error error;
    error.operation = operation;
    UrlProbe probe;
    if (!judgeStatus(probe, *answer) || answer->status() != 200) {
        error.kind = probe.verdict == Verdict::NeedsCredentials ? ErrorKind::Unauthorized
                     : probe.verdict == Verdict::NotFound       ? ErrorKind::NotFound
                                                                : ErrorKind::Failed;
        error.httpStatus = answer->status();
        error.message = probe.reason.isEmpty() ? Words::tr("%1 gives only a part of the layer.").arg(hostOf(*address))
                                               : probe.reason;
        error.hint = Words::tr("Credentials are never given to a layer's address; use one that needs none.");
        if (probe.verdict != Verdict::NeedsCredentials)
            error.hint.clear();
        co_return base::fail(error);
    }
    if (probe.size >= 0 && layer.size >= 0 && probe.size != layer.size) {
        judgeSize(probe, layer, *answer);
        error.kind = ErrorKind::InvalidData;
        error.message = probe.reason;
        co_return base::fail(error);
    }
    content::ReaderPtr bytes = std::move(answer->response.body);
    if (goesOn) {
        auto rest = [courier, terms, text, layer](qint64 offset, std::stop_token token) {
            return openTailAt(courier, terms, text, layer, offset, token);
        };
        bytes = content::resuming(std::move(bytes), rest, stop);
    }
    bytes = content::verified(std::move(bytes), layer, layer.digest.shortForm());
    auto again = [courier, terms, text, layer](std::stop_token token) {
        return openAt(courier, terms, text, layer, true, token);
    };
    co_return content::reopenable(std::move(bytes), again);
}

base::Task<base::Result<content::Tail>> openTailAt(std::shared_ptr<Courier> courier, Terms terms, QString text,
                                                   oci::Descriptor layer, qint64 offset, std::stop_token stop)
{
    const auto address = AnonymousUrls::checkedAddress(text);
    if (address && offset > 0 && offset < layer.size) {
        Errand errand;
        errand.url = *address;
        errand.headers.set("Range", restFrom(offset));
        auto answer = co_await Courier::send(courier, errand, terms, stop);
        if (answer && isRest(answer->response, offset, layer.size)) {
            content::Tail tail;
            tail.startsAt = offset;
            tail.bytes = std::move(answer->response.body);
            co_return std::move(tail);
        }
    }
    // What else it may answer, the request for the whole will say.
    co_return co_await content::fromItsStart(openAt(courier, terms, text, layer, false, stop));
}

} // namespace

AnonymousUrls::AnonymousUrls(std::shared_ptr<Courier> courier, std::function<NamedBy()> namedBy)
    : m_courier(std::move(courier))
    , m_namedBy(std::move(namedBy))
{
}

Terms AnonymousUrls::terms() const
{
    Terms terms; // at home nowhere: every address is somebody else's
    const NamedBy by = m_namedBy();
    terms.from = by.from;
    terms.namedBy = by.registry;
    terms.lifted = by.lifted;
    return terms;
}

base::Result<QUrl> AnonymousUrls::checkedAddress(const QString &text)
{
    const auto refused = [&](const QString &why) {
        return base::fail(ErrorKind::Denied, Words::tr("This address is not asked: %1.").arg(why));
    };
    const bool isClean = std::none_of(text.cbegin(), text.cend(),
                                      [](QChar c) { return c.unicode() <= 0x20 || c.unicode() == 0x7F || c == u'\\'; });
    QUrl url(text, QUrl::TolerantMode);
    if (!isClean || !url.isValid() || url.isRelative())
        return refused(Words::tr("it is malformed"));
    if (url.scheme() != QLatin1String("https") && url.scheme() != QLatin1String("http"))
        return refused(Words::tr("only http and https are, and this is %1").arg(base::visible(url.scheme(), 40)));
    if (url.host().isEmpty())
        return refused(Words::tr("it names no host"));
    if (!url.userInfo().isEmpty() || url.authority().contains(u'@'))
        return refused(Words::tr("it holds a user name"));
    if (url.hasFragment())
        return refused(Words::tr("it holds a fragment (#), which registries refuse"));
    return url;
}

base::Task<base::Result<UrlProbe>> AnonymousUrls::probe(QString url, oci::Descriptor layer, bool whole,
                                                        std::stop_token stop)
{
    return probeAt(m_courier, terms(), std::move(url), std::move(layer), whole, std::move(stop));
}

base::Task<base::Result<content::ReaderPtr>> AnonymousUrls::open(QString url, oci::Descriptor layer,
                                                                 std::stop_token stop)
{
    return openAt(m_courier, terms(), std::move(url), std::move(layer), true, std::move(stop));
}

base::Task<base::Result<content::Tail>> AnonymousUrls::openFrom(QString url, oci::Descriptor layer, qint64 offset,
                                                                std::stop_token stop)
{
    return openTailAt(m_courier, terms(), std::move(url), std::move(layer), offset, std::move(stop));
}

} // namespace colophon::registry
