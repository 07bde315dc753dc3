// SPDX-License-Identifier: Apache-2.0
#include "widgets/signing/trustdialog.h"

#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"
#include "widgets/signing/believed.h"
#include "widgets/signing/publickeys.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
constexpr int PathRole = Qt::UserRole;

void addRow(QListWidget *list, const QString &path, const QString &text)
{
    auto *item = new QListWidgetItem(items::oneLine(text, 200), list);
    item->setData(PathRole, path);
    item->setToolTip(items::toolTip(path));
}
} // namespace

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

QString TrustDialog::said() const { return m_note->text(); }

void TrustDialog::say(const QString &sentence, bool isError)
{
    setPlainText(m_note, sentence);
    m_note->setVisible(!sentence.isEmpty());
    QPalette mine;
    if (isError)
        mine.setColor(QPalette::WindowText, colorsOf(items::Tone::Error, palette()).text);
    m_note->setPalette(mine);
}

void TrustDialog::fill()
{
    m_keys->clear();
    m_roots->clear();
    for (const QString &path : m_settings.keyFiles()) {
        const QList<signing::PublicKey> keys = publicKeysBeside({path});
        if (!keys.isEmpty())
            addRow(m_keys, path, keys.constFirst().description());
    }
    const auto trust = m_settings.signatureTrust();
    for (const QString &path : trust.rootFiles) {
        const auto roots = rootsIn({path});
        if (!roots)
            addRow(m_roots, path, tr("%1: %2").arg(QFileInfo(path).fileName(), roots.error().message));
        else if (roots->size() == 1)
            addRow(m_roots, path, tr("%1: %2").arg(QFileInfo(path).fileName(), roots->constFirst().subject()));
        else
            addRow(m_roots, path, tr("%1: %2 roots").arg(QFileInfo(path).fileName()).arg(roots->size()));
    }
    m_signers->setText(trust.signers.join(QStringLiteral("; ")));
    m_vouchers->setText(trust.vouchers.join(QStringLiteral("; ")));
    m_store->setText(trust.trustStore);
    m_policy->setText(trust.trustPolicy);
    sayWhatCounts();
}

void TrustDialog::sayWhatCounts()
{
    const auto trust = m_settings.signatureTrust();
    const auto policy = notationTrustOf(trust);
    if (!policy)
        say(policy.error().text(), true);
    else if (!trust.rootFiles.isEmpty() && trust.signers.isEmpty())
        say(tr("Roots vouch for many, public ones for whoever asks them: nothing is verified by them until it is said "
               "who "
               "may sign."),
            false);
    else if (!trust.rootFiles.isEmpty() && trust.signers.contains(signing::CertificateTerms::anybody))
        say(tr("Whoever the roots vouch for is believed."), false);
    else
        say({}, false);
}

void TrustDialog::takeTerms()
{
    const auto several = [](const QLineEdit *field) {
        QStringList all;
        for (const QString &each : field->text().split(QLatin1Char(';'), Qt::SkipEmptyParts))
            all.append(each.trimmed());
        all.removeAll(QString());
        return all;
    };
    auto trust = m_settings.signatureTrust();
    const QStringList signers = several(m_signers);
    const QStringList vouchers = several(m_vouchers);
    if (signers == trust.signers && vouchers == trust.vouchers)
        return;
    trust.signers = signers;
    trust.vouchers = vouchers;
    m_settings.setSignatureTrust(trust);
    sayWhatCounts();
    Q_EMIT changed();
}

void TrustDialog::addKey(const QString &path)
{
    if (const auto key = signing::PublicKey::fromFile(path); !key) {
        say(key.error().text(), true);
        return;
    }
    m_settings.addKeyFile(path);
    fill();
    Q_EMIT changed();
}

void TrustDialog::removeKey()
{
    if (const QListWidgetItem *item = m_keys->currentItem()) {
        m_settings.forgetKeyFile(item->data(PathRole).toString());
        fill();
        Q_EMIT changed();
    }
}

void TrustDialog::addRoots(const QStringList &paths)
{
    if (const auto roots = rootsIn(paths); !roots) {
        say(roots.error().text(), true);
        return;
    }
    auto trust = m_settings.signatureTrust();
    trust.rootFiles += paths;
    trust.rootFiles.removeDuplicates();
    m_settings.setSignatureTrust(trust);
    fill();
    Q_EMIT changed();
}

void TrustDialog::removeRoot()
{
    if (const QListWidgetItem *item = m_roots->currentItem()) {
        auto trust = m_settings.signatureTrust();
        trust.rootFiles.removeAll(item->data(PathRole).toString());
        m_settings.setSignatureTrust(trust);
        fill();
        Q_EMIT changed();
    }
}

void TrustDialog::setPolicy(const QString &store, const QString &policy)
{
    m_store->setText(store);
    m_policy->setText(policy);
    takePolicy();
}

void TrustDialog::browse(bool forFolder)
{
    QLineEdit *field = forFolder ? m_store : m_policy;
    auto *dialog = new QFileDialog(this, forFolder ? tr("Folder with trust stores") : tr("Trust policy"),
                                   QFileInfo(field->text()).path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(forFolder ? QFileDialog::Directory : QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this, field](const QString &path) {
        field->setText(path);
        takePolicy();
    });
    dialog->open();
}

void TrustDialog::takePolicy()
{
    auto trust = m_settings.signatureTrust();
    if (m_policy->text() == trust.trustPolicy && m_store->text() == trust.trustStore)
        return;
    // notation keeps both in one folder.
    if (m_store->text().isEmpty() && !m_policy->text().isEmpty())
        m_store->setText(QFileInfo(m_policy->text()).absolutePath());
    trust.trustPolicy = m_policy->text();
    trust.trustStore = m_store->text();
    const auto policy = notationTrustOf(trust);
    if (!policy) {
        say(policy.error().text(), true);
        return; // what worked before stays
    }
    m_settings.setSignatureTrust(trust);
    say(trust.trustPolicy.isEmpty() ? tr("Notation's signatures are not verified.")
                                    : tr("Notation's signatures are verified by this policy."),
        false);
    Q_EMIT changed();
}

} // namespace colophon::widgets
