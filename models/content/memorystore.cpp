// SPDX-License-Identifier: Apache-2.0
#include "content/memorystore.h"

#include "base/limits.h"
#include "oci/imageindex.h"
#include "oci/manifest.h"

#include <QCoreApplication>

namespace colophon::content {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(content)
};

std::unexpected<base::Error> notThere(const QString &what, const QString &where)
{
    return base::fail(base::ErrorKind::NotFound, Text::tr("%1 is not in %2.").arg(what, where));
}

bool mayBeMissing(const oci::Descriptor &layer)
{
    return layer.mediaType.isNonDistributable() && !layer.urls.isEmpty();
}
} // namespace

MemoryStore::MemoryStore(QString registry, QString repository)
    : m_registry(std::move(registry))
    , m_repository(std::move(repository))
{
}

base::Result<void> MemoryStore::asked(const QString &line, const std::stop_token &stop)
{
    if (stop.stop_requested())
        return base::cancelled();
    m_journal.append(line);
    if (m_observer)
        m_observer(line);
    for (qsizetype i = 0; i < m_failures.size(); ++i)
        if (line.startsWith(m_failures.at(i).first))
            return base::fail(m_failures.takeAt(i).second);
    return {};
}

base::Task<base::Result<oci::Descriptor>> MemoryStore::resolve(QString identifier, std::stop_token stop)
{
    const auto go = asked(QLatin1String("HEAD manifest ") + identifier, stop);
    if (!go)
        co_return base::fail(go.error());
    const base::Result<oci::Digest> byDigest = oci::Digest::parse(identifier);
    const oci::Digest digest = byDigest ? *byDigest : m_tags.value(identifier);
    const auto found = m_manifests.constFind(digest);
    if (found == m_manifests.cend())
        co_return notThere(identifier, m_registry + QLatin1Char('/') + m_repository);
    oci::Descriptor descriptor;
    descriptor.mediaType = found->type;
    descriptor.digest = digest;
    descriptor.size = found->bytes.size();
    co_return descriptor;
}

base::Task<base::Result<QByteArray>> MemoryStore::fetchManifest(oci::Descriptor wanted, std::stop_token stop)
{
    const auto go = asked(QLatin1String("GET manifest ") + wanted.digest.toString(), stop);
    if (!go)
        co_return base::fail(go.error());
    const auto found = m_manifests.constFind(wanted.digest);
    if (found == m_manifests.cend())
        co_return notThere(wanted.digest.toString(), m_registry + QLatin1Char('/') + m_repository);
    ReaderPtr reader = verified(readerOf(found->bytes), wanted, Text::tr("The manifest"));
    base::Result<QByteArray> bytes = co_await readAll(std::move(reader), base::limits::manifest);
    co_return bytes;
}

base::Task<base::Result<ReaderPtr>> MemoryStore::openBlob(oci::Descriptor wanted, std::stop_token stop)
{
    const auto go = asked(QLatin1String("GET blob ") + wanted.digest.toString(), stop);
    if (!go)
        co_return base::fail(go.error());
    const auto found = m_blobs.constFind(wanted.digest);
    if (found == m_blobs.cend())
        co_return notThere(wanted.digest.toString(), m_registry + QLatin1Char('/') + m_repository);
    ReaderPtr reader = verified(readerOf(*found), wanted, Text::tr("The blob %1").arg(wanted.digest.shortForm()));
    co_return std::move(reader);
}

base::Task<base::Result<Tail>> MemoryStore::openBlobFrom(oci::Descriptor wanted, qint64 offset, std::stop_token stop)
{
    const auto go =
        asked(QStringLiteral("GET blob %1 from %2").arg(wanted.digest.toString(), QString::number(offset)), stop);
    if (!go)
        co_return base::fail(go.error());
    const auto found = m_blobs.constFind(wanted.digest);
    if (found == m_blobs.cend())
        co_return notThere(wanted.digest.toString(), m_registry + QLatin1Char('/') + m_repository);
    Tail tail;
    tail.startsAt = offset <= found->size() ? offset : 0;
    tail.bytes = readerOf(found->mid(tail.startsAt));
    co_return std::move(tail);
}

base::Task<base::Result<bool>> MemoryStore::hasBlob(oci::Descriptor wanted, std::stop_token stop)
{
    const auto go = asked(QLatin1String("HEAD blob ") + wanted.digest.toString(), stop);
    if (!go)
        co_return base::fail(go.error());
    co_return m_blobs.contains(wanted.digest);
}

base::Task<base::Result<void>> MemoryStore::pushBlob(oci::Descriptor content, ReaderPtr bytes, Progress progress,
                                                     std::stop_token stop)
{
    const auto go = asked(QLatin1String("PUT blob ") + content.digest.toString(), stop);
    if (!go)
        co_return base::fail(go.error());
    const ReaderPtr reader =
        verified(std::move(bytes), content, Text::tr("The blob %1").arg(content.digest.shortForm()));
    QByteArray all;
    for (;;) {
        base::Result<QByteArray> block = co_await reader->read();
        if (!block)
            co_return base::fail(block.error());
        if (stop.stop_requested())
            co_return base::cancelled();
        if (block->isEmpty())
            break;
        all += *block;
        if (progress)
            progress(all.size());
    }
    m_blobs.insert(content.digest, all);
    co_return base::Result<void>();
}

