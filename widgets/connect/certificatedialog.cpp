// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/certificatedialog.h"

#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QDialogButtonBox>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {

QLabel *fingerprintLabel(const oci::Digest &fingerprint, const QString &name, QWidget *parent)
{
    // Not plainLabel()'s text: the line break is ours.
    QLabel *label = selectableLabel({}, parent);
    label->setText(inTwoLines(fingerprint));
    label->setFont(fixedFont());
    label->setWordWrap(false);
    label->setAccessibleName(name);
    label->setAccessibleDescription(content::fingerprintText(fingerprint));
    return label;
}

QString span(const QDateTime &from, const QDateTime &to)
{
    const QLocale here;
    return CertificateDialog::tr("%1 – %2").arg(here.toString(from.toLocalTime().date(), QLocale::ShortFormat),
                                                here.toString(to.toLocalTime().date(), QLocale::ShortFormat));
}

} // namespace

QString inTwoLines(const oci::Digest &fingerprint)
{
    const QString text = content::fingerprintText(fingerprint).mid(QStringLiteral("SHA256:").size());
    const qsizetype half = text.size() / 2;
    return text.left(half) + QLatin1Char('\n') + text.mid(half + 1);
}

CertificateDialog::CertificateDialog(content::ServerCertificate certificate, QWidget *parent)
    : QDialog(parent)
    , m_certificate(std::move(certificate))
    , m_icon(new QLabel(this))
{
    setWindowTitle(tr("Certificate"));
    setAttribute(Qt::WA_DeleteOnClose);
    const bool isChanged = !m_certificate.expected.isNull();

    m_icon->setAlignment(Qt::AlignTop);
    auto *server = plainLabel(m_certificate.exception.server(), this);
    server->setObjectName(QStringLiteral("server"));
    QFont big = server->font();
    big.setPointSizeF(big.pointSizeF() * 1.3);
    big.setBold(true);
    server->setFont(big);
    QStringList why = m_certificate.problems;
    if (isChanged)
        why.prepend(tr("This is not the certificate that was accepted for this server before."));
    m_problems = plainLabel(why.join(QLatin1Char(' ')), this);
    m_problems->setObjectName(QStringLiteral("problems"));
    paintTone();

    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->addRow(tr("For"), selectableLabel(m_certificate.subject, this));
    form->addRow(tr("Issued by"), selectableLabel(m_certificate.issuer, this));
    form->addRow(tr("Hosts"), selectableLabel(m_certificate.names.join(QStringLiteral(", ")), this));
    form->addRow(tr("Valid"), selectableLabel(span(m_certificate.validFrom, m_certificate.validUntil), this));
    form->addRow(tr("SHA-256"), fingerprintLabel(m_certificate.exception.fingerprint, tr("SHA-256 fingerprint"), this));
    if (isChanged)
        form->addRow(tr("Before"),
                     fingerprintLabel(m_certificate.expected, tr("Fingerprint that was accepted before"), this));

    auto *advice = plainLabel(
        m_certificate.canBeAccepted
            ? tr("Compare the fingerprint with the one that the owner of the server gives you, e.g. by telephone. "
                 "Accepting counts for this certificate on this host and port alone, and is remembered until you take "
                 "it back.")
            : tr("A certificate that was revoked cannot be accepted."),
        this);
    advice->setForegroundRole(QPalette::PlaceholderText);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_accept = buttons->addButton(isChanged ? tr("&Accept the new certificate") : tr("&Accept this certificate"),
                                  QDialogButtonBox::AcceptRole);
    m_accept->setAutoDefault(false);
    m_accept->setEnabled(m_certificate.canBeAccepted);
    buttons->button(QDialogButtonBox::Cancel)->setDefault(true); // Return accepts nothing by accident
    connect(buttons, &QDialogButtonBox::accepted, this, &CertificateDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &CertificateDialog::reject);

    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(server);
    words->addWidget(m_problems);
    auto *head = new QHBoxLayout;
    head->setSpacing(16);
    head->addWidget(m_icon);
    head->addLayout(words, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(16);
    column->addLayout(head);
    column->addLayout(form);
    column->addWidget(advice);
    column->addWidget(buttons);
    setFixedWidth(600);
    buttons->button(QDialogButtonBox::Cancel)->setFocus();
}

void CertificateDialog::accept()
{
    if (!m_accept->isEnabled())
        return;
    Q_EMIT certificateAccepted(m_certificate);
    QDialog::accept();
}

void CertificateDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintTone();
}

void CertificateDialog::paintTone()
{
    m_icon->setPixmap(
        symbolPixmap(items::Symbol::Unlock, palette().color(QPalette::WindowText), 24, devicePixelRatioF()));
    QPalette toned = m_problems->palette();
    toned.setColor(QPalette::WindowText, colorsOf(items::Tone::Error, palette()).text);
    m_problems->setPalette(toned);
}

} // namespace colophon::widgets
