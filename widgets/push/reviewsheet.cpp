// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/reviewsheet.h"

#include "base/bytesize.h"
#include "signing/cosignlegacy.h"
#include "widgets/common/delegates.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/push/diffview.h"
#include "widgets/push/noticelist.h"
#include "widgets/push/pushwords.h"
#include "widgets/push/signingchoice.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

namespace colophon::widgets {

using State = PushController::State;
using Plan = items::PushPlanModel;

namespace {
QFrame *line(QWidget *parent)
{
    auto *rule = new QFrame(parent);
    rule->setFrameShape(QFrame::HLine);
    rule->setFrameShadow(QFrame::Plain);
    rule->setForegroundRole(QPalette::Mid);
    rule->setFixedHeight(1);
    return rule;
}
} // namespace

ReviewSheet::ReviewSheet(content::Connector &connector, QWidget *parent)
    : QWidget(parent)
    , m_push(connector)
    , m_title(new ElidedLabel(this))
    , m_where(new ElidedLabel(this))
    , m_verdict(new Badge(this))
    , m_errors(new ErrorStrip(this))
    , m_view(new QTableView(this))
    , m_diff(new DiffView(this))
    , m_notices(new NoticeList(this))
    , m_repository(plainLabel({}, this))
    , m_tag(new QLineEdit(this))
    , m_signing(new SigningChoice(this))
    , m_progress(new QProgressBar(this))
    , m_activity(new ElidedLabel(this))
    , m_leave(new QPushButton(this))
    , m_go(new QPushButton(symbolIcon(items::Symbol::Push), {}, this))
    , m_tagSettled(new QTimer(this))
{
    setObjectName(QStringLiteral("reviewSheet"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(m_errors);
    column->addWidget(line(this));
    column->addWidget(buildPlan(), 1);
    column->addWidget(line(this));
    column->addWidget(m_notices);
    column->addWidget(buildFoot());

    // A tag is looked up when the typing pauses, not at every letter.
    m_tagSettled->setSingleShot(true);
    m_tagSettled->setInterval(300);
    connect(m_tagSettled, &QTimer::timeout, this, &ReviewSheet::takeTag);
    connect(m_tag, &QLineEdit::textEdited, this, [this] {
        m_tagSettled->start();
        showButtons();
    });
    connect(m_tag, &QLineEdit::editingFinished, this, &ReviewSheet::takeTag);
    connect(m_signing, &SigningChoice::keyChanged, this, &ReviewSheet::takeSigner);
    connect(m_signing, &SigningChoice::keyOpened, this, &ReviewSheet::keyOpened);
    connect(m_go, &QPushButton::clicked, this, &ReviewSheet::pushOrOpen);
    connect(m_leave, &QPushButton::clicked, this, &ReviewSheet::leaveOrCancel);
    connect(m_errors, &ErrorStrip::retryRequested, &m_push, &PushController::retry);

    connect(&m_push, &PushController::stateChanged, this, &ReviewSheet::follow);
    connect(&m_push, &PushController::activityChanged, m_activity, &ElidedLabel::setFullText);
    connect(&m_push, &PushController::stepChanged, &m_model, &Plan::update);
    connect(&m_push, &PushController::stepChanged, this,
            [this](int step) { m_view->scrollTo(m_model.index(step, 0)); });
    connect(&m_push, &PushController::progressChanged, this, [this](qint64 done, qint64 total) {
        // QProgressBar counts in int: thousandths are finer than its pixels.
        m_progress->setRange(0, total > 0 ? 1000 : 0);
        m_progress->setValue(total > 0 ? static_cast<int>(done * 1000 / total) : 0);
        m_progress->setFormat(tr("%1 of %2").arg(base::humanSize(done), base::humanSize(total)));
    });
    connect(&m_push, &PushController::signInWanted, this, &ReviewSheet::signInWanted);
}

QWidget *ReviewSheet::buildHead()
{
    auto *head = new QWidget(this);
    QFont big = m_title->font();
    big.setPointSizeF(big.pointSizeF() * 1.4);
    big.setBold(true);
    m_title->setFont(big);
    m_title->setObjectName(QStringLiteral("reviewTitle"));
    m_where->setFont(fixedFont());
    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_title);
    words->addWidget(m_where);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(16, 16, 16, 16);
    row->setSpacing(16);
    row->addLayout(words, 1);
    row->addWidget(m_verdict, 0, Qt::AlignTop);
    return head;
}

QWidget *ReviewSheet::buildPlan()
{
    m_view->setObjectName(QStringLiteral("plan"));
    m_view->setAccessibleName(tr("What the push does"));
    m_view->setModel(&m_model);
    m_view->setItemDelegateForColumn(Plan::NodeColumn, new SymbolDelegate(m_view));
    m_view->setItemDelegateForColumn(Plan::OutcomeColumn, new BadgeDelegate(m_view));
    m_view->setItemDelegateForColumn(Plan::BytesColumn, new SizeBarDelegate(items::ProgressRole, m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setTabKeyNavigation(false);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setMinimumSectionSize(24);
    m_view->verticalHeader()->setDefaultSectionSize(28);
    QHeaderView *header = m_view->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_view);
    splitter->addWidget(m_diff);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({800, 480});
    return splitter;
}

void ReviewSheet::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // The widest outcome fits; where it is narrow the bars of progress give way: the outcome counts bytes, too.
    const bool narrow = width() < 1200;
    QHeaderView *header = m_view->horizontalHeader();
    header->resizeSection(Plan::NodeColumn, narrow ? 200 : 256);
    header->resizeSection(Plan::OutcomeColumn, narrow ? 160 : 176);
    header->resizeSection(Plan::BytesColumn,
                          fontMetrics().horizontalAdvance(QStringLiteral("888.8 MB")) + (narrow ? 24 : 72));
}

QWidget *ReviewSheet::buildFoot()
{
    auto *foot = new QWidget(this);
    m_repository->setFont(fixedFont());
    m_repository->setWordWrap(false);
    m_tag->setObjectName(QStringLiteral("destinationTag"));
    m_tag->setFont(fixedFont());
    m_tag->setAccessibleName(tr("Destination tag"));
    m_tag->setMaximumWidth(220);
    m_tag->setTextMargins(4, 0, 4, 0);
    m_tag->setPlaceholderText(tr("by digest alone"));
    m_progress->setTextVisible(true);
    m_progress->setMinimumWidth(200);
    m_progress->setAccessibleName(tr("Progress of the push"));
    m_go->setObjectName(QStringLiteral("push"));
    m_go->setDefault(true);
    m_leave->setObjectName(QStringLiteral("leave"));

    auto *to = new QLabel(tr("Push &to"), foot);
    to->setBuddy(m_tag);
    auto *with = new QLabel(tr("&Sign with"), foot);
    with->setBuddy(m_signing->choice());
    auto *place = new QHBoxLayout;
    place->setSpacing(2);
    place->addWidget(m_repository);
    place->addWidget(m_tag);
    place->addStretch(1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_activity, 1);
    buttons->addWidget(m_progress);
    buttons->addSpacing(8);
    buttons->addWidget(m_leave);
    buttons->addWidget(m_go);
    auto *grid = new QGridLayout(foot);
    grid->setContentsMargins(16, 16, 16, 16);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    grid->addWidget(to, 0, 0);
    grid->addLayout(place, 0, 1);
    grid->addWidget(with, 1, 0);
    grid->addWidget(m_signing, 1, 1);
    grid->addLayout(buttons, 2, 0, 1, 2);
    return foot;
}

void ReviewSheet::review(editing::ImageDocument *document)
{
    const oci::Reference &reference = document->reference();
    m_errors->clear();
    m_activity->setFullText({});
    setPlainText(m_repository, reference.name() + QLatin1Char(':'));
    m_tag->setText(reference.tag());
    m_diff->setChanges(document->original(), document->derived());
    m_push.review(reference, document->original(), document->derived());
    m_view->setFocus();
}

void ReviewSheet::setKeyFiles(const QStringList &paths) { m_signing->setKeyFiles(paths); }

QString ReviewSheet::headline() const { return m_title->fullText(); }

void ReviewSheet::takeTag()
{
    m_tagSettled->stop();
    const State state = m_push.state();
    if (state != State::Preparing && state != State::Planned && state != State::Stopped)
        return;
    const QString tag = m_tag->text().trimmed();
    oci::Reference destination = m_push.destination().withTag(tag);
    if (!tag.isEmpty()) {
        const auto checked = oci::Reference::parse(destination.toString());
        if (!checked || checked->tag() != tag) {
            m_errors->setRetryable(false);
            m_errors->showError(base::fail(base::ErrorKind::Usage,
                                           tr("“%1” cannot be a tag.").arg(items::oneLine(tag, 140)),
                                           tr("Use letters, digits, “_”, “.” and “-”, at most 128 of them."))
                                    .error());
            showButtons();
            return;
        }
        destination = *checked;
    }
    if (!m_errors->isHidden() && m_errors->error().kind == base::ErrorKind::Usage)
        m_errors->clear();
    m_push.setDestination(destination);
    showButtons();
}

void ReviewSheet::takeSigner()
{
    QList<std::shared_ptr<content::Signer>> signers;
    if (m_signing->key())
        signers.append(std::make_shared<signing::CosignLegacySigner>(*m_signing->key()));
    const State state = m_push.state();
    if (!m_signing->isPending() && state != State::Pushing && state != State::Done)
        m_push.setSigners(signers);
    showButtons();
}

void ReviewSheet::follow()
{
    switch (m_push.state()) {
    case State::Idle:
        m_model.setPlan({});
        break;
    case State::Preparing:
        m_errors->clear();
        break;
    case State::Planned:
        m_model.setPlan(m_push.plan());
        m_activity->setFullText({});
        break;
    case State::Pushing:
        m_progress->setRange(0, 0);
        m_progress->setFormat({});
        break;
    case State::Done:
        m_model.setReport(m_push.report());
        m_activity->setFullText({});
        break;
    case State::Stopped:
        if (!m_push.report().plan.steps.isEmpty())
            m_model.setReport(m_push.report());
        m_activity->setFullText({});
        m_errors->setRetryable(true);
        if (m_push.error()->kind == base::ErrorKind::Cancelled)
            m_errors->clear(); // it was asked for
        else
            m_errors->showError(*m_push.error());
        break;
    }
    showHead();
    m_notices->setNotices(noticesOf(m_push));
    showButtons();
    if (!headline().isEmpty())
        Q_EMIT said(headline());
}

void ReviewSheet::showHead()
{
    const transfer::PushPlan &plan = m_push.plan();
    const PushHeadline words = headlineOf(m_push);
    m_title->setFullText(words.title);
    m_verdict->setAppearance(words.verdict);
    const QString destination = m_push.destination().toString();
    m_where->setFullText(
        plan.after.isNull()
            ? destination
            : QStringLiteral("%1 · %2 → %3").arg(destination, plan.before.shortForm(), plan.after.shortForm()));
}

void ReviewSheet::showButtons()
{
    const State state = m_push.state();
    const bool planning = state == State::Preparing || state == State::Planned || state == State::Stopped;
    const bool tagTaken = m_tag->text().trimmed() == m_push.destination().tag();
    m_tag->setEnabled(planning);
    m_signing->setEnabled(planning);
    m_progress->setVisible(state == State::Pushing || state == State::Preparing);
    if (state == State::Preparing) {
        m_progress->setRange(0, 0);
        m_progress->setFormat({});
    }
    const bool done = state == State::Done;
    const bool stopped = state == State::Stopped;
    m_go->setText(done ? tr("&Open what was pushed") : stopped ? tr("Try &again") : tr("&Push"));
    m_go->setIcon(symbolIcon(done ? items::Symbol::Open : stopped ? items::Symbol::Reload : items::Symbol::Push));
    m_go->setEnabled(done || stopped || (m_push.canPush() && tagTaken && !m_signing->isPending()));
    m_go->setToolTip(done      ? tr("Read it again from the registry (Ctrl+Return)")
                     : stopped ? tr("Look at the destination again and plan anew (Ctrl+Return)")
                               : tr("Push and replace the tag (Ctrl+Return)"));
    m_leave->setText(state == State::Pushing ? tr("&Cancel") : done ? tr("&Close") : tr("&Back to the image"));
    m_leave->setToolTip(state == State::Pushing ? tr("Stop; the tag stays where it is (Esc)")
                                                : tr("Back to the image (Esc)"));
}

void ReviewSheet::pushOrOpen()
{
    if (!m_go->isEnabled())
        return;
    if (m_push.state() == State::Done)
        openPushed();
    else if (m_push.state() == State::Stopped)
        m_push.retry();
    else
        m_push.push();
}

void ReviewSheet::openPushed()
{
    const oci::Reference pushed = m_push.destination();
    const oci::Digest after = m_push.report().plan.after;
    QList<signing::PublicKey> keys;
    if (m_signing->key())
        keys.append(m_signing->key()->publicKey());
    m_push.leave();
    Q_EMIT openRequested(pushed.tag().isEmpty() ? pushed.withDigest(after) : pushed, keys);
}

void ReviewSheet::leaveOrCancel()
{
    if (m_push.state() == State::Pushing) {
        m_push.cancel();
        return;
    }
    // What was edited is pushed: the edits are no longer edits of what the tag names.
    const transfer::PushRequest &request = m_push.plan().request;
    if (m_push.state() == State::Done && request.destination.name() == request.source.name() &&
        request.destination.tag() == request.source.tag()) {
        openPushed();
        return;
    }
    m_push.leave();
    Q_EMIT closed();
}

} // namespace colophon::widgets
