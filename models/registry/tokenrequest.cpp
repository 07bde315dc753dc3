// SPDX-License-Identifier: Apache-2.0
#include "registry/tokenrequest.h"

#include "base/plaintext.h"
#include "registry/answererror.h"
#include "registry/words.h"

namespace colophon::registry {

namespace {

using auth::FoundCredential;
using base::ErrorKind;

const QByteArray clientId("colophon");

// As whom a password is given, where the credential is a token alone and names nobody (docker's word for it).
const QByteArray nobody("<token>");

void add(QByteArray &query, const char *name, const QByteArray &encoded)
{
    if (!query.isEmpty())
        query += '&';
    query += QByteArray(name) + '=' + encoded;
}

base::Secret basic(const FoundCredential &credential)
{
    const base::Secret &secret = credential.password.isEmpty() ? credential.identityToken : credential.password;
    const QByteArray user = credential.user.isEmpty() ? nobody : credential.user.toUtf8();
    QByteArray pair = user + ':' + secret.reveal();
    base::Secret whole("Basic " + pair.toBase64());
    const base::Secret wiped(std::move(pair));
    return whole;
}

Occasion occasionOf(const TokenRequest &request)
{
    Occasion occasion;
    occasion.operation = Words::tr("get a token for %1").arg(request.registry);
    occasion.registry = request.registry;
    return occasion;
}

// The service is the registry's word and is encoded whole, so that it cannot break out of its place; the scopes are
// ours.
Errand getErrand(const TokenRequest &request, bool wantsRefreshToken)
{
    QByteArray query = request.realm.query(QUrl::FullyEncoded).toLatin1();
    if (request.service)
        add(query, "service", QUrl::toPercentEncoding(*request.service, ":/,"));
    for (const QString &scope : request.scopes)
        add(query, "scope", QUrl::toPercentEncoding(scope, ":/,"));
    if (wantsRefreshToken) { // so that the password travels once and not for every repository
        add(query, "client_id", clientId);
        add(query, "offline_token", "true");
    }
    Errand errand;
    errand.url = request.realm;
    errand.url.setQuery(QString::fromLatin1(query), QUrl::StrictMode);
    return errand;
}

Errand postErrand(const TokenRequest &request, const base::Secret &refreshToken)
{
    QByteArray form;
    add(form, "grant_type", "refresh_token");
    if (request.service)
        add(form, "service", QUrl::toPercentEncoding(*request.service));
    add(form, "client_id", clientId);
    add(form, "scope", QUrl::toPercentEncoding(request.scopes.join(u' ')));
    add(form, "refresh_token", QUrl::toPercentEncoding(QString::fromUtf8(refreshToken.reveal())));
    Errand errand;
    errand.method = "POST";
    errand.url = request.realm;
    errand.headers.set("Content-Type", "application/x-www-form-urlencoded");
    errand.bytes = form;
    return errand;
}

base::Task<base::Result<auth::Token>> tokenIn(Answer answer, TokenRequest request, AccountPtr account)
{
    Occasion occasion = occasionOf(request);
    const int status = answer.status();
    if (status != 200) {
        base::Error error = co_await errorOf(std::move(answer), occasion);
        if ((status == 401 || status == 403 || status == 400) && account->credential) {
            const FoundCredential &credential = *account->credential;
            error.kind = ErrorKind::Unauthorized;
            error.message = credential.user.isEmpty()
                                ? Words::tr("The token service of %1 does not accept the token %2.")
                                      .arg(request.registry, credential.words())
                                : Words::tr("The token service of %1 does not accept the name or the password of %2 "
                                            "(%3).")
                                      .arg(request.registry, base::visible(credential.user), credential.words());
            error.hint = Words::tr("Check both; some registries want an access token in place of the password.");
        } else if (status == 403) {
            error.kind = ErrorKind::Unauthorized;
        }
        co_return base::fail(error);
    }
    auto body = co_await content::readAll(std::move(answer.response.body), base::limits::token);
    if (!body)
        co_return base::fail(body.error().withOperation(occasion.operation));
    auto token = auth::Token::parse(*body, request.now);
    const base::Secret wiped(std::move(*body));
    if (!token)
        co_return base::fail(token.error().withOperation(occasion.operation));
    if (!token->refreshToken.isEmpty() && account->credential)
        account->refreshToken = token->refreshToken;
    co_return std::move(*token);
}

// The answer to a POST; nothing where the service wants it done by GET.
base::Task<base::Result<std::optional<auth::Token>>> exchange(TokenRequest request, AccountPtr account,
                                                              std::shared_ptr<Courier> courier, std::stop_token stop)
{
    using Outcome = std::optional<auth::Token>;
    const bool isOurs = !account->refreshToken.isEmpty(); // the newest one; it may stand for a password
    const base::Secret refreshToken = isOurs ? account->refreshToken : account->credential->identityToken;
    Terms terms = request.terms;
    terms.holdsSecret = true;
    terms.credential = Words::tr("refresh token, %1").arg(account->credential->words());
    const Errand errand = postErrand(request, refreshToken);
    auto answer = co_await Courier::send(courier, errand, terms, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(occasionOf(request).operation));
    const int status = answer->status();
    const bool hasNoPost = status == 404 || status == 405;
    const bool isSpent = isOurs && (status == 400 || status == 401);
    if (hasNoPost || isSpent) {
        co_await drain(std::move(answer->response.body));
        account->refusesPost = account->refusesPost || hasNoPost;
        account->refreshToken = base::Secret();
        co_return Outcome();
    }
    auto token = co_await tokenIn(std::move(*answer), request, account);
    if (!token)
        co_return base::fail(token.error());
    co_return Outcome(std::move(*token));
}

} // namespace

base::Task<base::Result<auth::Token>> TokenRequest::send(TokenRequest request, AccountPtr account,
                                                         std::shared_ptr<Courier> courier, std::stop_token stop)
{
    const auto &credential = account->credential;
    const bool canRefresh = !account->refreshToken.isEmpty() || (credential && !credential->identityToken.isEmpty());
    if (canRefresh && !account->refusesPost) {
        auto token = co_await exchange(request, account, courier, stop);
        if (!token)
            co_return base::fail(token.error());
        if (*token)
            co_return std::move(**token);
    }
    Terms terms = request.terms;
    if (credential) {
        terms.authorization = basic(*credential);
        terms.credential = Words::tr("Basic, %1").arg(credential->words());
    }
    const Errand errand = getErrand(request, credential && !credential->password.isEmpty() && !account->refusesPost);
    auto answer = co_await Courier::send(courier, errand, terms, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(occasionOf(request).operation));
    co_return co_await tokenIn(std::move(*answer), request, account);
}

} // namespace colophon::registry
