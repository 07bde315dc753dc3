// SPDX-License-Identifier: Apache-2.0
#include "items/attachmentsmodel.h"

#include "base/bytesize.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QMap>

namespace colophon::items {

using document::Attachment;
using document::Fate;

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::items::AttachmentsModel)
};

// A row of an attachment knows its manifest's row, plus one; a manifest's row is 0.
constexpr quintptr ofManifest = 0;

QString dateOf(const QString &written)
{
    const QDateTime time = QDateTime::fromString(written, Qt::ISODate);
    return time.isValid() ? QLocale().toString(time.toUTC().date(), QLocale::ShortFormat) : written;
}

QString whatOf(const Attachment &attachment)
{
    if (!attachment.problem.isEmpty())
        return attachment.problem;
    if (!attachment.summary.isEmpty())
        return attachment.summary;
    return attachment.predicateType.isEmpty() ? attachment.artifactType : attachment.predicateType;
}
} // namespace

Appearance appearanceOf(Attachment::Kind kind)
{
    switch (kind) {
    case Attachment::Kind::Signature:
        return {Words::tr("Signature"), Words::tr("Somebody signed the image."), Tone::Plain, Symbol::Signature};
    case Attachment::Kind::Attestation:
        return {Words::tr("Attestation"), Words::tr("A statement about the image."), Tone::Plain, Symbol::Attestation};
    case Attachment::Kind::Sbom:
        return {Words::tr("SBOM"), Words::tr("A list of what is in the image."), Tone::Plain, Symbol::Attestation};
    case Attachment::Kind::Provenance:
        return {Words::tr("Provenance"), Words::tr("How the image was built."), Tone::Plain, Symbol::Attestation};
    case Attachment::Kind::Other:
        break;
    }
    return {Words::tr("Other"), Words::tr("Something Colophon does not know."), Tone::Plain, Symbol::Unknown};
}

Appearance appearanceOf(Fate fate, const oci::Digest &about)
{
    const QString words = document::inWords(fate, about);
    switch (fate) {
    case Fate::Unaffected:
        return {words, Words::tr("The edits do not touch what it is about."), Tone::Plain, Symbol::None};
    case Fate::Stays:
        return {words, Words::tr("It still holds for the old image, and says nothing about the edited one."),
                Tone::Warning, Symbol::Warning};
    case Fate::Stale:
        return {words, Words::tr("It comes along in the index, but what it names is not in it any more."),
                Tone::Warning, Symbol::Warning};
    case Fate::MadeAnew:
        return {words, Words::tr("The push signs the edited image; the old signature stays with the old one."),
                Tone::Good, Symbol::Ok};
    case Fate::Reattached:
        return {words, Words::tr("The layers hold what they held, so that the list is true of the edited image too."),
                Tone::Good, Symbol::Ok};
    }
    return {};
}

AttachmentsModel::AttachmentsModel(QObject *parent)
    : QAbstractItemModel(parent)
{
}

void AttachmentsModel::setAttachments(const document::ImageTree &tree, const document::Attachments &attachments)
{
    beginResetModel();
    m_tree = tree;
    m_nodes.clear();
    if (!tree.isEmpty()) {
        const document::Titles titles(tree);
        const QList<document::NodePath> paths = tree.manifests();
        for (const document::NodePath &path : paths) {
            Node node{path, titles.nameAtStart(path), {}, {}};
            for (const Attachment &each : attachments.all)
                if (each.subject == path)
                    node.attachments.append(each);
            node.fates = QList<Fate>(node.attachments.size(), Fate::Unaffected);
            if (!node.attachments.isEmpty())
                m_nodes.append(node);
        }
    }
    endResetModel();
}

void AttachmentsModel::setEdited(const document::DerivedImage &derived, const document::Aftermath &aftermath)
{
    decideFates(derived, aftermath);
    for (int i = 0; i < m_nodes.size(); ++i) {
        const QModelIndex manifest = index(i, KindColumn);
        Q_EMIT dataChanged(index(0, FateColumn, manifest), index(rowCount(manifest) - 1, FateColumn, manifest));
    }
}

void AttachmentsModel::decideFates(const document::DerivedImage &derived, const document::Aftermath &aftermath)
{
    for (Node &node : m_nodes)
        for (qsizetype i = 0; i < node.attachments.size(); ++i)
            node.fates[i] = derived.tree.isEmpty()
                                ? Fate::Unaffected
                                : document::fateOf(node.attachments.at(i), m_tree, derived, aftermath);
}

QModelIndex AttachmentsModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : ofManifest);
}

QModelIndex AttachmentsModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == ofManifest)
        return {};
    return createIndex(static_cast<int>(index.internalId() - 1), 0, ofManifest);
}

int AttachmentsModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_nodes.size());
    if (parent.internalId() != ofManifest || parent.column() != 0)
        return 0;
    return static_cast<int>(m_nodes.at(parent.row()).attachments.size());
}

