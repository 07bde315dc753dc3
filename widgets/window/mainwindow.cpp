// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/mainwindow.h"

#include "widgets/common/errorstrip.h"
#include "widgets/common/statepane.h"
#include "widgets/connect/referencebar.h"
#include "widgets/inspector/inspector.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/signing/publickeys.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/changebar.h"
#include "widgets/window/draftstrips.h"
#include "widgets/window/requestspane.h"
#include "widgets/window/savestrip.h"
#include "widgets/window/selectionactions.h"
#include "widgets/window/signingin.h"
#include "widgets/window/statusline.h"
#include "widgets/window/tagspane.h"
#include "widgets/window/undostrip.h"
#include "widgets/window/unsentedits.h"
#include "widgets/window/windowactions.h"

#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace colophon::widgets {

using State = ImageController::State;

MainWindow::MainWindow(content::Connector &connector, session::Settings &settings, const session::DraftStore &drafts)
    : m_settings(settings)
    , m_connector(connector)
    , m_trust(connector, settings)
    , m_controller(connector)
    , m_drafts(drafts)
    , m_signingIn(new SigningIn(connector, this))
    , m_actions(new WindowActions(this))
    , m_stack(new QStackedWidget(this))
    , m_bar(new ReferenceBar(this))
    , m_errors(new ErrorStrip(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_tags(new TagsPane(this))
    , m_pane(new StatePane(this))
    , m_tree(new ImageTreeView)
    , m_inspector(new Inspector(this))
    , m_changes(new ChangeBar(*m_actions, this))
    , m_review(new ReviewSheet(connector, this))
    , m_draftStrips(new DraftStrips(m_drafts, this))
    , m_undo(new UndoStrip(*m_review->undo(), this))
    , m_requests(new RequestsPane(this))
    , m_status(new StatusLine(this))
    , m_selection(new SelectionActions({m_actions, &m_controller, m_tree, m_inspector, &settings, this}))
{
    setObjectName(QStringLiteral("window"));
    m_stack->addWidget(buildWorkspace());
    m_stack->addWidget(m_review);
    auto *logged = new QSplitter(Qt::Vertical, this);
    logged->setObjectName(QStringLiteral("log"));
    logged->setHandleWidth(1);
    logged->setChildrenCollapsible(false);
    logged->addWidget(m_stack);
    logged->addWidget(m_requests);
    logged->setStretchFactor(0, 1);
    logged->setSizes({560, 200});
    m_requests->setMinimumHeight(140);
    m_requests->hide();
    setCentralWidget(logged);
    setStatusBar(m_status);
    setMinimumSize(1024, 600);
    resize(1280, 800);

    connectActions();
    connectController();
    connectPanes();
    connectReview();
    connectDrafts();
    connectSelection();
    connectSigningIn();
    connectSigning();

    offerKeys();
    setCustomersClients(settings.customersClients());
    restoreGeometry(settings.shape(QStringLiteral("window/geometry")));
    if (!m_splitter->restoreState(settings.shape(QStringLiteral("window/panes"))))
        m_splitter->setSizes({180, 700, 400});
    offerRecents();
    showState();
    showDocument();
    m_bar->focusField();
}

MainWindow::~MainWindow()
{
    // A field that loses the focus says what was typed in it: while everybody is there to listen.
    if (QWidget *focused = focusWidget())
        focused->clearFocus();
    // The views let go of the document before the controller, a member, takes it along.
    m_tree->setDocument(nullptr);
    m_inspector->setDocument(nullptr);
    m_controller.disconnect(this);
    if (editing::ImageDocument *document = m_controller.document())
        document->undoStack()->disconnect(this); // it says that it empties while the controller goes
}

QWidget *MainWindow::buildWorkspace()
{
    m_pane->setContent(m_tree);
    auto *middle = new QWidget(this);
    auto *stripped = new QVBoxLayout(middle);
    stripped->setContentsMargins(0, 0, 0, 0);
    stripped->setSpacing(0);
    stripped->addWidget(m_errors);
    stripped->addWidget(m_selection->saveStrip());
    stripped->addWidget(m_pane, 1);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_tags);
    m_splitter->addWidget(middle);
    m_splitter->addWidget(m_inspector);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 4);
    m_splitter->setStretchFactor(2, 2);
    m_tags->setMinimumWidth(160);
    middle->setMinimumWidth(464);
    m_inspector->setMinimumWidth(392); // the buttons of its panes stand whole

    auto *workspace = new QWidget(this);
    auto *column = new QVBoxLayout(workspace);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_draftStrips);
    column->addWidget(m_undo);
    column->addWidget(m_splitter, 1);
    column->addWidget(m_changes);
    return workspace;
}

bool MainWindow::isReviewing() const { return m_stack->currentWidget() == m_review; }

void MainWindow::log(const content::RequestRecord &record)
{
    if (record.stage == content::RequestRecord::Stage::Begun)
        m_status->countRequest();
    m_requests->add(record);
}

void MainWindow::showWaiting(const QString &reason, std::chrono::milliseconds time)
{
    if (time.count() == 0)
        m_status->endWaiting();
    else
        m_status->showWaiting(reason, time);
    if (m_pane->state() == StatePane::State::Loading && time.count() > 0)
        m_pane->setAwaited(reason);
}

void MainWindow::open(const oci::Reference &reference)
{
    whenEditsMayGo(this, m_drafts, [this, reference] { openNow(reference); });
}

void MainWindow::openNow(const oci::Reference &reference)
{
    leaveReview();
    m_errors->clear();
    m_bar->setReference(reference);
    m_tags->setRepository(reference);
    m_controller.open(reference);
    m_tree->setFocus();
}

