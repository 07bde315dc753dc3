// SPDX-License-Identifier: Apache-2.0
#include "oci/imageindex.h"

#include "base/limits.h"
#include "oci/documentreader.h"
#include "oci/jsonedit.h"

#include <QCoreApplication>

namespace colophon::oci {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ImageIndex)
};
} // namespace

base::Result<ImageIndex> ImageIndex::parse(QByteArray bytes, MediaType declared)
{
    auto parts = readCommonParts(std::move(bytes), declared);
    if (!parts)
        return base::fail(parts.error());
    if (parts->mediaType.isManifest())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("This is a manifest, not an index."));
    const JsonValue manifests = parts->json->root()["manifests"];
    if (!manifests.isArray())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("The index names no manifests."));
    if (manifests.size() > base::limits::descriptorsPerImage) {
        return base::fail(base::ErrorKind::TooLarge, Text::tr("The index has %1 entries; at most %2 are read.")
                                                         .arg(manifests.size())
                                                         .arg(base::limits::descriptorsPerImage));
    }
    ImageIndex index;
    for (JsonValue each = manifests.firstChild(); !each.isAbsent(); each = each.nextSibling()) {
        auto entry = Descriptor::read(each);
        if (!entry)
            return base::fail(entry.error());
        index.m_manifests.append(std::move(*entry));
        index.m_entryValues.append(each);
    }
    index.m_json = std::move(parts->json);
    index.m_digest = parts->digest;
    index.m_mediaType = parts->mediaType;
    index.m_subject = parts->subject;
    index.m_annotations = parts->annotations;
    index.m_artifactType = parts->artifactType;
    index.m_problems = parts->problems;
    return index;
}

Descriptor ImageIndex::descriptor() const
{
    Descriptor own;
    own.mediaType = m_mediaType;
    own.digest = m_digest;
    own.size = bytes().size();
    return own;
}

base::Result<QList<Splice>> ImageIndex::withEntry(qsizetype entry, const QByteArray &content) const
{
    DescriptorEdit edit;
    edit.content = content;
    return withEntry(entry, edit);
}

QList<Splice> ImageIndex::withEntry(qsizetype entry, const DescriptorEdit &edit) const
{
    return splicesOf(m_entryValues.at(entry), edit, m_manifests.at(entry).urls);
}

QList<Splice> ImageIndex::withDocument(const DescriptorEdit &edit) const { return splicesOf(m_json->root(), edit); }

QList<Splice> ImageIndex::withoutEntries(const QSet<qsizetype> &entries) const
{
    return elementsRemoved(m_json->root()["manifests"], entries);
}

QList<Splice> ImageIndex::withEntryAdded(const Descriptor &entry) const
{
    return elementAdded(m_json->root()["manifests"], entry.toJson());
}

} // namespace colophon::oci
