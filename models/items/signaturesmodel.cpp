// SPDX-License-Identifier: Apache-2.0
#include "items/signaturesmodel.h"

#include "items/signaturewords.h"

namespace colophon::items {

using document::Attachment;

namespace {
const content::VerifyReport *reportOf(const QList<content::VerifyReport> &reports, const oci::Digest &subject)
{
    const auto found = std::ranges::find_if(
        reports, [&subject](const content::VerifyReport &each) { return each.subject.digest == subject; });
    return found == reports.end() ? nullptr : &*found;
}

// The check of this attachment: by where it is kept, for several may be over the same bytes. Where one of the two is
// about the manifest as a whole it is about each of its layers.
template <class Checks>
auto checkOf(const Checks &checks, const Attachment &attachment)
{
    const auto found = std::ranges::find_if(checks, [&attachment](const auto &each) {
        return each.kept.manifest == attachment.manifest.digest && each.kept.tag == attachment.tag &&
               (each.kept.layer == attachment.layer || each.kept.layer < 0 || attachment.layer < 0);
    });
    using Check = typename Checks::value_type;
    return found == checks.end() ? std::optional<Check>() : std::optional<Check>(*found);
}
} // namespace

SignaturesModel::SignaturesModel(QObject *parent)
    : QIdentityProxyModel(parent)
{
    setSourceModel(&m_attachments);
}

void SignaturesModel::setAttachments(const document::ImageTree &tree, const document::Attachments &attachments)
{
    m_tree = tree;
    m_derived = {};
    m_aftermath = {};
    m_signatures.clear();
    m_attestations.clear();
    m_attachments.setAttachments(tree, attachments);
    join();
}

void SignaturesModel::setEdited(const document::DerivedImage &derived, const document::Aftermath &aftermath)
{
    m_derived = derived;
    m_aftermath = aftermath;
    m_attachments.setEdited(derived, aftermath);
    // Said below the names as well.
    for (int i = 0; i < rowCount(); ++i) {
        const QModelIndex manifest = index(i, 0);
        Q_EMIT dataChanged(index(0, 0, manifest), index(rowCount(manifest) - 1, 0, manifest));
    }
}

void SignaturesModel::setReports(const QList<content::VerifyReport> &reports, bool isChecking)
{
    m_reports = reports;
    m_isChecking = isChecking;
    join();
}

void SignaturesModel::join()
{
    m_signatures.clear();
    m_attestations.clear();
    for (int i = 0; i < m_attachments.rowCount(); ++i) {
        const QModelIndex manifest = m_attachments.index(i, 0);
        const document::ImageNode *node = m_tree.node(m_attachments.path(manifest));
        const content::VerifyReport *report = node ? reportOf(m_reports, node->descriptor.digest) : nullptr;
        for (int row = 0; report && row < m_attachments.rowCount(manifest); ++row) {
            const auto attachment = m_attachments.attachment(m_attachments.index(row, 0, manifest));
            if (const auto check = checkOf(report->signatures, *attachment))
                m_signatures.insert({i, row}, *check);
            else if (const auto other = checkOf(report->attestations, *attachment))
                m_attestations.insert({i, row}, *other);
        }
        Q_EMIT dataChanged(index(i, 0), index(i, columnCount() - 1));
        const QModelIndex shown = index(i, 0);
        Q_EMIT dataChanged(index(0, 0, shown), index(rowCount(shown) - 1, columnCount() - 1, shown));
    }
}

SignaturesModel::Place SignaturesModel::placeOf(const QModelIndex &index)
{
    return {index.parent().row(), index.row()};
}

std::optional<content::SignatureCheck> SignaturesModel::signatureCheck(const QModelIndex &index) const
{
    const auto found = m_signatures.constFind(placeOf(index));
    return found == m_signatures.constEnd() ? std::nullopt : std::optional(*found);
}

std::optional<content::AttestationCheck> SignaturesModel::attestationCheck(const QModelIndex &index) const
{
    const auto found = m_attestations.constFind(placeOf(index));
    return found == m_attestations.constEnd() ? std::nullopt : std::optional(*found);
}

std::optional<Attachment> SignaturesModel::attachment(const QModelIndex &index) const
{
    return m_attachments.attachment(mapToSource(index));
}

document::NodePath SignaturesModel::path(const QModelIndex &index) const
{
    return m_attachments.path(mapToSource(index));
}

QModelIndex SignaturesModel::rowOf(const document::NodePath &manifest) const
{
    for (int i = 0; i < rowCount(); ++i)
        if (path(index(i, 0)) == manifest)
            return index(i, 0);
    return {};
}

Appearance SignaturesModel::fate(const QModelIndex &index) const
{
    const auto attached = attachment(index);
    if (!attached || m_derived.tree.isEmpty())
        return {};
    const document::Fate fate = document::fateOf(*attached, m_tree, m_derived, m_aftermath);
    return fate == document::Fate::Unaffected ? Appearance() : appearanceOf(fate, attached->about);
}

Appearance SignaturesModel::verdict(const QModelIndex &index) const
{
    const auto attached = attachment(index);
    if (!attached) {
        const document::ImageNode *node = m_tree.node(path(index));
        const content::VerifyReport *report = node ? reportOf(m_reports, node->descriptor.digest) : nullptr;
        if (report)
            return briefAppearanceOf(*report);
        return m_isChecking ? Appearance{tr("Checking"), {}, Tone::Muted, Symbol::Waiting} : Appearance();
    }
    if (const auto check = signatureCheck(index))
        return appearanceOf(*check);
    if (const auto check = attestationCheck(index))
        return appearanceOf(*check);
    if (!attached->problem.isEmpty())
        return {tr("Not read"), oneLine(attached->problem), Tone::Warning, Symbol::Warning};
    if (!attached->isSigned)
        return {tr("Unsigned"), tr("Nobody signed it: whoever may push here may have written it."), Tone::Muted,
                Symbol::Unlock};
    if (m_isChecking)
        return {tr("Checking"), {}, Tone::Muted, Symbol::Waiting};
    return {tr("Not checked"), tr("It is present; Colophon does not check signatures of this form."), Tone::Warning,
            Symbol::Unknown};
}

QString SignaturesModel::title(const QModelIndex &index) const
{
    const auto attached = attachment(index);
    if (!attached)
        return index.data(FullTextRole).toString();
    const QString kind = appearanceOf(attached->kind).word;
    const QString form = formInWords(attached->form);
    return form.isEmpty() ? kind : QStringLiteral("%1 · %2").arg(kind, form);
}

QString SignaturesModel::secondLine(const QModelIndex &index) const
{
    if (const Appearance after = fate(index); !after.word.isEmpty())
        return after.word;
    if (const auto check = signatureCheck(index)) {
        const QString signer = signerInWords(*check);
        return signer.isEmpty() || check->verdict == content::CheckVerdict::Failed ? readable(oneLine(check->reason))
                                                                                   : signer;
    }
    return m_attachments.index(index.row(), AttachmentsModel::WhatColumn, mapToSource(index.parent()))
        .data()
        .toString();
}

QVariant SignaturesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (index.column() == 0) {
        const QModelIndex first = index;
        switch (role) {
        case Qt::DisplayRole:
            return attachment(first) ? oneLine(title(first)) : QIdentityProxyModel::data(index, role);
        case Qt::AccessibleTextRole:
            return QStringLiteral("%1, %2, %3")
                .arg(attachment(first) ? oneLine(title(first)) : QIdentityProxyModel::data(index, role).toString(),
                     verdict(first).word, secondLine(first));
        case SecondLineRole:
            return secondLine(first);
        case SecondToneRole: {
            const Appearance after = fate(first);
            return int(after.word.isEmpty() ? Tone::Muted : after.tone);
        }
        default:
            return QIdentityProxyModel::data(index, role);
        }
    }
    if (index.column() != VerdictColumn)
        return QIdentityProxyModel::data(index, role);
    const Appearance look = verdict(index.siblingAtColumn(0));
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case FullTextRole:
        return look.word;
    case Qt::ToolTipRole:
        return toolTip(look.help);
    case ToneRole:
        return int(look.tone);
    case SymbolRole:
        return int(look.symbol);
    default:
        return QIdentityProxyModel::data(index, role);
    }
}

QVariant SignaturesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (section == VerdictColumn && orientation == Qt::Horizontal && role == Qt::DisplayRole)
        return tr("Checked");
    return QIdentityProxyModel::headerData(section, orientation, role);
}

} // namespace colophon::items