base::Task<base::Result<bool>> MemoryStore::mountBlob(oci::Descriptor content, QString fromRepository,
                                                      std::stop_token stop)
{
    const auto go = asked(
        QLatin1String("MOUNT blob ") + content.digest.toString() + QLatin1String(" from ") + fromRepository, stop);
    if (!go)
        co_return base::fail(go.error());
    const QHash<oci::Digest, QByteArray> there = m_elsewhere.value(fromRepository);
    if (!there.contains(content.digest))
        co_return false;
    m_blobs.insert(content.digest, there.value(content.digest));
    co_return true;
}

base::Task<base::Result<void>> MemoryStore::pushManifest(oci::Descriptor content, QByteArray bytes,
                                                         std::stop_token stop)
{
    const auto go = asked(QLatin1String("PUT manifest ") + content.digest.toString(), stop);
    if (!go)
        co_return base::fail(go.error());
    co_return accept(content, bytes);
}

base::Task<base::Result<void>> MemoryStore::tag(oci::Descriptor content, QByteArray bytes, QString tag,
                                                std::stop_token stop)
{
    const auto go = asked(QLatin1String("TAG ") + tag + QLatin1Char(' ') + content.digest.toString(), stop);
    if (!go)
        co_return base::fail(go.error());
    base::Result<void> accepted = accept(content, bytes);
    if (accepted)
        m_tags.insert(tag, content.digest);
    co_return accepted;
}

base::Task<base::Result<QStringList>> MemoryStore::tags(std::stop_token stop)
{
    const auto go = asked(QStringLiteral("GET tags"), stop);
    if (!go)
        co_return base::fail(go.error());
    const QStringList all = m_tags.keys();
    co_return all;
}

QString MemoryStore::blobAddress(oci::Digest digest) const
{
    return QStringLiteral("https://%1/v2/%2/blobs/%3").arg(m_registry, m_repository, digest.toString());
}

base::Result<void> MemoryStore::accept(const oci::Descriptor &content, const QByteArray &bytes)
{
    if (bytes.size() > base::limits::manifest)
        return base::fail(base::ErrorKind::TooLarge, Text::tr("The manifest is larger than 4 MiB."));
    if (bytes.size() != content.size || oci::Digest::of(bytes, content.digest.algorithm()) != content.digest)
        return base::fail(base::ErrorKind::InvalidData,
                          Text::tr("The manifest's bytes are not those of %1.").arg(content.digest.toString()));
    if (m_demandsContent)
        if (const auto complete = checkContent(content.mediaType, bytes); !complete)
            return complete;
    m_manifests.insert(content.digest, {content.mediaType, bytes});
    return {};
}

base::Result<void> MemoryStore::checkContent(const oci::MediaType &type, const QByteArray &bytes) const
{
    const auto missing = [](const oci::Descriptor &content) {
        base::Error error;
        error.kind = base::ErrorKind::NotFound;
        error.message = Text::tr("The manifest names %1, which is not here.").arg(content.digest.toString());
        error.wireCode = QStringLiteral("MANIFEST_BLOB_UNKNOWN");
        error.httpStatus = 404;
        return base::fail(error);
    };
    if (type.isIndex()) {
        const auto index = oci::ImageIndex::parse(bytes, type);
        if (!index)
            return base::fail(index.error());
        for (const oci::Descriptor &entry : index->manifests())
            if (!m_manifests.contains(entry.digest))
                return missing(entry);
        return {};
    }
    const auto manifest = oci::Manifest::parse(bytes, type);
    if (!manifest)
        return base::fail(manifest.error());
    if (!m_blobs.contains(manifest->config().digest))
        return missing(manifest->config());
    for (const oci::Descriptor &layer : manifest->layers())
        if (!mayBeMissing(layer) && !m_blobs.contains(layer.digest))
            return missing(layer);
    return {};
}

oci::Descriptor MemoryStore::addBlob(QByteArray bytes, oci::MediaType type)
{
    oci::Descriptor descriptor = oci::Descriptor::of(std::move(type), bytes);
    m_blobs[descriptor.digest] = std::move(bytes);
    return descriptor;
}

oci::Descriptor MemoryStore::addManifest(QByteArray bytes, oci::MediaType type, const QString &tag)
{
    oci::Descriptor descriptor = oci::Descriptor::of(type, bytes);
    m_manifests.insert(descriptor.digest, {std::move(type), std::move(bytes)});
    if (!tag.isEmpty())
        m_tags.insert(tag, descriptor.digest);
    return descriptor;
}

void MemoryStore::addElsewhere(const QString &repository, const QByteArray &bytes)
{
    m_elsewhere[repository].insert(oci::Digest::of(bytes), bytes);
}

} // namespace colophon::content
