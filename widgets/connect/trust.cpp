// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/trust.h"

#include "items/appearance.h"
#include "widgets/connect/acceptedcertificates.h"
#include "widgets/connect/certificatedialog.h"

#include <QMessageBox>
#include <QPushButton>

namespace colophon::widgets {

namespace {

struct Question
{
    QString name; // of the object
    QString title;
    QString text;
    QString why;
    QString yes;
};

// Return and Escape say no: nothing is allowed by accident.
void ask(const Question &question, QWidget *parent, const std::function<void()> &allowed)
{
    auto *box = new QMessageBox(QMessageBox::Warning, question.title, question.text, QMessageBox::NoButton, parent);
    box->setObjectName(question.name);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(question.why);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *use = box->addButton(question.yes, QMessageBox::AcceptRole);
    use->setObjectName(QStringLiteral("use"));
    QPushButton *cancel = box->addButton(QMessageBox::Cancel);
    box->setDefaultButton(cancel);
    box->setEscapeButton(cancel);
    QObject::connect(use, &QPushButton::clicked, box, allowed);
    box->open();
}

} // namespace

Trust::Trust(content::Connector &connector, session::Settings &settings)
    : m_connector(connector)
    , m_settings(settings)
{
    const QList<content::CertificateException> accepted = m_settings.acceptedCertificates();
    for (const content::CertificateException &exception : accepted)
        m_connector.accept(exception);
}

void Trust::serve(ErrorStrip *strip, const std::function<void()> &again)
{
    strip->setAdviser([this](const base::Error &error) { return remedyFor(error); });
    QObject::connect(strip, &ErrorStrip::remedyRequested, strip, [this, strip, again] {
        const base::Error &error = strip->error();
        if (!error.unencrypted.isEmpty())
            askAboutPlainHttp(error.unencrypted, strip->window(), again);
        else if (error.confined)
            askAboutAddress(error, strip->window(), again);
        else if (const auto certificate = m_connector.refusedCertificate(error.server))
            showCertificate(*certificate, strip->window(), again);
    });
}

// Here it is done by a button, not by an option of the command.
std::optional<ErrorStrip::Remedy> Trust::remedyFor(const base::Error &error) const
{
    if (!error.unencrypted.isEmpty())
        return ErrorStrip::Remedy{
            tr("Use it without &encryption…"),
            tr("It may have no encryption at all, or something on the way takes it off. Ask its owner.")};
    if (error.confined)
        return ErrorStrip::Remedy{tr("Allow the &address…"), {}};
    if (!error.server.isEmpty() && m_connector.refusedCertificate(error.server))
        return ErrorStrip::Remedy{
            tr("Show &certificate…"),
            tr("Look at the certificate; accept it only once its owner has confirmed its fingerprint.")};
    return std::nullopt;
}

void Trust::showCertificate(const content::ServerCertificate &certificate, QWidget *parent,
                            const std::function<void()> &again)
{
    auto *dialog = new CertificateDialog(certificate, parent);
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

void Trust::askAboutPlainHttp(const QString &registry, QWidget *parent, const std::function<void()> &again)
{
    const Question question{
        QStringLiteral("plainHttp"), tr("Without encryption"),
        tr("%1 does not encrypt.").arg(items::oneLine(registry, 120)),
        tr("Anybody on the way can read and change what goes to and fro: images, and your password if you sign in. Use "
           "it like this only in a network that you trust. The answer holds until Colophon closes."),
        tr("&Use it without encryption")};
    ask(question, parent, [this, registry, again] {
        m_connector.allowPlainHttp(registry);
        again();
    });
}

void Trust::askAboutAddress(const base::Error &error, QWidget *parent, const std::function<void()> &again)
{
    const base::Error::Confined confined = *error.confined;
    const Question question{
        QStringLiteral("privateAddress"), tr("Private address"),
        tr("%1 leads to %2.").arg(items::oneLine(confined.registry, 120), items::oneLine(confined.address, 60)),
        tr("This address lies in a narrower network than the registry. Whoever wrote the image could have Colophon ask "
           "a machine that only you can reach, such as a router. Allow it only if you know that machine. No password "
           "goes there. The answer holds for this address and this registry until Colophon closes."),
        tr("&Allow the address")};
    ask(question, parent, [this, confined, again] {
        m_connector.allowAddress(confined);
        again();
    });
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
