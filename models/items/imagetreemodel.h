// SPDX-License-Identifier: Apache-2.0
#pragma once

// An image as rows: index → manifests → config and layers, with marking, size and digest. A view onto an ImageDocument:
// setData() pushes an undoable edit there, and what changed comes back as dataChanged(); rows never move.

#include "editing/imagedocument.h"
#include "items/appearance.h"
#include "items/marking.h"

#include <QAbstractItemModel>
#include <QPointer>

#include <vector>

namespace colophon::items {

class ImageTreeModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { ImageColumn, MarkingColumn, SizeColumn, DigestColumn, ColumnCount };
    enum OwnRole {
        KindRole = FirstOwnRole, // int(Kind)
        MarkingRole,             // int(oci::Marking) of a layer; setData() takes a bool: non-distributable?
        EditedRole,              // bool: differs from the image as it was opened
        OldValueRole,            // QString: what an edited row was before, plain text
        SizeBytesRole,           // qint64; of manifests and indexes: of their distinct blobs
        SizeShareRole,           // double, 0…1: of the largest layer's image; -1 for rows that are no layer
        KnownRole,               // bool: the row's text is known; false is shown greyed
        DigestRole,              // QString, full
        PlatformRole,            // QString of an image
    };
    enum class Kind { Index, Image, Attestation, Opaque, Config, Layer };

    explicit ImageTreeModel(editing::ImageDocument *document = nullptr, QObject *parent = nullptr);

    editing::ImageDocument *document() const { return m_document; }
    void setDocument(editing::ImageDocument *document); // not owned; nullptr: no rows
    // Where a layer that is marked by setData() is to be fetched from.
    void setAddressOf(AddressOf addressOf) { m_addressOf = std::move(addressOf); }

    document::NodePath pathOf(const QModelIndex &index) const;
    QModelIndex indexOf(const document::NodePath &path, int column = ImageColumn) const;
    // The layers among these indexes, each once, in document order. An image stands for all its layers, unless some of
    // them are named: a range of rows that crosses it means those.
    QList<document::NodePath> layersOf(const QModelIndexList &indexes) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;

Q_SIGNALS:
    // setData() was refused; nothing changed.
    void editRefused(const colophon::base::Error &why);

private:
    // One row. Rows lie flat, children of one parent side by side; an index holds the row's place in the list.
    struct Row
    {
        int parent = -1;
        int row = 0;
        int firstChild = -1;
        int childCount = 0;
        Kind kind = Kind::Opaque;
        bool known = true;
        bool edited = false;
        bool removed = false;
        bool hasMarking = false; // a layer of an image, not of an attestation
        document::NodePath path;
        QString text;
        QString detail; // the whole instruction, or the media type
        QString old;
        QString platform;
        oci::Descriptor descriptor;
        qint64 size = 0;
        double share = -1;
        int severity = -1;
        QStringList messages; // of the findings at this place
        bool operator==(const Row &) const = default;
    };
    // Made anew, but for the texts no edit changes: those are taken from the rows before, of the same document.
    static std::vector<Row> rowsOf(const editing::ImageDocument &document, const std::vector<Row> &earlier = {});
    void rebuild();
    void follow();
    const Row *at(const QModelIndex &index) const;
    QVariant display(const Row &row, int column) const;
    QString tip(const Row &row, int column) const;
    QString accessibleText(const Row &row, int column) const;

    QPointer<editing::ImageDocument> m_document;
    AddressOf m_addressOf;
    std::vector<Row> m_rows;
    QHash<document::NodePath, int> m_places;
};

} // namespace colophon::items
