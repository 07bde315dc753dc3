// SPDX-License-Identifier: Apache-2.0
#pragma once

// An open image that is being edited: the original, the edits, their undo stack and the derived image, which is made
// anew after every change. The window's views follow changed().

#include "document/edit.h"
#include "document/findings.h"
#include "document/imagetree.h"
#include "oci/reference.h"

#include <QObject>
#include <QUndoStack>

#include <functional>

namespace colophon::editing {

class ImageDocument final : public QObject
{
    Q_OBJECT
public:
    ImageDocument(oci::Reference reference, document::ImageTree original, QObject *parent = nullptr);

    const oci::Reference &reference() const { return m_reference; }
    const document::ImageTree &original() const { return m_original; }
    const document::EditSet &edits() const { return m_edits; } // without those that change nothing
    const document::DerivedImage &derived() const { return m_derived; }
    const document::ImageTree &tree() const { return m_derived.tree; } // what the views show
    const QList<document::Finding> &findings() const { return m_findings; }
    QUndoStack *undoStack() { return &m_undoStack; }
    bool isEdited() const { return !m_derived.changes.isEmpty(); }
    bool
    isEdited(const document::NodePath &path) const; // it was removed, or its descriptor differs from the original's

    // Pushes one undo command named `text` for these edits together. An edit that cannot be applied changes nothing and
    // is returned as the error.
    base::Result<void> edit(const QList<document::Edit> &edits, const QString &text);
    // Marks or unmarks layers; each digest everywhere it occurs. All of them get the same addresses, or each its own.
    base::Result<void> setMarking(const QList<document::NodePath> &layers, bool nonDistributable,
                                  const QStringList &urls);
    base::Result<void> setMarking(const QList<document::NodePath> &layers, bool nonDistributable,
                                  const document::UrlsOf &urlsOf);
    // An annotation of a manifest or index itself, or of the descriptor that names a thing; nothing removes it.
    base::Result<void> setAnnotation(const document::NodePath &place, document::SetAnnotation::Where where,
                                     const QString &name, const std::optional<QString> &value);
    // The whole image in Docker's format, or in OCI's.
    base::Result<void> setFamily(oci::MediaType::Family family);
    // Takes entries out of their indexes. Their nodes stay in tree() at their places, flagged isRemoved.
    base::Result<void> removePlatforms(const QList<document::NodePath> &entries);

    // What else is known of an image, asked now and after every change: its findings stand with the others.
    using Adviser = std::function<QList<document::Finding>(const document::ImageTree &)>;
    void setAdviser(Adviser adviser);

Q_SIGNALS:
    // The edits changed, by an edit, undo or redo; tree() and findings() are already the new ones. Node positions stay.
    void changed();

private:
    friend class EditCommand;
    void setEdits(const document::EditSet &edits);
    QString markingText(const QList<document::NodePath> &layers, bool nonDistributable) const;

    oci::Reference m_reference;
    document::ImageTree m_original;
    document::EditSet m_edits;
    document::DerivedImage m_derived;
    std::optional<document::DerivedImage> m_next; // of the edits about to be pushed, so that they are not applied twice
    void findAnew();

    QList<document::Finding> m_findings;
    Adviser m_adviser;
    QUndoStack m_undoStack;
};

} // namespace colophon::editing
