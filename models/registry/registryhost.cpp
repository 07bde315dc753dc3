// SPDX-License-Identifier: Apache-2.0
#include "registry/registryhost.h"

namespace colophon::registry {

RegistryHost::RegistryHost(QString name, ClientOptions options, std::shared_ptr<Shared> shared)
    : m_name(std::move(name))
    , m_options(std::move(options))
    , m_shared(std::move(shared))
    , m_chunkSize(m_options.chunkSize)
{
}

void RegistryHost::forgetAccounts()
{
    ++m_identity;
    m_given.reset();
    m_accounts.clear();
    m_lookups.clear();
    m_realms.clear();
}

void RegistryHost::signInAs(const RegistryHost &other)
{
    forgetAccounts();
    if (!other.m_given)
        return;
    m_given = std::make_shared<Account>(); // with tokens of its own
    m_given->credential = other.m_given->credential;
}

void RegistryHost::signIn(content::Credential credential)
{
    forgetAccounts();
    if (credential.user.isEmpty())
        return;
    auth::FoundCredential given;
    given.user = std::move(credential.user);
    given.password = std::move(credential.password);
    given.source = givenByHand();
    m_given = std::make_shared<Account>();
    m_given->credential = std::move(given);
}

auth::Token::Clock::time_point RegistryHost::now() const { return m_options.patience.clock->now(); }

Terms RegistryHost::terms(const Origin &home) const
{
    Terms terms;
    terms.home = home;
    terms.registry = m_name;
    terms.registryAt = candidates();
    if (!home.isEncrypted() && !m_options.plainHttp)
        terms.homeCheck = checkLoopback();
    terms.from = addressClass().value_or(AddressClass::Public);
    terms.namedBy = m_name;
    terms.lifted = lifted();
    terms.allowInClear = m_options.plainHttp;
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

void RegistryHost::noteServer(const http::Response &response)
{
    m_serverFields.clear();
    for (const auto &[name, value] : response.headers.fields())
        if (name.compare("Set-Cookie", Qt::CaseInsensitive) != 0)
            m_serverFields.append({QString::fromLatin1(name).toLower(), QString::fromLatin1(value)});
}

base::Task<base::Result<Answer>> RegistryHost::ask(std::shared_ptr<RegistryHost> self, Errand errand, Access access,
                                                   std::stop_token stop)
{
    // As nobody, as somebody, and with the scopes it wants in the end.
    constexpr int mostAttempts = 3;
    for (int attempt = 1;; ++attempt) {
        auto grant = co_await authorize(self, access, stop);
        if (!grant)
            co_return base::fail(grant.error());
        Terms terms = self->terms(self->likelyOrigin());
        terms.authorization = grant->authorization;
        terms.credential = grant->words;
        auto answer = co_await Courier::send(self->m_shared->courier, errand, terms, stop);
        if (!answer)
            co_return base::fail(answer.error());
        if (answer->atHome)
            self->notePeer(answer->response);
        answer->shown = grant->shown;
        if (answer->status() != 401 || !answer->atHome) {
            self->tell(grant->account, access.repository);
            co_return std::move(*answer);
        }
        // Refused at home: perhaps it asks for something only now, or the token has died early.
        const bool mayPass = self->prepareAnother(*grant, access, answer->response);
        const bool canRepeat = attempt < mostAttempts && !(errand.stream && errand.stream->isTouched());
        if (!mayPass || !canRepeat)
            co_return std::move(*answer);
        co_await drain(std::move(answer->response.body));
    }
}

} // namespace colophon::registry
