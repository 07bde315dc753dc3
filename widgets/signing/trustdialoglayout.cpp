// SPDX-License-Identifier: Apache-2.0
// How the dialog is laid out, and what its buttons and fields are tied to.
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/signing/publickeys.h"
#include "widgets/signing/trustdialog.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

TrustDialog::TrustDialog(session::Settings &settings, QWidget *parent)
    : QDialog(parent)
    , m_settings(settings)
    , m_keys(new QListWidget(this))
    , m_roots(new QListWidget(this))
    , m_signers(new QLineEdit(this))
    , m_vouchers(new QLineEdit(this))
    , m_store(new QLineEdit(this))
    , m_policy(new QLineEdit(this))
    , m_note(plainLabel({}, this))
{
    setObjectName(QStringLiteral("trustDialog"));
    setWindowTitle(tr("Whom to believe"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_keys->setObjectName(QStringLiteral("publicKeys"));
    m_roots->setObjectName(QStringLiteral("roots"));
    m_note->setObjectName(QStringLiteral("trustNote"));
    m_note->setWordWrap(true);

    auto *words =
        plainLabel(tr("Signatures are checked with these when an image is opened, without asking anybody but its "
                      "registry: no transparency log, no list of revoked certificates."),
                   this);
    words->setWordWrap(true);
    auto *addKeyButton = new QPushButton(symbolIcon(items::Symbol::Add), tr("Add a &key…"), this);
    auto *removeKeyButton = new QPushButton(tr("&Remove"), this);
    auto *addRootButton = new QPushButton(symbolIcon(items::Symbol::Add), tr("Add r&oots…"), this);
    auto *removeRootButton = new QPushButton(tr("Re&move"), this);
    removeKeyButton->setObjectName(QStringLiteral("removeKey"));
    removeRootButton->setObjectName(QStringLiteral("removeRoot"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false); // Return ends a field, not the dialog
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(16);
    column->addWidget(words);
    column->addWidget(
        buildList(tr("Public keys"), m_keys, tr("Public keys that may have signed"), addKeyButton, removeKeyButton), 1);
    auto *rootsBox =
        buildList(tr("Certificate roots"), m_roots, tr("Roots that certificates of signatures may lead to"),
                  addRootButton, removeRootButton);
    static_cast<QVBoxLayout *>(rootsBox->layout())->addLayout(buildTerms());
    column->addWidget(rootsBox, 1);
    column->addWidget(buildPolicy());
    column->addWidget(m_note);
    column->addWidget(buttons);
    resize(600, 640);

    connect(addKeyButton, &QPushButton::clicked, this,
            [this] { choosePublicKey(this, [this](const QString &path) { addKey(path); }); });
    connect(removeKeyButton, &QPushButton::clicked, this, &TrustDialog::removeKey);
    connect(addRootButton, &QPushButton::clicked, this, [this] {
        auto *dialog =
            new QFileDialog(this, tr("Certificate roots"), {}, tr("Certificates (*.pem *.crt *.cer);;All files (*)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFiles);
        connect(dialog, &QFileDialog::filesSelected, this, &TrustDialog::addRoots);
        dialog->open();
    });
    connect(removeRootButton, &QPushButton::clicked, this, &TrustDialog::removeRoot);
    fill();
}

QGroupBox *TrustDialog::buildList(const QString &title, QListWidget *list, const QString &what, QPushButton *add,
                                  QPushButton *remove)
{
    auto *box = new QGroupBox(title, this);
    list->setAccessibleName(what);
    list->setUniformItemSizes(true);
    list->setMinimumHeight(56);
    remove->setEnabled(false);
    for (QPushButton *button : {add, remove})
        button->setAutoDefault(false);
    connect(list, &QListWidget::currentRowChanged, remove, [remove](int row) { remove->setEnabled(row >= 0); });
    auto *buttons = new QVBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(add);
    buttons->addWidget(remove);
    buttons->addStretch(1);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(list, 1);
    row->addLayout(buttons);
    auto *column = new QVBoxLayout(box);
    column->setSpacing(8);
    column->addLayout(row, 1);
    return box;
}

QFormLayout *TrustDialog::buildTerms()
{
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    m_signers->setObjectName(QStringLiteral("signers"));
    m_signers->setPlaceholderText(tr("mail address, URI or host name; * for anybody"));
    m_vouchers->setObjectName(QStringLiteral("vouchers"));
    m_vouchers->setPlaceholderText(tr("OpenID provider or issuing authority; empty: does not matter"));
    for (QLineEdit *field : {m_signers, m_vouchers}) {
        setPlainToolTip(field, tr("Compared letter by letter. Several have semicolons between them."));
        connect(field, &QLineEdit::editingFinished, this, &TrustDialog::takeTerms);
    }
    form->addRow(tr("&Who may sign"), m_signers);
    form->addRow(tr("&Vouched for by"), m_vouchers);
    return form;
}

QWidget *TrustDialog::buildPolicy()
{
    auto *box = new QGroupBox(tr("Notation"), this);
    auto *form = new QFormLayout(box);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    const auto addField = [&](QLineEdit *field, const QString &name, const QString &objectName, bool isFolder) {
        field->setObjectName(objectName);
        auto *browseButton = new QPushButton(tr("Browse…"), box);
        browseButton->setAutoDefault(false);
        connect(browseButton, &QPushButton::clicked, this, [this, isFolder] { browse(isFolder); });
        connect(field, &QLineEdit::editingFinished, this, &TrustDialog::takePolicy);
        auto *row = new QHBoxLayout;
        row->setSpacing(8);
        row->addWidget(field, 1);
        row->addWidget(browseButton);
        form->addRow(name, row);
        static_cast<QLabel *>(form->labelForField(row))->setBuddy(field);
    };
    addField(m_policy, tr("Trust &policy"), QStringLiteral("trustPolicy"), false);
    addField(m_store, tr("Folder with trust &stores"), QStringLiteral("trustStore"), true);
    m_policy->setPlaceholderText(tr("trustpolicy.json; empty: notation's signatures are not verified"));
    m_store->setPlaceholderText(tr("the folder that has truststore/x509 in it"));
    return box;
}

} // namespace colophon::widgets
