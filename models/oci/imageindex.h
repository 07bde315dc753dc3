// SPDX-License-Identifier: Apache-2.0
#pragma once

// An image index (image-spec image-index.md) or Docker manifest list: its bytes, and the manifests they name.

#include "base/result.h"
#include "oci/descriptor.h"
#include "oci/descriptoredit.h"
#include "oci/jsondocument.h"

#include <QList>
#include <QSet>

#include <memory>
#include <optional>

namespace colophon::oci {

class ImageIndex
{
public:
    static base::Result<ImageIndex> parse(QByteArray bytes, MediaType declared = {});

    const QByteArray &bytes() const { return m_json->bytes(); }
    const JsonDocument &json() const { return *m_json; }
    Digest digest() const { return m_digest; }
    Descriptor descriptor() const;
    MediaType mediaType() const { return m_mediaType; }
    const QList<Descriptor> &manifests() const { return m_manifests; }
    const std::optional<Descriptor> &subject() const { return m_subject; }
    const Annotations &annotations() const { return m_annotations; }
    QString artifactType() const { return m_artifactType; }
    const QStringList &problems() const { return m_problems; }
    JsonValue entryValue(qsizetype entry) const { return m_entryValues.value(entry); }

    // The splices that let entry number `entry` name other content: its digest, size and, if present, embedded data.
    base::Result<QList<Splice>> withEntry(qsizetype entry, const QByteArray &content) const;
    // The splices of an edit of one entry, of the document's own members, and those that take entries out.
    QList<Splice> withEntry(qsizetype entry, const DescriptorEdit &edit) const;
    QList<Splice> withDocument(const DescriptorEdit &edit) const;
    QList<Splice> withoutEntries(const QSet<qsizetype> &entries) const;
    // The splices that put an entry behind the last one.
    QList<Splice> withEntryAdded(const Descriptor &entry) const;

private:
    std::shared_ptr<const JsonDocument> m_json;
    Digest m_digest;
    MediaType m_mediaType;
    QList<Descriptor> m_manifests;
    QList<JsonValue> m_entryValues; // of m_json
    std::optional<Descriptor> m_subject;
    Annotations m_annotations;
    QString m_artifactType;
    QStringList m_problems;
};

} // namespace colophon::oci
