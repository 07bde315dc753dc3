// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/findingspane.h"

#include "items/findingsmodel.h"
#include "widgets/common/delegates.h"
#include "widgets/common/plain.h"
#include "widgets/common/statepane.h"
#include "widgets/common/symbols.h"

#include <QHeaderView>
#include <QPushButton>
#include <QSet>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace colophon::widgets {

namespace {
// The whole message, on as many lines as the column needs.
class MessageDelegate final : public SymbolDelegate
{
public:
    explicit MessageDelegate(QTreeView *view)
        : SymbolDelegate(view)
        , m_view(view)
    {
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const int width = std::max(80, m_view->columnWidth(index.column())) - 8;
        const QRect text =
            option.fontMetrics.boundingRect(QRect(0, 0, width, 10'000), Qt::TextWordWrap, index.data().toString());
        return {0, text.height() + 8};
    }

private:
    QTreeView *m_view;
};
} // namespace

QString FindingsPane::repairInWords(const QList<document::Edit> &repair, const document::ImageTree &tree)
{
    if (!repair.isEmpty() && std::holds_alternative<document::SetFamily>(repair.constFirst()))
        return tr("&Bring it into one format");
    const auto marking = [](const document::Edit &edit) { return std::get_if<document::SetMarking>(&edit); };
    const document::SetMarking *first = repair.isEmpty() ? nullptr : marking(repair.constFirst());
    QSet<oci::Digest> contents;
    bool isAddressesAlone = first != nullptr; // the types are as they shall be
    for (const document::Edit &edit : repair) {
        const document::SetMarking *each = marking(edit);
        const auto layer = each && !tree.isEmpty() ? tree.descriptor(each->layer) : std::nullopt;
        if (!layer || each->nonDistributable != first->nonDistributable)
            return tr("&Mend it");
        contents.insert(layer->digest);
        isAddressesAlone = isAddressesAlone && !each->nonDistributable && !layer->mediaType.isNonDistributable();
    }
    if (!first)
        return tr("&Mend it");
    if (isAddressesAlone)
        return contents.size() == 1 ? tr("Remove its &addresses") : tr("Remove their &addresses");
    if (contents.size() > 1)
        return first->nonDistributable ? tr("&Make them non-distributable") : tr("Make them &distributable");
    if (repair.size() == 1)
        return first->nonDistributable ? tr("&Make it non-distributable") : tr("Make it &distributable");
    return first->nonDistributable ? tr("&Mark it everywhere") : tr("Mark it &nowhere");
}

FindingsPane::FindingsPane(QWidget *parent)
    : QWidget(parent)
    , m_model(new items::FindingsModel(this))
    , m_pane(new StatePane(this))
    , m_view(new QTreeView)
    , m_mend(new QPushButton(tr("&Mend")))
    , m_other(new QPushButton)
{
    m_view->setModel(m_model);
    m_view->setRootIsDecorated(false);
    m_view->setWordWrap(true);
    m_view->setHeaderHidden(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setTextElideMode(Qt::ElideRight);
    m_view->setAccessibleName(tr("Findings"));
    m_view->setItemDelegate(new MessageDelegate(m_view));
    m_view->setColumnHidden(items::FindingsModel::WhereColumn, true); // the message names the place
    m_view->setItemDelegateForColumn(items::FindingsModel::SeverityColumn, new BadgeDelegate(m_view));
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(items::FindingsModel::MessageColumn, QHeaderView::Stretch);
    m_view->header()->resizeSection(items::FindingsModel::SeverityColumn, 96);
    // What is narrower needs more lines.
    connect(m_view->header(), &QHeaderView::sectionResized, m_view, &QTreeView::doItemsLayout, Qt::QueuedConnection);

    auto *content = new QWidget;
    auto *below = new QVBoxLayout; // beside each other they do not fit at the smallest size
    below->setSpacing(8);
    below->addWidget(m_mend, 0, Qt::AlignLeft);
    below->addWidget(m_other, 0, Qt::AlignLeft);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    column->addWidget(m_view, 1);
    column->addLayout(below);
    m_pane->setContent(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pane);

    for (QPushButton *button : {m_mend, m_other})
        setPlainToolTip(button, tr("Mends it with one edit that can be undone"));
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FindingsPane::updateButtons);
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        if (m_model->rowCount() > 0)
            m_view->setCurrentIndex(m_model->index(0, 0));
        updateButtons();
    });
    connect(m_mend, &QPushButton::clicked, this, &FindingsPane::mendCurrent);
    connect(m_other, &QPushButton::clicked, this, &FindingsPane::mendCurrentOtherwise);
    connect(m_view, &QTreeView::activated, this,
            [this](const QModelIndex &index) { Q_EMIT nodeActivated(m_model->finding(index.row()).path); });
    setFindings({}, {});
}

void FindingsPane::setFindings(const QList<document::Finding> &findings, const document::ImageTree &tree)
{
    m_tree = tree;
    m_model->setFindings(findings, tree);
    if (findings.isEmpty())
        m_pane->showEmpty(items::Symbol::Ok, tr("Nothing to mend here."));
    else
        m_pane->showContent();
    updateButtons();
}

const document::Finding *FindingsPane::current() const
{
    const QModelIndex index = m_view->currentIndex();
    return index.isValid() ? &m_model->finding(index.row()) : nullptr;
}

void FindingsPane::updateButtons()
{
    const document::Finding *finding = current();
    const auto show = [this](QPushButton *button, const QList<document::Edit> &repair) {
        button->setText(repairInWords(repair, m_tree));
        button->setVisible(!repair.isEmpty());
    };
    show(m_mend, finding ? finding->repair : QList<document::Edit>());
    show(m_other, finding ? finding->otherRepair : QList<document::Edit>());
}

void FindingsPane::mendCurrent()
{
    if (const document::Finding *finding = current(); finding && !finding->repair.isEmpty())
        Q_EMIT repairRequested(QList<document::Edit>(finding->repair));
}

void FindingsPane::mendCurrentOtherwise()
{
    if (const document::Finding *finding = current(); finding && !finding->otherRepair.isEmpty())
        Q_EMIT repairRequested(QList<document::Edit>(finding->otherRepair));
}

} // namespace colophon::widgets
