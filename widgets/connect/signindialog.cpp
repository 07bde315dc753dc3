// SPDX-License-Identifier: Apache-2.0
#include "widgets/connect/signindialog.h"

#include "widgets/common/plain.h"
#include "widgets/common/secretfield.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

SignInDialog::SignInDialog(const QString &registry, const base::Error &why, bool wasRefused, QWidget *parent)
    : QDialog(parent)
    , m_registry(registry)
    , m_user(new QLineEdit(this))
    , m_password(new SecretField(this))
    , m_remember(new QCheckBox(tr("&Remember in the keychain"), this))
    , m_promise(plainLabel({}, this))
{
    setWindowTitle(tr("Sign in"));
    setAttribute(Qt::WA_DeleteOnClose);

    auto *icon = new QLabel(this);
    icon->setPixmap(symbolPixmap(items::Symbol::Lock, palette().color(QPalette::WindowText), 24, devicePixelRatioF()));
    icon->setAlignment(Qt::AlignTop);
    auto *host = plainLabel(registry, this);
    host->setObjectName(QStringLiteral("registry"));
    QFont big = host->font();
    big.setPointSizeF(big.pointSizeF() * 1.3);
    big.setBold(true);
    host->setFont(big);
    auto *sentence = plainLabel(wasRefused ? tr("This registry did not accept that user and password.")
                                           : tr("This registry asks who you are."),
                                this);
    sentence->setWordWrap(true);
    setPlainToolTip(sentence, why.text());
    if (wasRefused) {
        const ToneColors colors = colorsOf(items::Tone::Error, palette());
        QPalette mine = sentence->palette();
        mine.setColor(QPalette::WindowText, colors.text);
        sentence->setPalette(mine);
    }
    m_promise->setObjectName(QStringLiteral("promise"));
    m_promise->setWordWrap(true);
    m_promise->setForegroundRole(QPalette::PlaceholderText);

    m_user->setObjectName(QStringLiteral("user"));
    m_password->setObjectName(QStringLiteral("password"));
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->addRow(tr("&User"), m_user);
    form->addRow(tr("&Password or token"), m_password);
    m_remember->setObjectName(QStringLiteral("remember"));
    form->addRow(QString(), m_remember);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_signIn = buttons->addButton(tr("&Sign in"), QDialogButtonBox::AcceptRole);
    m_signIn->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &SignInDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &SignInDialog::reject);

    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(host);
    words->addWidget(sentence);
    auto *head = new QHBoxLayout;
    head->setSpacing(16);
    head->addWidget(icon);
    head->addLayout(words, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(16);
    column->addLayout(head);
    column->addLayout(form);
    column->addWidget(m_promise);
    column->addWidget(buttons);
    setMinimumWidth(440);

    const auto complete = [this] { m_signIn->setEnabled(!m_user->text().isEmpty() && !m_password->text().isEmpty()); };
    connect(m_user, &QLineEdit::textChanged, this, complete);
    connect(m_password, &QLineEdit::textChanged, this, complete);
    complete();
    connect(m_remember, &QCheckBox::toggled, this, &SignInDialog::promise);
    setKeychain(false);
    m_user->setFocus();
}

void SignInDialog::setKeychain(bool isThere)
{
    m_hasKeychain = isThere;
    m_remember->setEnabled(isThere);
    if (!isThere)
        m_remember->setChecked(false);
    promise();
}

void SignInDialog::promise()
{
    const QString where = m_remember->isChecked()
                              ? tr("Kept in the keychain of this desktop, and sent only to this registry and the "
                                   "token service it names.")
                              : tr("Kept in memory until Colophon closes, and sent only to this registry and the "
                                   "token service it names.");
    m_promise->setText(m_hasKeychain ? where : where + u' ' + tr("There is no keychain here to remember it in."));
}

void SignInDialog::setUser(const QString &user)
{
    m_user->setText(user);
    if (!user.isEmpty())
        m_password->setFocus();
}

void SignInDialog::accept()
{
    if (!m_signIn->isEnabled())
        return;
    content::Credential credential;
    credential.user = m_user->text();
    credential.password = m_password->take();
    Q_EMIT credentialGiven(m_registry, credential, m_remember->isChecked());
    QDialog::accept();
}

void SignInDialog::reject()
{
    m_password->wipe();
    QDialog::reject();
}

} // namespace colophon::widgets
