// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who we are for one repository or several of a registry, and the tokens we got as such. Repositories with different
// credentials have different accounts, so that nothing of one ever reaches the other; so has everybody after a new
// sign-in, while requests on their way keep the account they began with.

#include "registry/auth/foundcredential.h"
#include "registry/auth/token.h"
#include "registry/sharedwork.h"

#include <QHash>
#include <QSet>
#include <QStringList>

#include <memory>
#include <optional>

namespace colophon::registry {

struct Account
{
    std::optional<auth::FoundCredential> credential; // none: anonymous
    QHash<QString, auth::Token> tokens;              // by scopes, joined
    QHash<QString, std::shared_ptr<SharedWork<auth::Token>>> fetching;
    QHash<QString, QStringList> wider; // what the registry wants to be asked for in place of these scopes
    base::Secret refreshToken;         // given by the token service for the password
    bool refusesPost = false;          // the token service knows only GET
    QSet<QString> told;                // repositories for which the person knows that this one is in use

    // A token that may push may pull too.
    std::optional<auth::Token> token(const QStringList &scopes, auth::Token::Clock::time_point now) const
    {
        for (const QString &key : {scopes.join(u' '), scopes.join(u' ') + QStringLiteral(",push")}) {
            const auto found = tokens.constFind(key);
            if (found != tokens.cend() && !found->isExpired(now))
                return *found;
        }
        return {};
    }
    void dropToken(int serial)
    {
        tokens.removeIf([serial](const auto &each) { return each->serial == serial; });
    }
};
using AccountPtr = std::shared_ptr<Account>;

} // namespace colophon::registry
