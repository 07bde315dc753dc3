// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/annotationspane.h"

#include "widgets/common/plain.h"
#include "widgets/common/statepane.h"
#include "widgets/common/symbols.h"
#include "widgets/inspector/annotationdelegate.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QTreeView>
#include <QVBoxLayout>

#include <utility>

namespace colophon::widgets {

using Model = items::AnnotationsModel;
using Where = Model::Where;

AnnotationsPane::AnnotationsPane(QWidget *parent)
    : QWidget(parent)
    , m_model(new Model(this))
    , m_where(new QComboBox(this))
    , m_note(plainLabel({}, this))
    , m_pane(new StatePane(this))
    , m_view(new QTreeView)
    , m_whole(new QScrollArea)
    , m_name(new ValueLabel)
    , m_value(new ValueLabel)
    , m_old(new ValueLabel)
    , m_add(new QPushButton(symbolIcon(items::Symbol::Add), tr("&Add")))
    , m_edit(new QPushButton(tr("&Edit")))
    , m_remove(new QPushButton(symbolIcon(items::Symbol::Remove), tr("Remo&ve")))
    , m_restore(new QPushButton(symbolIcon(items::Symbol::Undo), tr("As it &was")))
{
    m_where->setObjectName(QStringLiteral("annotationsWhere"));
    m_where->setAccessibleName(tr("Which annotations"));
    m_note->setForegroundRole(QPalette::PlaceholderText);
    buildView();

    auto *content = new QWidget;
    auto *text = new QWidget;
    auto *whole = new QVBoxLayout(text);
    whole->setContentsMargins(4, 4, 4, 4);
    whole->setSpacing(4);
    m_name->setForegroundRole(QPalette::PlaceholderText);
    m_old->setForegroundRole(QPalette::PlaceholderText);
    whole->addWidget(m_name);
    whole->addWidget(m_value);
    whole->addWidget(m_old);
    whole->addStretch(1);
    m_whole->setWidget(text);
    m_whole->setWidgetResizable(true);
    m_whole->setFrameShape(QFrame::NoFrame);
    m_whole->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_whole->setAccessibleName(tr("The whole annotation"));
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(4);
    for (QPushButton *button : {m_add, m_edit, m_remove, m_restore})
        buttons->addWidget(button);
    buttons->addStretch(1);
    setPlainToolTip(m_restore, tr("Back to what it was when the image was opened"));
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_view, 3);
    column->addWidget(m_whole, 2);
    column->addLayout(buttons);
    m_pane->setContent(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(8, 8, 8, 8);
    all->setSpacing(8);
    all->addWidget(m_where);
    all->addWidget(m_note);
    all->addWidget(m_pane, 1);

    connect(m_where, &QComboBox::activated, this, &AnnotationsPane::choose);
    connect(m_pane, &StatePane::actionTriggered, this, &AnnotationsPane::add);
    connect(m_add, &QPushButton::clicked, this, &AnnotationsPane::add);
    connect(m_edit, &QPushButton::clicked, this, &AnnotationsPane::edit);
    connect(m_remove, &QPushButton::clicked, this, &AnnotationsPane::remove);
    connect(m_restore, &QPushButton::clicked, this, &AnnotationsPane::restore);
    connect(m_model, &Model::refused, this, &AnnotationsPane::refused);
    showNode(nullptr, {});
}

void AnnotationsPane::buildView()
{
    auto *delegate = new AnnotationDelegate(m_view);
    m_view->setModel(m_model);
    m_view->setItemDelegate(delegate);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_view->setTabKeyNavigation(false);
    m_view->setAccessibleName(tr("Annotations"));
    m_view->header()->setStretchLastSection(true);
    m_view->header()->setSectionsMovable(false);
    m_view->header()->setHighlightSections(false);
    m_view->header()->resizeSection(Model::NameColumn, 184);
    auto *remove = new QAction(tr("Remove the annotation"), m_view);
    remove->setShortcut(Qt::Key_Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    m_view->addAction(remove);
    connect(remove, &QAction::triggered, this, &AnnotationsPane::remove);
    connect(delegate, &QAbstractItemDelegate::closeEditor, this, &AnnotationsPane::goOn, Qt::QueuedConnection);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &AnnotationsPane::showCurrent);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_model, signal, this, &AnnotationsPane::showState);
    connect(m_model, &QAbstractItemModel::modelReset, this, &AnnotationsPane::showState);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &AnnotationsPane::showCurrent);
}

void AnnotationsPane::showNode(editing::ImageDocument *document, const document::NodePath &path)
{
    const bool moved = document != m_document || path != m_path;
    m_document = document;
    m_path = path;
    const auto places = document ? items::annotationPlaces(*document, path) : QList<Where>();
    const bool isIndex = document && !document->tree().isEmpty() && document->tree().node(path) &&
                         document->tree().node(path)->index.has_value();
    const int chosen = moved ? 0 : m_where->currentIndex();
    m_where->clear();
    for (const Where where : places) {
        m_where->addItem(where == Where::Descriptor ? tr("Of its entry in the index")
                         : isIndex                  ? tr("Of the index itself")
                                                    : tr("Of the manifest itself"),
                         int(where));
    }
    m_where->setCurrentIndex(std::clamp(chosen, 0, std::max(0, m_where->count() - 1)));
    m_where->setVisible(places.size() > 1);
    choose();
}

