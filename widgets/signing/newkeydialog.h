// SPDX-License-Identifier: Apache-2.0
#pragma once

// Makes a new pair of keys, as cosign would: where it goes, its passphrase, and afterwards which file is for whom. What
// is there already is never overwritten.

#include "base/result.h"
#include "signing/keys.h"
#include "widgets/common/secretfield.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace colophon::widgets {

class ValueLabel;

class NewKeyDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit NewKeyDialog(QWidget *parent = nullptr);

    QLineEdit *pathField() const { return m_path; } // without the endings
    SecretField *passphraseField() const { return m_passphrase; }
    SecretField *againField() const { return m_again; }
    QPushButton *createButton() const { return m_create; }
    QString said() const; // why it cannot be made yet, or what was made
    bool isDone() const { return m_isDone; }

public Q_SLOTS:
    void accept() override;

Q_SIGNALS:
    void created(const QString &privateKey, const QString &publicKey); // paths
    void copied(const QString &what);

private:
    QWidget *buildForm();
    QWidget *buildResult();
    void browse();
    void judge();
    void finish(const base::Result<signing::PublicKey> &made);
    void say(const QString &sentence, bool isError);

    QStackedWidget *m_pages;
    QLineEdit *m_path;
    SecretField *m_passphrase;
    SecretField *m_again;
    QLabel *m_note;
    QLabel *m_made;
    ValueLabel *m_privatePath;
    ValueLabel *m_publicPath;
    QPushButton *m_create;
    QPushButton *m_leave;
    bool m_isMaking = false;
    bool m_isDone = false;
};

} // namespace colophon::widgets
