// SPDX-License-Identifier: Apache-2.0
#pragma once

// Asks for user and password of one registry, after that registry asked for them. What was typed goes to accepted()'s
// listener once and is wiped from the fields.

#include "base/error.h"
#include "content/connector.h"
#include "widgets/common/secretfield.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace colophon::widgets {

class SignInDialog : public QDialog
{
    Q_OBJECT
public:
    // `wasRefused`: the registry got credentials from this window before and did not take them.
    SignInDialog(const QString &registry, const base::Error &why, bool wasRefused, QWidget *parent = nullptr);
    // Known from before: only the password is asked for again.
    void setUser(const QString &user);
    // Whether the password can be kept for the next time; until then it cannot.
    void setKeychain(bool isThere);
    QString registry() const { return m_registry; }
    QCheckBox *remember() const { return m_remember; }
    QLineEdit *userField() const { return m_user; }
    SecretField *passwordField() const { return m_password; }

    void accept() override;
    void reject() override;

Q_SIGNALS:
    void credentialGiven(const QString &registry, const colophon::content::Credential &credential, bool remembered);

private:
    void promise();

    QString m_registry;
    QLineEdit *m_user;
    SecretField *m_password;
    QCheckBox *m_remember;
    QLabel *m_promise;
    bool m_hasKeychain = false;
    QPushButton *m_signIn;
};

} // namespace colophon::widgets
