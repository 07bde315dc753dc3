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
// The layer wherever its content occurs, since what becomes of it depends on all of them; or every layer of what is
// below.
QList<NodePath> layersOf(const document::ImageTree &tree, const NodePath &path)
{
    QList<NodePath> layers = tree.layers();
    if (path.isLayer()) {
        const std::optional<oci::Descriptor> selected = tree.descriptor(path);
        layers.removeIf(
            [&](const NodePath &layer) { return !selected || tree.descriptor(layer)->digest != selected->digest; });
        return layers;
    }
    const NodePath top = path.manifest();
    if (top.entries.isEmpty())
        return layers;
    layers.removeIf([&](const NodePath &layer) { return layer.entries.mid(0, top.entries.size()) != top.entries; });
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
    refreshSoon();
}

void ConsequencesPane::setServer(const QString &registry, const content::ServerFields &fields)
{
    m_registry = {registry, behaviour::recognise(m_knowledge, fields)};
    refreshSoon();
}

void ConsequencesPane::setLines(const QStringList &ids)
{
    m_lines = chosenLines(m_knowledge, ids);
    refreshSoon();
}

void ConsequencesPane::refreshSoon()
{
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
    const bool wasReset = m_model->setQuestion(
        m_knowledge, m_lines, behaviour::groupsOf(m_document->original(), m_document->tree(), layers), m_registry);
    m_pane->showContent();
    if (wasReset)
        expandWhatIsMarked();
}

// What is not marked is treated like any layer: it is shown to who opens it, unless there is nothing else.
void ConsequencesPane::expandWhatIsMarked()
{
    bool isShown = false;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex top = m_model->index(row, 0);
        const bool isGroup = ConsequencesModel::RowKind(top.data(ConsequencesModel::RowKindRole).toInt()) ==
                             ConsequencesModel::RowKind::Group;
        m_view->setExpanded(top, !isGroup || !isShown || !m_model->isPlain(top));
        isShown = isShown || isGroup;
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
