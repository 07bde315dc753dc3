// SPDX-License-Identifier: Apache-2.0
#include "widgets/tree/imagetreeview.h"

#include "widgets/common/delegates.h"
#include "widgets/common/plain.h"
#include "widgets/common/tones.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QSet>

namespace colophon::widgets {

using Model = items::ImageTreeModel;

namespace {
// A row that cannot be marked has nothing to say in the column of markings: its name may run on into it.
bool spansMarking(const QModelIndex &index)
{
    return index.siblingAtColumn(Model::MarkingColumn).data().toString().isEmpty();
}

// The rows are one height, on the window's grid, whichever column is asked.
class ImageColumnDelegate final : public SymbolDelegate
{
public:
    explicit ImageColumnDelegate(QTreeView *view)
        : SymbolDelegate(view)
        , m_view(view)
    {
    }
    // Only what falls into the cell asked for: each cell may be painted again by itself.
    void paintPart(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
    {
        const QModelIndex image = index.siblingAtColumn(Model::ImageColumn);
        QStyleOptionViewItem whole = option;
        whole.rect = m_view->visualRect(image).united(m_view->visualRect(index.siblingAtColumn(Model::MarkingColumn)));
        painter->save();
        painter->setClipRect(option.rect, Qt::IntersectClip);
        SymbolDelegate::paint(painter, whole, image);
        painter->restore();
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (spansMarking(index))
            paintPart(painter, option, index);
        else
            SymbolDelegate::paint(painter, option, index);
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QSize size = SymbolDelegate::sizeHint(option, index);
        size.setHeight(std::max(size.height(), 28));
        return size;
    }

private:
    QTreeView *m_view;
};

class MarkingDelegate final : public BadgeDelegate
{
public:
    MarkingDelegate(const ImageColumnDelegate *names, QObject *parent)
        : BadgeDelegate(parent)
        , m_names(names)
    {
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (spansMarking(index))
            m_names->paintPart(painter, option, index);
        else
            BadgeDelegate::paint(painter, option, index);
    }

private:
    const ImageColumnDelegate *m_names;
};

// Digests in the fixed font.
class DigestDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->font = fixedFont();
        strikeIfGone(option, index);
    }
};
} // namespace

ImageTreeView::ImageTreeView(QWidget *parent)
    : QTreeView(parent)
{
    setObjectName(QStringLiteral("imageTree"));
    setAccessibleName(tr("Image"));
    m_filter.setSourceModel(&m_model);
    setModel(&m_filter);
    auto *names = new ImageColumnDelegate(this);
    setItemDelegateForColumn(Model::ImageColumn, names);
    setItemDelegateForColumn(Model::MarkingColumn, new MarkingDelegate(names, this));
    setItemDelegateForColumn(Model::SizeColumn, new SizeBarDelegate(Model::SizeShareRole, this));
    setItemDelegateForColumn(Model::DigestColumn, new DigestDelegate(this));
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setFrameShape(QFrame::NoFrame);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAnimated(false);
    setIndentation(20);
    header()->setStretchLastSection(false);
    header()->setSectionsMovable(false);
    header()->setHighlightSections(false);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int column = 0; column < Model::ColumnCount; ++column)
        header()->setSectionResizeMode(column,
                                       column == Model::ImageColumn ? QHeaderView::Stretch : QHeaderView::Fixed);
    layOutColumns();
    connect(&m_model, &Model::editRefused, this, &ImageTreeView::refused);
    connect(&m_filter, &QAbstractItemModel::modelReset, this, [this] { m_selectedLayers.reset(); });
}

