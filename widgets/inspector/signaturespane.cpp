// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/signaturespane.h"

#include "document/titles.h"
#include "items/signaturewords.h"
#include "widgets/common/delegates.h"
#include "widgets/common/noticestrip.h"
#include "widgets/common/plain.h"
#include "widgets/common/statepane.h"
#include "widgets/inspector/signaturedetails.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>

namespace colophon::widgets {

using items::SignaturesModel;

SignaturesPane::SignaturesPane(QWidget *parent)
    : QWidget(parent)
    , m_pane(new StatePane(this))
    , m_badge(new Badge(this))
    , m_sentence(plainLabel({}, this))
    , m_remarks(new NoticeStrip(this))
    , m_view(new QTreeView)
    , m_details(new SignatureDetails)
    , m_buttons(new QWidget(this))
{
    m_sentence->setWordWrap(true);
    m_sentence->setObjectName(QStringLiteral("signaturesSentence"));
    auto *head = new QVBoxLayout;
    head->setContentsMargins(16, 8, 16, 8);
    head->setSpacing(4);
    head->addWidget(m_badge, 0, Qt::AlignLeft);
    head->addWidget(m_sentence);
    auto *buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(8, 8, 8, 8);
    buttons->setSpacing(8);
    m_pane->setContent(buildContent());
    m_remarks->setDismissable(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_remarks);
    column->addWidget(m_pane, 1);
    column->addWidget(m_buttons);
    m_badge->setAppearance({});

    connect(m_pane, &StatePane::actionTriggered, this, [this] {
        if (m_state.error)
            Q_EMIT retryRequested();
        else
            Q_EMIT signRequested();
    });
    connect(m_pane, &StatePane::cancelRequested, this, &SignaturesPane::cancelRequested);
    connect(m_pane, &StatePane::retryRequested, this, &SignaturesPane::retryRequested);
    connect(m_details, &SignatureDetails::copied, this, &SignaturesPane::copied);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &SignaturesPane::showDetails);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &SignaturesPane::showDetails);
}

QWidget *SignaturesPane::buildContent()
{
    m_view->setObjectName(QStringLiteral("signatures"));
    m_view->setAccessibleName(tr("Signatures and attachments"));
    m_view->setModel(&m_model);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setHeaderHidden(true);
    m_view->setIndentation(16);
    m_view->setAllColumnsShowFocus(true);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setItemDelegateForColumn(
        0, new TwoLineDelegate(SignaturesModel::SecondLineRole, SignaturesModel::SecondToneRole, m_view));
    m_view->setItemDelegateForColumn(SignaturesModel::VerdictColumn, new BadgeDelegate(m_view));
    for (int column = 0; column < m_model.columnCount(); ++column)
        m_view->setColumnHidden(column, column != 0 && column != SignaturesModel::VerdictColumn);
    QHeaderView *header = m_view->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(0, QHeaderView::Stretch);
    header->setSectionResizeMode(SignaturesModel::VerdictColumn, QHeaderView::Fixed);
    const QFontMetrics metrics(m_view->font());
    header->resizeSection(SignaturesModel::VerdictColumn, metrics.horizontalAdvance(tr("Not verified")) + 40);

    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_view);
    splitter->addWidget(m_details);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({300, 220});
    return splitter;
}

void SignaturesPane::setActions(QAction *sign, QAction *believe, QAction *check)
{
    auto *row = static_cast<QHBoxLayout *>(m_buttons->layout());
    for (QAction *action : {sign, believe, check}) {
        auto *button = new QPushButton(action->text(), m_buttons);
        button->setObjectName(action->objectName());
        const auto follow = [button, action] {
            button->setEnabled(action->isEnabled());
            setPlainToolTip(button, action->isEnabled() ? action->toolTip() : action->statusTip());
        };
        connect(action, &QAction::changed, button, follow);
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        follow();
        row->addWidget(button);
        if (action == sign)
            m_sign = button;
    }
    row->addStretch(1);
}

void SignaturesPane::setDocument(editing::ImageDocument *document, content::TargetPtr target)
{
    m_document = document;
    m_details->setTarget(std::move(target));
    m_current = document::NodePath::root();
    setState({});
}

void SignaturesPane::setState(const SignatureState &state)
{
    const bool isOther = !state.attachments || !m_state.attachments || m_model.rowCount() == 0;
    m_state = state;
    if (isOther)
        m_model.setAttachments(m_document ? m_document->original() : document::ImageTree(),
                               state.attachments.value_or(document::Attachments()));
    m_model.setReports(state.reports, state.isChecking);
    if (isOther)
        showEdits();
    else
        follow();
    if (isOther)
        selectCurrent();
}

