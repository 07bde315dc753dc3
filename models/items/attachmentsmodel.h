// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is attached to an image as a tree: the manifests that have something, each with what hangs on it, what that is,
// who claims to have signed it, and what becomes of it by the edits. What a document says of itself is shown as its
// claim; nothing is verified here.

#include "document/aftermath.h"
#include "document/titles.h"
#include "items/appearance.h"

#include <QAbstractItemModel>

namespace colophon::items {

// The word of a kind with its symbol.
Appearance appearanceOf(document::Attachment::Kind kind);
// What becomes of it, in a table's words; plain where nothing does.
Appearance appearanceOf(document::Fate fate, const oci::Digest &about);

class AttachmentsModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { KindColumn, WhatColumn, SignerColumn, SizeColumn, DateColumn, FateColumn, ColumnCount };

    explicit AttachmentsModel(QObject *parent = nullptr);
    // Of an image as it was opened.
    void setAttachments(const document::ImageTree &tree, const document::Attachments &attachments);
    // The edits, and what else decides what becomes of them; rows stay.
    void setEdited(const document::DerivedImage &derived, const document::Aftermath &aftermath);

    // Of a row that is one; nothing for the row of a manifest.
    std::optional<document::Attachment> attachment(const QModelIndex &index) const;
    document::NodePath path(const QModelIndex &index) const; // what it is about
    // "2 signatures, 1 SBOM"; of all, or of one manifest.
    QString summary(const QModelIndex &index = {}) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Node
    {
        document::NodePath path;
        QString name;
        QList<document::Attachment> attachments;
        QList<document::Fate> fates;
    };
    static QString summaryOf(const QList<document::Attachment> &attachments);
    QString textOf(const Node &node, int row, int column) const;
    QVariant nodeData(const Node &node, int column, int role) const;
    QVariant attachmentData(const Node &node, int row, int column, int role) const;
    void decideFates(const document::DerivedImage &derived, const document::Aftermath &aftermath);

    document::ImageTree m_tree;
    QList<Node> m_nodes;
};

} // namespace colophon::items
