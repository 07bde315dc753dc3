// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/acceptedcertificates.h"

#include "widgets/common/plain.h"
#include "widgets/connect/certificatedialog.h"

#include <QDialogButtonBox>
#include <QListWidget>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace colophon::widgets {

AcceptedCertificates::AcceptedCertificates(QList<content::CertificateException> accepted, QWidget *parent)
    : QDialog(parent)
    , m_accepted(std::move(accepted))
    , m_pages(new QStackedLayout)
    , m_list(new QListWidget(this))
{
    setWindowTitle(tr("Accepted certificates"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *sentence =
        plainLabel(tr("For these servers just the certificate with this SHA-256 fingerprint is accepted. A "
                      "server that is removed must again have one that an authority vouches for."),
                   this);
    m_list->setAccessibleName(tr("Accepted certificates"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAlternatingRowColors(true);
    for (const content::CertificateException &each : std::as_const(m_accepted)) {
        auto *item = new QListWidgetItem(
            QStringLiteral("%1\n%2").arg(items::oneLine(each.server()), inTwoLines(each.fingerprint)), m_list);
        item->setToolTip(items::toolTip(each.toString()));
    }
    auto *nothing = plainLabel(tr("None. Every server must have a certificate that an authority vouches for."), this);
    nothing->setObjectName(QStringLiteral("nothing"));
    nothing->setAlignment(Qt::AlignCenter);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_remove = buttons->addButton(tr("&Remove"), QDialogButtonBox::ActionRole);
    m_remove->setAutoDefault(false);
    connect(m_remove, &QPushButton::clicked, this, &AcceptedCertificates::removeCurrent);
    connect(buttons, &QDialogButtonBox::rejected, this, &AcceptedCertificates::reject);
    connect(m_list, &QListWidget::currentRowChanged, this, &AcceptedCertificates::update);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(16);
    column->addWidget(sentence);
    m_pages->addWidget(m_list);
    m_pages->addWidget(nothing);
    column->addLayout(m_pages, 1);
    column->addWidget(buttons);
    resize(760, 320);
    m_list->setCurrentRow(0);
    update();
}

void AcceptedCertificates::removeCurrent()
{
    const int row = m_list->currentRow();
    if (row < 0)
        return;
    delete m_list->takeItem(row);
    const content::CertificateException gone = m_accepted.takeAt(row);
    update();
    Q_EMIT removed(gone);
}

void AcceptedCertificates::update()
{
    m_pages->setCurrentIndex(m_accepted.isEmpty() ? 1 : 0);
    m_remove->setEnabled(m_list->currentRow() >= 0);
}

} // namespace colophon::widgets
