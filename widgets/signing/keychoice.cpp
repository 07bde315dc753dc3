// SPDX-License-Identifier: Apache-2.0
#include "widgets/signing/keychoice.h"

#include "base/plaintext.h"
#include "widgets/common/plain.h"
#include "widgets/common/secretfield.h"
#include "widgets/common/tones.h"
#include "widgets/signing/keyloader.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
constexpr int PathRole = Qt::UserRole;

using Found = base::Result<std::optional<content::Credential>>;

base::Detached askWhether(std::shared_ptr<content::CredentialStore> keychain, std::function<void(bool)> told)
{
    const bool isThere = co_await keychain->isAvailable();
    told(isThere);
}

base::Detached findIn(std::shared_ptr<content::CredentialStore> keychain, QString path,
                      std::function<void(const Found &)> found)
{
    const Found credential = co_await keychain->find(path, {});
    found(credential);
}

base::Detached keepIn(std::shared_ptr<content::CredentialStore> keychain, QString path, base::Secret passphrase,
                      QPointer<KeyChoice> reporter)
{
    const content::Credential credential{QStringLiteral("passphrase"), passphrase};
    const base::Result<void> saved = co_await keychain->save(path, credential);
    if (!saved && reporter)
        Q_EMIT reporter->refused(saved.error());
}

void paint(QLabel *label, bool isError)
{
    // Of what is no error only the role is set, so that it follows the palette.
    label->setForegroundRole(isError ? QPalette::WindowText : QPalette::PlaceholderText);
    QPalette mine;
    if (isError)
        mine.setColor(QPalette::WindowText, colorsOf(items::Tone::Error, label->parentWidget()->palette()).text);
    label->setPalette(mine);
}
} // namespace

KeyChoice::KeyChoice(QWidget *parent)
    : QWidget(parent)
    , m_choice(new QComboBox(this))
    , m_passphrase(new SecretField(this))
    , m_unlock(new QPushButton(tr("Un&lock"), this))
    , m_remember(new QCheckBox(tr("&Remember in the keychain"), this))
    , m_note(plainLabel({}, this))
    , m_removal(symbolButton(items::Symbol::Close, tr("Do not sign with this key"), this))
    , m_certificateRow(new QWidget(this))
    , m_certificateNote(plainLabel({}, m_certificateRow))
    , m_certificateButton(new QPushButton(tr("C&ertificates…"), m_certificateRow))
    , m_loader(new KeyLoader(this))
{
    build();
    connectLoader();
    show({}, false, Wants::Nothing);
}

void KeyChoice::build()
{
    m_choice->setObjectName(QStringLiteral("signingKey"));
    m_choice->setAccessibleName(tr("Signing key"));
    m_choice->setMinimumContentsLength(20);
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_choice->addItem(tr("Do not sign"));
    m_choice->addItem(tr("Choose a key file…"));
    m_passphrase->setObjectName(QStringLiteral("passphrase"));
    m_passphrase->setPlaceholderText(tr("Passphrase"));
    m_passphrase->setAccessibleName(tr("Passphrase of the signing key"));
    m_passphrase->setMaximumWidth(200);
    m_remember->setObjectName(QStringLiteral("rememberPassphrase"));
    m_note->setObjectName(QStringLiteral("keyNote"));
    m_note->setWordWrap(true);
    m_removal->setObjectName(QStringLiteral("removeKey"));
    m_removal->hide();
    m_certificateButton->setObjectName(QStringLiteral("certificates"));
    m_certificateNote->setObjectName(QStringLiteral("certificateNote"));
    m_certificateNote->setWordWrap(true);

    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_choice);
    row->addWidget(m_passphrase);
    row->addWidget(m_unlock);
    row->addWidget(m_remember);
    row->addWidget(m_note, 1);
    row->addWidget(m_removal);
    auto *certificates = new QHBoxLayout(m_certificateRow);
    certificates->setContentsMargins(0, 0, 0, 0);
    certificates->setSpacing(8);
    certificates->addWidget(m_certificateButton);
    certificates->addWidget(m_certificateNote, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(row);
    column->addWidget(m_certificateRow);
    m_certificateRow->hide();

    connect(m_choice, &QComboBox::activated, this, &KeyChoice::choose);
    connect(m_passphrase, &QLineEdit::returnPressed, this, &KeyChoice::unlock);
    connect(m_unlock, &QPushButton::clicked, this, &KeyChoice::unlock);
    connect(m_removal, &QToolButton::clicked, this, &KeyChoice::removeRequested);
    connect(m_certificateButton, &QPushButton::clicked, this, &KeyChoice::browseCertificates);
}