void MainWindow::showState()
{
    switch (m_controller.state()) {
    case State::Loading:
        m_errors->clear();
        m_status->say(tr("Reading %1").arg(m_controller.requested().toString()));
        if (m_controller.document())
            break;
        m_pane->showLoading(tr("Reading %1").arg(m_controller.requested().toString()));
        break;
    case State::Open: {
        m_pane->showContent();
        m_status->say(m_controller.requested() == m_shortName.reference
                          ? m_shortName.remark
                          : tr("Opened %1").arg(m_controller.requested().toString()));
        m_navigation.visit(m_controller.requested());
        if (!isSample(m_controller.requested()))
            m_settings.addRecentReference(m_controller.requested());
        offerRecents();
        break;
    }
    case State::Failed:
        if (m_controller.error()->kind == base::ErrorKind::Cancelled) {
            m_status->say(tr("Stopped reading %1").arg(m_controller.requested().toString()));
        } else {
            m_errors->setRetryable(true);
            m_errors->showError(*m_controller.error());
            m_status->say(tr("Could not open %1").arg(m_controller.requested().toString()));
        }
        if (!m_controller.document())
            m_bar->focusField(); // where it can be mended
        [[fallthrough]];
    case State::Empty:
        if (m_controller.document())
            m_pane->showContent();
        else
            m_pane->showEmpty(items::Symbol::Image, tr("Type an image reference above to see its layers."),
                              m_sampleSource ? tr("Open a sample image") : QString());
        break;
    }
    // Before the first image there is nothing for the panes at the sides to say.
    m_tags->setVisible(!m_controller.requested().isNull());
    m_inspector->setVisible(!m_controller.requested().isNull());
    updateActions();
}

void MainWindow::showDocument()
{
    editing::ImageDocument *document = m_controller.document();
    m_drafts.follow(document, !isSample(m_controller.requested()));
    m_tree->setDocument(document);
    m_inspector->setDocument(document, m_controller.target());
    m_inspector->clearProbes();
    const auto addressOf = [target = m_controller.target()](const oci::Descriptor &layer) {
        return target ? target->blobAddress(layer.digest) : QString();
    };
    m_tree->setAddressOf(addressOf);
    m_inspector->setAddressOf(addressOf);
    m_selection->setAddressOf(addressOf);
    m_bar->setPlatforms(document ? items::PlatformFilter::platformsOf(document->tree()) : QList<oci::Platform>());
    m_tree->setPlatforms(m_bar->chosenPlatforms());
    if (document) {
        // After changed(): only then the stack knows what can be undone.
        connect(document->undoStack(), &QUndoStack::indexChanged, this, &MainWindow::showEdits);
        m_inspector->setCurrent(m_tree->current());
    }
    setWindowTitle(document ? tr("%1[*] – Colophon").arg(items::oneLine(m_controller.requested().toString(), 160))
                            : tr("Colophon"));
    showEdits();
}

void MainWindow::showEdits()
{
    editing::ImageDocument *document = m_controller.document();
    m_changes->show(document);
    setWindowModified(document && document->isEdited());
    showSignatures();
    updateActions();
}

void MainWindow::showTags()
{
    m_tags->setRepository(m_controller.requested());
    // One error is enough: where the image failed too, its strip says why.
    const bool alsoFailed = m_controller.tagsError() && m_controller.state() == State::Failed;
    if (!m_controller.knowsTags() || (alsoFailed && !m_controller.isListingTags()))
        m_tags->showNothing();
    else if (m_controller.isListingTags())
        m_tags->showLoading();
    else if (m_controller.tagsError())
        m_tags->showError(*m_controller.tagsError());
    else
        m_tags->showTags(m_controller.tags());
}

void MainWindow::updateActions()
{
    editing::ImageDocument *document = m_controller.document();
    const bool here = !isReviewing();
    const bool open = document && here;
    QUndoStack *stack = document ? document->undoStack() : nullptr;
    m_actions->back->setEnabled(here && m_navigation.canGoBack());
    m_actions->forward->setEnabled(here && m_navigation.canGoForward());
    m_actions->focusReference->setEnabled(here);
    m_actions->filterTags->setEnabled(here);
    m_actions->reload->setEnabled(here && !m_controller.requested().isNull());
    m_actions->undo->setEnabled(here && stack && stack->canUndo());
    m_actions->redo->setEnabled(here && stack && stack->canRedo());
    m_actions->toggleMarking->setEnabled(open && m_tree->canToggle());
    m_actions->toggleMarking->setText(m_tree->togglesToMarked() ? tr("&Mark as non-distributable")
                                                                : tr("&Mark as distributable"));
    m_actions->selectDigest->setEnabled(open && !m_tree->selectedLayers().isEmpty());
    m_actions->copyDigest->setEnabled(open && m_tree->hasCurrent());
    m_actions->copyReference->setEnabled(open);
    m_actions->showJson->setEnabled(open);
    m_actions->probe->setEnabled(open && !m_controller.isProbing());
    m_actions->checkSignatures->setEnabled(open);
    m_actions->signatures->setEnabled(open);
    const bool edited = document && document->isEdited();
    m_actions->sign->setEnabled(open && !edited && !m_controller.isLoading());
    m_actions->sign->setToolTip(edited ? tr("The push of the edits signs: choose a key in its review")
                                       : tr("Sign the image as it is, without a push"));
    m_actions->review->setEnabled(isReviewing() || (open && document->isEdited() && !m_controller.isLoading()));
    m_actions->leaveReview->setEnabled(isReviewing());
    m_actions->undoPush->setEnabled(here && m_review->undo()->state() != PushUndo::State::Nothing);
    m_actions->unsentEdits->setEnabled(here);
    m_selection->update(open);
}

void MainWindow::refuse(const base::Error &error)
{
    m_errors->setRetryable(false);
    m_errors->showError(error);
}

} // namespace colophon::widgets
