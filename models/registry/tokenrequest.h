// SPDX-License-Identifier: Apache-2.0
#pragma once

// One token from a token service (distribution "Token Authentication"): by GET with a password or as nobody, or by POST
// with a refresh token (OAuth 2, RFC 6749 §6). Where a service knows no POST, GET does with the same credential.

#include "registry/account.h"
#include "registry/courier.h"

namespace colophon::registry {

struct TokenRequest
{
    QString registry;                    // for the sentences
    QUrl realm;                          // judged already
    std::optional<QString> service = {}; // the registry's word
    QStringList scopes;                  // ours
    Terms terms;                         // of the token service; no credential in them yet
    auth::Token::Clock::time_point now;

    static base::Task<base::Result<auth::Token>> send(TokenRequest request, AccountPtr account,
                                                      std::shared_ptr<Courier> courier, std::stop_token stop);
};

} // namespace colophon::registry
