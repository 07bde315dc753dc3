// SPDX-License-Identifier: Apache-2.0
#pragma once

// One key to sign with: none, one used before, or one from a file; asks for the passphrase in place where the key has
// one, and for its certificates where the form of the signature wants them.

#include "content/credentialstore.h"
#include "signing/certificatechain.h"
#include "signing/keys.h"
#include "widgets/common/secretfield.h"

#include <QWidget>

#include <memory>
#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace colophon::widgets {

class ElidedLabel;
class KeyLoader;

class KeyChoice : public QWidget
{
    Q_OBJECT
public:
    explicit KeyChoice(QWidget *parent = nullptr);

    // Key files used before, newest first. What is chosen stays chosen.
    void setKeyFiles(const QStringList &paths);
    void chooseKeyFile(const QString &path);
    // Where passphrases may be kept and are looked for; nullptr: nowhere.
    void setKeychain(std::shared_ptr<content::CredentialStore> keychain);
    void setRemovable(bool removable);
    // Whether its certificates are asked for, and why those there are will not do; empty: they will.
    void setWantsCertificates(bool wanted);
    void setCertificateProblem(const QString &problem);
    void chooseCertificates(const QStringList &paths);

    const std::optional<signing::SigningKey> &key() const { return m_key; }
    bool isChosen() const { return m_chosen > 0; }
    // A key is chosen but not open yet: wait before signing.
    bool isPending() const { return isChosen() && !m_key; }
    // From a file that was chosen, else what came with the key.
    const signing::CertificateChain &certificates() const { return m_certificates; }
    QString note() const; // what is said beside it
    QComboBox *choice() const { return m_choice; }
    SecretField *passphraseField() const { return m_passphrase; }
    QCheckBox *rememberBox() const { return m_remember; }
    QToolButton *removeButton() const { return m_removal; }

Q_SIGNALS:
    void changed(); // key() or certificates() are others, or the key is pending
    void keyOpened(const QString &path, const QString &fingerprint); // of its public key; worth remembering
    void refused(const colophon::base::Error &error);                // of the keychain
    void removeRequested();

private:
    enum class Wants { Nothing, Passphrase };
    void build();
    void connectLoader();
    void choose(int index);
    void browse();
    void browseCertificates();
    void unlock();
    void askForPassphrase(const base::Error &error);
    void lookInKeychain();
    void keepPassphrase();
    void takeOwnCertificates();
    void showCertificates();
    void show(const QString &note, bool isError, Wants wants);
    QString path() const;

    QComboBox *m_choice;
    SecretField *m_passphrase;
    QPushButton *m_unlock;
    QCheckBox *m_remember;
    QLabel *m_note;
    QToolButton *m_removal;
    QWidget *m_certificateRow;
    QLabel *m_certificateNote;
    QPushButton *m_certificateButton;
    KeyLoader *m_loader;
    std::shared_ptr<content::CredentialStore> m_keychain;
    bool m_hasKeychain = false; // it can be used
    std::optional<signing::SigningKey> m_key;
    signing::CertificateChain m_certificates;
    QString m_certificateProblem;
    base::Secret m_typed; // kept until it proved right
    enum class Source { Nobody, Keychain, Person };
    Source m_passphraseFrom = Source::Nobody;
    int m_chosen = 0;
};

} // namespace colophon::widgets
