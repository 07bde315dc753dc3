// SPDX-License-Identifier: Apache-2.0
#pragma once

// The image as a tree: index → platforms → config and layers. Space toggles the marking of all selected layers
// together; columns keep their width whatever is loaded.

#include "items/imagetreemodel.h"
#include "items/platformfilter.h"

#include <QTreeView>

#include <optional>

namespace colophon::widgets {

class ImageTreeView : public QTreeView
{
    Q_OBJECT
public:
    explicit ImageTreeView(QWidget *parent = nullptr);

    void setDocument(editing::ImageDocument *document);
    void setAddressOf(const items::AddressOf &addressOf);
    void setPlatforms(const QList<oci::Platform> &platforms);
    const QList<oci::Platform> &platforms() const { return m_filter.platforms(); } // shown; empty: all
    items::ImageTreeModel *imageModel() { return &m_model; }

    document::NodePath current() const;
    bool hasCurrent() const { return currentIndex().isValid(); }
    void setCurrent(const document::NodePath &path);
    const QList<document::NodePath> &selectedLayers() const; // in document order; also those of selected images
    QList<document::NodePath> selectedEntries() const;       // of an index, and still in it
    void selectLayers(const QList<document::NodePath> &layers);
    // Whether toggling would mark (rather than unmark) the selection; false too where nothing can be toggled.
    bool canToggle() const;
    bool togglesToMarked() const;
    QString currentDigest() const;
    // The menu of a row, made of the window's actions.
    void setMenuActions(const QList<QAction *> &actions) { m_menuActions = actions; }

public Q_SLOTS:
    void toggleMarking();
    void unmark();           // whatever they are now
    void selectEverywhere(); // every occurrence of the selected layers' digests

Q_SIGNALS:
    void currentNodeChanged(const colophon::document::NodePath &path);
    void layersSelected();
    void refused(const colophon::base::Error &why);
    void toggled(const QString &what); // for the status line

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;
    void keyPressEvent(QKeyEvent *event) override;
    void drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void setMarked(bool nonDistributable);
    QModelIndexList selectedSourceRows() const;
    QModelIndex shownIndex(const document::NodePath &path) const;
    void layOutColumns();
    void expandAtFirst();

    items::ImageTreeModel m_model;
    items::PlatformFilter m_filter;
    items::AddressOf m_addressOf;
    QList<QAction *> m_menuActions;
    mutable std::optional<QList<document::NodePath>> m_selectedLayers; // found out when it is asked for
};

} // namespace colophon::widgets
