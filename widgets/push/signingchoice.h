// SPDX-License-Identifier: Apache-2.0
#pragma once

// With which key the push is signed: none, one used before, or one from a file; asks for the passphrase in place where
// the key has one.

#include "signing/keys.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QFileDialog;
class QLabel;
class QLineEdit;
class QPushButton;

namespace colophon::widgets {

class KeyLoader;

class SigningChoice : public QWidget
{
    Q_OBJECT
public:
    explicit SigningChoice(QWidget *parent = nullptr);

    // Key files used before, newest first. What is chosen stays chosen.
    void setKeyFiles(const QStringList &paths);
    void chooseKeyFile(const QString &path);
    const std::optional<signing::SigningKey> &key() const { return m_key; }
    // A key is chosen but not open yet: wait before pushing.
    bool isPending() const;
    QComboBox *choice() const { return m_choice; }
    QLineEdit *passphraseField() const { return m_passphrase; }

Q_SIGNALS:
    void keyChanged();                   // key() is another one, or none, or pending
    void keyOpened(const QString &path); // worth remembering

private:
    enum class Wants { Nothing, Passphrase };
    void choose(int index);
    void browse();
    void unlock();
    void show(const QString &note, bool isError, Wants wants);

    QComboBox *m_choice;
    QLineEdit *m_passphrase;
    QPushButton *m_unlock;
    QLabel *m_note;
    KeyLoader *m_loader;
    std::optional<signing::SigningKey> m_key;
    bool m_askedForPassphrase = false;
    int m_chosen = 0;
};

} // namespace colophon::widgets
