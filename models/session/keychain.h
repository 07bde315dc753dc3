// SPDX-License-Identifier: Apache-2.0
#pragma once

// The desktop's keychain (Secret Service or KWallet, by QtKeychain): one entry a registry with user and password. The
// settings know which entries there are, so that nothing needs to be unlocked to list them, and a registry without an
// entry never makes the keychain ask for anything. Without a keychain nothing is kept, least of all in clear.

#include "content/credentialstore.h"
#include "session/settings.h"

namespace colophon::session {

class Keychain final : public content::CredentialStore
{
public:
    // The settings must outlive everything that is asked here.
    explicit Keychain(Settings &settings, QString service = QStringLiteral("colophon"));

    base::Task<bool> isAvailable() override;
    base::Task<base::Result<std::optional<content::Credential>>> find(QString registry, std::stop_token stop) override;
    base::Task<base::Result<void>> save(QString registry, content::Credential credential) override;
    base::Task<base::Result<void>> remove(QString registry) override;
    QList<Entry> entries() const override;

private:
    Settings &m_settings;
    QString m_service;
};

} // namespace colophon::session
