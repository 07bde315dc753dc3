// SPDX-License-Identifier: Apache-2.0
#include "registry/registryhost.h"

#include "base/plaintext.h"
#include "oci/reference.h"
#include "registry/words.h"

#include <QJsonDocument>
#include <QTimer>

namespace colophon::registry {

namespace {

using base::ErrorKind;

// How long a server on this machine may take to say whether it speaks TLS: a plain one may wait for the rest of what it
// takes for a request.
constexpr int longestHandshake = 1'000; // milliseconds

// Docker's name for its registry is not the name of its host.
const QString dockerName = QStringLiteral("docker.io");
const QString dockerHost = QStringLiteral("registry-1.docker.io");

struct Place
{
    QString host;
    int port = -1;
    bool isLoopback = false;
};

Place placeOf(const QString &name)
{
    if (name == dockerName)
        return {dockerHost, -1, false};
    // Host and port are read by the one who knows references.
    const auto reference = oci::Reference::parseRepository(QString(name + QStringLiteral("/x")));
    if (reference)
        return {reference->host(), reference->port(), reference->isLoopback()};
    const QUrl url(QStringLiteral("//") + name);
    return {url.host(), url.port(), false};
}

// A registry's answer to /v2/: JSON, nothing, or marked as the API's. A web page says 200 too.
bool looksLikeARegistry(const http::Headers &headers, const QByteArray &body)
{
    if (headers.has("Docker-Distribution-Api-Version") || body.trimmed().isEmpty())
        return true;
    return !QJsonDocument::fromJson(body).isNull();
}

} // namespace

RegistryHost::RegistryHost(QString name, ClientOptions options, std::shared_ptr<Courier> courier)
    : m_name(std::move(name))
    , m_options(std::move(options))
    , m_courier(std::move(courier))
{
}

void RegistryHost::signIn(content::Credential credential)
{
    m_credential = std::move(credential);
    ++m_identity;
    m_tokens.clear();
    m_fetching.clear();
}

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

QString RegistryHost::pullScope(const QString &repository)
{
    return QStringLiteral("repository:") + repository + QStringLiteral(":pull");
}

QString RegistryHost::pushScope(const QString &repository) { return pullScope(repository) + QStringLiteral(",push"); }

Terms RegistryHost::terms(const Origin &home) const
{
    Terms terms;
    terms.home = home;
    if (!home.isEncrypted() && !m_options.plainHttp)
        terms.homeCheck = checkLoopback();
    terms.from = addressClass().value_or(AddressClass::Public);
    terms.allowPrivate = m_options.allowPrivateUrls;
    return terms;
}

void RegistryHost::notePeer(const http::Response &response)
{
    if (response.peer.isNull())
        return;
    // The widest ever seen: a name that later leads into our own network does not make it one of ours.
    const AddressClass seen = classOf(response.peer);
    if (!m_class || static_cast<int>(seen) > static_cast<int>(*m_class))
        m_class = seen;
}

void RegistryHost::learn(const http::Response &response)
{
    if (response.status == 401)
        m_challenge = auth::Challenge::best(response.headers.values("WWW-Authenticate"));
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
    auto answer = co_await Courier::send(self->m_courier, errand, terms, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(Words::tr("connect to %1").arg(self->m_name)));
    const int status = answer->status();
    if (answer->atHome) {
        self->notePeer(answer->response);
        self->learn(answer->response);
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

base::Task<base::Result<Answer>> RegistryHost::ask(std::shared_ptr<RegistryHost> self, Errand errand,
                                                   QStringList scopes, std::stop_token stop)
{
    for (int attempt = 0;; ++attempt) {
        auto grant = co_await authorize(self, scopes, stop);
        if (!grant)
            co_return base::fail(grant.error());
        Terms terms = self->terms(self->likelyOrigin());
        terms.authorization = grant->authorization;
        terms.credential = grant->words;
        auto answer = co_await Courier::send(self->m_courier, errand, terms, stop);
        if (!answer)
            co_return base::fail(answer.error());
        if (answer->atHome)
            self->notePeer(answer->response);
        const bool canRepeat = attempt == 0 && !(errand.stream && errand.stream->isTouched());
        if (answer->status() != 401 || !answer->atHome || !canRepeat)
            co_return std::move(*answer);
        // Refused at home: perhaps it asks for something only now, or the token has died early.
        const auto before = self->m_challenge;
        self->learn(answer->response);
        const QString key = scopes.join(u' ');
        for (auto it = self->m_tokens.begin(); it != self->m_tokens.end();) {
            if (it->serial == grant->token)
                it = self->m_tokens.erase(it);
            else
                ++it;
        }
        const bool offersMore = self->m_challenge && (self->m_challenge->isBearer() || self->m_credential);
        if (!offersMore || (grant->isFresh && before == self->m_challenge))
            co_return std::move(*answer);
        co_await drain(std::move(answer->response.body));
    }
}

std::optional<auth::Token> RegistryHost::knownToken(const QStringList &scopes) const
{
    const auto now = auth::Token::Clock::now();
    // A token that may push may pull too.
    for (const QString &key : {scopes.join(u' '), scopes.join(u' ') + QStringLiteral(",push")}) {
        const auto found = m_tokens.constFind(key);
        if (found != m_tokens.cend() && !found->isExpired(now))
            return *found;
    }
    return {};
}

base::Task<base::Result<RegistryHost::Grant>> RegistryHost::authorize(std::shared_ptr<RegistryHost> self,
                                                                      QStringList scopes, std::stop_token stop)
{
    Grant grant;
    grant.words = QStringLiteral("none");
    if (!self->m_challenge)
        co_return grant;
    if (self->m_challenge->isBasic()) {
        if (self->m_credential) {
            QByteArray pair = self->m_credential->user.toUtf8() + ':' + self->m_credential->password.reveal();
            grant.authorization = base::Secret("Basic " + pair.toBase64());
            grant.words = QStringLiteral("Basic, given by hand");
            base::Secret wiped(std::move(pair));
        }
        grant.isFresh = true;
        co_return grant;
    }
    if (scopes.isEmpty())
        co_return grant;
    std::optional<auth::Token> token = self->knownToken(scopes);
    if (!token) {
        auto fetched = co_await fetchToken(self, scopes, stop);
        if (!fetched)
            co_return base::fail(fetched.error());
        token = *fetched;
        grant.isFresh = true;
    }
    grant.authorization = base::Secret("Bearer " + token->text.reveal());
    grant.token = token->serial;
    grant.words = (self->m_credential ? QStringLiteral("token for ") : QStringLiteral("anonymous token for ")) +
                  scopes.join(u' ');
    co_return grant;
}

base::Task<base::Result<auth::Token>> RegistryHost::fetchToken(std::shared_ptr<RegistryHost> self, QStringList scopes,
                                                               std::stop_token stop)
{
    const QString key = scopes.join(u' ');
    auto &shared = self->m_fetching[key];
    if (!shared)
        shared = std::make_shared<SharedWork<auth::Token>>();
    const std::shared_ptr<SharedWork<auth::Token>> work = shared;
    const auth::Challenge challenge = *self->m_challenge;
    auto fetch = [self, challenge, scopes](std::stop_token token) {
        return fetchTokenAs(self, challenge, scopes, token);
    };
    co_return co_await SharedWork<auth::Token>::run(work, fetch, stop);
}

base::Result<QUrl> RegistryHost::tokenAddress(const auth::Challenge &challenge, const QStringList &scopes) const
{
    const QString realm = challenge.parameter("realm");
    const auto refused = [&](const QString &why) {
        return base::fail(ErrorKind::Denied,
                          Words::tr("%1 names a token service that is not used: %2.").arg(m_name, why),
                          Words::tr("This is for the one who runs the registry to mend."));
    };
    QUrl url(realm, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return refused(Words::tr("its address is malformed"));
    if (url.scheme() != QLatin1String("https") && url.scheme() != QLatin1String("http"))
        return refused(Words::tr("its address is neither https nor http"));
    if (url.scheme() == QLatin1String("http") && likelyOrigin().isEncrypted())
        return refused(Words::tr("its address is not encrypted, the registry's is"));
    if (!url.userInfo().isEmpty())
        return refused(Words::tr("its address holds a user name"));
    if (url.hasFragment())
        return refused(Words::tr("its address holds a fragment"));
    // The scope is ours, whatever the challenge says; the service is the registry's word and is encoded whole.
    QStringList query;
    if (url.hasQuery())
        query.append(url.query(QUrl::FullyEncoded));
    const auto add = [&](const QString &name, const QString &value) {
        query.append(name + u'=' + QString::fromLatin1(QUrl::toPercentEncoding(value, ":/,")));
    };
    if (challenge.has("service"))
        add(QStringLiteral("service"), challenge.parameter("service"));
    for (const QString &scope : scopes)
        add(QStringLiteral("scope"), scope);
    url.setQuery(query.join(u'&'), QUrl::StrictMode);
    return url;
}

bool RegistryHost::mayGiveCredentialTo(const QString &realmHost) const
{
    const Origin origin = likelyOrigin();
    if (realmHost.compare(origin.host, Qt::CaseInsensitive) == 0)
        return true;
    if (m_name == dockerName && realmHost == QLatin1String("auth.docker.io"))
        return true;
    return m_options.allowRealms.contains(realmHost, Qt::CaseInsensitive);
}

base::Task<base::Result<auth::Token>> RegistryHost::fetchTokenAs(std::shared_ptr<RegistryHost> self,
                                                                 auth::Challenge challenge, QStringList scopes,
                                                                 std::stop_token stop)
{
    const QString operation = Words::tr("get a token for %1").arg(self->m_name);
    auto address = self->tokenAddress(challenge, scopes);
    if (!address)
        co_return base::fail(address.error().withOperation(operation));
    const int identity = self->m_identity;
    const QString host = address->host();
    Errand errand;
    errand.url = *address;
    // The token service is a stranger by its address and a friend by its credential: so it gets terms of its own.
    const Origin service = Origin::of(*address);
    Terms terms = self->terms(service);
    terms.homeCheck = checkNamedBy(terms.from, terms.allowPrivate);
    terms.redirects = 0;
    if (self->m_credential) {
        if (!self->mayGiveCredentialTo(host)) {
            base::Error error;
            error.kind = ErrorKind::Denied;
            error.operation = operation;
            error.message = Words::tr("%1 wants its password to be sent to another host, the token service at %2.")
                                .arg(self->m_name, base::visible(host));
            error.hint = Words::tr("If that is right, allow it with --allow-realm %1.").arg(base::visible(host));
            co_return base::fail(error);
        }
        QByteArray pair = self->m_credential->user.toUtf8() + ':' + self->m_credential->password.reveal();
        terms.authorization = base::Secret("Basic " + pair.toBase64());
        terms.credential = QStringLiteral("Basic, given by hand");
        base::Secret wiped(std::move(pair));
    }
    auto answer = co_await Courier::send(self->m_courier, errand, terms, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(operation));
    Occasion occasion;
    occasion.operation = operation;
    occasion.registry = self->m_name;
    occasion.user = self->user();
    if (answer->status() == 401 || answer->status() == 403) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        error.kind = ErrorKind::Unauthorized;
        if (!occasion.user.isEmpty()) {
            error.message = Words::tr("The token service of %1 does not accept the name or the password of %2.")
                                .arg(self->m_name, base::visible(occasion.user));
            error.hint = Words::tr("Check both; some registries want an access token in place of the password.");
        }
        co_return base::fail(error);
    }
    if (answer->status() != 200) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        co_return base::fail(error);
    }
    auto body = co_await content::readAll(std::move(answer->response.body), base::limits::token);
    if (!body)
        co_return base::fail(body.error().withOperation(operation));
    auto token = auth::Token::parse(*body, auth::Token::Clock::now());
    base::Secret wiped(std::move(*body));
    if (!token)
        co_return base::fail(token.error().withOperation(operation));
    token->serial = self->m_nextSerial++;
    if (identity == self->m_identity)
        self->m_tokens.insert(scopes.join(u' '), *token);
    co_return *token;
}

} // namespace colophon::registry
