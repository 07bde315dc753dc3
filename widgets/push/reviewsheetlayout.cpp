// SPDX-License-Identifier: Apache-2.0
// How the review sheet is laid out: its head, its plan and its foot, and how wide the columns are.
#include "widgets/common/delegates.h"
#include "widgets/common/plain.h"
#include "widgets/common/rowfitter.h"
#include "widgets/common/symbols.h"
#include "widgets/push/backupchoice.h"
#include "widgets/push/destinationchoice.h"
#include "widgets/push/diffview.h"
#include "widgets/push/reviewsheet.h"
#include "widgets/signing/signingchoice.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSet>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

namespace colophon::widgets {

using Plan = items::PushPlanModel;

QWidget *ReviewSheet::buildHead()
{
    auto *head = new QWidget(this);
    QFont big = m_title->font();
    big.setPointSizeF(big.pointSizeF() * 1.4);
    big.setBold(true);
    m_title->setFont(big);
    m_title->setObjectName(QStringLiteral("reviewTitle"));
    m_where->setFont(fixedFont());
    m_signedIn->setObjectName(QStringLiteral("signedInAtDestination"));
    m_signedIn->setAccessibleName(tr("Signed in where the image is pushed to"));
    m_signedIn->hide();
    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_title);
    words->addWidget(m_where);
    words->addWidget(m_summary);
    words->addWidget(m_signedIn);
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
    m_view->setWordWrap(true); // a reason is read, not guessed
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setTabKeyNavigation(false);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setMinimumSectionSize(28);
    m_view->verticalHeader()->setDefaultSectionSize(28);
    QHeaderView *header = m_view->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_rows = new RowFitter(m_view);

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
    layOutColumns();
}

void ReviewSheet::layOutColumns()
{
    // The widest outcome of this plan fits, also while it counts bytes and when the push was stopped: nothing moves
    // then. Where it is narrow the bars of progress give way.
    const bool narrow = width() < 1200;
    const QFontMetrics metrics(m_view->font());
    QHeaderView *header = m_view->horizontalHeader();
    const int counted = m_push.plan().bytesToMove() > 0
                            ? metrics.horizontalAdvance(QStringLiteral("88.8 MB of 88.8 MB"))
                            : metrics.horizontalAdvance(QStringLiteral("Leaves it"));
    const int outcome = std::max(counted, m_widestOutcome) + 40;
    header->resizeSection(Plan::NodeColumn, narrow ? 176 : 264);
    header->resizeSection(Plan::OutcomeColumn, outcome);
    header->resizeSection(Plan::BytesColumn,
                          metrics.horizontalAdvance(QStringLiteral("888.8 MB")) + (narrow ? 16 : 40));
    m_rows->refit();
}

void ReviewSheet::measureOutcomes()
{
    QSet<QString> words; // few, however many steps there are
    for (int row = 0; row < m_model.rowCount(); ++row)
        words.insert(m_model.index(row, Plan::OutcomeColumn).data().toString());
    const QFontMetrics metrics(m_view->font());
    m_widestOutcome = 0;
    for (const QString &word : std::as_const(words))
        m_widestOutcome = std::max(m_widestOutcome, metrics.horizontalAdvance(word));
}

QWidget *ReviewSheet::buildFoot()
{
    auto *foot = new QWidget(this);
    m_progress->setTextVisible(true);
    m_progress->setMinimumWidth(200);
    m_progress->setAccessibleName(tr("Progress of the push"));
    m_go->setObjectName(QStringLiteral("push"));
    m_go->setDefault(true);
    m_leave->setObjectName(QStringLiteral("leave"));
    m_back->setObjectName(QStringLiteral("undoPush"));
    m_commands->setObjectName(QStringLiteral("commands"));
    m_commands->setToolTip(tr("The same push as a script for another program; no secret is in it"));
    m_commands->setMenu(m_commandsMenu);

    m_sboms->setObjectName(QStringLiteral("reattachSboms"));
    setPlainToolTip(m_sboms, tr("No layer's content changed, so that the list is true of the edited image. Signatures "
                                "and provenance name the old digest inside and are never taken along."));
    m_sboms->hide();

    auto *to = new QLabel(tr("Push &to"), foot);
    to->setBuddy(m_destination);
    auto *with = new QLabel(tr("&Sign with"), foot);
    with->setMinimumHeight(m_signing->choice()->sizeHint().height()); // in line with the first key
    with->setBuddy(m_signing->choice());
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_commands);
    buttons->addSpacing(8);
    buttons->addWidget(m_activity, 1);
    buttons->addWidget(m_progress);
    buttons->addSpacing(8);
    buttons->addWidget(m_leave);
    buttons->addWidget(m_back);
    buttons->addWidget(m_go);
    auto *grid = new QGridLayout(foot);
    grid->setContentsMargins(16, 16, 16, 16);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    grid->addWidget(to, 0, 0);
    grid->addWidget(m_destination, 0, 1);
    grid->addWidget(m_backup, 1, 1);
    grid->addWidget(m_sboms, 2, 1);
    grid->addWidget(with, 3, 0, Qt::AlignTop);
    grid->addWidget(m_signing, 3, 1);
    grid->addLayout(buttons, 4, 0, 1, 2);
    return foot;
}

} // namespace colophon::widgets
