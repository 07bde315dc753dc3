// SPDX-License-Identifier: Apache-2.0
#include "widgets/signing/trustdialog.h"

#include "signing/believed.h"
#include "widgets/common/plain.h"
#include "widgets/common/tones.h"
#include "widgets/signing/publickeys.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>

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
        const QString name = QFileInfo(path).fileName();
        if (const auto key = publicKeyOf(m_settings, path))
            addRow(m_keys, path, key->description());
        else if (path.endsWith(QLatin1String(".pub")))
            addRow(m_keys, path, tr("%1: cannot be read").arg(name));
        else
            addRow(m_keys, path, tr("%1: its public half is not known until the key is used again").arg(name));
    }
    const auto trust = m_settings.signatureTrust();
    for (const QString &path : trust.rootFiles) {
        const auto roots = signing::rootsIn({path});
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
    const auto policy = signing::notationTrustIn(trust.trustStore, trust.trustPolicy);
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
    if (const auto roots = signing::rootsIn(paths); !roots) {
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
    const auto policy = signing::notationTrustIn(trust.trustStore, trust.trustPolicy);
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
