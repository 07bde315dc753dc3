// SPDX-License-Identifier: Apache-2.0
#pragma once

// The addresses (urls) of one layer: editable, ordered, each with what it answered when it was last asked. Changes go
// through the document, everywhere the layer's digest occurs.

#include "content/urlfetcher.h"
#include "editing/imagedocument.h"
#include "items/appearance.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QPointer>
#include <QSet>

namespace colophon::items {

class UrlsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { AddressColumn, AnswerColumn, ColumnCount };
    enum OwnRole {
        VerdictRole = FirstOwnRole, // int(content::UrlProbe::Verdict); -1: not asked; -2: being asked
        MeaningRole,                // QString: what the answer means, in plain sentences
    };

    explicit UrlsModel(QObject *parent = nullptr);

    void setLayer(editing::ImageDocument *document, const document::NodePath &layer); // nullptr: none
    bool hasLayer() const { return m_document != nullptr; }
    const QStringList &addresses() const { return m_addresses; } // a draft at the end may be empty

    // What an address of the layer with this digest answered. Kept over a change of layer.
    void setProbe(const oci::Digest &layer, const content::UrlProbe &probe);
    void setProbing(const oci::Digest &layer, const QString &url);
    void clearProbes();
    void stopProbing();     // what is still being asked was not answered
    bool isProbing() const; // one of these addresses

    // A new, empty row for typing into; it reaches the document when it is a good address, and goes when it stays
    // empty.
    QModelIndex addDraft();
    void dropDraft();
    bool hasEmptyDraft() const { return m_hasDraft && m_addresses.last().isEmpty(); }
    bool add(const QString &address);
    bool remove(int row);
    bool move(int from, int to);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;

Q_SIGNALS:
    // An address was not taken, and why; nothing changed.
    void refused(const colophon::base::Error &why);

private:
    struct Answer
    {
        bool asking = false;
        content::UrlProbe probe;
    };
    void follow();
    void show(const QStringList &addresses);
    bool write(const QStringList &addresses);
    bool refuse(int row, const QString &typed, const base::Error &why);
    const Answer *answerOf(const QString &address) const;

    QPointer<editing::ImageDocument> m_document;
    document::NodePath m_layer;
    oci::Digest m_digest;
    QStringList m_addresses;
    bool m_hasDraft = false; // the last row is not in the document
    QString m_draftProblem;
    QHash<QPair<oci::Digest, QString>, Answer> m_answers;
};

} // namespace colophon::items
