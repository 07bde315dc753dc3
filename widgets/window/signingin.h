// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything about who the window is to a registry: asks for user and password, keeps them in the keychain where that
// is wanted, asks before a password goes to a token service elsewhere, and knows which credential was used for what.

#include "base/error.h"
#include "content/connector.h"
#include "content/credentialstore.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <optional>

class QWidget;

namespace colophon::widgets {

class SigningIn final : public QObject
{
    Q_OBJECT
public:
    SigningIn(content::Connector &connector, QWidget *window);
    ~SigningIn() override;

    void setKeychain(std::shared_ptr<content::CredentialStore> keychain) { m_keychain = std::move(keychain); }
    // `again` goes on with what was refused.
    void askWho(const QString &registry, const base::Error &error, const std::function<void()> &again);
    void showSaved();
    // Which credential this repository was shown last: whose, where it was found and under which entry. Empty: none.
    QString inWords(const oci::Reference &reference) const;

Q_SIGNALS:
    void credentialUsed();
    void said(const QString &text);
    void refused(const colophon::base::Error &error);

private:
    void keepAccepted(const QString &registry);

    content::Connector &m_connector;
    QWidget *m_window;
    std::shared_ptr<content::CredentialStore> m_keychain;
    QHash<QString, QString> m_typed;                  // registries that got credentials from this window, and whose
    QHash<QString, content::Credential> m_toKeep;     // once the registry has accepted it
    QHash<QString, content::CredentialNotice> m_used; // by registry/repository
};

} // namespace colophon::widgets