void KeyChoice::connectLoader()
{
    connect(m_loader, &KeyLoader::loaded, this, [this](const QString &path, const signing::SigningKey &key) {
        m_key = key;
        takeOwnCertificates();
        show(key.publicKey().description(), false, Wants::Nothing);
        keepPassphrase();
        Q_EMIT keyOpened(path, key.publicKey().fingerprint());
        Q_EMIT changed();
    });
    connect(m_loader, &KeyLoader::failed, this, [this](const QString &, const base::Error &error) {
        m_typed = {};
        if (error.kind != base::ErrorKind::CheckFailed) {
            show(error.text(), true, Wants::Nothing);
        } else if (m_passphraseFrom == Source::Nobody && m_hasKeychain &&
                   m_keychain->entries().contains(
                       content::CredentialStore::Entry{path(), QStringLiteral("passphrase")})) {
            lookInKeychain();
            return;
        } else {
            askForPassphrase(error);
        }
        Q_EMIT changed();
    });
}

void KeyChoice::setKeyFiles(const QStringList &paths)
{
    const QString chosen = path();
    while (m_choice->count() > 2)
        m_choice->removeItem(1);
    int row = 1;
    for (const QString &each : paths) {
        m_choice->insertItem(row, QFileInfo(each).fileName(), QVariant());
        m_choice->setItemData(row, each, PathRole);
        m_choice->setItemData(row, items::toolTip(each), Qt::ToolTipRole);
        ++row;
    }
    const int again = chosen.isEmpty() ? 0 : m_choice->findData(chosen, PathRole);
    m_chosen = std::max(0, again);
    m_choice->setCurrentIndex(m_chosen);
}

void KeyChoice::setKeychain(std::shared_ptr<content::CredentialStore> keychain)
{
    m_keychain = std::move(keychain);
    m_hasKeychain = false;
    if (m_keychain)
        askWhether(m_keychain, [self = QPointer<KeyChoice>(this)](bool isThere) {
            if (!self)
                return;
            self->m_hasKeychain = isThere;
            self->m_remember->setVisible(isThere && !self->m_passphrase->isHidden());
        });
}

void KeyChoice::setRemovable(bool removable) { m_removal->setVisible(removable); }

QString KeyChoice::path() const { return m_choice->itemData(m_chosen, PathRole).toString(); }

QString KeyChoice::note() const { return m_note->text(); }

void KeyChoice::chooseKeyFile(const QString &path)
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

void KeyChoice::choose(int index)
{
    if (index == m_choice->count() - 1) {
        m_choice->setCurrentIndex(m_chosen);
        browse();
        return;
    }
    m_chosen = index;
    m_key.reset();
    m_typed = {};
    m_certificates = {};
    m_passphraseFrom = Source::Nobody;
    if (index == 0) {
        m_loader->forget();
        show({}, false, Wants::Nothing);
    } else {
        show(tr("Opening the key…"), false, Wants::Nothing);
        m_loader->load(path(), {});
    }
    showCertificates();
    Q_EMIT changed();
}

