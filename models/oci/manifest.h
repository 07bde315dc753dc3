// SPDX-License-Identifier: Apache-2.0
#pragma once

// An image manifest (image-spec manifest.md; Docker image manifest v2 schema 2): its bytes, and what they say.
// Edits are splices over those bytes; a manifest is never written anew from its parsed form.

#include "base/result.h"
#include "oci/descriptor.h"
#include "oci/descriptoredit.h"
#include "oci/jsondocument.h"

#include <QList>
#include <QStringList>

#include <memory>
#include <optional>

namespace colophon::oci {

class Manifest
{
public:
    // `declared` is the type the registry or the parent gave; it must not contradict the document's own, and a document
    // that is both manifest and index is refused (CVE-2021-41190). InvalidData, or Usage for schema 1, with the reason.
    static base::Result<Manifest> parse(QByteArray bytes, MediaType declared = {});

    const QByteArray &bytes() const { return m_json->bytes(); }
    const JsonDocument &json() const { return *m_json; }
    Digest digest() const { return m_digest; }
    Descriptor descriptor() const; // of the manifest itself
    MediaType mediaType() const { return m_mediaType; }
    const Descriptor &config() const { return m_config; }
    const QList<Descriptor> &layers() const { return m_layers; }
    const std::optional<Descriptor> &subject() const { return m_subject; }
    const Annotations &annotations() const { return m_annotations; }
    QString artifactType() const { return m_artifactType; }
    // Why it may only be viewed: duplicate member names, member names that differ by case alone. Empty: editable.
    const QStringList &problems() const { return m_problems; }
    JsonValue layerValue(qsizetype layer) const { return m_layerValues.value(layer); }

    // The splices that give layer number `layer` this marking: the word inside the type's string, and the urls member.
    // Empty `urls` removes the member. Nothing to change gives an empty list. Usage where the type has no pair.
    base::Result<QList<Splice>> withMarking(qsizetype layer, bool nonDistributable, const QStringList &urls) const;
    // The splices of an edit of one layer's descriptor, of the config's, or of the document's own members.
    QList<Splice> withLayer(qsizetype layer, const DescriptorEdit &edit) const;
    QList<Splice> withConfig(const DescriptorEdit &edit) const;
    QList<Splice> withDocument(const DescriptorEdit &edit) const;

private:
    std::shared_ptr<const JsonDocument> m_json;
    Digest m_digest;
    MediaType m_mediaType;
    Descriptor m_config;
    QList<Descriptor> m_layers;
    QList<JsonValue> m_layerValues; // of m_json: finding the tenth thousand by counting would take its time
    std::optional<Descriptor> m_subject;
    Annotations m_annotations;
    QString m_artifactType;
    QStringList m_problems;
};

} // namespace colophon::oci
