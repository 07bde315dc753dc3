// SPDX-License-Identifier: Apache-2.0
#pragma once

// A server's certificate that nobody vouches for, shown to the person who may know better: whose it says it is, and its
// fingerprint, which is what they compare. What they accept is this certificate on this host and port.

#include "content/certificates.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace colophon::widgets {

// A fingerprint in two lines, to be compared group by group, without the name of its hash.
QString inTwoLines(const oci::Digest &fingerprint);

class CertificateDialog : public QDialog
{
    Q_OBJECT
public:
    explicit CertificateDialog(content::ServerCertificate certificate, QWidget *parent = nullptr);
    QPushButton *acceptButton() const { return m_accept; }
    void accept() override;

Q_SIGNALS:
    void certificateAccepted(const colophon::content::ServerCertificate &certificate);

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintTone();

    content::ServerCertificate m_certificate;
    QLabel *m_icon;
    QLabel *m_problems;
    QPushButton *m_accept;
};

} // namespace colophon::widgets
