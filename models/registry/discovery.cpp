// SPDX-License-Identifier: Apache-2.0
// Where a registry answers, and whether it is one: https first, plain http only where that may be.
#include "oci/reference.h"
#include "registry/registryhost.h"
#include "registry/registryname.h"
#include "registry/words.h"

#include <QJsonDocument>
#include <QTimer>

namespace colophon::registry {

namespace {

using base::ErrorKind;

// How long a server on this machine may take to say whether it speaks TLS: a plain one may wait for the rest of what it
// takes for a request.
constexpr int longestHandshake = 3'000; // milliseconds

// Docker's name for its registry is not the name of its host.
const QString dockerHost = QStringLiteral("registry-1.docker.io");

struct Place
{
    QString host;
    int port = -1;
    bool isLoopback = false;
};

Place placeOf(const QString &name)
{
    if (name == dockerRegistry())
        return {dockerHost, -1, false};
    // Host and port are read by the one who knows references.
    const auto reference = oci::Reference::parseRepository(QString(name + QStringLiteral("/x")));
    if (reference)
        return {reference->host(), reference->port(), reference->isLoopback()};
    const QUrl url(QStringLiteral("//") + name);
    return {url.host(), url.port(), false};
}

// A registry's answer to /v2/: JSON, nothing, or marked as the API's. A web page says 200 too, whatever its fields say.
bool looksLikeARegistry(const http::Headers &headers, const QByteArray &body)
{
    if (body.trimmed().startsWith('<'))
        return false;
    if (headers.has("Docker-Distribution-Api-Version") || body.trimmed().isEmpty())
        return true;
    return !QJsonDocument::fromJson(body).isNull();
}

} // namespace

std::optional<AddressClass> RegistryHost::addressClass() const
{
    if (m_class)
        return m_class;
    const Place place = placeOf(m_name);
    if (const QHostAddress literal(place.host); !literal.isNull())
        return classOf(literal);
    return place.isLoopback ? std::optional(AddressClass::Loopback) : std::nullopt;
}

QList<Origin> RegistryHost::candidates() const
{
    const Place place = placeOf(m_name);
    QUrl url;
    url.setHost(place.host);
    const QString host = url.host().toLower(); // as in every other address, also for [::1]
    QList<Origin> all{{QStringLiteral("https"), host, place.port < 0 ? 443 : place.port}};
    if (place.isLoopback || m_options.plainHttp)
        all.append({QStringLiteral("http"), host, place.port < 0 ? 80 : place.port});
    return all;
}

Origin RegistryHost::likelyOrigin() const
{
    if (m_origin)
        return *m_origin;
    const QList<Origin> all = candidates();
    return placeOf(m_name).isLoopback ? all.last() : all.first();
}

base::Task<base::Result<Origin>> RegistryHost::discover(std::shared_ptr<RegistryHost> self, std::stop_token stop)
{
    if (self->m_origin)
        co_return Origin(*self->m_origin); // a copy: QCoro moves out of what is returned
    auto work = [self](std::stop_token token) { return findOrigin(self, token); };
    co_return co_await SharedWork<Origin>::run(self->m_discovery, work, stop);
}

// https first. Where plain http may be, it is tried when https does not come about, and only an answer that a registry
// would give counts: a TLS server answers plain http with a 400, and then the TLS failure is what matters.
base::Task<base::Result<Origin>> RegistryHost::findOrigin(std::shared_ptr<RegistryHost> self, std::stop_token stop)
{
    if (self->m_origin)
        co_return Origin(*self->m_origin); // a copy: QCoro moves out of what is returned
    const QList<Origin> all = self->candidates();
    base::Error first;
    for (qsizetype i = 0; i < all.size(); ++i) {
        const Origin &candidate = all.at(i);
        std::stop_source giveUp;
        std::stop_callback<std::function<void()>> link(stop, [giveUp]() mutable { giveUp.request_stop(); });
        QTimer timer;
        QObject::connect(&timer, &QTimer::timeout, &timer, [giveUp]() mutable { giveUp.request_stop(); });
        if (i == 0 && all.size() > 1 && placeOf(self->m_name).isLoopback)
            timer.start(longestHandshake);
        auto isRegistry = co_await ping(self, candidate, giveUp.get_token());
        if (isRegistry) {
            self->m_origin = candidate;
            co_return Origin(candidate);
        }
        base::Error error = isRegistry.error();
        if (stop.stop_requested())
            co_return base::fail(error);
        if (error.kind == ErrorKind::Cancelled) {
            error.kind = ErrorKind::Timeout;
            error.message = Words::tr("%1 does not answer over TLS.").arg(self->m_name);
        }
        const bool answered = error.httpStatus != 0;
        if (i == 0 && answered)
            co_return base::fail(error);
        if (i > 0)
            co_return base::fail((answered && error.httpStatus != 400) || error.kind == ErrorKind::Denied ? error
                                                                                                          : first);
        first = error;
        if (!first.unencrypted.isEmpty())
            first.unencrypted = self->m_name;
        if (all.size() == 1 && (error.kind == ErrorKind::Tls || error.kind == ErrorKind::Network))
            first = first.withHint(Words::tr("If this registry speaks plain http only, allow that with --plain-http."));
    }
    co_return base::fail(first);
}

base::Task<base::Result<bool>> RegistryHost::ping(std::shared_ptr<RegistryHost> self, Origin candidate,
                                                  std::stop_token stop)
{
    Errand errand;
    errand.url = candidate.url(QStringLiteral("/v2/"));
    const Terms terms = self->terms(candidate);
    auto answer = co_await Courier::send(self->m_shared->courier, errand, terms, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(Words::tr("connect to %1").arg(self->m_name)));
    const int status = answer->status();
    if (answer->atHome) {
        self->notePeer(answer->response);
        self->learn(answer->response);
        self->noteServer(answer->response);
    }
    if (status == 401 || status == 403) { // 403: no to this address, perhaps not to the next
        co_await drain(std::move(answer->response.body));
        co_return true;
    }
    if (status == 429 || status >= 500) {
        Occasion occasion;
        occasion.operation = Words::tr("connect to %1").arg(self->m_name);
        occasion.registry = self->m_name;
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        co_return base::fail(error);
    }
    QByteArray body;
    if (status == 200) {
        auto whole = co_await content::readAll(std::move(answer->response.body), base::limits::errorBody);
        if (!whole && whole.error().kind != ErrorKind::TooLarge)
            co_return base::fail(whole.error());
        if (whole && looksLikeARegistry(answer->response.headers, *whole))
            co_return true;
    }
    base::Error error;
    error.kind = ErrorKind::Protocol;
    error.operation = Words::tr("connect to %1").arg(self->m_name);
    error.httpStatus = status;
    error.message =
        status == 200
            ? Words::tr("%1 answers, but not as a container registry: /v2/ is a web page.").arg(self->m_name)
            : Words::tr("%1 answers, but not as a container registry: /v2/ gives %2.").arg(self->m_name).arg(status);
    error.hint = Words::tr("Check the name of the registry, and that no sign-in page of the network is in between.");
    co_return base::fail(error);
}

} // namespace colophon::registry
