// SPDX-License-Identifier: Apache-2.0
// What the window does with signatures: whom they are believed from, what checking them gave, and signing an image as
// it is.
#include "items/signaturewords.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/signaturespane.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/signing/newkeydialog.h"
#include "widgets/signing/publickeys.h"
#include "widgets/signing/signdialog.h"
#include "widgets/signing/signingchoice.h"
#include "widgets/signing/trustdialog.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/changebar.h"
#include "widgets/window/mainwindow.h"
#include "widgets/window/signingin.h"
#include "widgets/window/statusline.h"
#include "widgets/window/windowactions.h"

#include <QPointer>
#include <QTreeView>

#include <algorithm>

namespace colophon::widgets {

void MainWindow::connectSigning()
{
    SignaturesPane *pane = m_inspector->signatures();
    pane->setActions(m_actions->sign, m_actions->chooseKey, m_actions->checkSignatures);
    connect(pane, &SignaturesPane::wanted, &m_controller, &ImageController::listAttachments, Qt::QueuedConnection);
    connect(pane, &SignaturesPane::cancelRequested, &m_controller, &ImageController::stopLookingAtSignatures);
    connect(pane, &SignaturesPane::retryRequested, this, &MainWindow::checkAgain);
    connect(pane, &SignaturesPane::signRequested, m_actions->sign, &QAction::trigger);
    connect(m_actions->checkSignatures, &QAction::triggered, this, &MainWindow::checkAgain);
    connect(m_actions->signatures, &QAction::triggered, this, [this] {
        m_inspector->setCurrent(m_tree->current());
        m_inspector->setCurrentTab(Inspector::Tab::Signatures);
        m_inspector->signatures()->view()->setFocus();
    });
    connect(m_actions->chooseKey, &QAction::triggered, this,
            [this] { choosePublicKey(this, [this](const QString &path) { believeKey(path); }); });
    connect(m_actions->trust, &QAction::triggered, this, [this] {
        auto *dialog = new TrustDialog(m_settings, this);
        connect(dialog, &TrustDialog::changed, this, [this] {
            m_keysOfThisRun.clear(); // who was taken out of the list is believed no longer
            offerKeys();
            checkAgain();
        });
        dialog->open();
    });
    connect(m_actions->newKey, &QAction::triggered, this, [this] {
        auto *dialog = new NewKeyDialog(this);
        connect(dialog, &NewKeyDialog::created, this, [this](const QString &privateKey, const QString &publicKey) {
            const auto made = signing::PublicKey::fromFile(publicKey);
            m_settings.addKeyFile(privateKey, made ? made->fingerprint() : QString());
            offerKeys();
            m_status->say(tr("Made %1 and %2").arg(privateKey, publicKey));
        });
        connect(dialog, &NewKeyDialog::copied, m_status,
                [this](const QString &what) { m_status->say(tr("Copied %1").arg(what)); });
        dialog->open();
    });
    connect(m_actions->sign, &QAction::triggered, this, &MainWindow::signAsItIs);
    connect(m_review, &ReviewSheet::refused, this, &MainWindow::refuse);
    connect(m_review->signing(), &SigningChoice::changed, this, &MainWindow::showSignatureOfEdits);
}

void MainWindow::believeKey(const QString &path)
{
    const auto key = signing::PublicKey::fromFile(path);
    if (!key) {
        refuse(key.error());
        return;
    }
    m_settings.addKeyFile(path);
    offerKeys();
    checkAgain(); // somebody may have signed it in the meantime
}

void MainWindow::rememberKey(const QString &path, const QString &fingerprint)
{
    if (!m_samples.keyFiles.contains(path))
        m_settings.addKeyFile(path, fingerprint);
    offerKeys();
}

void MainWindow::offerKeys()
{
    m_review->setKeyFiles(keyFiles());
    // A public key's own file names it better than that of its private half.
    const auto known =
        joined(publicKeysBeside(m_samples.keyFiles + m_samples.publicKeyFiles), rememberedPublicKeys(m_settings));
    m_controller.setPublicKeys(joined(known, m_keysOfThisRun));
    const auto trust = m_settings.signatureTrust();
    const auto roots = signing::rootsIn(trust.rootFiles);
    const auto policy = signing::notationTrustIn(trust.trustStore, trust.trustPolicy);
    m_controller.setRoots(roots.value_or(QList<signing::Certificate>()), {trust.signers, trust.vouchers});
    m_controller.setNotationTrust(policy ? *policy : std::nullopt);
    if (!roots)
        refuse(roots.error().withOperation(tr("read the roots that signatures are believed from")));
    else if (!policy)
        refuse(policy.error().withOperation(tr("read the trust policy")));
}

QStringList MainWindow::keyFiles() const { return m_samples.keyFiles + rememberedSigningKeys(m_settings); }

void MainWindow::believeFromNowOn(const QList<signing::PublicKey> &keys)
{
    m_keysOfThisRun = joined(m_keysOfThisRun, keys);
    offerKeys();
}

void MainWindow::checkAgain()
{
    m_controller.forgetAttachments();
    m_controller.checkSignatures();
    if (m_inspector->signatures()->isVisible())
        m_controller.listAttachments();
}

void MainWindow::signAsItIs()
{
    const editing::ImageDocument *document = m_controller.document();
    auto *dialog = new SignDialog({m_controller.target(), document->reference(), document->original()}, this);
    dialog->signing()->setKeychain(m_keychain);
    dialog->signing()->setKeyFiles(keyFiles());
    connect(dialog->signing(), &SigningChoice::keyOpened, this, &MainWindow::rememberKey);
    connect(dialog, &SignDialog::isSigned, this, [this](const QList<signing::PublicKey> &keys) {
        believeFromNowOn(keys);
        checkAgain();
        m_status->say(tr("Signed %1").arg(m_controller.requested().toString()));
    });
    connect(dialog, &SignDialog::signInWanted, this, [this, dialog](const QString &registry, const base::Error &error) {
        m_signingIn->askWho(registry, error, [again = QPointer<SignDialog>(dialog)] {
            if (again)
                again->sign();
        });
    });
    dialog->open();
}

// Beside the edits it matters only to who had a signature or is about to make one.
void MainWindow::showSignatureOfEdits()
{
    const editing::ImageDocument *document = m_controller.document();
    const bool wasSigned = std::ranges::any_of(
        m_controller.signatureReports(), [](const content::VerifyReport &each) { return !each.signatures.isEmpty(); });
    const bool isToBeSigned = m_review->signing()->isPending() || !m_review->signing()->signers().isEmpty();
    items::Appearance badge;
    if (document && document->isEdited() && (wasSigned || isToBeSigned))
        badge = {tr("Not signed yet"),
                 wasSigned ? tr("Its signatures stay with the old digest. The push signs the new one where a key is "
                                "chosen.")
                           : tr("The push signs the new digest with the key that is chosen."),
                 items::Tone::Warning, items::Symbol::Sign};
    m_changes->setSignature(badge);
}

void MainWindow::showSignatures()
{
    const QList<content::VerifyReport> &reports = m_controller.signatureReports();
    std::optional<content::VerifyReport> root;
    if (!reports.isEmpty())
        root = reports.constFirst();
    m_inspector->setSignatureReport(root);
    SignatureState state;
    state.isListing = m_controller.isListingAttachments();
    state.isChecking = m_controller.isCheckingSignatures();
    state.attachments = m_controller.attachments();
    state.reports = reports;
    state.error = m_controller.attachmentError() ? m_controller.attachmentError() : m_controller.signatureError();
    m_inspector->signatures()->setState(state);
    // Of what was opened; the sheet speaks of what is pushed.
    m_review->setSignatures(reports);
    m_review->setAttachments(m_controller.attachments());
    items::Appearance badge;
    if (root && !isReviewing())
        badge = items::appearanceOf(*root);
    const editing::ImageDocument *document = m_controller.document();
    if (document && document->isEdited() && !isReviewing())
        badge = {tr("Edited: not signed yet"),
                 tr("The push gives the image a new digest, and signs it where a key is chosen."), items::Tone::Warning,
                 items::Symbol::Sign};
    m_status->setSignature(badge);
    showSignatureOfEdits();
}

} // namespace colophon::widgets
