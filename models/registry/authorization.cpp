// SPDX-License-Identifier: Apache-2.0
// What a registry gets of us to let us in: a password, or the token its service gives for it, each where it belongs.
#include "base/plaintext.h"
#include "registry/auth/scope.h"
#include "registry/registryhost.h"
#include "registry/registryname.h"
#include "registry/tokenrequest.h"
#include "registry/words.h"

namespace colophon::registry {

namespace {

using base::ErrorKind;

// "vendor from ~/.docker/config.json for registry.example"
QString inLog(const auth::FoundCredential &credential)
{
    const bool isTyped = credential.source == givenByHand();
    return isTyped || credential.user.isEmpty() ? credential.words() : credential.user + u' ' + credential.words();
}

} // namespace

QString givenByHand() { return Words::tr("given by hand"); }

AccountPtr RegistryHost::accountWith(std::optional<auth::FoundCredential> credential) const
{
    for (const AccountPtr &each : m_accounts) {
        const bool isSame =
            credential && each->credential ? each->credential->isSameAs(*credential) : !credential && !each->credential;
        if (isSame)
            return each;
    }
    auto account = std::make_shared<Account>();
    account->credential = std::move(credential);
    return account;
}

base::Task<base::Result<AccountPtr>> RegistryHost::lookUp(std::shared_ptr<RegistryHost> self, QString repository,
                                                          std::stop_token stop)
{
    const int identity = self->m_identity;
    std::optional<auth::FoundCredential> found;
    if (self->m_shared->finder) {
        auto looked = co_await auth::CredentialFinder::find(self->m_shared->finder, self->m_name, repository, stop);
        if (!looked)
            co_return base::fail(looked.error().withOperation(Words::tr("sign in to %1").arg(self->m_name)));
        found = *looked;
    }
    AccountPtr account = self->accountWith(std::move(found));
    if (identity == self->m_identity)
        self->m_accounts.insert(repository, account);
    else if (self->m_given) // somebody signed in meanwhile
        account = self->m_given;
    co_return AccountPtr(account);
}

base::Task<base::Result<AccountPtr>> RegistryHost::accountFor(std::shared_ptr<RegistryHost> self, QString repository,
                                                              std::stop_token stop)
{
    if (self->m_given)
        co_return AccountPtr(self->m_given); // a copy: QCoro moves out of what is returned
    if (AccountPtr known = self->m_accounts.value(repository))
        co_return known;
    auto &shared = self->m_lookups[repository];
    if (!shared)
        shared = std::make_shared<SharedWork<AccountPtr>>();
    const std::shared_ptr<SharedWork<AccountPtr>> work = shared;
    auto look = [self, repository](std::stop_token token) { return lookUp(self, repository, token); };
    co_return co_await SharedWork<AccountPtr>::run(work, look, stop);
}

base::Result<RegistryHost::Grant> RegistryHost::basicGrant(const AccountPtr &account) const
{
    Grant grant;
    grant.isFresh = true;
    grant.words = QStringLiteral("none");
    if (!account->credential)
        return grant;
    const auth::FoundCredential &credential = *account->credential;
    if (credential.password.isEmpty()) {
        return base::fail(ErrorKind::Unauthorized,
                          Words::tr("%1 wants a user name and a password, and what there is %2 is a token for a token "
                                    "service.")
                              .arg(m_name, credential.words()),
                          Words::tr("Sign in to %1 with a user name and a password.").arg(m_name));
    }
    QByteArray pair = credential.user.toUtf8() + ':' + credential.password.reveal();
    grant.authorization = base::Secret("Basic " + pair.toBase64());
    grant.words = QStringLiteral("Basic, ") + inLog(credential);
    const base::Secret wiped(std::move(pair));
    return grant;
}

base::Task<base::Result<RegistryHost::Grant>> RegistryHost::authorize(std::shared_ptr<RegistryHost> self, Access access,
                                                                      std::stop_token stop)
{
    Grant grant;
    grant.words = QStringLiteral("none");
    if (!self->m_challenge)
        co_return grant;
    const auth::Challenge challenge = *self->m_challenge;
    auto found = co_await accountFor(self, access.repository, stop);
    if (!found)
        co_return base::fail(found.error());
    const AccountPtr account = std::move(*found);
    const auto &credential = account->credential;
    ShownCredential shown;
    if (credential) {
        shown.user = credential->user;
        shown.source = credential->words();
    } else if (self->m_shared->finder) {
        shown.trouble = self->m_shared->finder->troubles().join(u' ');
    }
    if (credential && !credential->registryToken.isEmpty()) {
        grant.authorization = base::Secret("Bearer " + credential->registryToken.reveal());
        grant.words = QStringLiteral("registry token, ") + inLog(*credential);
        grant.isFresh = true;
    } else if (challenge.isBasic()) {
        auto made = self->basicGrant(account);
        if (!made)
            co_return base::fail(made.error());
        grant = std::move(*made);
    } else if (!access.scopes.isEmpty()) {
        const QStringList scopes = account->wider.value(access.key(), access.scopes);
        std::optional<auth::Token> token = account->token(scopes, self->now());
        if (!token) {
            auto fetched = co_await fetchToken(self, account, scopes, stop);
            if (!fetched)
                co_return base::fail(fetched.error());
            token = *fetched;
            grant.isFresh = true;
        }
        grant.authorization = base::Secret("Bearer " + token->text.reveal());
        grant.token = token->serial;
        shown.asked = scopes.join(u' ');
        shown.granted = token->granted;
        grant.words = credential ? QStringLiteral("token for %1, %2").arg(shown.asked, inLog(*credential))
                                 : QStringLiteral("anonymous token for ") + shown.asked;
    }
    grant.account = account;
    grant.shown = shown;
    co_return grant;
}

bool RegistryHost::prepareAnother(const Grant &grant, const Access &access, const http::Response &refusal)
{
    const auto before = m_challenge;
    learn(refusal);
    if (grant.account)
        grant.account->dropToken(grant.token);
    if (grant.isFresh)
        m_accounts.remove(access.repository); // somebody may mend it meanwhile, so the next time looks again
    if (!m_challenge)
        return false;
    bool isWider = false;
    if (grant.token != 0 && m_challenge->isBearer()) {
        const QStringList asked = grant.account->wider.value(access.key(), access.scopes);
        const auto wanted = auth::widened(asked, m_challenge->parameter("scope"), access.mayDelete);
        warnOf(wanted.refused, access.repository);
        isWider = wanted.scopes != asked;
        if (isWider) {
            grant.account->wider.insert(access.key(), wanted.scopes);
            m_accounts.insert(access.repository, grant.account);
        }
    }
    const bool isSameDoor = before && before->isSameDoor(*m_challenge);
    return isWider || !grant.isFresh || !isSameDoor;
}

void RegistryHost::warnOf(const QStringList &refused, const QString &repository)
{
    const QString key = repository + u' ' + refused.join(u',');
    if (refused.isEmpty() || m_refusedScopes.contains(key))
        return;
    m_refusedScopes.insert(key);
    if (m_shared->attendant.warned)
        m_shared->attendant.warned(Words::tr("%1 wants a token for more in %2 than there is to do, which is not asked "
                                             "for: %3.")
                                       .arg(m_name, repository, base::visible(refused.join(QStringLiteral(", ")), 80)));
}

void RegistryHost::tell(const AccountPtr &account, const QString &repository) const
{
    if (!account || !account->credential || account->told.contains(repository))
        return;
    account->told.insert(repository);
    const auth::FoundCredential &credential = *account->credential;
    if (m_shared->attendant.credentialUsed)
        m_shared->attendant.credentialUsed({m_name, repository, credential.user, credential.source, credential.key});
}

base::Task<base::Result<auth::Token>> RegistryHost::fetchToken(std::shared_ptr<RegistryHost> self, AccountPtr account,
                                                               QStringList scopes, std::stop_token stop)
{
    auto &shared = account->fetching[scopes.join(u' ')];
    if (!shared)
        shared = std::make_shared<SharedWork<auth::Token>>();
    const std::shared_ptr<SharedWork<auth::Token>> work = shared;
    const auth::Challenge challenge = *self->m_challenge;
    auto fetch = [self, account, challenge, scopes](std::stop_token token) {
        return fetchTokenAs(self, account, challenge, scopes, token);
    };
    co_return co_await SharedWork<auth::Token>::run(work, fetch, stop);
}

base::Result<QUrl> RegistryHost::realmOf(const auth::Challenge &challenge) const
{
    const auto refused = [&](const QString &why) {
        return base::fail(ErrorKind::Denied,
                          Words::tr("%1 names a token service that is not used: %2.").arg(m_name, why),
                          Words::tr("This is for the one who runs the registry to mend."));
    };
    QUrl url(challenge.parameter("realm"), QUrl::StrictMode);
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
    return url;
}

bool RegistryHost::isKnownRealm(const QString &realmHost) const
{
    const Origin origin = likelyOrigin();
    if (realmHost.compare(origin.host, Qt::CaseInsensitive) == 0)
        return true;
    if (m_name == dockerRegistry() && realmHost == QLatin1String("auth.docker.io"))
        return true;
    return m_options.allowRealms.contains(realmHost, Qt::CaseInsensitive);
}

base::Task<base::Result<bool>> RegistryHost::askAboutRealm(std::shared_ptr<RegistryHost> self, AccountPtr account,
                                                           QString realm, std::stop_token stop)
{
    const auto ask = self->m_shared->attendant.mayUseRealm;
    if (!ask)
        co_return false;
    const content::RealmQuestion question{self->m_name, realm, account->credential->user, account->credential->words()};
    const bool isAllowed = co_await ask(question, stop);
    if (stop.stop_requested())
        co_return base::cancelled();
    self->m_realms.insert(realm, isAllowed);
    co_return isAllowed;
}

base::Task<base::Result<void>> RegistryHost::mayUseRealm(std::shared_ptr<RegistryHost> self, AccountPtr account,
                                                         QString realm, std::stop_token stop)
{
    if (self->isKnownRealm(realm))
        co_return base::Result<void>();
    bool isAllowed = self->m_realms.value(realm);
    if (!self->m_realms.contains(realm)) {
        auto &shared = self->m_realmQuestions[realm];
        if (!shared)
            shared = std::make_shared<SharedWork<bool>>();
        const std::shared_ptr<SharedWork<bool>> work = shared;
        auto ask = [self, account, realm](std::stop_token token) { return askAboutRealm(self, account, realm, token); };
        auto answered = co_await SharedWork<bool>::run(work, ask, stop);
        if (!answered)
            co_return base::fail(answered.error());
        isAllowed = *answered;
    }
    if (isAllowed)
        co_return base::Result<void>();
    const QString shown = base::visible(realm);
    co_return base::fail(ErrorKind::Denied,
                         Words::tr("%1 wants its password to be sent to another host, the token service at %2.")
                             .arg(self->m_name, shown),
                         self->m_shared->attendant.mayUseRealm
                             ? Words::tr("Sign in to %1 again to be asked once more.").arg(self->m_name)
                             : Words::tr("If that is right, allow it with --allow-realm %1.").arg(shown));
}

base::Task<base::Result<auth::Token>> RegistryHost::fetchTokenAs(std::shared_ptr<RegistryHost> self, AccountPtr account,
                                                                 auth::Challenge challenge, QStringList scopes,
                                                                 std::stop_token stop)
{
    const QString operation = Words::tr("get a token for %1").arg(self->m_name);
    auto realm = self->realmOf(challenge);
    if (!realm)
        co_return base::fail(realm.error().withOperation(operation));
    if (account->credential) {
        auto allowed = co_await mayUseRealm(self, account, realm->host(), stop);
        if (!allowed)
            co_return base::fail(allowed.error().withOperation(operation));
    }
    TokenRequest request;
    request.registry = self->m_name;
    request.realm = *realm;
    if (challenge.has("service"))
        request.service = challenge.parameter("service");
    request.scopes = scopes;
    request.now = self->now();
    // The token service is a stranger by its address and a friend by its credential: so it gets terms of its own.
    request.terms = self->terms(Origin::of(*realm));
    // A credential goes there: what a person allows for layers is not meant for it.
    request.terms.homeCheck = checkNamedBy(request.terms.from, Lifted{self->m_options.allowPrivateUrls}, {});
    request.terms.redirects = 0;
    auto token = co_await TokenRequest::send(request, account, self->m_shared->courier, stop);
    if (!token)
        co_return base::fail(token.error());
    token->serial = self->m_nextSerial++;
    account->tokens.insert(scopes.join(u' '), *token);
    co_return std::move(*token);
}

} // namespace colophon::registry
