// SPDX-License-Identifier: Apache-2.0
#pragma once

// The annotations of one place in an image, as rows of name and value: those it has, those an edit added or changed
// beside what they were, and those an edit took away. Changes go through the document and can be undone.

#include "editing/imagedocument.h"
#include "items/appearance.h"

#include <QAbstractTableModel>
#include <QPointer>

#include <optional>

namespace colophon::items {

// A manifest or index in an index has two places: itself, and the entry that names it. Everything else has one. Empty
// where nothing may be annotated: an attestation itself, what Colophon does not read, what was removed.
QList<document::SetAnnotation::Where> annotationPlaces(const editing::ImageDocument &document,
                                                       const document::NodePath &path);
// What stands there now.
oci::Annotations annotationsAt(const document::ImageTree &tree, const document::NodePath &path,
                               document::SetAnnotation::Where where);
// The names the image specification defines: offered while a name is typed.
QStringList specifiedAnnotations();

class AnnotationsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    using Where = document::SetAnnotation::Where;
    enum Column { NameColumn, ValueColumn, ColumnCount };
    enum class State { AsOpened, Added, Changed, Removed, Draft };
    enum OwnRole {
        StateRole = FirstOwnRole, // int(State)
        EditedRole,               // bool: differs from the image as it was opened
        OldValueRole,             // QString: the value as it was opened; empty where there was none
    };

    explicit AnnotationsModel(QObject *parent = nullptr);

    // nullptr: none. Where the place may not be edited the rows are only shown.
    void setPlace(editing::ImageDocument *document, const document::NodePath &path, Where where);
    bool isEditable() const { return m_editable; }
    int count() const; // of those there are, without drafts and what was removed
    State stateOf(int row) const;
    int rowOf(const QString &name) const; // -1: there is none

    // A row for typing a new one into: its name first. It reaches the document with its value.
    QModelIndex addDraft();
    void dropDraft();
    bool hasDraft() const { return m_hasDraft; }
    const QString &draftName() const { return m_draftName; }
    bool isTaken(const QString &name) const; // there is one now
    bool remove(int row);
    bool restore(int row); // as it was opened

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;

Q_SIGNALS:
    // A name or value was not taken, and why; nothing changed.
    void refused(const colophon::base::Error &why);

private:
    struct Row
    {
        QString name;
        std::optional<QString> now;
        std::optional<QString> before;
        bool operator==(const Row &) const = default;
    };
    QList<Row> rows() const;
    void follow();
    bool isDraft(int row) const { return m_hasDraft && row == m_rows.size(); }
    bool set(const QString &name, const std::optional<QString> &value);
    bool rename(const Row &row, const QString &name);
    bool nameDraft(const QString &name);
    bool refuse(const QString &why);
    bool refuseTaken(const QString &name);

    QPointer<editing::ImageDocument> m_document;
    document::NodePath m_path;
    Where m_where = Where::Document;
    bool m_editable = false;
    QList<Row> m_rows; // by name
    bool m_hasDraft = false;
    QString m_draftName;
};

} // namespace colophon::items
