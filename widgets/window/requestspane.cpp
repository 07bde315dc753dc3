// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/requestspane.h"

#include "items/requestlogmodel.h"
#include "widgets/common/delegates.h"
#include "widgets/common/plain.h"
#include "widgets/common/statepane.h"
#include "widgets/common/symbols.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>

namespace colophon::widgets {

using items::RequestLogModel;

RequestsPane::RequestsPane(QWidget *parent)
    : QWidget(parent)
    , m_model(new RequestLogModel(this))
    , m_filtered(new QSortFilterProxyModel(this))
    , m_filter(new QLineEdit(this))
    , m_pane(new StatePane(this))
    , m_view(new QTreeView)
    , m_copyAsCurl(new QAction(symbolIcon(items::Symbol::Copy), tr("Copy as &curl"), this))
    , m_clear(new QAction(tr("C&lear the log"), this))
{
    m_filter->setObjectName(QStringLiteral("requestFilter"));
    m_filter->setPlaceholderText(tr("Filter requests"));
    m_filter->setAccessibleName(tr("Filter requests"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(symbolIcon(items::Symbol::Search, items::Tone::Muted), QLineEdit::LeadingPosition);

    m_filtered->setSourceModel(m_model);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filtered->setFilterKeyColumn(-1); // any of them
    m_view->setModel(m_filtered);
    m_view->setObjectName(QStringLiteral("requests"));
    m_view->setAccessibleName(tr("Requests"));
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setItemDelegate(new SymbolDelegate(m_view));
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions({m_copyAsCurl, m_clear});
    QHeaderView *header = m_view->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(RequestLogModel::RequestColumn, QHeaderView::Stretch);
    header->setSectionsMovable(false);
    const QList<std::pair<int, QString>> widest{{RequestLogModel::TimeColumn, QStringLiteral("00:00:00")},
                                                {RequestLogModel::StatusColumn, QStringLiteral("no answer")},
                                                {RequestLogModel::BytesColumn, QStringLiteral("↑ 000.0 MiB  ↓ 000 B")},
                                                {RequestLogModel::DurationColumn, QStringLiteral("0000 ms")},
                                                {RequestLogModel::CredentialColumn, QString(26, QLatin1Char('n'))}};
    for (const auto &[column, text] : widest)
        header->resizeSection(column, fontMetrics().horizontalAdvance(text) + 24);
    m_pane->setContent(m_view);

    m_copyAsCurl->setShortcut(QKeySequence::Copy);
    m_copyAsCurl->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    auto *copy = new QToolButton;
    copy->setDefaultAction(m_copyAsCurl);
    copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    copy->setAutoRaise(true);
    auto *clear = new QToolButton;
    clear->setDefaultAction(m_clear);
    clear->setAutoRaise(true);
    auto *close = symbolButton(items::Symbol::Close, tr("Close the request log"));
    auto *head = new QHBoxLayout;
    head->setContentsMargins(8, 8, 8, 8);
    head->setSpacing(8);
    head->addWidget(m_filter, 1);
    head->addWidget(copy);
    head->addWidget(clear);
    head->addWidget(close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_pane, 1);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filtered->setFilterFixedString(text);
        showState();
    });
    connect(m_copyAsCurl, &QAction::triggered, this, &RequestsPane::copyCurrent);
    connect(m_clear, &QAction::triggered, this, [this] {
        m_model->clear();
        showState();
    });
    connect(close, &QToolButton::clicked, this, &RequestsPane::closeRequested);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RequestsPane::showState);
    showState();
}

void RequestsPane::add(const content::RequestRecord &record)
{
    const QScrollBar *bar = m_view->verticalScrollBar();
    const bool follows = bar->value() == bar->maximum(); // whoever scrolled back stays where he looks
    m_model->add(record);
    showState();
    if (follows && isVisible())
        m_view->scrollToBottom();
}

void RequestsPane::showState()
{
    m_clear->setEnabled(m_model->rowCount() > 0);
    m_copyAsCurl->setEnabled(m_view->currentIndex().isValid());
    if (m_filtered->rowCount() > 0)
        m_pane->showContent();
    else if (m_model->rowCount() > 0)
        m_pane->showEmpty(items::Symbol::Search, tr("No request contains this text."));
    else
        m_pane->showEmpty(items::Symbol::Address, tr("No request was made yet."));
}

void RequestsPane::copyCurrent()
{
    const QModelIndex current = m_filtered->mapToSource(m_view->currentIndex());
    if (!current.isValid())
        return;
    const content::RequestRecord &record = m_model->record(current.row());
    QGuiApplication::clipboard()->setText(content::asCurl(record));
    Q_EMIT copied(record.authorization == content::RequestRecord::Authorization::Bearer
                      ? tr("Copied as a curl command; set TOKEN before running it.")
                  : record.authorization == content::RequestRecord::Authorization::Basic
                      ? tr("Copied as a curl command; set REGISTRY_USER and REGISTRY_PASSWORD before running it.")
                      : tr("Copied as a curl command."));
}

} // namespace colophon::widgets
