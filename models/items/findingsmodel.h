// SPDX-License-Identifier: Apache-2.0
#pragma once

// What should be known about an image, as rows: how grave, what, where, and whether one step mends it.

#include "document/findings.h"
#include "items/appearance.h"

#include <QAbstractTableModel>

namespace colophon::items {

class FindingsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { SeverityColumn, MessageColumn, WhereColumn, ColumnCount };
    enum OwnRole {
        RepairableRole = FirstOwnRole, // bool
        CodeRole,                      // QString, document::nameOf(code)
    };

    explicit FindingsModel(QObject *parent = nullptr);

    // `tree` names the places in words; the gravest come first.
    void setFindings(const QList<document::Finding> &findings, const document::ImageTree &tree);
    const document::Finding &finding(int row) const { return m_findings.at(row); }
    int count(document::Finding::Severity severity) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<document::Finding> m_given; // what setFindings() was called with
    document::ImageTree m_tree;
    QList<document::Finding> m_findings;
    QStringList m_places;
};

// "Layer 0 · linux/amd64", "linux/amd64", "Index", "Config · linux/amd64": a place in an image, in words.
QString placeInWords(const document::ImageTree &tree, const document::NodePath &path);

} // namespace colophon::items
