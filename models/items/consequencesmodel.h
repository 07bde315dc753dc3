// SPDX-License-Identifier: Apache-2.0
#pragma once

// What becomes of some layers, as rows of a tree: first the summary, then which customers are cut off, then the
// registry the image is in with what it does, then each kind of layer there is, and under it what every client does
// with it. By kind, never by layer: ten thousand layers are a handful of rows. Where an edit changes what somebody does
// the row says both.

#include "behaviour/outlook.h"
#include "items/appearance.h"

#include <QAbstractItemModel>

namespace colophon::items {

class ConsequencesModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum class RowKind { Summary, Notice, Registry, Group, Consequence };
    enum OwnRole {
        RowKindRole = FirstOwnRole, // int(RowKind)
        OutcomeRole,                // QString: the outcome in words
        BeforeRole,                 // QString: the outcome before the edit; empty where that changes nothing
        CertaintyRole,              // QString: "run with 1.9.3", "inferred", "reported in August 2021"
        CaveatRole,                 // bool: the certainty is less than read in the source
        SentenceRole,               // QString
        WhyRole,                    // QString: rule, what was run or read, where and when; several lines
    };

    explicit ConsequencesModel(QObject *parent = nullptr);

    // Whether the rows are others now. `registry` is where the image is; no registry is told of where it has no name.
    // One that is not recognised is what the lines say, where there is one registry among them.
    bool setQuestion(const behaviour::Knowledge &knowledge, const QList<behaviour::Line> &lines,
                     const QList<behaviour::LayerGroup> &groups, const behaviour::Place &registry = {});
    QString summary() const { return m_summary; }
    // Whether the row is one of layers that are marked in no way and unedited.
    bool isPlain(const QModelIndex &index) const;

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
        QString of; // which layers; empty where the row above says so
    };
    // What stands at the top.
    struct Top
    {
        RowKind kind = RowKind::Summary;
        QString text;
        Appearance look = {}; // of a notice
        bool isPlain = false;
        QList<Entry> entries = {};
    };
    void tellOfRegistry(const behaviour::Knowledge &knowledge);
    void tellOfGroups(const behaviour::Knowledge &knowledge);
    static Entry entryOf(const behaviour::Knowledge &knowledge, const behaviour::Consequence &now,
                         const behaviour::LayerGroup &group);
    const Top *topAt(const QModelIndex &index) const;
    const Entry *entryAt(const QModelIndex &index) const;
    static QVariant topData(const Top &top, int role);
    static QVariant entryData(const Entry &entry, int role);

    QString m_summary; // a sentence a line
    QList<Top> m_tops;
    QList<behaviour::Line> m_lines; // that was asked about
    QList<behaviour::LayerGroup> m_groups;
    behaviour::Place m_registry;
    behaviour::RegistryIdentity m_identity; // of it: as recognised, or as somebody says
};

} // namespace colophon::items
