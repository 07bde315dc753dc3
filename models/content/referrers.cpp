// SPDX-License-Identifier: Apache-2.0
#include "content/referrers.h"

#include "base/limits.h"
#include "oci/manifest.h"

#include <QCoreApplication>
#include <QSet>

namespace colophon::content {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(content)
};

template <class Document>
oci::Descriptor entryOf(const oci::Descriptor &content, const Document &document)
{
    oci::Descriptor entry;
    entry.mediaType = content.mediaType;
    entry.digest = content.digest;
    entry.size = content.size;
    entry.artifactType = document.artifactType();
    entry.annotations = document.annotations();
    return entry;
}

base::Result<oci::Descriptor> checked(oci::Descriptor entry, const std::optional<oci::Descriptor> &has,
                                      const oci::Descriptor &wanted)
{
    if (!has || has->digest != wanted.digest || has->size != wanted.size || has->mediaType != wanted.mediaType)
        return base::fail(base::ErrorKind::Usage, Text::tr("The manifest %1 does not have %2 as its subject.")
                                                      .arg(entry.digest.shortForm(), wanted.digest.shortForm()));
    return entry;
}
} // namespace

QString referrersTag(const oci::Digest &subject)
{
    // Algorithm and hex are cut by the specification, so that the tag is never too long.
    return subject.algorithmName().left(32) + u'-' + subject.hex().left(64);
}

base::Result<Referrers> referrersIn(const oci::ImageIndex &list, Referrers::Source source)
{
    Referrers found;
    found.source = source;
    QSet<oci::Digest> seen;
    for (const oci::Descriptor &entry : list.manifests()) {
        if (seen.contains(entry.digest))
            continue;
        seen.insert(entry.digest);
        found.manifests.append(entry);
    }
    if (found.manifests.size() > base::limits::referrers)
        return base::fail(base::ErrorKind::TooLarge, Text::tr("It has %1 attachments; at most %2 are read.")
                                                         .arg(found.manifests.size())
                                                         .arg(base::limits::referrers));
    return found;
}

base::Result<oci::Descriptor> referrerEntry(const oci::Descriptor &content, const QByteArray &bytes,
                                            const oci::Descriptor &subject)
{
    if (content.mediaType.isIndex()) {
        const auto index = oci::ImageIndex::parse(bytes, content.mediaType);
        if (!index)
            return base::fail(index.error());
        return checked(entryOf(content, *index), index->subject(), subject);
    }
    const auto manifest = oci::Manifest::parse(bytes, content.mediaType);
    if (!manifest)
        return base::fail(manifest.error());
    oci::Descriptor entry = entryOf(content, *manifest);
    if (entry.artifactType.isEmpty())
        entry.artifactType = manifest->config().mediaType.toString();
    return checked(std::move(entry), manifest->subject(), subject);
}

} // namespace colophon::content
