// SPDX-License-Identifier: Apache-2.0
#include "items/requestlogmodel.h"

#include "base/bytesize.h"

namespace colophon::items {

using content::RequestRecord;

namespace {

Tone toneOf(const RequestRecord &record)
{
    if (!record.failure.isEmpty() || record.status >= 500)
        return Tone::Error;
    // A 401 is how a registry asks who is there, a 404 how it says no.
    if (record.status >= 400 && record.status != 401 && record.status != 404)
        return Tone::Warning;
    return record.status == 0 ? Tone::Muted : Tone::Plain;
}

QString statusOf(const RequestRecord &record)
{
    if (record.status != 0)
        return QString::number(record.status);
    return record.failure.isEmpty() ? QStringLiteral("…") : RequestLogModel::tr("no answer");
}

QString bytesOf(const RequestRecord &record)
{
    QStringList parts;
    if (record.bytesSent > 0)
        parts.append(QStringLiteral("↑ ") + base::humanSize(record.bytesSent));
    if (record.bytesReceived > 0)
        parts.append(QStringLiteral("↓ ") + base::humanSize(record.bytesReceived));
    return parts.join(QStringLiteral("  "));
}

QString durationOf(const RequestRecord &record)
{
    if (record.status == 0 && record.failure.isEmpty())
        return {};
    return record.milliseconds < 10'000
               ? RequestLogModel::tr("%1 ms").arg(record.milliseconds)
               : RequestLogModel::tr("%1 s").arg(static_cast<double>(record.milliseconds) / 1000, 0, 'f', 1);
}

QString requestOf(const RequestRecord &record)
{
    const QString request = QString::fromLatin1(record.method) + QLatin1Char(' ') + record.url;
    return record.hop == 0 ? request : QStringLiteral("↳ ") + request;
}

} // namespace

RequestLogModel::RequestLogModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void RequestLogModel::add(const RequestRecord &record)
{
    if (const auto place = m_places.constFind(record.id); place != m_places.cend()) {
        const auto row = static_cast<int>(*place - m_dropped);
        m_records[static_cast<std::size_t>(row)] = record;
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        return;
    }
    if (rowCount() >= most) {
        // Many at once, so that not every request moves every row.
        constexpr int batch = most / 10;
        beginRemoveRows({}, 0, batch - 1);
        for (int i = 0; i < batch; ++i) {
            m_places.remove(m_records.front().id);
            m_records.pop_front();
        }
        m_dropped += batch;
        endRemoveRows();
    }
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_places.insert(record.id, m_dropped + row);
    m_records.push_back(record);
    endInsertRows();
}

void RequestLogModel::clear()
{
    beginResetModel();
    m_records.clear();
    m_places.clear();
    m_dropped = 0;
    endResetModel();
}

int RequestLogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

int RequestLogModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant RequestLogModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const RequestRecord &request = record(index.row());
    const auto text = [&request](int column) -> QString {
        switch (column) {
        case TimeColumn:
            return request.started.toLocalTime().toString(QStringLiteral("HH:mm:ss"));
        case RequestColumn:
            return oneLine(requestOf(request));
        case StatusColumn:
            return statusOf(request);
        case BytesColumn:
            return bytesOf(request);
        case DurationColumn:
            return durationOf(request);
        case CredentialColumn:
            return oneLine(request.credential);
        default:
            return {};
        }
    };
    switch (role) {
    case Qt::DisplayRole:
        return text(index.column());
    case FullTextRole:
        return requestOf(request);
    case Qt::ToolTipRole: {
        QStringList lines{requestOf(request)};
        if (!request.failure.isEmpty())
            lines.append(request.failure);
        lines.append(tr("Credentials: %1").arg(request.credential));
        return toolTip(lines.join(QLatin1Char('\n')));
    }
    case Qt::AccessibleTextRole:
        return index.column() == RequestColumn
                   ? tr("%1, answer %2, credentials: %3")
                         .arg(oneLine(requestOf(request)), statusOf(request), oneLine(request.credential))
                   : text(index.column());
    case Qt::TextAlignmentRole:
        if (index.column() == StatusColumn || index.column() == BytesColumn || index.column() == DurationColumn)
            return int(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case ToneRole:
        return int(toneOf(request));
    default:
        return {};
    }
}

QVariant RequestLogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TimeColumn:
        return tr("Time");
    case RequestColumn:
        return tr("Request");
    case StatusColumn:
        return tr("Answer");
    case BytesColumn:
        return tr("Bytes");
    case DurationColumn:
        return tr("Took");
    case CredentialColumn:
        return tr("Credentials");
    default:
        return {};
    }
}

} // namespace colophon::items
