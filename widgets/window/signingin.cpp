// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/signingin.h"

#include "items/appearance.h"
#include "widgets/connect/realmquestion.h"
#include "widgets/connect/savedlogins.h"
#include "widgets/connect/signindialog.h"

#include <QPointer>
#include <QWidget>

namespace colophon::widgets {

namespace {

base::Detached offerKeychain(std::shared_ptr<content::CredentialStore> keychain, QPointer<SignInDialog> dialog)
{
    const bool isThere = co_await keychain->isAvailable();
    if (dialog)
        dialog->setKeychain(isThere);
}

base::Detached store(std::shared_ptr<content::CredentialStore> keychain, QString registry,
                     content::Credential credential, QPointer<SigningIn> reporter)
{
    const base::Result<void> saved = co_await keychain->save(registry, credential);
    if (!reporter)
        co_return;
    if (saved)
        Q_EMIT reporter->said(SigningIn::tr("The keychain has the password for %1 now.").arg(registry));
    else
        Q_EMIT reporter->refused(saved.error());
}

} // namespace

SigningIn::SigningIn(content::Connector &connector, QWidget *window)
    : QObject(window)
    , m_connector(connector)
    , m_window(window)
{
    content::Attendant attendant;
    const QPointer<SigningIn> self(this);
    attendant.credentialUsed = [self](const content::CredentialNotice &notice) {
        if (!self)
            return;
        self->m_used.insert(notice.registry + u'/' + notice.repository, notice);
        self->keepAccepted(notice.registry);
        Q_EMIT self->credentialUsed();
    };
    attendant.warned = [self](const QString &text) {
        if (self)
            Q_EMIT self->refused({base::ErrorKind::InvalidData, tr("look for credentials"), base::Side::None, text});
    };
    attendant.mayUseRealm = [parent = QPointer<QWidget>(window)](content::RealmQuestion question,
                                                                 std::stop_token stop) {
        return askAboutRealm(parent, std::move(question), std::move(stop));
    };
    m_connector.setAttendant(std::move(attendant));
}

SigningIn::~SigningIn() { m_connector.setAttendant({}); }

void SigningIn::askWho(const QString &registry, const base::Error &error, const std::function<void()> &again)
{
    auto *dialog = new SignInDialog(registry, error, m_typed.contains(registry), m_window);
    dialog->setUser(m_typed.value(registry));
    if (m_keychain)
        offerKeychain(m_keychain, dialog);
    connect(dialog, &SignInDialog::credentialGiven, this,
            [this, again](const QString &to, const content::Credential &credential, bool remembered) {
                m_typed.insert(to, credential.user);
                m_connector.signIn(to, credential);
                m_toKeep.remove(to);
                if (remembered)
                    m_toKeep.insert(to, credential);
                again();
            });
    dialog->open();
}

void SigningIn::keepAccepted(const QString &registry)
{
    if (m_keychain && m_toKeep.contains(registry))
        store(m_keychain, registry, m_toKeep.take(registry), this);
}

void SigningIn::showSaved()
{
    if (!m_keychain)
        return;
    auto *dialog = new SavedLogins(m_keychain, m_window);
    connect(dialog, &SavedLogins::removed, this, [this](const QString &registry) {
        m_typed.remove(registry);
        m_used.removeIf([&registry](const auto &each) { return each->registry == registry; });
        m_connector.signIn(registry, {});
        Q_EMIT said(tr("The password for %1 is forgotten.").arg(registry));
    });
    dialog->open();
}

QString SigningIn::inWords(const oci::Reference &reference) const
{
    const auto used = m_used.constFind(reference.name());
    if (used == m_used.cend())
        return {};
    const QString where = used->key.isEmpty() ? used->source : tr("%1 for %2").arg(used->source, used->key);
    return items::readable(used->user.isEmpty() ? tr("signed in with a token (%1)").arg(where)
                                                : tr("signed in as %1 (%2)").arg(used->user, where));
}

} // namespace colophon::widgets
