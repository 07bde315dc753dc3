// SPDX-License-Identifier: Apache-2.0
#include "widgets/signing/signdialog.h"

#include "transfer/signimage.h"
#include "widgets/common/delegates.h"
#include "widgets/common/errorstrip.h"
#include "widgets/common/plain.h"
#include "widgets/common/retire.h"
#include "widgets/common/symbols.h"
#include "widgets/signing/signingchoice.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace colophon::widgets {

using Plan = items::PushPlanModel;
using transfer::SignImage;

SignDialog::SignDialog(Image image, QWidget *parent)
    : QDialog(parent)
    , m_image(std::move(image))
    , m_sentence(plainLabel({}, this))
    , m_signing(new SigningChoice(this))
    , m_errors(new ErrorStrip(this))
    , m_activity(new ElidedLabel(this))
    , m_progress(new QProgressBar(this))
    , m_go(new QPushButton(symbolIcon(items::Symbol::Sign), tr("&Sign"), this))
    , m_leave(new QPushButton(tr("Cancel"), this))
{
    setObjectName(QStringLiteral("signDialog"));
    setWindowTitle(tr("Sign"));
    setAttribute(Qt::WA_DeleteOnClose);
    build();
    m_signing->setMultiPlatform(m_image.tree.root().index.has_value());
    connect(m_signing, &SigningChoice::changed, this, &SignDialog::takeChoice);
    connect(m_signing, &SigningChoice::refused, this, [this](const base::Error &error) { m_errors->showError(error); });
    connect(m_go, &QPushButton::clicked, this, &SignDialog::sign);
    connect(m_leave, &QPushButton::clicked, this, &SignDialog::reject);
    takeChoice();
}

SignDialog::~SignDialog() = default;

void SignDialog::build()
{
    auto *title = new ElidedLabel(this, Qt::ElideMiddle);
    const oci::Reference &image = m_image.reference;
    title->setFullText(items::oneLine((image.tag().isEmpty() ? image : image.withTag(image.tag())).toString()));
    QFont big = title->font();
    big.setPointSizeF(big.pointSizeF() * 1.3);
    big.setBold(true);
    title->setFont(big);
    m_sentence->setObjectName(QStringLiteral("signSentence"));
    m_sentence->setWordWrap(true);
    m_errors->setRetryable(false);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(160);
    m_progress->setAccessibleName(tr("Progress of signing"));
    m_go->setObjectName(QStringLiteral("sign"));
    m_go->setDefault(true);
    m_leave->setObjectName(QStringLiteral("leave"));
    m_leave->setAutoDefault(false);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_activity, 1);
    buttons->addWidget(m_progress);
    buttons->addSpacing(8);
    buttons->addWidget(m_leave);
    buttons->addWidget(m_go);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(16);
    column->addWidget(title);
    column->addWidget(m_sentence);
    column->addWidget(m_signing);
    column->addWidget(m_errors);
    column->addWidget(buildRows(), 1);
    column->addLayout(buttons);
    resize(760, 460);
}

QTableView *SignDialog::buildRows()
{
    auto *view = new QTableView(this);
    view->setObjectName(QStringLiteral("signed"));
    view->setAccessibleName(tr("What is signed"));
    view->setModel(&m_model);
    view->setItemDelegateForColumn(Plan::NodeColumn, new SymbolDelegate(view));
    view->setItemDelegateForColumn(Plan::OutcomeColumn, new BadgeDelegate(view));
    view->setColumnHidden(Plan::BytesColumn, true);
    view->setShowGrid(false);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setTabKeyNavigation(false);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(28);
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    view->horizontalHeader()->setStretchLastSection(true);
    view->horizontalHeader()->resizeSection(Plan::NodeColumn, 240);
    view->horizontalHeader()->resizeSection(Plan::OutcomeColumn, 120);
    return view;
}

QString SignDialog::said() const { return m_sentence->text(); }

void SignDialog::say(const QString &sentence) { setPlainText(m_sentence, sentence); }

void SignDialog::takeChoice()
{
    if (m_operation || m_isDone)
        return;
    const SignImage planned(m_image.target, m_image.reference, m_image.tree,
                            SignImage::subjectsOf(m_image.tree, m_signing->isIndexOnly()), m_signing->signers());
    m_model.setPlan(planned.report().plan);
    say(tr("%1 is signed as it is: nothing else is written, and no tag moves.")
            .arg(m_image.tree.root().descriptor.digest.shortForm()));
    showButtons();
}

void SignDialog::showButtons()
{
    m_signing->setEnabled(!m_operation && !m_isDone);
    m_progress->setVisible(m_operation != nullptr);
    m_progress->setRange(0, 0);
    m_go->setVisible(!m_isDone);
    m_go->setEnabled(!m_operation && !m_signing->signers().isEmpty());
    m_leave->setText(m_isDone ? tr("&Close") : tr("&Cancel"));
    m_leave->setDefault(m_isDone);
}

void SignDialog::sign()
{
    if (!m_go->isEnabled())
        return;
    m_errors->clear();
    m_operation = std::make_unique<SignImage>(m_image.target, m_image.reference, m_image.tree,
                                              SignImage::subjectsOf(m_image.tree, m_signing->isIndexOnly()),
                                              m_signing->signers());
    connect(m_operation.get(), &SignImage::activityChanged, m_activity, &ElidedLabel::setFullText);
    connect(m_operation.get(), &SignImage::stepChanged, this,
            [this](int step) { m_model.update(step, m_operation->report().plan.steps.at(step)); });
    connect(m_operation.get(), &SignImage::finished, this, &SignDialog::finish);
    say(tr("Signing. Each signature is read again and verified before it counts."));
    showButtons();
    m_operation->start();
}

void SignDialog::finish()
{
    const auto error = m_operation->error();
    const transfer::PushReport report = m_operation->report();
    retire(m_operation);
    m_activity->setFullText({});
    const bool isStopped = error && error->kind == base::ErrorKind::Cancelled;
    m_model.setReport(report, isStopped);
    m_isDone = !error;
    const bool isAny = std::ranges::any_of(
        report.plan.steps, [](const transfer::PlanStep &step) { return step.outcome == transfer::Outcome::Copied; });
    if (isStopped)
        say(isAny ? tr("Stopped. What is signed stays signed; signing again adds what is missing.")
                  : tr("Stopped. Nothing was signed."));
    else if (error)
        say(tr("Not everything is signed."));
    else
        say(tr("Signed, and verified as the registry has it now."));
    if (error && !isStopped)
        m_errors->showError(*error);
    showButtons();
    (m_isDone ? m_leave : m_go)->setFocus();
    if (isAny)
        Q_EMIT isSigned(m_signing->publicKeys());
    if (error && error->kind == base::ErrorKind::Unauthorized)
        Q_EMIT signInWanted(m_image.reference.registry(), *error);
}

void SignDialog::reject()
{
    if (m_operation) {
        m_operation->cancel();
        return;
    }
    QDialog::reject();
}

} // namespace colophon::widgets
