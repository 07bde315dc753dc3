// SPDX-License-Identifier: Apache-2.0
// Who tells whom in the window: the connections between its parts, and the few actions that need several of them.
#include "items/appearance.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/statepane.h"
#include "widgets/common/wrappingtabs.h"
#include "widgets/connect/referencebar.h"
#include "widgets/inspector/consequencespane.h"
#include "widgets/inspector/inspector.h"
#include "widgets/inspector/overviewpane.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/explanation.h"
#include "widgets/window/mainwindow.h"
#include "widgets/window/requestspane.h"
#include "widgets/window/savestrip.h"
#include "widgets/window/selectionactions.h"
#include "widgets/window/signingin.h"
#include "widgets/window/statusline.h"
#include "widgets/window/tagspane.h"
#include "widgets/window/unsentedits.h"
#include "widgets/window/windowactions.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListView>

namespace colophon::widgets {

void MainWindow::connectActions()
{
    const auto on = [this](QAction *action, auto slot) { connect(action, &QAction::triggered, this, slot); };
    // The step is taken only once the edits may go.
    const auto go = [this](auto step) {
        whenEditsMayGo(this, m_drafts, [this, step] { openNow((m_navigation.*step)()); });
    };
    on(m_actions->back, [go] { go(&Navigation::back); });
    on(m_actions->forward, [go] { go(&Navigation::forward); });
    on(m_actions->focusReference, [this] { m_bar->focusField(); });
    on(m_actions->filterTags, [this] { m_tags->focusFilter(); });
    on(m_actions->reload, [this] { open(m_controller.requested()); });
    on(m_actions->undo, [this] { m_controller.document()->undoStack()->undo(); });
    on(m_actions->redo, [this] { m_controller.document()->undoStack()->redo(); });
    on(m_actions->toggleMarking, [this] { m_tree->toggleMarking(); });
    on(m_actions->selectDigest, [this] { m_tree->selectEverywhere(); });
    on(m_actions->copyDigest, [this] { copyDigest(); });
    on(m_actions->copyReference, [this] { copyReference(); });
    on(m_actions->showJson, [this] {
        m_inspector->setCurrent(m_tree->current());
        m_inspector->setCurrentTab(Inspector::Tab::Json);
    });
    on(m_actions->probe, [this] { m_controller.probe(layersToProbe()); });
    on(m_actions->review, [this] { reviewOrPush(); });
    on(m_actions->leaveReview, [this] { m_review->leaveOrCancel(); });
    on(m_actions->nextPane, [this] { goToNextPane(); });
    on(m_actions->certificates, [this] { m_trust.showAccepted(this); });
    connect(m_actions->requests, &QAction::toggled, m_requests, &QWidget::setVisible);
    connect(m_requests, &RequestsPane::closeRequested, this, [this] { m_actions->requests->setChecked(false); });
    connect(m_requests, &RequestsPane::copied, m_status, &StatusLine::say);
    m_status->setRequestsAction(m_actions->requests);
    on(m_actions->explain, [this] { (new Explanation(this))->open(); });
    on(m_actions->quit, [this] { close(); });

    // Space belongs to the tree alone: elsewhere it presses the button that has the focus.
    m_actions->toggleMarking->setShortcutContext(Qt::WidgetShortcut);
    removeAction(m_actions->toggleMarking);
    m_tree->addAction(m_actions->toggleMarking);
    auto *separator = new QAction(this);
    separator->setSeparator(true);
    m_tree->setMenuActions(m_actions->selectionActions() +
                           QList<QAction *>{separator, m_actions->copyDigest, m_actions->copyReference,
                                            m_actions->showJson, m_actions->probe, m_actions->verifyContent});
    m_bar->setNavigation(m_actions->back, m_actions->forward);
    m_bar->setMenu(m_actions->createMenu(this));
}

void MainWindow::connectController()
{
    connect(&m_controller, &ImageController::stateChanged, this, &MainWindow::showState);
    connect(&m_controller, &ImageController::documentReplaced, this, &MainWindow::showDocument);
    connect(&m_controller, &ImageController::documentReplaced, m_inspector->consequences(), [this] {
        const editing::ImageDocument *document = m_controller.document();
        m_inspector->consequences()->setServer(document ? document->reference().registry() : QString(),
                                               m_controller.serverFields());
    });
    connect(&m_controller, &ImageController::activityChanged, this, [this](const QString &activity) {
        m_status->say(activity);
        if (m_pane->state() == StatePane::State::Loading)
            m_pane->setAwaited(activity);
    });
    connect(&m_controller, &ImageController::tagsChanged, this, &MainWindow::showTags);
    connect(&m_controller, &ImageController::signaturesChanged, this, &MainWindow::showSignatures);
    connect(&m_controller, &ImageController::probeStarted, m_inspector, &Inspector::setProbing);
    connect(&m_controller, &ImageController::probeAnswered, m_inspector, &Inspector::setProbe);
    connect(&m_controller, &ImageController::probeStarted, this, &MainWindow::updateActions);
    connect(&m_controller, &ImageController::probingFinished, this, [this] {
        const int asked = m_controller.probed();
        const QString good = m_controller.verifiedContent()
                                 ? tr("Readable without credentials, with the right size and digest: %1 of %2.")
                                 : tr("Reachable without credentials, with the right size: %1 of %2.");
        m_status->say(asked == 0 ? tr("No address was asked.") : good.arg(m_controller.reachable()).arg(asked));
        if (m_controller.probeRefusal())
            refuse(*m_controller.probeRefusal());
        updateActions();
    });
}

void MainWindow::connectPanes()
{
    m_bar->setReader([&connector = m_connector](const QString &typed) { return connector.named(typed); });
    connect(m_bar, &ReferenceBar::understood, this,
            [this](const oci::Reference &reference, const QString &remark) { m_shortName = {reference, remark}; });
    connect(m_bar, &ReferenceBar::openRequested, this, &MainWindow::open);
    connect(m_bar, &ReferenceBar::refused, this, &MainWindow::refuse);
    connect(m_inspector->consequences(), &ConsequencesPane::linesChosen, this, [this](const QStringList &ids) {
        m_settings.setCustomersClients(ids);
        setCustomersClients(ids);
    });
    connect(m_bar, &ReferenceBar::platformsChosen, this, [this] { m_tree->setPlatforms(m_bar->chosenPlatforms()); });
    connect(m_tags, &TagsPane::tagActivated, this, &MainWindow::open);
    connect(m_tags, &TagsPane::retryRequested, &m_controller, &ImageController::listTags);
    connect(m_errors, &ErrorStrip::retryRequested, &m_controller, &ImageController::reload);
    m_bar->setInClear(
        [&connector = m_connector](const QString &registry) { return connector.allowsPlainHttp(registry); });
    m_trust.serve(m_errors, [this] {
        m_bar->showBadge();
        if (m_controller.probeRefusal() && !m_errors->isRetryable()) { // not what opening said
            m_errors->clear();
            m_controller.probeAgain();
        } else {
            m_controller.reload();
        }
    });
    m_trust.serve(m_review->errors(), [this] { m_review->goOn(); });
    m_trust.serve(m_selection->saveStrip()->errors(), [this] { m_selection->saveStrip()->goOn(); });
    connect(m_pane, &StatePane::cancelRequested, &m_controller, &ImageController::cancel);
    connect(m_pane, &StatePane::retryRequested, &m_controller, &ImageController::reload);
    connect(m_pane, &StatePane::actionTriggered, this, &MainWindow::openSample);

    connect(m_tree, &ImageTreeView::currentNodeChanged, m_inspector, &Inspector::setCurrent);
    connect(m_tree, &ImageTreeView::layersSelected, this, &MainWindow::updateActions);
    connect(m_tree, &ImageTreeView::refused, this, &MainWindow::refuse);
    connect(m_tree, &ImageTreeView::toggled, m_status, &StatusLine::say);
    connect(m_inspector, &Inspector::probeRequested, &m_controller, &ImageController::probe);
    connect(m_inspector, &Inspector::nodeActivated, m_tree, &ImageTreeView::setCurrent);
    connect(m_inspector, &Inspector::copied, m_status, &StatusLine::say);
}

void MainWindow::connectSelection()
{
    connect(m_selection, &SelectionActions::said, m_status, &StatusLine::say);
    connect(m_selection, &SelectionActions::refused, this, &MainWindow::refuse);
    connect(m_selection, &SelectionActions::changed, this, &MainWindow::updateActions);
    connect(m_selection, &SelectionActions::signInWanted, m_signingIn, &SigningIn::askWho);
}

void MainWindow::connectSigningIn()
{
    connect(m_signingIn, &SigningIn::said, m_status, &StatusLine::say);
    connect(m_signingIn, &SigningIn::refused, this, &MainWindow::refuse);
    const auto show = [this] {
        m_status->setSignedIn(m_signingIn->inWords(m_controller.requested()));
        m_review->setSignedIn(m_signingIn->inWords(m_review->controller()->destination()));
    };
    connect(m_signingIn, &SigningIn::credentialUsed, m_status, show);
    connect(&m_controller, &ImageController::stateChanged, m_status, show);
    connect(m_review->controller(), &PushController::stateChanged, m_status, show);
    connect(&m_controller, &ImageController::signInWanted, this,
            [this](const QString &registry, const base::Error &error) {
                m_signingIn->askWho(registry, error, [this] { m_controller.reload(); });
            });
    connect(m_actions->savedLogins, &QAction::triggered, m_signingIn, &SigningIn::showSaved);
    m_actions->savedLogins->setVisible(false);
}

void MainWindow::setKeychain(std::shared_ptr<content::CredentialStore> keychain)
{
    m_actions->savedLogins->setVisible(keychain != nullptr);
    m_review->setKeychain(keychain);
    m_keychain = keychain;
    m_signingIn->setKeychain(std::move(keychain));
}

void MainWindow::setSampleSource(std::function<Samples()> source)
{
    m_sampleSource = std::move(source);
    showState();
}

void MainWindow::offerSamples()
{
    if (!m_sampleSource || !m_samples.references.isEmpty())
        return;
    m_samples = m_sampleSource();
    offerRecents();
    offerKeys();
}

void MainWindow::openSample()
{
    offerSamples();
    const auto first = oci::Reference::parse(m_samples.references.value(0));
    if (m_samples.error)
        refuse(*m_samples.error);
    else if (first)
        open(*first);
}

bool MainWindow::isSample(const oci::Reference &reference) const
{
    const auto first = oci::Reference::parse(m_samples.references.value(0));
    return first && first->registry() == reference.registry();
}

void MainWindow::offerRecents()
{
    QStringList all = m_settings.recentReferences();
    for (const QString &sample : std::as_const(m_samples.references)) {
        if (!all.contains(sample))
            all.append(sample);
    }
    m_bar->setRecents(all);
}

QList<document::NodePath> MainWindow::layersToProbe() const
{
    return m_tree->selectedLayers(); // none selected: all of them
}

void MainWindow::copyDigest()
{
    const QString digest = m_tree->currentDigest();
    QGuiApplication::clipboard()->setText(digest);
    m_status->say(tr("Copied %1").arg(digest));
}

void MainWindow::copyReference()
{
    const editing::ImageDocument *document = m_controller.document();
    const document::NodePath image = m_tree->current().manifest();
    const auto descriptor = document->original().descriptor(image);
    // Of the image as the registry has it: an edited one is nowhere yet.
    oci::Reference reference = document->reference();
    if (descriptor)
        reference = reference.withTag({}).withDigest(descriptor->digest);
    QGuiApplication::clipboard()->setText(reference.toString());
    m_status->say(tr("Copied %1").arg(reference.toString()));
}

void MainWindow::setCustomersClients(const QStringList &ids)
{
    m_inspector->consequences()->setLines(ids);
    m_review->controller()->setCustomers(m_inspector->consequences()->lines());
}

void MainWindow::goToNextPane()
{
    const QList<QWidget *> panes{m_bar->field(), m_tags->view(), m_tree, m_inspector->tabs()};
    const QList<QWidget *> areas{m_bar, m_tags, m_tree, m_inspector};
    qsizetype next = 0;
    for (qsizetype pane = 0; pane < areas.size(); ++pane) {
        const QWidget *focused = focusWidget();
        if (focused && (focused == areas.at(pane) || areas.at(pane)->isAncestorOf(focused)))
            next = (pane + 1) % panes.size();
    }
    panes.at(next)->setFocus(Qt::ShortcutFocusReason);
}

} // namespace colophon::widgets
