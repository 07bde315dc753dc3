// SPDX-License-Identifier: Apache-2.0
#include "widgets/signing/newkeydialog.h"

#include "signing/keypair.h"
#include "widgets/common/aside.h"
#include "widgets/common/plain.h"
#include "widgets/common/secretfield.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
SecretField *secretField(const QString &name, QWidget *parent)
{
    auto *field = new SecretField(parent);
    field->setObjectName(name);
    return field;
}
} // namespace

NewKeyDialog::NewKeyDialog(QWidget *parent)
    : QDialog(parent)
    , m_pages(new QStackedWidget(this))
    , m_path(new QLineEdit(this))
    , m_passphrase(secretField(QStringLiteral("newPassphrase"), this))
    , m_again(secretField(QStringLiteral("passphraseAgain"), this))
    , m_note(plainLabel({}, this))
    , m_made(plainLabel({}, this))
    , m_privatePath(new ValueLabel({}, this))
    , m_publicPath(new ValueLabel({}, this))
    , m_create(nullptr)
    , m_leave(nullptr)
{
    setObjectName(QStringLiteral("newKeyDialog"));
    setWindowTitle(tr("Create a key pair"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_path->setObjectName(QStringLiteral("keyPath"));
    m_path->setText(QDir::home().filePath(QStringLiteral("colophon")));
    m_pages->addWidget(buildForm());
    m_pages->addWidget(buildResult());

    auto *buttons = new QDialogButtonBox(this);
    m_leave = buttons->addButton(QDialogButtonBox::Cancel);
    m_create = buttons->addButton(tr("C&reate"), QDialogButtonBox::AcceptRole);
    m_create->setObjectName(QStringLiteral("createKey"));
    m_create->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &NewKeyDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &NewKeyDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(16);
    column->addWidget(m_pages);
    column->addWidget(m_note);
    column->addWidget(buttons);
    m_note->setObjectName(QStringLiteral("keyPairNote"));
    m_note->setWordWrap(true);
    setMinimumWidth(520);
    for (QLineEdit *field : std::initializer_list<QLineEdit *>{m_path, m_passphrase, m_again})
        connect(field, &QLineEdit::textChanged, this, &NewKeyDialog::judge);
    judge();
    m_passphrase->setFocus();
}

QWidget *NewKeyDialog::buildForm()
{
    auto *page = new QWidget(this);
    auto *words =
        plainLabel(tr("Makes NAME.key, which signs and stays with you, and NAME.pub, which anybody may have to "
                      "verify with. cosign reads both."),
                   page);
    words->setWordWrap(true);
    auto *browse = new QPushButton(tr("&Browse…"), page);
    connect(browse, &QPushButton::clicked, this, &NewKeyDialog::browse);
    browse->setAutoDefault(false);
    auto *where = new QHBoxLayout;
    where->setSpacing(8);
    where->addWidget(m_path, 1);
    where->addWidget(browse);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->addRow(tr("&Folder and name"), where);
    static_cast<QLabel *>(form->labelForField(where))->setBuddy(m_path);
    form->addRow(tr("&Passphrase"), m_passphrase);
    form->addRow(tr("The same &again"), m_again);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    column->addWidget(words);
    column->addLayout(form);
    return page;
}

QWidget *NewKeyDialog::buildResult()
{
    auto *page = new QWidget(this);
    m_made->setWordWrap(true);
    m_made->setObjectName(QStringLiteral("keyPairMade"));
    m_privatePath->setFont(fixedFont());
    m_publicPath->setFont(fixedFont());
    auto *keep = plainLabel(tr("Keep it, and a copy of it, to yourself: it signs."), page);
    auto *give = plainLabel(tr("Give it to whoever verifies your images."), page);
    for (QLabel *label : {keep, give}) {
        label->setWordWrap(true);
        label->setForegroundRole(QPalette::PlaceholderText);
    }
    auto *copy = new QPushButton(symbolIcon(items::Symbol::Copy), tr("Copy the &path of the public key"), page);
    copy->setObjectName(QStringLiteral("copyPublicPath"));
    copy->setAutoDefault(false);
    connect(copy, &QPushButton::clicked, this, [this] {
        const QString path = signing::keyPairFiles(m_path->text()).publicKey;
        QGuiApplication::clipboard()->setText(path);
        Q_EMIT copied(path);
    });
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_made);
    column->addSpacing(8);
    column->addWidget(m_privatePath);
    column->addWidget(keep);
    column->addSpacing(8);
    column->addWidget(m_publicPath);
    column->addWidget(give);
    column->addSpacing(8);
    column->addWidget(copy, 0, Qt::AlignLeft);
    column->addStretch(1);
    return page;
}

QString NewKeyDialog::said() const { return m_isDone ? m_made->text() : m_note->text(); }

void NewKeyDialog::say(const QString &sentence, bool isError)
{
    setPlainText(m_note, sentence);
    m_note->setVisible(!sentence.isEmpty());
    m_note->setForegroundRole(isError ? QPalette::WindowText : QPalette::PlaceholderText);
    QPalette mine;
    if (isError)
        mine.setColor(QPalette::WindowText, colorsOf(items::Tone::Error, palette()).text);
    m_note->setPalette(mine);
}

void NewKeyDialog::browse()
{
    auto *dialog = new QFileDialog(this, tr("Name of the key pair"), QFileInfo(m_path->text()).path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // nothing is ever overwritten
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        const QFileInfo file(path);
        const bool hasEnding = file.suffix() == QLatin1String("key") || file.suffix() == QLatin1String("pub");
        m_path->setText(hasEnding ? file.path() + QLatin1Char('/') + file.completeBaseName() : path);
    });
    dialog->open();
}

