// SPDX-License-Identifier: Apache-2.0
#include "widgets/push/reviewsheet.h"

#include "base/bytesize.h"
#include "document/aftermath.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/plain.h"
#include "widgets/common/rowfitter.h"
#include "widgets/common/symbols.h"
#include "widgets/push/backupchoice.h"
#include "widgets/push/destinationchoice.h"
#include "widgets/push/diffview.h"
#include "widgets/push/noticelist.h"
#include "widgets/push/pushwords.h"
#include "widgets/push/remedystrip.h"
#include "widgets/signing/signingchoice.h"

#include <QCheckBox>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableView>
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
    , m_undo(connector)
    , m_look(connector)
    , m_title(new ElidedLabel(this))
    , m_where(new ElidedLabel(this))
    , m_summary(new ElidedLabel(this))
    , m_signedIn(new ElidedLabel(this))
    , m_verdict(new Badge(this))
    , m_errors(new ErrorStrip(this))
    , m_remedies(new RemedyStrip(this))
    , m_view(new QTableView(this))
    , m_diff(new DiffView(this))
    , m_notices(new NoticeList(this))
    , m_destination(new DestinationChoice(this))
    , m_backup(new BackupChoice(this))
    , m_sboms(new QCheckBox(this))
    , m_signing(new SigningChoice(this))
    , m_commands(new QPushButton(symbolIcon(items::Symbol::Copy), tr("&Copy as commands"), this))
    , m_commandsMenu(new QMenu(this))
    , m_progress(new QProgressBar(this))
    , m_activity(new ElidedLabel(this))
    , m_leave(new QPushButton(this))
    , m_back(new QPushButton(symbolIcon(items::Symbol::Undo), tr("&Undo the push"), this))
    , m_go(new QPushButton(symbolIcon(items::Symbol::Push), {}, this))
{
    setObjectName(QStringLiteral("reviewSheet"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(m_errors);
    column->addWidget(m_remedies);
    column->addWidget(line(this));
    column->addWidget(buildPlan(), 1);
    column->addWidget(line(this));
    column->addWidget(m_notices);
    column->addWidget(buildFoot());
    m_errors->setRetryable(false); // the main button does it
    connectChoices();
    connectOffers();
    connectPush();
}

void ReviewSheet::connectChoices()
{
    const auto showWanting = [this] {
        showHead();
        showButtons();
    };
    connect(m_destination, &DestinationChoice::typed, this, showWanting);
    connect(m_destination, &DestinationChoice::chosen, this, &ReviewSheet::takeDestination);
    connect(m_destination, &DestinationChoice::refused, this, [this, showWanting](const base::Error &error) {
        m_errors->showError(error);
        showWanting();
    });
    connect(m_backup, &BackupChoice::typed, this, showWanting);
    connect(m_backup, &BackupChoice::changed, this, &ReviewSheet::takeDestination);
    connect(m_sboms, &QCheckBox::toggled, &m_push, &PushController::setReattachingSboms);
    connect(m_signing, &SigningChoice::changed, this, &ReviewSheet::takeSigner);
    connect(m_signing, &SigningChoice::keyOpened, this, &ReviewSheet::keyOpened);
    connect(m_signing, &SigningChoice::refused, this, &ReviewSheet::refused);
    connect(m_go, &QPushButton::clicked, this, &ReviewSheet::pushOrOpen);
    connect(m_leave, &QPushButton::clicked, this, &ReviewSheet::leaveOrCancel);
}

void ReviewSheet::connectPush()
{
    connect(&m_push, &PushController::stateChanged, this, &ReviewSheet::follow);
    connect(&m_push, &PushController::activityChanged, m_activity, &ElidedLabel::setFullText);
    connect(&m_push, &PushController::stepChanged, &m_model, &Plan::update);
    connect(&m_push, &PushController::stepChanged, this,
            [this](int step) { m_rows->scrollTo(m_model.index(step, 0)); });
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
    m_document = document;
    m_isUndoable = false;
    m_errors->clear();
    m_activity->setFullText({});
    m_destination->setDestination(reference.withTag(reference.tag()));
    m_backup->reset(reference.tag());
    m_diff->setChanges(document->original(), document->derived());
    m_signing->setMultiPlatform(document->original().root().index.has_value());
    {
        const QSignalBlocker quiet(m_sboms); // it is planned below
        m_sboms->setChecked(false);
    }
    offerSboms();
    m_push.review(reference, document->original(), document->derived(), m_attachments);
    m_view->setFocus();
}

void ReviewSheet::setSignatures(const QList<content::VerifyReport> &reports)
{
    m_signatures = reports;
    if (m_push.state() == State::Planned)
        showState();
}

void ReviewSheet::setAttachments(const std::optional<document::Attachments> &attachments)
{
    const bool isNews = attachments && !m_attachments;
    m_attachments = attachments;
    offerSboms();
    if (isNews)
        m_push.setAttachments(attachments);
}

// Where no layer's content changed, and there are any that nobody signed.
void ReviewSheet::offerSboms()
{
    qsizetype count = 0;
    if (m_document && m_attachments)
        count = std::ranges::count_if(m_attachments->all, [this](const document::Attachment &each) {
            return document::isReattachable(each, m_document->original(), m_document->derived());
        });
    m_sboms->setText(count == 1 ? tr("Attach the SBOM to the edited image &too")
                                : tr("Attach the %1 SBOMs to the edited image &too").arg(count));
    m_sboms->setVisible(count > 0);
}

void ReviewSheet::setKeychain(std::shared_ptr<content::CredentialStore> keychain)
{
    m_signing->setKeychain(std::move(keychain));
}

void ReviewSheet::setKeyFiles(const QStringList &paths) { m_signing->setKeyFiles(paths); }

void ReviewSheet::setSignedIn(const QString &words)
{
    m_signedIn->setFullText(words.isEmpty() ? QString() : tr("The destination: %1").arg(words));
    m_signedIn->setVisible(!words.isEmpty());
}

QString ReviewSheet::signedIn() const { return m_signedIn->fullText(); }

QLineEdit *ReviewSheet::tagField() const { return m_destination->tagField(); }

QString ReviewSheet::headline() const { return m_title->fullText(); }

QString ReviewSheet::verdict() const { return m_verdict->appearance().word; }

void ReviewSheet::takeDestination()
{
    const State state = m_push.state();
    if (state != State::Preparing && state != State::Planned && state != State::Stopped)
        return;
    if (!m_errors->isHidden() && m_errors->error().kind == base::ErrorKind::Usage)
        m_errors->clear();
    m_backup->setDestinationTag(m_destination->destination().tag());
    m_push.setDestination(m_destination->destination(), m_backup->tag());
    showHead();
    showButtons();
}

void ReviewSheet::takeSigner()
{
    const State state = m_push.state();
    if (!m_signing->isPending() && state != State::Pushing && state != State::Done)
        m_push.setSigners(m_signing->signers(), m_signing->isIndexOnly());
    showHead();
    showButtons();
}

void ReviewSheet::follow()
{
    switch (m_push.state()) {
    case State::Idle:
        m_model.setPlan({});
        m_look.forget();
        break;
    case State::Preparing:
        m_errors->clear();
        m_look.forget();
        break;
    case State::Planned:
        m_model.setPlan(m_push.plan());
        m_backup->follow(m_push.plan());
        measureOutcomes();
        layOutColumns();
        m_activity->setFullText({});
        break;
    case State::Pushing:
        m_progress->setRange(0, 0);
        m_progress->setFormat({});
        break;
    case State::Done:
        m_model.setReport(m_push.report());
        m_rows->refit();
        m_activity->setFullText({});
        m_isUndoable = m_undo.remember(m_push.report());
        Q_EMIT pushed();
        break;
    case State::Stopped:
        if (!m_push.report().plan.steps.isEmpty())
            m_model.setReport(m_push.report(), m_push.error()->kind == base::ErrorKind::Cancelled);
        m_rows->refit();
        m_activity->setFullText({});
        if (m_push.error()->kind == base::ErrorKind::Cancelled || m_push.hasTagMoved())
            m_errors->clear(); // it was asked for, or is said with what can be done about it
        else
            m_errors->showError(*m_push.error());
        break;
    }
    if (RemedyStrip::caseOf(m_push) == RemedyStrip::Case::TagMoved ||
        RemedyStrip::caseOf(m_push) == RemedyStrip::Case::TagFixed)
        m_look.look(m_push.destination());
    showState();
    if (!headline().isEmpty())
        Q_EMIT said(headline());
}

Wanting ReviewSheet::wanting() const
{
    if (m_destination->isRefused())
        return Wanting::Tag;
    if (!m_destination->isSettled() || m_destination->destination() != m_push.destination() || !m_backup->isSettled())
        return Wanting::Lookup;
    if (m_signing->isCertificateWanting())
        return Wanting::Certificate;
    return m_signing->isPending() ? Wanting::Key : Wanting::Nothing;
}

void ReviewSheet::showState()
{
    const State state = m_push.state();
    showHead();
    m_notices->setNotices(state == State::Done || state == State::Stopped
                              ? noticesAfter(m_push, m_isUndoable ? &m_undo : nullptr)
                              : noticesBefore(m_push, m_signatures));
    showRemedies();
    showButtons();
}

void ReviewSheet::showHead()
{
    const bool isUndo = m_push.state() == State::Done && (isUndone() || isUndoing() || m_undo.error());
    const PushHeadline words = isUndo && m_isUndoable ? headlineOf(m_undo) : headlineOf(m_push, wanting());
    m_title->setFullText(words.title);
    m_verdict->setAppearance(words.verdict);
    const transfer::PushPlan &plan = m_push.plan();
    const QString destination = m_push.destination().toString();
    m_where->setFullText(
        plan.after.isNull()
            ? destination
            : QStringLiteral("%1 · %2 → %3").arg(destination, plan.before.shortForm(), plan.after.shortForm()));
    m_summary->setFullText(m_model.summary());
}

void ReviewSheet::showButtons()
{
    const State state = m_push.state();
    m_go->setVisible(true);
    const bool planning = state == State::Preparing || state == State::Planned || state == State::Stopped;
    m_destination->setEnabled(planning);
    m_backup->setEnabled(planning);
    m_sboms->setEnabled(planning);
    m_signing->setEnabled(planning);
    m_progress->setVisible(state == State::Pushing || state == State::Preparing || isUndoing());
    if (state == State::Preparing || isUndoing()) {
        m_progress->setRange(0, 0);
        m_progress->setFormat({});
    }
    m_commands->setEnabled(!m_push.plan().steps.isEmpty() && state != State::Preparing && state != State::Pushing);
    m_back->setVisible(state == State::Done && m_isUndoable && !isUndone() && !isUndoing());
    if (state == State::Done) {
        showButtonsAfterPush();
        return;
    }
    const bool stopped = state == State::Stopped;
    m_go->setText(stopped ? tr("Try &again") : m_push.replacesAnothers() ? tr("&Replace it") : tr("&Push"));
    m_go->setIcon(symbolIcon(stopped ? items::Symbol::Reload : items::Symbol::Push));
    m_go->setEnabled(stopped || (m_push.canPush() && wanting() == Wanting::Nothing));
    m_go->setToolTip(stopped ? tr("Look at the destination again and plan anew (Ctrl+Return)")
                             : tr("Push and replace the tag (Ctrl+Return)"));
    m_leave->setText(state == State::Pushing ? tr("&Cancel") : tr("&Back to the image"));
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
    const QList<signing::PublicKey> keys = m_signing->publicKeys();
    m_push.leave();
    Q_EMIT openRequested(pushed.tag().isEmpty() ? pushed.withDigest(after) : pushed, keys);
}

void ReviewSheet::leaveOrCancel()
{
    if (m_push.state() == State::Pushing) {
        m_push.cancel();
        return;
    }
    if (isUndoing()) {
        m_undo.cancel();
        return;
    }
    // What was edited is pushed: the edits are no longer edits of what the tag names.
    const transfer::PushRequest &request = m_push.plan().request;
    if (m_push.state() == State::Done && !isUndone() && request.destination.name() == request.source.name() &&
        request.destination.tag() == request.source.tag()) {
        openPushed();
        return;
    }
    m_push.leave();
    Q_EMIT closed();
}

} // namespace colophon::widgets
