// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is attached to an image together with what checking it gave: the rows of an AttachmentsModel, in which the
// column of claimed signers says the verdict instead.

#include "content/signer.h"
#include "items/attachmentsmodel.h"

#include <QHash>
#include <QIdentityProxyModel>

#include <optional>

namespace colophon::items {

class SignaturesModel final : public QIdentityProxyModel
{
    Q_OBJECT
public:
    static constexpr int VerdictColumn = AttachmentsModel::SignerColumn;
    enum OwnRole {
        SecondLineRole = FirstOwnRole, // QString, of the first column: what of a row is said below its name
        SecondToneRole,                // int(Tone) of that line
    };

    explicit SignaturesModel(QObject *parent = nullptr);

    void setAttachments(const document::ImageTree &tree, const document::Attachments &attachments);
    void setEdited(const document::DerivedImage &derived, const document::Aftermath &aftermath);
    // What checking gave, for each manifest; `isChecking`: that is not known yet.
    void setReports(const QList<content::VerifyReport> &reports, bool isChecking);

    // Of the row of an attachment; nothing where no check was made of it.
    std::optional<content::SignatureCheck> signatureCheck(const QModelIndex &index) const;
    std::optional<content::AttestationCheck> attestationCheck(const QModelIndex &index) const;
    std::optional<document::Attachment> attachment(const QModelIndex &index) const;
    // What the edits do to it; an empty word where they do nothing.
    Appearance fate(const QModelIndex &index) const;
    Appearance verdict(const QModelIndex &index) const; // of an attachment, or of a manifest's signatures
    // The row of a manifest; invalid where nothing is attached to it.
    QModelIndex rowOf(const document::NodePath &manifest) const;
    document::NodePath path(const QModelIndex &index) const; // what a row is about

    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    using Place = std::pair<int, int>; // rows of the manifest and of the attachment
    static Place placeOf(const QModelIndex &index);
    void join();
    QString title(const QModelIndex &index) const;
    QString secondLine(const QModelIndex &index) const;

    AttachmentsModel m_attachments;
    document::ImageTree m_tree;
    document::DerivedImage m_derived;
    document::Aftermath m_aftermath;
    QList<content::VerifyReport> m_reports;
    bool m_isChecking = false;
    QHash<Place, content::SignatureCheck> m_signatures;
    QHash<Place, content::AttestationCheck> m_attestations;
};

} // namespace colophon::items
