// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/trust.h"

#include "widgets/connect/acceptedcertificates.h"
#include "widgets/connect/certificatedialog.h"

namespace colophon::widgets {

Trust::Trust(content::Connector &connector, session::Settings &settings)
    : m_connector(connector)
    , m_settings(settings)
{
    const QList<content::CertificateException> accepted = m_settings.acceptedCertificates();
    for (const content::CertificateException &exception : accepted)
        m_connector.accept(exception);
}

bool Trust::canShow(const base::Error &error) const
{
    return !error.server.isEmpty() && m_connector.refusedCertificate(error.server);
}

void Trust::show(const base::Error &error, QWidget *parent, const std::function<void()> &again)
{
    const auto certificate = m_connector.refusedCertificate(error.server);
    if (!certificate)
        return;
    auto *dialog = new CertificateDialog(*certificate, parent);
    QObject::connect(dialog, &CertificateDialog::certificateAccepted, dialog,
                     [this, again](const content::ServerCertificate &accepted) {
                         // The one before does not count any more.
                         const QList<content::CertificateException> all = m_settings.acceptedCertificates();
                         for (const content::CertificateException &other : all) {
                             if (other.server() != accepted.exception.server())
                                 continue;
                             m_settings.forgetCertificate(other);
                             m_connector.forget(other);
                         }
                         m_settings.acceptCertificate(accepted.exception);
                         m_connector.accept(accepted.exception);
                         again();
                     });
    dialog->open();
}

void Trust::showAccepted(QWidget *parent)
{
    auto *dialog = new AcceptedCertificates(m_settings.acceptedCertificates(), parent);
    QObject::connect(dialog, &AcceptedCertificates::removed, dialog,
                     [this](const content::CertificateException &exception) {
                         m_settings.forgetCertificate(exception);
                         m_connector.forget(exception);
                     });
    dialog->open();
}

} // namespace colophon::widgets
