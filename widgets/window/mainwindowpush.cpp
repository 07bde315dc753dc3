// SPDX-License-Identifier: Apache-2.0
// What the window does with edits on their way: the review, the push and the way back from it, and drafts.
#include "widgets/common/errorstrip.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/tree/imagetreeview.h"
#include "widgets/window/draftstrips.h"
#include "widgets/window/mainwindow.h"
#include "widgets/window/signingin.h"
#include "widgets/window/statusline.h"
#include "widgets/window/undostrip.h"
#include "widgets/window/unsentedits.h"
#include "widgets/window/windowactions.h"

#include <QCloseEvent>
#include <QSplitter>
#include <QStackedWidget>

namespace colophon::widgets {

void MainWindow::connectReview()
{
    connect(m_review, &ReviewSheet::closed, this, &MainWindow::leaveReview);
    connect(m_review, &ReviewSheet::reopenRequested, this, [this] {
        m_drafts.carryOver();
        const oci::Reference &image = m_controller.document()->reference();
        openNow(image.withTag(image.tag())); // what the tag names now
    });
    connect(m_review, &ReviewSheet::said, m_status, &StatusLine::say);
    connect(m_review, &ReviewSheet::openRequested, this,
            [this](const oci::Reference &pushed, const QList<signing::PublicKey> &keys) {
                believeFromNowOn(keys);
                openNow(pushed);
            });
    connect(m_review, &ReviewSheet::pushed, this, [this] { m_drafts.setSent(true); });
    connect(m_review, &ReviewSheet::keyOpened, this, &MainWindow::rememberKey);
    connect(m_review, &ReviewSheet::signInWanted, this, [this](const QString &registry, const base::Error &error) {
        m_signingIn->askWho(registry, error, [this] { m_review->goOn(); });
    });
    connect(m_review->undo(), &PushUndo::signInWanted, this, [this](const QString &registry, const base::Error &error) {
        m_signingIn->askWho(registry, error, [this] { m_review->goOn(); });
    });
    connect(m_review, &ReviewSheet::undone, this, [this] { m_drafts.setSent(false); });
    connect(m_review->undo(), &PushUndo::stateChanged, this, &MainWindow::updateActions);
    connect(m_actions->undoPush, &QAction::triggered, m_undo, &UndoStrip::ask);
    connect(m_undo, &UndoStrip::openRequested, this, &MainWindow::open);
}

void MainWindow::connectDrafts()
{
    connect(m_actions->unsentEdits, &QAction::triggered, &m_drafts, &DraftKeeper::putOffNothing);
    connect(m_draftStrips, &DraftStrips::restoreRequested, this, [this](const session::StoredDraft &stored) {
        if (m_drafts.isOpen(stored.draft.reference)) {
            m_drafts.restore(stored);
            return;
        }
        whenEditsMayGo(this, m_drafts, [this, stored] {
            const oci::Reference &image = stored.draft.reference;
            m_drafts.restore(stored);
            openNow(image.tag().isEmpty() ? image : image.withTag(image.tag())); // what the tag names now
        });
    });
    connect(&m_drafts, &DraftKeeper::restored, m_tree, qOverload<>(&QWidget::setFocus));
}

void MainWindow::reviewOrPush()
{
    if (isReviewing()) {
        m_review->pushOrOpen();
        return;
    }
    m_errors->clear();
    m_stack->setCurrentWidget(m_review);
    m_controller.listAttachments(); // what is left behind is counted, and what may be taken along is offered
    m_review->setSignatures(m_controller.signatureReports());
    m_review->review(m_controller.document());
    showSignatures();
    updateActions();
}

void MainWindow::leaveReview()
{
    if (!isReviewing())
        return;
    m_stack->setCurrentIndex(0);
    m_tree->setFocus();
    showSignatures();
    updateActions();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_closing && m_drafts.hasUnsentEdits()) {
        event->ignore();
        whenEditsMayGo(this, m_drafts, [this] {
            m_closing = true;
            close();
        });
        return;
    }
    m_settings.setShape(QStringLiteral("window/geometry"), saveGeometry());
    m_settings.setShape(QStringLiteral("window/panes"), m_splitter->saveState());
    event->accept();
}

} // namespace colophon::widgets
