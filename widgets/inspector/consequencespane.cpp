// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/consequencespane.h"

#include "behaviour/outlook.h"
#include "items/consequencesmodel.h"
#include "widgets/common/plain.h"
#include "widgets/common/statepane.h"
#include "widgets/inspector/clientsdialog.h"
#include "widgets/inspector/consequencesdelegate.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace colophon::widgets {

using document::NodePath;
using items::ConsequencesModel;

namespace {
// The layer itself, or every layer of what is below.
QList<NodePath> layersOf(const document::ImageTree &tree, const NodePath &path)
{
    if (path.isLayer())
        return {path};
    const NodePath top = path.manifest();
    if (top.entries.isEmpty())
        return tree.layers();
    QList<NodePath> layers;
    for (const NodePath &layer : tree.layers())
        if (layer.entries.mid(0, top.entries.size()) == top.entries)
            layers.append(layer);
    return layers;
}
} // namespace

ConsequencesPane::ConsequencesPane(QWidget *parent)
    : QWidget(parent)
    , m_knowledge(behaviour::Knowledge::shipped())
    , m_lines(usualLines(m_knowledge))
    , m_model(new ConsequencesModel(this))
    , m_pane(new StatePane(this))
    , m_view(new QTreeView)
    , m_delegate(new ConsequencesDelegate(m_view))
    , m_clients(new QPushButton(tr("C&lients…")))
    , m_why(new QToolButton)
{
    m_view->setModel(m_model);
    m_view->setItemDelegate(m_delegate);
    m_view->setHeaderHidden(true);
    m_view->setIndentation(16);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setAccessibleName(tr("What clients do with the layers"));
    m_view->header()->setStretchLastSection(true);
    // What is narrower needs more lines.
    connect(m_view->header(), &QHeaderView::sectionResized, m_view, &QTreeView::doItemsLayout, Qt::QueuedConnection);
    m_why->setText(tr("&Why"));
    m_why->setCheckable(true);
    setPlainToolTip(m_why, tr("The rule behind the current row, and where it was read or run"));
    setPlainToolTip(m_clients, tr("Choose the clients your customers use"));

    auto *content = new QWidget;
    auto *below = new QHBoxLayout;
    below->setSpacing(8);
    below->addWidget(m_clients);
    below->addStretch(1);
    below->addWidget(m_why);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(8, 4, 8, 8);
    column->setSpacing(8);
    column->addWidget(m_view, 1);
    column->addLayout(below);
    m_pane->setContent(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pane);

    connect(m_clients, &QPushButton::clicked, this, &ConsequencesPane::chooseLines);
    connect(m_why, &QToolButton::toggled, this, [this](bool explains) {
        m_delegate->setExplaining(explains);
        m_view->doItemsLayout();
        m_view->scrollTo(m_view->currentIndex());
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        if (m_delegate->isExplaining())
            m_view->doItemsLayout();
    });
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (ConsequencesModel::RowKind(index.data(ConsequencesModel::RowKindRole).toInt()) ==
            ConsequencesModel::RowKind::Consequence)
            m_why->toggle();
    });
    refresh();
}

void ConsequencesPane::showNode(editing::ImageDocument *document, const NodePath &path)
{
    m_document = document;
    m_path = path;
    m_isStale = true;
    if (isVisible())
        refresh();
}

void ConsequencesPane::setLines(const QStringList &ids)
{
    m_lines = chosenLines(m_knowledge, ids);
    m_isStale = true;
    if (isVisible())
        refresh();
}

void ConsequencesPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_isStale)
        refresh();
}

void ConsequencesPane::refresh()
{
    m_isStale = false;
    const bool isOpen = m_document && !m_document->tree().isEmpty() && m_document->tree().node(m_path);
    const QList<NodePath> layers = isOpen ? layersOf(m_document->tree(), m_path) : QList<NodePath>();
    if (layers.isEmpty()) {
        m_model->setQuestion(m_knowledge, {}, {});
        m_pane->showEmpty(items::Symbol::Layer, tr("There are no layers here."));
        return;
    }
    // The same question has the same answer, and keeps the row that is current.
    const bool wasReset = m_model->setQuestion(m_knowledge, m_lines,
                                               behaviour::groupsOf(m_document->original(), m_document->tree(), layers));
    m_pane->showContent();
    if (wasReset)
        expandWhatIsMarked();
}

// What is not marked is treated like any layer: it is shown to who opens it, unless there is nothing else.
void ConsequencesPane::expandWhatIsMarked()
{
    const QList<behaviour::LayerGroup> &groups = m_model->groups();
    const int first = m_model->rowCount() - static_cast<int>(groups.size());
    for (int i = 0; i < groups.size(); ++i) {
        const bool isPlain = groups[i].after.marking == oci::Marking::Distributable && !groups[i].isChanged();
        m_view->setExpanded(m_model->index(first + i, 0), !isPlain || i == 0);
    }
    m_view->setCurrentIndex(m_model->index(0, 0));
    m_view->scrollToTop();
}

void ConsequencesPane::chooseLines()
{
    auto *dialog = new ClientsDialog(m_knowledge, m_lines, this);
    connect(dialog, &ClientsDialog::chosen, this, [this](const QStringList &ids) {
        setLines(ids);
        Q_EMIT linesChosen(ids);
    });
    dialog->open();
}

} // namespace colophon::widgets
