// SPDX-License-Identifier: Apache-2.0
#pragma once

// A program that keeps credentials, asked by docker's protocol: `docker-credential-<name> get` with the server on its
// standard input, JSON on its standard output. It is found on PATH alone, runs beside the event loop, for a limited
// time, and nothing it says is logged. Its own standard error goes nowhere.

#include "base/result.h"
#include "base/task.h"
#include "registry/auth/foundcredential.h"

#include <QStringList>

#include <chrono>
#include <optional>
#include <stop_token>

namespace colophon::registry::auth {

struct CredentialHelper
{
    QString name;                       // "secretservice"; from a file, so it is judged before it is used
    QStringList searchPath = {};        // absolute directories
    std::chrono::milliseconds patience; // it may be asking a person to unlock something

    // What it keeps for the server; nothing where it says that it has none. Unauthorized with its own words where it
    // fails: whoever wants a credential must not get on without it unawares.
    static base::Task<base::Result<std::optional<FoundCredential>>> get(CredentialHelper helper, QString server,
                                                                        std::stop_token stop);
    // 1 to 64 letters, digits, dots, underscores and dashes, the first one neither dot nor dash.
    static bool isName(const QString &name);
};

} // namespace colophon::registry::auth