void NewKeyDialog::judge()
{
    if (m_isMaking || m_isDone)
        return;
    const QString prefix = m_path->text();
    QString why;
    bool isError = true;
    if (prefix.trimmed().isEmpty()) {
        why = tr("Where shall it go?");
        isError = false;
    } else if (const auto can = signing::canCreateKeyPair(prefix); !can) {
        why = can.error().text();
    } else if (!m_again->text().isEmpty() && m_passphrase->text() != m_again->text()) {
        why = tr("The two passphrases differ.");
    } else if (m_passphrase->text().isEmpty() || m_again->text().isEmpty()) {
        why = tr("Whoever has the file and the passphrase can sign in your name. The passphrase cannot be recovered.");
        isError = false;
    }
    m_create->setEnabled(why.isEmpty());
    say(why, isError);
}

void NewKeyDialog::accept()
{
    if (!m_create->isEnabled() || m_isMaking || m_isDone)
        return;
    const QString prefix = m_path->text();
    const base::Secret passphrase = m_passphrase->take();
    m_again->wipe();
    m_isMaking = true;
    m_create->setEnabled(false);
    m_pages->setEnabled(false);
    say(tr("Making the keys…"), false);
    using Made = base::Result<signing::PublicKey>;
    aside<Made>(
        this, [prefix, passphrase] { return signing::createKeyPair(prefix, passphrase); },
        [this](const Made &made) { finish(made); });
}

void NewKeyDialog::finish(const base::Result<signing::PublicKey> &made)
{
    m_isMaking = false;
    m_pages->setEnabled(true);
    if (!made) {
        say(made.error().text(), true);
        m_passphrase->setFocus();
        return;
    }
    m_isDone = true;
    const signing::KeyPairFiles files = signing::keyPairFiles(m_path->text());
    setPlainText(m_made,
                 items::readable(
                     tr("The pair is made: %1. It can be chosen to sign with from now on.").arg(made->description())));
    m_privatePath->setValue(files.privateKey);
    m_publicPath->setValue(files.publicKey);
    m_pages->setCurrentIndex(1);
    say({}, false);
    m_create->hide();
    m_leave->setText(tr("&Close"));
    m_leave->setDefault(true);
    m_leave->setFocus();
    Q_EMIT created(files.privateKey, files.publicKey);
}

} // namespace colophon::widgets
