// SPDX-License-Identifier: Apache-2.0
#pragma once

// How an image is signed: with which keys, in which form, and whether the index alone. Everything that keeps it from
// signing is said here, before anything moves.

#include "content/credentialstore.h"
#include "content/signer.h"
#include "signing/keys.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace colophon::widgets {

class KeyChoice;

class SigningChoice : public QWidget
{
    Q_OBJECT
public:
    enum class Form { Cosign, CosignLegacy, CosignBundle, Notation };

    explicit SigningChoice(QWidget *parent = nullptr);

    // Key files used before, newest first. What is chosen stays chosen.
    void setKeyFiles(const QStringList &paths);
    void setKeychain(std::shared_ptr<content::CredentialStore> keychain);
    void setMultiPlatform(bool several);     // whether there is anything to sign beside the image itself
    void chooseKeyFile(const QString &path); // in the first row
    void setForm(Form form);
    Form form() const;

    // One for each key and form; none as long as isPending().
    const content::Signers &signers() const { return m_signers; }
    QList<signing::PublicKey> publicKeys() const; // of the keys that are open
    bool isIndexOnly() const;
    // Keys are chosen that cannot sign yet: they are not open, or their certificates are missing or may not sign.
    bool isPending() const;
    bool isCertificateWanting() const { return m_isCertificateWanting; }

    KeyChoice *row(int number) const { return m_rows.value(number); }
    int rows() const { return static_cast<int>(m_rows.size()); }
    QComboBox *formChoice() const { return m_form; }
    QCheckBox *indexOnlyBox() const { return m_indexOnly; }
    QPushButton *addButton() const { return m_add; }
    // Of the first row.
    std::optional<signing::SigningKey> key() const;
    QComboBox *choice() const;
    QLineEdit *passphraseField() const;

Q_SIGNALS:
    void changed();                                                  // signers() or isIndexOnly() are others
    void keyOpened(const QString &path, const QString &fingerprint); // of its public key; worth remembering
    void refused(const colophon::base::Error &error);

private:
    KeyChoice *addRow();
    void removeRow(KeyChoice *row);
    void takeChoices();

    QVBoxLayout *m_column;
    QList<KeyChoice *> m_rows;
    QStringList m_keyFiles;
    std::shared_ptr<content::CredentialStore> m_keychain;
    QWidget *m_options;
    QPushButton *m_add;
    QComboBox *m_form;
    QCheckBox *m_indexOnly;
    content::Signers m_signers;
    bool m_isCertificateWanting = false;
    bool m_isMultiPlatform = true;
};

} // namespace colophon::widgets
