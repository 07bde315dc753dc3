// SPDX-License-Identifier: Apache-2.0
#include "demo/store.h"

#include "base/limits.h"
#include "demo/referrerlist.h"
#include "oci/digest.h"
#include "oci/mediatype.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QUrl>
#include <QUuid>

#include <algorithm>

namespace colophon::demo {

namespace {

Refusal unknownError() { return {500, "UNKNOWN", "unknown error"}; }
Refusal invalidManifest() { return {400, "MANIFEST_INVALID", "manifest invalid"}; }
Refusal blobUnknown() { return {404, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry"}; }

bool isAcceptable(const QString &address)
{
    const QUrl url(address, QUrl::StrictMode);
    return url.isValid() && (url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https")) &&
           !url.host().isEmpty() && !url.hasFragment();
}

} // namespace

Store::Store(bool allowUrls, const QString &refusedTags)
    : m_allowUrls(allowUrls)
    , m_refusedTags(refusedTags)
{
}

bool Store::hasRepository(const QString &repository) const
{
    const std::scoped_lock lock(m_mutex);
    return m_repositories.contains(repository);
}

std::optional<QByteArray> Store::blob(const QString &repository, const QString &digest) const
{
    const std::scoped_lock lock(m_mutex);
    const auto place = m_repositories.constFind(repository);
    if (place == m_repositories.cend() || !place->blobs.contains(digest))
        return std::nullopt;
    return place->blobs.value(digest);
}

void Store::addBlob(const QString &repository, const QString &digest, const QByteArray &bytes)
{
    const std::scoped_lock lock(m_mutex);
    m_repositories[repository].blobs.insert(digest, bytes);
}

bool Store::removeBlob(const QString &repository, const QString &digest)
{
    const std::scoped_lock lock(m_mutex);
    const auto place = m_repositories.find(repository);
    return place != m_repositories.end() && place->blobs.remove(digest);
}

std::optional<StoredManifest> Store::manifest(const QString &repository, const QString &reference) const
{
    const std::scoped_lock lock(m_mutex);
    const auto place = m_repositories.constFind(repository);
    if (place == m_repositories.cend())
        return std::nullopt;
    const auto found = place->manifests.constFind(place->tags.value(reference, reference));
    return found == place->manifests.cend() ? std::nullopt : std::optional(*found);
}

std::optional<Refusal> Store::putManifest(const QString &repository, const QString &reference, const QString &type,
                                          const QByteArray &bytes)
{
    static const QRegularExpression tagForm(QStringLiteral("\\A\\w[\\w.-]{0,127}\\z"));
    if (bytes.size() > base::limits::manifest)
        return Refusal{413, "SIZE_INVALID", "manifest too large"};
    const bool byDigest = reference.contains(QLatin1Char(':'));
    auto algorithm = oci::Digest::Algorithm::Sha256;
    if (byDigest) {
        const auto wanted = oci::Digest::parse(reference);
        if (!wanted || oci::Digest::of(bytes, wanted->algorithm()) != *wanted)
            return Refusal{400, "DIGEST_INVALID", "provided digest did not match uploaded content"};
        algorithm = wanted->algorithm();
    } else if (!tagForm.match(reference).hasMatch()) {
        return Refusal{400, "TAG_INVALID", "manifest tag did not match URI"};
    } else if (!m_refusedTags.pattern().isEmpty() && m_refusedTags.match(reference).hasMatch()) {
        return Refusal{403, "DENIED", "requested access to the resource is denied"};
    }
    const std::scoped_lock lock(m_mutex);
    if (const auto refusal = checked(m_repositories.value(repository), type, bytes))
        return refusal;
    Repository &place = m_repositories[repository];
    const QString digest = oci::Digest::of(bytes, algorithm).toString();
    place.manifests.insert(digest, {type, bytes, digest});
    if (!byDigest)
        place.tags.insert(reference, digest);
    return std::nullopt;
}

QString Store::addManifest(const QString &repository, const QString &tag, const QString &type, const QByteArray &bytes)
{
    const QString digest = oci::Digest::of(bytes).toString();
    const std::scoped_lock lock(m_mutex);
    Repository &place = m_repositories[repository];
    place.manifests.insert(digest, {type, bytes, digest});
    if (!tag.isEmpty())
        place.tags.insert(tag, digest);
    return digest;
}

bool Store::removeManifest(const QString &repository, const QString &reference)
{
    const std::scoped_lock lock(m_mutex);
    const auto place = m_repositories.find(repository);
    if (place == m_repositories.end())
        return false;
    if (!reference.contains(QLatin1Char(':')))
        return place->tags.remove(reference) > 0;
    if (!place->manifests.remove(reference))
        return false;
    for (auto tag = place->tags.begin(); tag != place->tags.end();)
        tag = *tag == reference ? place->tags.erase(tag) : std::next(tag);
    return true;
}

QStringList Store::tags(const QString &repository) const
{
    const std::scoped_lock lock(m_mutex);
    const auto place = m_repositories.constFind(repository);
    return place == m_repositories.cend() ? QStringList() : QStringList(place->tags.keys());
}

QList<StoredManifest> Store::referrers(const QString &repository, const QString &subject) const
{
    QList<StoredManifest> found;
    const std::scoped_lock lock(m_mutex);
    const Repository place = m_repositories.value(repository);
    for (const StoredManifest &each : place.manifests)
        if (subjectOf(each.bytes) == subject)
            found.append(each);
    std::ranges::sort(found, {}, &StoredManifest::digest);
    return found;
}

QString Store::beginUpload(const QString &repository)
{
    const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    auto upload = std::make_shared<Upload>();
    upload->repository = repository;
    const std::scoped_lock lock(m_mutex);
    m_uploads.insert(id, upload);
    return id;
}

std::shared_ptr<Upload> Store::upload(const QString &repository, const QString &id) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_uploads.value(id);
    return found && found->repository == repository ? found : nullptr;
}

bool Store::endUpload(const QString &id)
{
    const std::scoped_lock lock(m_mutex);
    return m_uploads.remove(id) > 0;
}

int Store::openUploads() const
{
    const std::scoped_lock lock(m_mutex);
    return static_cast<int>(m_uploads.size());
}

void Store::addFile(const QString &path, const QByteArray &bytes)
{
    const std::scoped_lock lock(m_mutex);
    m_files.insert(path, bytes);
}

std::optional<QByteArray> Store::file(const QString &path) const
{
    const std::scoped_lock lock(m_mutex);
    return m_files.contains(path) ? std::optional(m_files.value(path)) : std::nullopt;
}

// Qt's JSON is enough here: the registry reads a few members and keeps the bytes as they came.
std::optional<Refusal> Store::checked(const Repository &repository, const QString &type, const QByteArray &bytes) const
{
    const QJsonObject document = QJsonDocument::fromJson(bytes).object();
    const QString declared = document[QLatin1String("mediaType")].toString();
    if (document.isEmpty() || (!declared.isEmpty() && declared != type))
        return invalidManifest();
    if (const QString subject = subjectOf(bytes); !subject.isNull() && !oci::Digest::parse(subject))
        return invalidManifest();
    const oci::MediaType mediaType(type);
    if (mediaType.isIndex()) {
        const QJsonArray entries = document[QLatin1String("manifests")].toArray();
        for (const auto &entry : entries)
            if (!repository.manifests.contains(entry[QLatin1String("digest")].toString()))
                return blobUnknown();
        return std::nullopt;
    }
    if (!mediaType.isManifest())
        return invalidManifest();
    if (!repository.blobs.contains(document[QLatin1String("config")][QLatin1String("digest")].toString()))
        return blobUnknown();
    const QJsonArray layers = document[QLatin1String("layers")].toArray();
    for (const auto &layer : layers)
        if (auto refusal = checkedLayer(repository, layer.toObject()))
            return refusal;
    return std::nullopt;
}

std::optional<Refusal> Store::checkedLayer(const Repository &repository, const QJsonObject &layer) const
{
    const oci::MediaType type(layer[QLatin1String("mediaType")].toString());
    const QJsonArray urls = layer[QLatin1String("urls")].toArray();
    const bool docker = type.family() == oci::MediaType::Family::Docker;
    const bool looksAtUrls =
        !docker || type.isNonDistributable(); // docker-registry overlooks urls of Docker's ordinary layers
    if (!urls.isEmpty() && looksAtUrls) {
        if (!m_allowUrls)
            return unknownError();
        for (const auto &url : urls)
            if (!isAcceptable(url.toString()))
                return unknownError();
    }
    if (type.isNonDistributable() && docker && urls.isEmpty())
        return unknownError();
    if (type.isNonDistributable() && !urls.isEmpty())
        return std::nullopt;
    if (!repository.blobs.contains(layer[QLatin1String("digest")].toString()))
        return blobUnknown();
    return std::nullopt;
}

} // namespace colophon::demo