void ImageTreeView::layOutColumns()
{
    // By the widest content there can be, not by what happens to be shown: nothing moves when rows come.
    const QFontMetrics plain(font());
    const QFontMetrics fixed(fixedFont());
    int marking = 0;
    for (const auto each : {oci::Marking::Distributable, oci::Marking::NonDistributable, oci::Marking::Unfetchable,
                            oci::Marking::HalfMarked})
        marking = std::max(marking, plain.horizontalAdvance(items::appearanceOf(each).word));
    // Where it is narrow the digest goes first, then the bars: both stand in the overview too, an instruction does not.
    const int size = plain.horizontalAdvance(QStringLiteral("888.8 MB"));
    const bool hasBars = viewport()->width() >= 560;
    header()->resizeSection(Model::MarkingColumn, marking + 38);
    header()->resizeSection(Model::SizeColumn, size + (hasBars ? 64 : 24));
    const int digest = fixed.horizontalAdvance(QStringLiteral("sha256:123456789abc")) + 20;
    const int left = viewport()->width() - header()->sectionSize(Model::MarkingColumn) -
                     header()->sectionSize(Model::SizeColumn) - digest;
    setColumnHidden(Model::DigestColumn, left < 240);
    header()->resizeSection(Model::DigestColumn, digest);
}

void ImageTreeView::resizeEvent(QResizeEvent *event)
{
    layOutColumns();
    QTreeView::resizeEvent(event);
}

void ImageTreeView::setDocument(editing::ImageDocument *document)
{
    m_model.setDocument(document);
    expandAtFirst();
    if (document)
        setCurrent(document::NodePath::root());
}

void ImageTreeView::expandAtFirst()
{
    // All of a small image; of a large index the root only, since a screen of collapsed rows says more.
    if (m_filter.rowCount(m_filter.index(0, 0)) <= 6)
        expandAll();
    else
        expandToDepth(0);
}

void ImageTreeView::setAddressOf(const items::AddressOf &addressOf)
{
    m_addressOf = addressOf;
    m_model.setAddressOf(addressOf);
}

void ImageTreeView::setPlatforms(const QList<oci::Platform> &platforms)
{
    const document::NodePath before = current();
    m_filter.setPlatforms(platforms);
    expandAtFirst();
    setCurrent(before);
    if (!hasCurrent())
        setCurrentIndex(m_filter.index(0, 0));
}

document::NodePath ImageTreeView::current() const { return m_model.pathOf(m_filter.mapToSource(currentIndex())); }

QModelIndex ImageTreeView::shownIndex(const document::NodePath &path) const
{
    const QModelIndex source = m_model.indexOf(path);
    // The proxy maps children of rows it does not show, too.
    for (QModelIndex above = source; above.isValid(); above = above.parent()) {
        if (!m_filter.mapFromSource(above).isValid())
            return {};
    }
    return m_filter.mapFromSource(source);
}

void ImageTreeView::setCurrent(const document::NodePath &path)
{
    const QModelIndex index = shownIndex(path);
    if (!index.isValid())
        return;
    setCurrentIndex(index);
    scrollTo(index);
}

// Rows are selected whole, so their ranges say all: asking the selection for each row takes its time.
QModelIndexList ImageTreeView::selectedSourceRows() const
{
    QModelIndexList rows;
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(m_filter.mapToSource(m_filter.index(row, 0, range.parent())));
    }
    return rows;
}

const QList<document::NodePath> &ImageTreeView::selectedLayers() const
{
    if (!m_selectedLayers)
        m_selectedLayers = m_model.layersOf(selectedSourceRows());
    return *m_selectedLayers;
}

bool ImageTreeView::canToggle() const
{
    const auto layers = selectedLayers();
    return m_model.document() && std::any_of(layers.begin(), layers.end(), [this](const document::NodePath &layer) {
               return items::whyNotMarkable(*m_model.document(), layer).isEmpty();
           });
}

bool ImageTreeView::togglesToMarked() const
{
    return m_model.document() && items::togglesToMarked(*m_model.document(), selectedLayers());
}

QString ImageTreeView::currentDigest() const { return currentIndex().data(Model::DigestRole).toString(); }

void ImageTreeView::toggleMarking()
{
    if (m_model.document())
        setMarked(togglesToMarked());
}

void ImageTreeView::unmark() { setMarked(false); }