void SignaturesPane::setCurrent(const document::NodePath &node)
{
    m_current = node;
    selectCurrent();
}

void SignaturesPane::showEdits()
{
    const bool isEdited = m_document && m_document->isEdited();
    m_model.setEdited(isEdited ? m_document->derived() : document::DerivedImage(), {});
    follow();
}

QString SignaturesPane::verdict() const { return m_badge->appearance().word; }

void SignaturesPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_document && !m_state.attachments && !m_state.isListing && !m_state.error)
        Q_EMIT wanted();
}

void SignaturesPane::follow()
{
    showVerdict();
    if (!m_document) {
        m_pane->showEmpty(items::Symbol::Signature, tr("The signatures of the open image are shown here."));
    } else if (m_state.isListing || (m_state.isChecking && !m_state.attachments)) {
        m_pane->showLoading(tr("Looking for signatures"));
    } else if (m_state.error && m_state.error->kind == base::ErrorKind::Cancelled) { // it was asked for
        m_pane->showEmpty(items::Symbol::Signature, tr("Looking for signatures was stopped."), tr("&Look again"));
    } else if (m_state.error) {
        m_pane->showFailure(*m_state.error);
    } else if (m_state.attachments && m_model.rowCount() == 0) {
        m_pane->showEmpty(items::Symbol::Sign, tr("This image has no signatures."),
                          m_document->isEdited() ? QString() : tr("Sign…"));
    } else if (m_state.attachments) {
        m_pane->showContent();
    } else if (isVisible()) {
        Q_EMIT wanted();
    }
    const bool isOffered =
        m_document && !m_document->isEdited() && !m_state.error && m_pane->state() == StatePane::State::Empty;
    if (m_sign) // where nothing is signed the page itself offers it
        m_sign->setVisible(!isOffered);
    QStringList remarks;
    if (m_state.attachments) {
        remarks = m_state.attachments->remarks;
        if (m_state.attachments->isCut)
            remarks.append(tr("There is more attached to this image than is shown."));
    }
    for (const content::VerifyReport &report : std::as_const(m_state.reports))
        remarks += report.problems;
    remarks.removeDuplicates();
    m_remarks->hide();
    if (!remarks.isEmpty())
        m_remarks->say(items::appearanceOf(document::Finding::Severity::Warn), document::enumerated(remarks, 3));
}

void SignaturesPane::showVerdict()
{
    items::Appearance look;
    QString sentence;
    if (m_state.isChecking) {
        look = {tr("Checking"), {}, items::Tone::Muted, items::Symbol::Waiting};
    } else if (!m_state.reports.isEmpty()) {
        look = items::appearanceOf(m_state.reports.constFirst());
        if (m_state.reports.constFirst().verdict != content::VerifyReport::Verdict::Unsigned)
            sentence = look.help;
    }
    if (m_document && m_document->isEdited() && !m_state.isChecking) {
        look = {tr("Edited: not signed yet"), {}, items::Tone::Warning, items::Symbol::Sign};
        sentence = m_model.rowCount() == 0
                       ? tr("The push gives the image a new digest, and signs it where you choose a key.")
                       : tr("What is attached stays with the old digest. Choose a key where the push is reviewed.");
    }
    m_badge->setAppearance(look);
    setPlainText(m_sentence, sentence);
    m_sentence->setVisible(!sentence.isEmpty());
}

void SignaturesPane::selectCurrent()
{
    const QModelIndex row = m_model.rowOf(m_current.manifest());
    m_view->collapseAll();
    const QModelIndex root = m_model.rowOf(document::NodePath::root());
    m_view->expand(root);
    m_view->expand(row);
    if (m_model.rowCount() <= 4)
        m_view->expandAll();
    m_view->setCurrentIndex(row);
    m_view->scrollTo(row, QAbstractItemView::PositionAtTop);
    showDetails();
}

void SignaturesPane::showDetails()
{
    const QModelIndex current = m_view->currentIndex().siblingAtColumn(0);
    QString sentence;
    if (!current.isValid() && m_document && m_model.rowCount() > 0)
        sentence =
            tr("Nothing is attached to %1.").arg(document::Titles(m_document->original()).name(m_current.manifest()));
    m_details->show(m_model, current, sentence);
}

} // namespace colophon::widgets
