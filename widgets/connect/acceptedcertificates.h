// SPDX-License-Identifier: Apache-2.0
#pragma once

// The certificates that were accepted although nobody vouches for them, and the way to take that back.

#include "content/certificates.h"

#include <QDialog>

class QListWidget;
class QPushButton;
class QStackedLayout;

namespace colophon::widgets {

class AcceptedCertificates : public QDialog
{
    Q_OBJECT
public:
    explicit AcceptedCertificates(QList<content::CertificateException> accepted, QWidget *parent = nullptr);
    QListWidget *list() const { return m_list; }
    QPushButton *removeButton() const { return m_remove; }

Q_SIGNALS:
    void removed(const colophon::content::CertificateException &exception);

private:
    void removeCurrent();
    void update();

    QList<content::CertificateException> m_accepted; // in the list's order
    QStackedLayout *m_pages;
    QListWidget *m_list;
    QPushButton *m_remove;
};

} // namespace colophon::widgets
