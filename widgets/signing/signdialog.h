// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs an image as it is, without an edit: the same choice of keys as a push has, then a row for each manifest that
// fills with what became of it.

#include "content/credentialstore.h"
#include "content/target.h"
#include "document/imagetree.h"
#include "items/pushplanmodel.h"
#include "signing/keys.h"

#include <QDialog>

#include <memory>

class QLabel;
class QProgressBar;
class QPushButton;
class QTableView;

namespace colophon::transfer {
class SignImage;
}

namespace colophon::widgets {

class ElidedLabel;
class ErrorStrip;
class SigningChoice;

class SignDialog final : public QDialog
{
    Q_OBJECT
public:
    struct Image
    {
        content::TargetPtr target;
        oci::Reference reference;
        document::ImageTree tree;
    };
    explicit SignDialog(Image image, QWidget *parent = nullptr);
    ~SignDialog() override;

    SigningChoice *signing() const { return m_signing; }
    QPushButton *signButton() const { return m_go; }
    QPushButton *leaveButton() const { return m_leave; }
    ErrorStrip *errors() const { return m_errors; }
    const items::PushPlanModel &model() const { return m_model; }
    bool isSigning() const { return m_operation != nullptr; }
    QString said() const; // what it says above the rows

public Q_SLOTS:
    void sign();
    void reject() override; // while it signs it is stopped first

Q_SIGNALS:
    void isSigned(const QList<colophon::signing::PublicKey> &keys); // something was written
    void signInWanted(const QString &registry, const colophon::base::Error &error);

private:
    void build();
    QTableView *buildRows();
    void takeChoice();
    void finish();
    void say(const QString &sentence);
    void showButtons();

    Image m_image;
    items::PushPlanModel m_model;
    std::unique_ptr<transfer::SignImage> m_operation;
    QLabel *m_sentence;
    SigningChoice *m_signing;
    ErrorStrip *m_errors;
    ElidedLabel *m_activity;
    QProgressBar *m_progress;
    QPushButton *m_go;
    QPushButton *m_leave;
    bool m_isDone = false;
};

} // namespace colophon::widgets