void KeyChoice::browse()
{
    auto *dialog = new QFileDialog(this, tr("Signing key"), {}, tr("Keys (*.key *.pem *.p12 *.pfx);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &KeyChoice::chooseKeyFile);
    dialog->open();
}

void KeyChoice::unlock()
{
    if (m_passphrase->text().isEmpty() || m_loader->isLoading())
        return;
    m_typed = m_passphrase->take();
    m_passphraseFrom = Source::Person;
    show(tr("Opening the key…"), false, Wants::Nothing);
    m_loader->load(path(), m_typed);
}

void KeyChoice::askForPassphrase(const base::Error &error)
{
    switch (m_passphraseFrom) {
    case Source::Nobody:
        show(tr("This key has a passphrase."), false, Wants::Passphrase);
        break;
    case Source::Keychain:
        show(tr("The passphrase in the keychain does not open it."), true, Wants::Passphrase);
        break;
    case Source::Person:
        show(error.text(), true, Wants::Passphrase);
        break;
    }
    m_passphrase->setFocus();
}

void KeyChoice::lookInKeychain()
{
    show(tr("Asking the keychain…"), false, Wants::Nothing);
    findIn(m_keychain, path(), [self = QPointer<KeyChoice>(this), asked = path()](const Found &found) {
        if (!self || self->path() != asked || self->m_key)
            return;
        if (found && *found) {
            self->m_passphraseFrom = Source::Keychain;
            self->m_loader->load(asked, (*found)->password);
            return;
        }
        self->askForPassphrase({});
        if (!found)
            Q_EMIT self->refused(found.error());
        Q_EMIT self->changed();
    });
}

void KeyChoice::keepPassphrase()
{
    if (m_passphraseFrom == Source::Person && m_hasKeychain && m_remember->isChecked())
        keepIn(m_keychain, path(), m_typed, this);
    m_typed = {};
}

void KeyChoice::setWantsCertificates(bool wanted)
{
    m_certificateRow->setVisible(wanted && isChosen());
    showCertificates();
}

void KeyChoice::setCertificateProblem(const QString &problem)
{
    m_certificateProblem = problem;
    showCertificates();
}

void KeyChoice::takeOwnCertificates()
{
    if (m_key->certificates().isEmpty())
        return;
    const auto own = signing::CertificateChain::fromDer(m_key->certificates(), m_key->publicKey().name());
    m_certificates = own ? *own : signing::CertificateChain();
}

void KeyChoice::browseCertificates()
{
    auto *dialog = new QFileDialog(this, tr("Certificates of this key"), {},
                                   tr("Certificates (*.pem *.crt *.cer);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &KeyChoice::chooseCertificates);
    dialog->open();
}

void KeyChoice::chooseCertificates(const QStringList &paths)
{
    const auto chain = signing::CertificateChain::fromFiles(paths);
    m_certificates = chain ? *chain : signing::CertificateChain();
    m_certificateProblem = chain ? QString() : chain.error().text();
    showCertificates();
    if (chain)
        Q_EMIT changed();
}

void KeyChoice::showCertificates()
{
    QString note;
    if (!m_certificateProblem.isEmpty())
        note = m_certificateProblem;
    else if (m_certificates.isEmpty())
        note = tr("A signature in this form carries the certificates of its key: from the key's own to the root.");
    else if (m_certificates.certificates().size() == 1)
        note = base::visible(m_certificates.leaf().identity().shortForm());
    else
        note = tr("%1 and the %2 that vouch for it")
                   .arg(base::visible(m_certificates.leaf().identity().shortForm()))
                   .arg(m_certificates.certificates().size() - 1);
    setPlainText(m_certificateNote, note);
    setPlainToolTip(m_certificateNote, note);
    paint(m_certificateNote, !m_certificateProblem.isEmpty());
}

void KeyChoice::show(const QString &note, bool isError, Wants wants)
{
    setPlainText(m_note, note);
    setPlainToolTip(m_note, note);
    paint(m_note, isError);
    m_passphrase->setVisible(wants == Wants::Passphrase);
    m_unlock->setVisible(wants == Wants::Passphrase);
    m_remember->setVisible(wants == Wants::Passphrase && m_hasKeychain);
}

} // namespace colophon::widgets
