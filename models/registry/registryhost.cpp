// SPDX-License-Identifier: Apache-2.0
#include "registry/registryhost.h"

namespace colophon::registry {

RegistryHost::RegistryHost(QString name, ClientOptions options, std::shared_ptr<Courier> courier)
    : m_name(std::move(name))
    , m_options(std::move(options))
    , m_courier(std::move(courier))
    , m_chunkSize(m_options.chunkSize)
{
}

void RegistryHost::signIn(content::Credential credential)
{
    m_credential = std::move(credential);
    ++m_identity;
    m_tokens.clear();
    m_fetching.clear();
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
    terms.registry = m_name;
    terms.registryAt = candidates();
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

} // namespace colophon::registry
