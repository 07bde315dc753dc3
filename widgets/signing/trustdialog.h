// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whom signatures are believed from: public keys, certificate roots with who may sign of those they vouch for, and a
// notation trust policy with its stores. Of files only where they are is remembered; what cannot be read is said in
// place and not taken.

#include "session/settings.h"

#include <QDialog>

class QFormLayout;
class QGroupBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace colophon::widgets {

class TrustDialog final : public QDialog
{
    Q_OBJECT
public:
    // Changes the settings as it is used; they must outlive it.
    explicit TrustDialog(session::Settings &settings, QWidget *parent = nullptr);

    QListWidget *keys() const { return m_keys; }
    QListWidget *roots() const { return m_roots; }
    QLineEdit *signersField() const { return m_signers; }   // several with semicolons between them
    QLineEdit *vouchersField() const { return m_vouchers; } // likewise
    QLineEdit *storeField() const { return m_store; }
    QLineEdit *policyField() const { return m_policy; }
    QString said() const; // about the policy, or what was refused

    // What its buttons do once a file is chosen.
    void addKey(const QString &path);
    void addRoots(const QStringList &paths);
    void setPolicy(const QString &store, const QString &policy); // both empty: none

Q_SIGNALS:
    void changed(); // the settings say somebody else

private:
    QGroupBox *buildList(const QString &title, QListWidget *list, const QString &what, QPushButton *add,
                         QPushButton *remove);
    QFormLayout *buildTerms();
    QWidget *buildPolicy();
    void fill();
    void removeKey();
    void removeRoot();
    void takeTerms();
    void takePolicy();
    void browse(bool forFolder);
    void say(const QString &sentence, bool isError);
    void sayWhatCounts();

    session::Settings &m_settings;
    QListWidget *m_keys;
    QListWidget *m_roots;
    QLineEdit *m_signers;
    QLineEdit *m_vouchers;
    QLineEdit *m_store;
    QLineEdit *m_policy;
    QLabel *m_note;
};

} // namespace colophon::widgets
