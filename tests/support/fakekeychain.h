// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "content/credentialstore.h"

#include <QMap>

namespace colophon::test {

// A keychain in memory; it outlives the window as a real one does.
class FakeKeychain final : public content::CredentialStore
{
public:
    base::Task<bool> isAvailable() override { co_return bool(isThere); }
    base::Task<base::Result<std::optional<content::Credential>>> find(QString registry, std::stop_token) override
    {
        std::optional<content::Credential> found;
        if (kept.contains(registry))
            found = kept.value(registry);
        co_return found;
    }
    base::Task<base::Result<void>> save(QString registry, content::Credential credential) override
    {
        if (isLocked)
            co_return base::fail(base::ErrorKind::Denied, QStringLiteral("The keychain was not unlocked."));
        kept.insert(registry, credential);
        co_return base::Result<void>();
    }
    base::Task<base::Result<void>> remove(QString registry) override
    {
        if (isLocked)
            co_return base::fail(base::ErrorKind::Denied, QStringLiteral("The keychain was not unlocked."));
        kept.remove(registry);
        co_return base::Result<void>();
    }
    QList<Entry> entries() const override
    {
        QList<Entry> all;
        for (auto it = kept.cbegin(); it != kept.cend(); ++it)
            all.append({it.key(), it->user});
        return all;
    }

    QMap<QString, content::Credential> kept;
    bool isThere = true;
    bool isLocked = false;
};

} // namespace colophon::test