void ImageTreeView::setMarked(bool nonDistributable)
{
    editing::ImageDocument *document = m_model.document();
    const QList<document::NodePath> layers = selectedLayers();
    if (!document || layers.isEmpty())
        return;
    const auto done = items::setMarkedTogether(*document, layers, nonDistributable, m_addressOf);
    if (!done) {
        Q_EMIT refused(done.error());
        return;
    }
    Q_EMIT toggled(items::markedInWords(document->tree(), *done, nonDistributable));
}

QList<document::NodePath> ImageTreeView::selectedEntries() const
{
    QList<document::NodePath> entries;
    for (const QModelIndex &index : selectedSourceRows()) {
        const document::NodePath path = m_model.pathOf(index);
        if (path.part == document::NodePath::Part::Self && !path.entries.isEmpty() &&
            !index.data(items::GoneRole).toBool())
            entries << path;
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

void ImageTreeView::selectEverywhere()
{
    editing::ImageDocument *document = m_model.document();
    if (!document)
        return;
    QSet<oci::Digest> wanted;
    for (const document::NodePath &layer : selectedLayers())
        wanted.insert(document->tree().descriptor(layer)->digest);
    QList<document::NodePath> places = selectedLayers(); // those of attestations stand in one place only
    for (const document::NodePath &layer : document->tree().layers()) {
        if (wanted.contains(document->tree().descriptor(layer)->digest))
            places << layer;
    }
    selectLayers(places);
}

void ImageTreeView::selectLayers(const QList<document::NodePath> &layers)
{
    QList<document::NodePath> inOrder = layers;
    std::sort(inOrder.begin(), inOrder.end());
    inOrder.erase(std::unique(inOrder.begin(), inOrder.end()), inOrder.end());
    // In ranges: a selection of ten thousand single rows is slow wherever it goes.
    QItemSelection all;
    QModelIndex first;
    QModelIndex last;
    for (const document::NodePath &layer : std::as_const(inOrder)) {
        const QModelIndex index = shownIndex(layer);
        if (!index.isValid())
            continue;
        if (first.isValid() && index.row() == last.row() + 1 && index.parent() == last.parent()) {
            last = index;
            continue;
        }
        if (first.isValid())
            all.append(QItemSelectionRange(first, last));
        first = last = index;
        expand(index.parent());
    }
    if (first.isValid())
        all.append(QItemSelectionRange(first, last));
    selectionModel()->select(all, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (!all.isEmpty()) {
        selectionModel()->setCurrentIndex(all.first().topLeft(), QItemSelectionModel::NoUpdate);
        scrollTo(all.first().topLeft());
    }
    setFocus();
}

void ImageTreeView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    if (current.isValid())
        Q_EMIT currentNodeChanged(m_model.pathOf(m_filter.mapToSource(current)));
}

void ImageTreeView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTreeView::selectionChanged(selected, deselected);
    m_selectedLayers.reset();
    Q_EMIT layersSelected();
}

void ImageTreeView::keyPressEvent(QKeyEvent *event)
{
    // Space is the window's action; the view's own use of it (select the current row) would swallow it.
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        toggleMarking();
        return;
    }
    QTreeView::keyPressEvent(event);
}

void ImageTreeView::drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QTreeView::drawRow(painter, option, index);
    // At the very left whatever the depth, so that a glance down the edge finds every edit.
    if (index.siblingAtColumn(Model::ImageColumn).data(Model::EditedRole).toBool())
        painter->fillRect(QRect(0, option.rect.top(), 4, option.rect.height()),
                          colorsOf(items::Tone::Edited, palette()).text);
}

void ImageTreeView::contextMenuEvent(QContextMenuEvent *event)
{
    if (!m_model.document() || m_menuActions.isEmpty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(m_menuActions);
    QPoint where = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard)
        where = viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft() + QPoint(32, 0));
    menu->popup(where);
}

} // namespace colophon::widgets