void AnnotationsPane::choose()
{
    const bool isNode = m_path.part == document::NodePath::Part::Self;
    // Where nothing may be edited, what there is is shown all the same.
    const Where where = m_where->count() > 0 ? Where(m_where->currentData().toInt())
                        : isNode             ? Where::Document
                                             : Where::Descriptor;
    m_model->setPlace(m_document, m_path, where);
    document::NodePath holder = m_path.manifest(); // of the annotations
    if (where == Where::Descriptor && isNode && !holder.entries.isEmpty())
        holder.entries.removeLast();
    const document::ImageNode *written = m_model->isEditable() ? m_document->tree().node(holder) : nullptr;
    const bool isDockers = written && written->descriptor.mediaType.family() == oci::MediaType::Family::Docker;
    setPlainText(m_note,
                 tr("This is in Docker's format: registries keep annotations there, but most clients do not look "
                    "for them."));
    m_note->setVisible(isDockers);
    showState();
}

void AnnotationsPane::showState()
{
    if (m_model->rowCount() == 0) {
        m_pane->showEmpty(items::Symbol::Information,
                          m_model->isEditable() ? tr("There are no annotations here.")
                                                : tr("There are no annotations here, and none can be added."),
                          m_model->isEditable() ? tr("&Add an annotation") : QString());
    } else {
        m_pane->showContent();
        if (!m_view->currentIndex().isValid())
            m_view->setCurrentIndex(m_model->index(0, Model::NameColumn));
    }
    showCurrent();
}

int AnnotationsPane::currentRow() const { return m_view->currentIndex().isValid() ? m_view->currentIndex().row() : -1; }

void AnnotationsPane::showCurrent()
{
    const int row = currentRow();
    const bool is = row >= 0 && row < m_model->rowCount();
    const QModelIndex name = is ? m_model->index(row, Model::NameColumn) : QModelIndex();
    const auto state = Model::State(name.data(Model::StateRole).toInt());
    const bool editable = is && m_model->isEditable();
    m_name->setValue(name.data(Qt::EditRole).toString());
    m_value->setValue(name.siblingAtColumn(Model::ValueColumn).data(Qt::EditRole).toString());
    const QString old = name.data(Model::OldValueRole).toString();
    m_old->setValue(!is                              ? QString()
                    : state == Model::State::Changed ? tr("Was: %1").arg(old)
                    : state == Model::State::Removed ? tr("Removed")
                    : state == Model::State::Added   ? tr("Added")
                                                     : QString());
    m_old->setVisible(!m_old->text().isEmpty());
    m_add->setEnabled(m_model->isEditable());
    m_edit->setEnabled(editable);
    m_remove->setEnabled(editable && state != Model::State::Removed);
    m_restore->setEnabled(editable && (state == Model::State::Changed || state == Model::State::Removed));
}

void AnnotationsPane::add()
{
    const QModelIndex draft = m_model->addDraft();
    if (!draft.isValid())
        return;
    m_view->setCurrentIndex(draft);
    m_view->edit(draft);
}

void AnnotationsPane::edit()
{
    const QModelIndex value = m_model->index(currentRow(), Model::ValueColumn);
    if (!value.isValid())
        return;
    m_view->setCurrentIndex(value);
    m_view->edit(value);
}

void AnnotationsPane::remove()
{
    const int row = currentRow();
    m_model->remove(row);
    if (m_model->rowCount() > 0)
        m_view->setCurrentIndex(m_model->index(std::min(row, m_model->rowCount() - 1), Model::NameColumn));
}

void AnnotationsPane::restore() { m_model->restore(currentRow()); }

void AnnotationsPane::goOn()
{
    const QString added = std::exchange(m_adding, {});
    if (!m_model->hasDraft()) {
        if (const int row = m_model->rowOf(added); row >= 0)
            m_view->setCurrentIndex(m_model->index(row, Model::NameColumn));
        return;
    }
    if (m_view->isPersistentEditorOpen(m_view->currentIndex()))
        return;
    const int draft = m_model->rowCount() - 1;
    if (m_model->draftName().isEmpty()) {
        m_model->dropDraft();
    } else if (m_view->currentIndex() == m_model->index(draft, Model::NameColumn) &&
               !m_model->isTaken(m_model->draftName())) {
        m_adding = m_model->draftName();
        const QModelIndex value = m_model->index(draft, Model::ValueColumn);
        m_view->setCurrentIndex(value);
        m_view->edit(value);
    }
}

} // namespace colophon::widgets
