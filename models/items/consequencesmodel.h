// SPDX-License-Identifier: Apache-2.0
#pragma once

// What becomes of some layers, as rows of a tree: first the summary, then each kind of layer there is, and under it
// what every client and registry does with it. By kind, never by layer: ten thousand layers are a handful of rows.
// Where an edit changes what somebody does the row says both.

#include "behaviour/summary.h"
#include "items/appearance.h"

#include <QAbstractItemModel>

namespace colophon::items {

class ConsequencesModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum class RowKind { Summary, Group, Consequence };
    enum OwnRole {
        RowKindRole = FirstOwnRole, // int(RowKind)
        OutcomeRole,                // QString: the outcome in words
        BeforeRole,                 // QString: the outcome before the edit; empty where that changes nothing
        CertaintyRole,              // QString: "run by our tests", "inferred", "reported in August 2021"
        CaveatRole,                 // bool: the certainty is less than read in the source
        SentenceRole,               // QString
        WhyRole,                    // QString: rule, what was run or read, where and when; several lines
    };

    explicit ConsequencesModel(QObject *parent = nullptr);

    // Whether the rows are others now.
    bool setQuestion(const behaviour::Knowledge &knowledge, const QList<behaviour::Line> &lines,
                     const QList<behaviour::LayerGroup> &groups);
    const QList<behaviour::LayerGroup> &groups() const { return m_askedOf; } // as many as there are rows for them
    QString summary() const { return m_summary; }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    struct Entry
    {
        behaviour::Consequence now;
        QString before;
    };
    struct Group
    {
        behaviour::LayerGroup layers;
        QList<Entry> entries;
    };
    bool hasSummary() const { return !m_summary.isEmpty(); }
    const Group *groupAt(const QModelIndex &index) const; // of a group's row
    const Entry *entryAt(const QModelIndex &index) const;
    QVariant groupData(const Group &group, int role) const;
    QVariant entryData(const Entry &entry, int role) const;

    QString m_summary; // a sentence a line
    QList<Group> m_groups;
    QList<behaviour::Line> m_lines; // that was asked about
    QList<behaviour::LayerGroup> m_askedOf;
};

} // namespace colophon::items