int AttachmentsModel::columnCount(const QModelIndex &) const { return ColumnCount; }

std::optional<Attachment> AttachmentsModel::attachment(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == ofManifest)
        return std::nullopt;
    return m_nodes.at(static_cast<qsizetype>(index.internalId() - 1)).attachments.at(index.row());
}

document::NodePath AttachmentsModel::path(const QModelIndex &index) const
{
    if (!index.isValid())
        return document::NodePath::root();
    const quintptr id = index.internalId();
    return m_nodes.at(id == ofManifest ? index.row() : static_cast<qsizetype>(id - 1)).path;
}

QString AttachmentsModel::summary(const QModelIndex &index) const
{
    if (index.isValid())
        return summaryOf(m_nodes.at(index.parent().isValid() ? index.parent().row() : index.row()).attachments);
    QList<Attachment> all;
    for (const Node &node : m_nodes)
        all += node.attachments;
    return summaryOf(all);
}

QString AttachmentsModel::summaryOf(const QList<Attachment> &attachments)
{
    QMap<Attachment::Kind, qsizetype> counts;
    for (const Attachment &each : attachments)
        ++counts[each.kind];
    QStringList words;
    for (auto each = counts.cbegin(); each != counts.cend(); ++each)
        words.append(document::inWords(each.value(), each.key()));
    return words.join(QStringLiteral(", "));
}

QString AttachmentsModel::textOf(const Node &node, int row, int column) const
{
    const Attachment &attachment = node.attachments.at(row);
    switch (column) {
    case KindColumn:
        return appearanceOf(attachment.kind).word;
    case WhatColumn:
        return whatOf(attachment);
    case SignerColumn:
        return attachment.signer;
    case SizeColumn:
        return base::humanSize(attachment.size);
    case DateColumn:
        return dateOf(attachment.created);
    case FateColumn:
        return node.fates.at(row) == Fate::Unaffected ? QString()
                                                      : appearanceOf(node.fates.at(row), attachment.about).word;
    default:
        return {};
    }
}

QVariant AttachmentsModel::nodeData(const Node &node, int column, int role) const
{
    const QString text = column == KindColumn   ? node.name
                         : column == WhatColumn ? summaryOf(node.attachments)
                                                : QString();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return oneLine(text);
    case Qt::ToolTipRole:
        return toolTip(text);
    case FullTextRole:
        return text;
    case NodePathRole:
        return QVariant::fromValue(node.path);
    case ToneRole:
        return int(Tone::Plain);
    case SymbolRole: {
        if (column != KindColumn)
            return int(Symbol::None);
        return int(m_tree.node(node.path)->index ? Symbol::Index : Symbol::Image);
    }
    default:
        return {};
    }
}

QVariant AttachmentsModel::attachmentData(const Node &node, int row, int column, int role) const
{
    const Attachment &attachment = node.attachments.at(row);
    const Appearance fate = appearanceOf(node.fates.at(row), attachment.about);
    const bool hasProblem = !attachment.problem.isEmpty();
    const QString text = textOf(node, row, column);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return oneLine(text);
    case FullTextRole:
        return text;
    case Qt::ToolTipRole:
        if (column == KindColumn)
            return toolTip(appearanceOf(attachment.kind).help + QLatin1Char('\n') +
                           attachment.manifest.digest.toString());
        if (column == DateColumn)
            return toolTip(attachment.created);
        return toolTip(column == FateColumn && !text.isEmpty() ? fate.help : text);
    case Qt::TextAlignmentRole:
        return int((column == SizeColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case NodePathRole:
        return QVariant::fromValue(node.path);
    case ToneRole:
        return int(column == FateColumn && !text.isEmpty() ? fate.tone
                   : column == WhatColumn && hasProblem    ? Tone::Warning
                                                           : Tone::Plain);
    case SymbolRole:
        return int(column == KindColumn                      ? appearanceOf(attachment.kind).symbol
                   : column == FateColumn && !text.isEmpty() ? fate.symbol
                   : column == WhatColumn && hasProblem      ? Symbol::Warning
                                                             : Symbol::None);
    default:
        return {};
    }
}

QVariant AttachmentsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (index.internalId() == ofManifest)
        return nodeData(m_nodes.at(index.row()), index.column(), role);
    return attachmentData(m_nodes.at(static_cast<qsizetype>(index.internalId() - 1)), index.row(), index.column(),
                          role);
}

QVariant AttachmentsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int((section == SizeColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case KindColumn:
        return tr("Kind");
    case WhatColumn:
        return tr("What it says");
    case SignerColumn:
        return tr("Signed with");
    case SizeColumn:
        return tr("Size");
    case DateColumn:
        return tr("Date");
    case FateColumn:
        return tr("After the edit");
    default:
        return {};
    }
}

} // namespace colophon::items
