// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where passwords that were typed once are kept for the next time: the desktop's keychain, behind a seam, so that
// neither the registry client nor the window knows which one it is, and tests need none.

#include "base/result.h"
#include "base/task.h"
#include "content/credential.h"

#include <QList>

#include <optional>
#include <stop_token>

namespace colophon::content {

class CredentialStore
{
public:
    virtual ~CredentialStore() = default;

    struct Entry
    {
        QString registry;
        QString user;
        bool operator==(const Entry &) const = default;
    };

    // Whether anything can be kept at all, as far as that shows without asking for a password.
    virtual base::Task<bool> isAvailable() = 0;
    // What is kept for a registry; nothing where that is nothing. May wait for a person who unlocks the keychain.
    virtual base::Task<base::Result<std::optional<Credential>>> find(QString registry, std::stop_token stop) = 0;
    virtual base::Task<base::Result<void>> save(QString registry, Credential credential) = 0;
    virtual base::Task<base::Result<void>> remove(QString registry) = 0;
    // Of all that is kept here, without any secret and without unlocking.
    virtual QList<Entry> entries() const = 0;
};

} // namespace colophon::content
