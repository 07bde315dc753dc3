// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was asked of registries and other servers, newest last: one row a request, filled in as its answer comes.

#include "content/requestrecord.h"
#include "items/appearance.h"

#include <QAbstractTableModel>
#include <QHash>

#include <deque>

namespace colophon::items {

class RequestLogModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    static constexpr int most = 5'000; // rows; the oldest go first

    enum Column { TimeColumn, RequestColumn, StatusColumn, BytesColumn, DurationColumn, CredentialColumn, ColumnCount };

    explicit RequestLogModel(QObject *parent = nullptr);

    // A new row, or the row of that id anew.
    void add(const content::RequestRecord &record);
    void clear();
    const content::RequestRecord &record(int row) const { return m_records.at(static_cast<std::size_t>(row)); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::deque<content::RequestRecord> m_records;
    QHash<qint64, qint64> m_places; // by id: how many rows were added before it
    qint64 m_dropped = 0;
};

} // namespace colophon::items
