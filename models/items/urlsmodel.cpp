// SPDX-License-Identifier: Apache-2.0
#include "items/urlsmodel.h"

#include "document/selection.h"
#include "items/marking.h"
#include "items/probewords.h"

#include <algorithm>

namespace colophon::items {

UrlsModel::UrlsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void UrlsModel::setLayer(editing::ImageDocument *document, const document::NodePath &layer)
{
    const auto found = document && layer.isLayer() ? document->tree().descriptor(layer) : std::nullopt;
    editing::ImageDocument *const next = found ? document : nullptr;
    if (next == m_document && layer == m_layer && next) {
        follow();
        return;
    }
    if (m_document)
        m_document->disconnect(this);
    beginResetModel();
    m_document = next;
    m_layer = layer;
    m_hasDraft = false;
    m_digest = found ? found->digest : oci::Digest();
    m_addresses = found ? found->urls : QStringList();
    endResetModel();
    if (m_document) {
        connect(m_document, &editing::ImageDocument::changed, this, &UrlsModel::follow);
        connect(m_document, &QObject::destroyed, this, [this] { setLayer(nullptr, {}); });
    }
}

void UrlsModel::follow()
{
    if (!m_document)
        return;
    const auto layer = m_document->tree().descriptor(m_layer);
    QStringList now = layer ? layer->urls : QStringList();
    if (m_hasDraft)
        now << m_addresses.last();
    show(now);
}

void UrlsModel::show(const QStringList &now)
{
    // Only what differs in the middle goes and comes, so that selection and an open editor elsewhere stay.
    qsizetype head = 0;
    while (head < now.size() && head < m_addresses.size() && now.at(head) == m_addresses.at(head))
        ++head;
    qsizetype tail = 0;
    while (tail < now.size() - head && tail < m_addresses.size() - head &&
           now.at(now.size() - 1 - tail) == m_addresses.at(m_addresses.size() - 1 - tail))
        ++tail;
    const qsizetype gone = m_addresses.size() - head - tail;
    const qsizetype come = now.size() - head - tail;
    const qsizetype kept = std::min(gone, come);
    if (gone > kept) {
        beginRemoveRows({}, int(head + kept), int(head + gone - 1));
        m_addresses.remove(head + kept, gone - kept);
        endRemoveRows();
    } else if (come > kept) {
        beginInsertRows({}, int(head + kept), int(head + come - 1));
        for (qsizetype i = kept; i < come; ++i)
            m_addresses.insert(head + i, now.at(head + i));
        endInsertRows();
    }
    m_addresses = now;
    if (kept > 0)
        Q_EMIT dataChanged(index(int(head), 0), index(int(head + kept - 1), ColumnCount - 1));
}

bool UrlsModel::write(const QStringList &addresses)
{
    const auto layer = m_document ? m_document->tree().descriptor(m_layer) : std::nullopt;
    if (!layer)
        return false;
    const auto done = m_document->setMarking({m_layer}, layer->mediaType.isNonDistributable(), addresses);
    if (!done)
        Q_EMIT refused(done.error());
    return done.has_value();
}

const UrlsModel::Answer *UrlsModel::answerOf(const QString &address) const
{
    const auto it = m_answers.constFind({m_digest, address});
    return it == m_answers.cend() ? nullptr : &*it;
}

void UrlsModel::setProbe(const oci::Digest &layer, const content::UrlProbe &probe)
{
    m_answers.insert({layer, probe.url}, {false, probe});
    if (const qsizetype row = m_addresses.indexOf(probe.url); layer == m_digest && row >= 0)
        Q_EMIT dataChanged(index(int(row), 0), index(int(row), ColumnCount - 1));
}

void UrlsModel::setProbing(const oci::Digest &layer, const QString &url)
{
    m_answers.insert({layer, url}, {true, {}});
    if (const qsizetype row = m_addresses.indexOf(url); layer == m_digest && row >= 0)
        Q_EMIT dataChanged(index(int(row), 0), index(int(row), ColumnCount - 1));
}

void UrlsModel::clearProbes()
{
    m_answers.clear();
    if (!m_addresses.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void UrlsModel::stopProbing()
{
    m_answers.removeIf([](const auto &each) { return each.value().asking; });
    if (!m_addresses.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

bool UrlsModel::isProbing() const
{
    return std::ranges::any_of(m_addresses, [this](const QString &address) {
        const Answer *answer = answerOf(address);
        return answer && answer->asking;
    });
}

QModelIndex UrlsModel::addDraft()
{
    if (!m_document)
        return {};
    if (!m_hasDraft) {
        const int row = rowCount();
        beginInsertRows({}, row, row);
        m_addresses << QString();
        m_hasDraft = true;
        endInsertRows();
    }
    return index(rowCount() - 1, AddressColumn);
}

void UrlsModel::dropDraft()
{
    if (!m_hasDraft)
        return;
    const int row = rowCount() - 1;
    beginRemoveRows({}, row, row);
    m_addresses.removeLast();
    m_hasDraft = false;
    endRemoveRows();
}

bool UrlsModel::add(const QString &address)
{
    const QModelIndex draft = addDraft();
    if (!draft.isValid())
        return false;
    const bool added = setData(draft, address);
    if (!added)
        dropDraft();
    return added;
}

bool UrlsModel::remove(int row)
{
    if (row < 0 || row >= rowCount())
        return false;
    if (m_hasDraft && row == rowCount() - 1) {
        dropDraft();
        return true;
    }
    QStringList addresses = m_addresses;
    if (m_hasDraft)
        addresses.removeLast();
    addresses.removeAt(row);
    return write(addresses);
}

bool UrlsModel::move(int from, int to)
{
    const int count = rowCount() - (m_hasDraft ? 1 : 0);
    if (from < 0 || to < 0 || from >= count || to >= count || from == to)
        return false;
    QStringList addresses = m_addresses.first(count);
    addresses.move(from, to);
    return write(addresses);
}

int UrlsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_addresses.size());
}

int UrlsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QVariant UrlsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QString &address = m_addresses.at(index.row());
    const Answer *answer = answerOf(address);
    const bool isAnswer = index.column() == AnswerColumn;
    Appearance look;
    if (answer) {
        look = answer->asking
                   ? Appearance{tr("Asking"), tr("Waiting for the address to answer."), Tone::Muted, Symbol::Waiting}
                   : appearanceOf(answer->probe);
    }
    const bool isBadDraft = m_hasDraft && index.row() == rowCount() - 1 && !address.isEmpty();
    if (isBadDraft)
        look = {tr("Not taken"), m_draftProblem, Tone::Error, Symbol::Failed};
    else if (!answer && !address.isEmpty())
        look = {tr("Not asked yet"), {}, Tone::Muted, Symbol::None};
    switch (role) {
    case Qt::DisplayRole:
        return isAnswer ? look.word : oneLine(address, 2048);
    case Qt::EditRole:
        return isAnswer ? QVariant() : QVariant(address);
    case Qt::AccessibleTextRole:
        if (isAnswer)
            return look.word;
        return address.isEmpty() ? tr("New address") : QStringLiteral("%1, %2").arg(oneLine(address, 2048), look.word);
    case Qt::ToolTipRole:
        if (isAnswer)
            return toolTip(look.help);
        return toolTip(look.help.isEmpty() ? address : address + QLatin1Char('\n') + look.help);
    case ToneRole:
        return int(isAnswer ? look.tone : Tone::Plain);
    case SymbolRole:
        return int(isAnswer ? look.symbol : Symbol::None);
    case FullTextRole:
        return isAnswer ? look.word : address;
    case VerdictRole:
        return !answer || isBadDraft ? -1 : answer->asking ? -2 : int(answer->probe.verdict);
    case MeaningRole:
        return look.help;
    default:
        return {};
    }
}

QVariant UrlsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == AddressColumn ? tr("Address") : section == AnswerColumn ? tr("Answer") : QVariant();
}

Qt::ItemFlags UrlsModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = QAbstractTableModel::flags(index) | Qt::ItemNeverHasChildren;
    if (index.column() == AddressColumn && m_document && whyNotMarkable(*m_document, m_layer).isEmpty())
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool UrlsModel::refuse(int row, const QString &typed, const base::Error &why)
{
    if (m_hasDraft && row == rowCount() - 1) { // what was typed is not lost
        m_addresses[row] = typed;
        m_draftProblem = why.text();
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    }
    Q_EMIT refused(why);
    return false;
}

bool UrlsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid) || index.column() != AddressColumn)
        return false;
    const int row = index.row();
    const bool isDraft = m_hasDraft && row == rowCount() - 1;
    const QString typed = value.toString().trimmed();
    if (typed == m_addresses.at(row) && !isDraft && !typed.isEmpty())
        return true;
    if (typed.isEmpty()) {
        if (isDraft)
            dropDraft();
        return isDraft;
    }
    const auto checked = document::checkedAddress(typed);
    if (!checked)
        return refuse(row, typed, checked.error());
    if (m_addresses.contains(*checked) && m_addresses.indexOf(*checked) != row) {
        base::Error error;
        error.kind = base::ErrorKind::Usage;
        error.message = tr("This address is in the list already.");
        return refuse(row, typed, error);
    }
    QStringList addresses = m_addresses;
    addresses[row] = *checked;
    if (!isDraft) {
        if (m_hasDraft)
            addresses.removeLast();
        return write(addresses);
    }
    const QString before = m_addresses.at(row);
    m_addresses[row] = *checked;
    m_hasDraft = false;
    if (write(addresses)) {
        Q_EMIT dataChanged(this->index(row, 0), this->index(row, ColumnCount - 1));
        return true;
    }
    m_addresses[row] = before;
    m_hasDraft = true;
    return false;
}

} // namespace colophon::items
