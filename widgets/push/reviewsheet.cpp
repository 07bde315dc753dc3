// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/reviewsheet.h"

#include "base/bytesize.h"
#include "signing/cosignlegacy.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/plain.h"
#include "widgets/common/symbols.h"
#include "widgets/push/diffview.h"
#include "widgets/push/noticelist.h"
#include "widgets/push/pushwords.h"
#include "widgets/push/signingchoice.h"

#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
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
    , m_reopen(new QPushButton(symbolIcon(items::Symbol::Reload), tr("&Reopen it"), this))
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
        m_tagRefused = false;
        showHead();
        showButtons();
    });
    connect(m_tag, &QLineEdit::editingFinished, this, &ReviewSheet::takeTag);
    connect(m_signing, &SigningChoice::keyChanged, this, &ReviewSheet::takeSigner);
    connect(m_signing, &SigningChoice::keyOpened, this, &ReviewSheet::keyOpened);
    connect(m_go, &QPushButton::clicked, this, &ReviewSheet::pushOrOpen);
    connect(m_leave, &QPushButton::clicked, this, &ReviewSheet::leaveOrCancel);
    connect(m_reopen, &QPushButton::clicked, this, [this] {
        m_push.leave();
        Q_EMIT reopenRequested();
    });
    m_errors->setRetryable(false); // the main button does it

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

void ReviewSheet::review(editing::ImageDocument *document)
{
    const oci::Reference &reference = document->reference();
    m_errors->clear();
    m_tagRefused = false;
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
            m_errors->showError(base::fail(base::ErrorKind::Usage,
                                           tr("“%1” cannot be a tag.").arg(items::oneLine(tag, 140)),
                                           tr("Use letters, digits, “_”, “.” and “-”, at most 128 of them."))
                                    .error());
            m_tagRefused = true;
            showHead();
            showButtons();
            return;
        }
        destination = *checked;
    }
    if (!m_errors->isHidden() && m_errors->error().kind == base::ErrorKind::Usage)
        m_errors->clear();
    m_tagRefused = false;
    m_push.setDestination(destination);
    showHead();
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
    showHead();
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
        layOutColumns();
        m_activity->setFullText({});
        break;
    case State::Pushing:
        m_progress->setRange(0, 0);
        m_progress->setFormat({});
        break;
    case State::Done:
        m_model.setReport(m_push.report());
        m_view->resizeRowsToContents();
        m_activity->setFullText({});
        break;
    case State::Stopped:
        if (!m_push.report().plan.steps.isEmpty())
            m_model.setReport(m_push.report(), m_push.error()->kind == base::ErrorKind::Cancelled);
        m_view->resizeRowsToContents();
        m_activity->setFullText({});
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
    const Wanting wanting = m_tagRefused             ? Wanting::Tag
                            : !isTagTaken()          ? Wanting::Lookup
                            : m_signing->isPending() ? Wanting::Key
                                                     : Wanting::Nothing;
    const PushHeadline words = headlineOf(m_push, wanting);
    m_title->setFullText(words.title);
    m_verdict->setAppearance(words.verdict);
    const QString destination = m_push.destination().toString();
    m_where->setFullText(
        plan.after.isNull()
            ? destination
            : QStringLiteral("%1 · %2 → %3").arg(destination, plan.before.shortForm(), plan.after.shortForm()));
}

bool ReviewSheet::hasTagMoved() const
{
    const State state = m_push.state();
    const bool planned =
        state == State::Planned && m_push.plan().isBlocked() && m_push.plan().blockedKind == base::ErrorKind::Conflict;
    return planned || (state == State::Stopped && m_push.error()->kind == base::ErrorKind::Conflict);
}

bool ReviewSheet::isTagTaken() const { return m_tag->text().trimmed() == m_push.destination().tag(); }

QString ReviewSheet::verdict() const { return m_verdict->appearance().word; }

void ReviewSheet::showButtons()
{
    const State state = m_push.state();
    const bool planning = state == State::Preparing || state == State::Planned || state == State::Stopped;
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
    m_go->setEnabled(done || stopped || (m_push.canPush() && isTagTaken() && !m_signing->isPending()));
    m_go->setToolTip(done      ? tr("Read it again from the registry (Ctrl+Return)")
                     : stopped ? tr("Look at the destination again and plan anew (Ctrl+Return)")
                               : tr("Push and replace the tag (Ctrl+Return)"));
    m_reopen->setVisible(hasTagMoved());
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
