// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/signingchoice.h"

#include "widgets/common/plain.h"
#include "widgets/common/tones.h"
#include "widgets/push/keyloader.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
constexpr int PathRole = Qt::UserRole;
} // namespace

SigningChoice::SigningChoice(QWidget *parent)
    : QWidget(parent)
    , m_choice(new QComboBox(this))
    , m_passphrase(new QLineEdit(this))
    , m_unlock(new QPushButton(tr("Un&lock"), this))
    , m_note(plainLabel({}, this))
    , m_loader(new KeyLoader(this))
{
    m_choice->setObjectName(QStringLiteral("signingKey"));
    m_choice->setAccessibleName(tr("Signing key"));
    m_choice->setMinimumContentsLength(20);
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_choice->addItem(tr("Do not sign"));
    m_choice->addItem(tr("Choose a key file…"));
    m_passphrase->setObjectName(QStringLiteral("passphrase"));
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_passphrase->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    m_passphrase->setPlaceholderText(tr("Passphrase"));
    m_passphrase->setAccessibleName(tr("Passphrase of the signing key"));
    m_passphrase->setMaximumWidth(200);
    m_note->setObjectName(QStringLiteral("keyNote"));
    m_note->setWordWrap(true);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_choice);
    row->addWidget(m_passphrase);
    row->addWidget(m_unlock);
    row->addWidget(m_note, 1);

    connect(m_choice, &QComboBox::activated, this, &SigningChoice::choose);
    connect(m_passphrase, &QLineEdit::returnPressed, this, &SigningChoice::unlock);
    connect(m_unlock, &QPushButton::clicked, this, &SigningChoice::unlock);
    connect(m_loader, &KeyLoader::loaded, this, [this](const QString &path, const signing::SigningKey &key) {
        m_key = key;
        show(key.publicKey().description(), false, Wants::Nothing);
        Q_EMIT keyOpened(path);
        Q_EMIT keyChanged();
    });
    connect(m_loader, &KeyLoader::failed, this, [this](const QString &, const base::Error &error) {
        const bool wrong = error.kind == base::ErrorKind::CheckFailed;
        if (wrong && !m_askedForPassphrase)
            show(tr("This key has a passphrase."), false, Wants::Passphrase);
        else
            show(error.text(), true, wrong ? Wants::Passphrase : Wants::Nothing);
        m_askedForPassphrase = wrong;
        if (wrong)
            m_passphrase->setFocus();
        Q_EMIT keyChanged();
    });
    show({}, false, Wants::Nothing);
}

void SigningChoice::setKeyFiles(const QStringList &paths)
{
    const QString chosen = m_choice->currentData(PathRole).toString();
    while (m_choice->count() > 2)
        m_choice->removeItem(1);
    int row = 1;
    for (const QString &path : paths) {
        m_choice->insertItem(row, QFileInfo(path).fileName(), QVariant());
        m_choice->setItemData(row, path, PathRole);
        m_choice->setItemData(row, items::toolTip(path), Qt::ToolTipRole);
        ++row;
    }
    const int again = chosen.isEmpty() ? 0 : m_choice->findData(chosen, PathRole);
    m_chosen = std::max(0, again);
    m_choice->setCurrentIndex(m_chosen);
}

bool SigningChoice::isPending() const { return m_chosen > 0 && !m_key; }

void SigningChoice::chooseKeyFile(const QString &path)
{
    int row = m_choice->findData(path, PathRole);
    if (row < 0) {
        row = m_choice->count() - 1;
        m_choice->insertItem(row, QFileInfo(path).fileName());
        m_choice->setItemData(row, path, PathRole);
        m_choice->setItemData(row, items::toolTip(path), Qt::ToolTipRole);
    }
    m_choice->setCurrentIndex(row);
    choose(row);
}

void SigningChoice::choose(int index)
{
    if (index == m_choice->count() - 1) {
        m_choice->setCurrentIndex(m_chosen);
        browse();
        return;
    }
    m_chosen = index;
    m_key.reset();
    m_askedForPassphrase = false;
    if (index == 0) {
        m_loader->forget();
        show({}, false, Wants::Nothing);
    } else {
        show(tr("Opening the key…"), false, Wants::Nothing);
        m_loader->load(m_choice->itemData(index, PathRole).toString(), {});
    }
    Q_EMIT keyChanged();
}

void SigningChoice::browse()
{
    auto *dialog = new QFileDialog(this, tr("Signing key"), {}, tr("Keys (*.key *.pem);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &SigningChoice::chooseKeyFile);
    dialog->open();
}

void SigningChoice::unlock()
{
    if (m_passphrase->text().isEmpty() || m_loader->isLoading())
        return;
    const base::Secret passphrase(m_passphrase->text().toUtf8());
    m_passphrase->clear();
    show(tr("Opening the key…"), false, Wants::Nothing);
    m_loader->load(m_choice->itemData(m_chosen, PathRole).toString(), passphrase);
}

void SigningChoice::show(const QString &note, bool isError, Wants wants)
{
    setPlainText(m_note, note);
    setPlainToolTip(m_note, note);
    QPalette mine = palette();
    mine.setColor(QPalette::WindowText,
                  isError ? colorsOf(items::Tone::Error, palette()).text : palette().color(QPalette::PlaceholderText));
    m_note->setPalette(mine);
    m_passphrase->setVisible(wants == Wants::Passphrase);
    m_unlock->setVisible(wants == Wants::Passphrase);
}

} // namespace colophon::widgets
