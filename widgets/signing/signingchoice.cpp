// SPDX-License-Identifier: Apache-2.0
#include "widgets/signing/signingchoice.h"

#include "items/hintwords.h"
#include "signing/allforms.h"
#include "signing/forms.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/signing/keychoice.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace colophon::widgets {

namespace {
QStringList formsOf(SigningChoice::Form form)
{
    switch (form) {
    case SigningChoice::Form::Cosign:
        break;
    case SigningChoice::Form::CosignLegacy:
        return {signing::cosignLegacyForm};
    case SigningChoice::Form::CosignBundle:
        return {signing::cosignBundleForm};
    case SigningChoice::Form::Notation:
        return {signing::notationForm};
    }
    return {signing::cosignLegacyForm, signing::cosignBundleForm};
}
} // namespace

SigningChoice::SigningChoice(QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
    , m_options(new QWidget(this))
    , m_add(new QPushButton(symbolIcon(items::Symbol::Add), tr("&Add a key"), m_options))
    , m_form(new QComboBox(m_options))
    , m_indexOnly(new QCheckBox(tr("The &index alone"), m_options))
{
    m_add->setObjectName(QStringLiteral("addKey"));
    setPlainToolTip(m_add, tr("Sign with another key as well"));
    m_form->setObjectName(QStringLiteral("signatureForm"));
    m_form->setAccessibleName(tr("Form of the signature"));
    const auto addForm = [this](Form form, const QString &text, const QString &help) {
        m_form->addItem(text, int(form));
        m_form->setItemData(m_form->count() - 1, items::toolTip(help), Qt::ToolTipRole);
    };
    addForm(
        Form::Cosign, tr("Cosign, both forms"),
        tr("Every cosign, podman, skopeo and CRI-O verify it: under a tag, and as a bundle attached to the image."));
    addForm(Form::CosignLegacy, tr("Cosign, under a tag only"),
            tr("Where any bundle is attached to the image too, newer cosigns look only at that."));
    addForm(Form::CosignBundle, tr("Cosign, as a bundle only"),
            tr("Podman, skopeo and CRI-O do not find it: they read the tag alone."));
    addForm(Form::Notation, tr("Notation, with certificates"), tr("An envelope as the Notary Project writes it."));
    m_indexOnly->setObjectName(QStringLiteral("indexOnly"));
    setPlainToolTip(m_indexOnly,
                    tr("Who asks for one platform by its digest then finds no signature. Otherwise every platform is "
                       "signed, and the index last."));
    auto *as = new QLabel(tr("&as"), m_options);
    as->setBuddy(m_form);
    auto *row = new QHBoxLayout(m_options);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(as);
    row->addWidget(m_form);
    row->addSpacing(8);
    row->addWidget(m_indexOnly);
    row->addSpacing(8);
    row->addWidget(m_add);
    row->addStretch(1);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
    m_column->addWidget(m_options);
    m_options->hide();
    addRow();

    connect(m_add, &QPushButton::clicked, this, [this] {
        addRow()->choice()->setFocus();
        takeChoices();
    });
    connect(m_form, &QComboBox::currentIndexChanged, this, &SigningChoice::takeChoices);
    connect(m_indexOnly, &QCheckBox::toggled, this, &SigningChoice::changed);
}

KeyChoice *SigningChoice::addRow()
{
    auto *row = new KeyChoice(this);
    m_rows.append(row);
    m_column->insertWidget(m_column->count() - 1, row);
    row->setKeyFiles(m_keyFiles);
    row->setKeychain(m_keychain);
    row->setRemovable(m_rows.size() > 1);
    connect(row, &KeyChoice::changed, this, &SigningChoice::takeChoices);
    connect(row, &KeyChoice::keyOpened, this, &SigningChoice::keyOpened);
    connect(row, &KeyChoice::refused, this, &SigningChoice::refused);
    connect(row, &KeyChoice::removeRequested, this, [this, row] { removeRow(row); });
    return row;
}

void SigningChoice::removeRow(KeyChoice *row)
{
    m_rows.removeOne(row);
    row->hide();
    row->deleteLater();
    takeChoices();
    m_add->setFocus();
}

void SigningChoice::setKeyFiles(const QStringList &paths)
{
    m_keyFiles = paths;
    for (KeyChoice *row : std::as_const(m_rows))
        row->setKeyFiles(paths);
}

void SigningChoice::setKeychain(std::shared_ptr<content::CredentialStore> keychain)
{
    m_keychain = std::move(keychain);
    for (KeyChoice *row : std::as_const(m_rows))
        row->setKeychain(m_keychain);
}

void SigningChoice::setMultiPlatform(bool several)
{
    m_isMultiPlatform = several;
    m_indexOnly->setVisible(several);
}

void SigningChoice::chooseKeyFile(const QString &path) { m_rows.constFirst()->chooseKeyFile(path); }

void SigningChoice::setForm(Form form) { m_form->setCurrentIndex(m_form->findData(int(form))); }

SigningChoice::Form SigningChoice::form() const { return Form(m_form->currentData().toInt()); }

bool SigningChoice::isIndexOnly() const { return m_isMultiPlatform && m_indexOnly->isChecked(); }

bool SigningChoice::isPending() const
{
    return m_isCertificateWanting || std::ranges::any_of(m_rows, [](const KeyChoice *row) { return row->isPending(); });
}

QList<signing::PublicKey> SigningChoice::publicKeys() const
{
    QList<signing::PublicKey> keys;
    for (const KeyChoice *row : m_rows) {
        if (row->key())
            keys.append(row->key()->publicKey());
    }
    return keys;
}

std::optional<signing::SigningKey> SigningChoice::key() const { return m_rows.constFirst()->key(); }

QComboBox *SigningChoice::choice() const { return m_rows.constFirst()->choice(); }

QLineEdit *SigningChoice::passphraseField() const { return m_rows.constFirst()->passphraseField(); }

void SigningChoice::takeChoices()
{
    m_signers.clear();
    m_isCertificateWanting = false;
    bool isAnyChosen = false;
    QStringList known; // fingerprints: a key that is chosen twice signs once
    for (KeyChoice *row : std::as_const(m_rows)) {
        isAnyChosen = isAnyChosen || row->isChosen();
        row->setWantsCertificates(form() == Form::Notation && row->key());
        row->setCertificateProblem({});
        if (!row->key() || known.contains(row->key()->publicKey().fingerprint()))
            continue;
        known.append(row->key()->publicKey().fingerprint());
        if (form() == Form::Notation && row->certificates().isEmpty()) {
            m_isCertificateWanting = true;
            continue;
        }
        const auto signers = signing::signersFor(*row->key(), formsOf(form()), row->certificates());
        if (!signers) {
            m_isCertificateWanting = true;
            row->setCertificateProblem(items::wordsInWindow(signers.error().text()));
            continue;
        }
        m_signers.append(*signers);
    }
    if (isPending())
        m_signers.clear();
    m_options->setVisible(isAnyChosen || m_rows.size() > 1);
    Q_EMIT changed();
}

} // namespace colophon::widgets
