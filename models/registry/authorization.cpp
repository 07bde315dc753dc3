// SPDX-License-Identifier: Apache-2.0
// What a registry gets of us to let us in: a password, or the token its service gives for it, each where it belongs.
#include "base/plaintext.h"
#include "registry/registryhost.h"
#include "registry/words.h"

namespace colophon::registry {

namespace {
using base::ErrorKind;
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
    if (m_name == dockerName() && realmHost == QLatin1String("auth.docker.io"))
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
