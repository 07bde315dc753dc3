// SPDX-License-Identifier: Apache-2.0
#include "widgets/window/tagspane.h"

#include "items/appearance.h"
#include "widgets/common/plain.h"
#include "widgets/common/statepane.h"
#include "widgets/common/symbols.h"

#include <QAction>
#include <QCollator>
#include <QLineEdit>
#include <QListView>
#include <QRegularExpression>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace colophon::widgets {

namespace {
// The open tag in bold; all of them as plain text of one line.
class TagDelegate final : public QStyledItemDelegate
{
public:
    TagDelegate(const oci::Reference &open, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_open(open)
    {
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QSize size = QStyledItemDelegate::sizeHint(option, index);
        // No width: the tag is shortened to the pane, not the pane scrolled along the tag.
        return {0, std::max(size.height(), 28)};
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const bool open = !m_open.tag().isEmpty() && index.data().toString() == m_open.tag();
        option->font.setBold(open);
        option->text = items::oneLine(index.data().toString());
        option->textElideMode = Qt::ElideMiddle;
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->icon = symbolIcon(items::Symbol::Tag, open ? items::Tone::Edited : items::Tone::Muted);
        option->decorationSize = QSize(16, 16);
    }

private:
    const oci::Reference &m_open;
};
} // namespace

TagOrder::TagOrder(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setFilterCaseSensitivity(Qt::CaseInsensitive);
}

bool TagOrder::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    // What cosign and others hang on an image by its digest is no version of it; shown when asked for.
    static const QRegularExpression attachment(QStringLiteral("^sha256-[0-9a-f]{64}(\\.[a-z]+)?$"));
    const QString tag = sourceModel()->index(row, 0, parent).data().toString();
    const bool asked = filterRegularExpression().pattern().startsWith(QLatin1String("sha256"));
    return (asked || !attachment.match(tag).hasMatch()) && QSortFilterProxyModel::filterAcceptsRow(row, parent);
}

bool TagOrder::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    // A language's collation, not the C locale's, which knows no numbers.
    QCollator collator{QLocale(QLocale::English)};
    collator.setNumericMode(true);
    return collator.compare(left.data().toString(), right.data().toString()) < 0;
}

TagsPane::TagsPane(QWidget *parent)
    : QWidget(parent)
    , m_registry(new ElidedLabel(this))
    , m_repository(new ElidedLabel(this, Qt::ElideMiddle))
    , m_filter(new QLineEdit(this))
    , m_pane(new StatePane(this))
    , m_view(new QListView)
{
    QFont bold = m_repository->font();
    bold.setBold(true);
    m_repository->setFont(bold);
    m_registry->setForegroundRole(QPalette::PlaceholderText);
    m_filter->setObjectName(QStringLiteral("tagFilter"));
    m_filter->setPlaceholderText(tr("Filter tags"));
    m_filter->setAccessibleName(tr("Filter tags"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(symbolIcon(items::Symbol::Search, items::Tone::Muted), QLineEdit::LeadingPosition);

    m_shown.setSourceModel(&m_tags);
    m_view->setModel(&m_shown);
    m_view->setObjectName(QStringLiteral("tags"));
    m_view->setAccessibleName(tr("Tags"));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setUniformItemSizes(true);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->viewport()->setAutoFillBackground(false); // a side bar, not a document
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setItemDelegate(new TagDelegate(m_reference, m_view));
    m_pane->setContent(m_view);

    auto *head = new QVBoxLayout;
    head->setContentsMargins(16, 8, 8, 8);
    head->setSpacing(0);
    head->addWidget(m_repository);
    head->addWidget(m_registry);
    auto *filter = new QHBoxLayout;
    filter->setContentsMargins(8, 0, 8, 8);
    filter->addWidget(m_filter);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addLayout(filter);
    column->addWidget(m_pane, 1);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_shown.setFilterFixedString(text);
        updateEmpty();
    });
    connect(m_filter, &QLineEdit::returnPressed, this, [this] {
        if (m_shown.rowCount() > 0)
            activate(m_view->currentIndex().isValid() && m_shown.rowCount() > 1 ? m_view->currentIndex()
                                                                                : m_shown.index(0, 0));
    });
    connect(m_view, &QListView::activated, this, &TagsPane::activate);
    connect(m_view, &QListView::clicked, this, &TagsPane::activate);
    connect(m_pane, &StatePane::retryRequested, this, &TagsPane::retryRequested);
    setRepository({});
    showNothing();
}

void TagsPane::setRepository(const oci::Reference &reference)
{
    m_reference = reference;
    m_repository->setFullText(reference.isNull() ? tr("Tags") : reference.repository());
    m_registry->setFullText(reference.isNull() ? tr("no repository open") : reference.registry());
    selectOpenTag();
    m_view->viewport()->update();
}

void TagsPane::showNothing()
{
    m_tags.setStringList({});
    m_pane->showEmpty(items::Symbol::None, {});
}

void TagsPane::showLoading() { m_pane->showLoading(tr("Reading the tags")); }

void TagsPane::showTags(const QStringList &tags)
{
    m_tags.setStringList(tags);
    m_shown.sort(0);
    updateEmpty();
    selectOpenTag();
}

void TagsPane::showError(const base::Error &error) { m_pane->showFailure(error); }

void TagsPane::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void TagsPane::activate(const QModelIndex &index)
{
    const QString tag = index.data().toString();
    if (!tag.isEmpty() && tag != m_reference.tag())
        Q_EMIT tagActivated(m_reference.withTag(tag));
}

void TagsPane::selectOpenTag()
{
    for (int row = 0; row < m_shown.rowCount(); ++row) {
        if (m_shown.index(row, 0).data().toString() == m_reference.tag()) {
            m_view->setCurrentIndex(m_shown.index(row, 0));
            return;
        }
    }
    m_view->setCurrentIndex({});
}

void TagsPane::updateEmpty()
{
    if (m_shown.rowCount() > 0)
        m_pane->showContent();
    else if (m_tags.rowCount() > 0)
        m_pane->showEmpty(items::Symbol::Search, tr("No tag contains this text."));
    else
        m_pane->showEmpty(items::Symbol::Tag, tr("This repository has no tags."));
}

} // namespace colophon::widgets
