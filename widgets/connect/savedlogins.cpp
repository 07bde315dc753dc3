// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/savedlogins.h"

#include "items/appearance.h"
#include "widgets/common/plain.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {

base::Detached removeFrom(std::shared_ptr<content::CredentialStore> keychain, QString registry,
                          std::function<void(const base::Result<void> &)> done)
{
    const base::Result<void> outcome = co_await keychain->remove(registry);
    done(outcome);
}

} // namespace

SavedLogins::SavedLogins(std::shared_ptr<content::CredentialStore> keychain, QWidget *parent)
    : QDialog(parent)
    , m_keychain(std::move(keychain))
    , m_words(plainLabel({}, this))
    , m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("savedLogins"));
    setWindowTitle(tr("Saved sign-ins"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_words->setWordWrap(true);
    m_list->setAccessibleName(tr("Sign-ins in the keychain"));
    m_list->setUniformItemSizes(true);
    m_list->setSpacing(2);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_remove = buttons->addButton(tr("&Remove"), QDialogButtonBox::ActionRole);
    m_remove->setAutoDefault(false); // Return in the list takes nothing away
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_remove, &QPushButton::clicked, this, &SavedLogins::removeCurrent);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) { m_remove->setEnabled(row >= 0); });
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(16);
    column->addWidget(m_words);
    column->addWidget(m_list, 1);
    column->addWidget(buttons);
    resize(480, 320);
    fill();
}

void SavedLogins::fill()
{
    m_list->clear();
    const QList<content::CredentialStore::Entry> entries = m_keychain->entries();
    for (const auto &entry : entries) {
        // No registry's name begins like the path of a key file.
        const QString name = items::oneLine(entry.registry, 120);
        const bool isKey = entry.registry.startsWith(QLatin1Char('/'));
        auto *item = new QListWidgetItem(isKey ? tr("The passphrase of %1").arg(name)
                                               : tr("%1 as %2").arg(name, items::oneLine(entry.user, 120)),
                                         m_list);
        item->setData(Qt::UserRole, entry.registry);
    }
    m_words->setText(entries.isEmpty() ? tr("Nothing is saved. The keychain keeps a password where “Remember in the "
                                            "keychain” was ticked beside it.")
                                       : tr("The keychain of this desktop keeps these passwords."));
    m_list->setVisible(!entries.isEmpty());
    m_remove->setEnabled(false);
    m_list->setCurrentRow(entries.isEmpty() ? -1 : 0);
}

void SavedLogins::removeCurrent()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item)
        return;
    m_remove->setEnabled(false);
    const QString registry = item->data(Qt::UserRole).toString();
    removeFrom(m_keychain, registry, [self = QPointer<SavedLogins>(this), registry](const auto &outcome) {
        if (self)
            self->finishRemoving(registry, outcome);
    });
}

void SavedLogins::finishRemoving(const QString &registry, const base::Result<void> &outcome)
{
    fill();
    if (outcome)
        Q_EMIT removed(registry);
    else
        m_words->setText(outcome.error().text());
}

} // namespace colophon::widgets
