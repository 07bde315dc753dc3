// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sign-ins that the keychain has for us: for which registry, as whom, and a way to be rid of them. No password is
// read for it.

#include "content/credentialstore.h"

#include <QDialog>

#include <memory>

class QLabel;
class QListWidget;
class QPushButton;

namespace colophon::widgets {

class SavedLogins final : public QDialog
{
    Q_OBJECT
public:
    explicit SavedLogins(std::shared_ptr<content::CredentialStore> keychain, QWidget *parent = nullptr);

    QListWidget *list() const { return m_list; }
    QPushButton *removeButton() const { return m_remove; }

Q_SIGNALS:
    void removed(const QString &registry);

private:
    void fill();
    void removeCurrent();
    void finishRemoving(const QString &registry, const base::Result<void> &outcome);

    std::shared_ptr<content::CredentialStore> m_keychain;
    QLabel *m_words;
    QListWidget *m_list;
    QPushButton *m_remove;
};

} // namespace colophon::widgets
