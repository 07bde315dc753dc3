// SPDX-License-Identifier: Apache-2.0
#include "registry/repository.h"

#include "base/plaintext.h"
#include "registry/blobs.h"
#include "registry/manifests.h"
#include "registry/referrerlisting.h"
#include "registry/taglisting.h"
#include "registry/upload.h"
#include "registry/words.h"

namespace colophon::registry {

namespace {
base::Task<base::Result<content::ServerFields>> serverFieldsOf(Repository::Place place, std::stop_token stop)
{
    const auto found = co_await Repository::Place::origin(place, std::move(stop));
    if (!found)
        co_return base::fail(found.error());
    co_return content::ServerFields(place.host->serverFields());
}
} // namespace

Occasion Repository::Place::occasion(QString operation) const
{
    Occasion occasion;
    occasion.operation = std::move(operation);
    occasion.registry = host->name();
    occasion.repository = name;
    return occasion;
}

base::Task<base::Result<Origin>> Repository::Place::origin(Place place, std::stop_token stop)
{
    if (place.blocked)
        co_return base::fail(*place.blocked);
    co_return co_await RegistryHost::discover(place.host, stop);
}

base::Task<base::Result<Answer>> Repository::Place::ask(Place place, Errand errand, QString encodedPath,
                                                        QString encodedQuery, Access access, std::stop_token stop)
{
    auto origin = co_await Place::origin(place, stop);
    if (!origin)
        co_return base::fail(origin.error());
    errand.url = origin->url(encodedPath, encodedQuery);
    co_return co_await RegistryHost::ask(place.host, errand, access, stop);
}

Repository::Repository(std::shared_ptr<RegistryHost> host, QString repository)
    : m_place{std::move(host), std::move(repository)}
{
}

void Repository::block(const QString &prefix, const QString &file)
{
    m_place.blocked = base::fail(base::ErrorKind::Denied,
                                 Words::tr("%1 is blocked on this computer: %2 says so of %3.")
                                     .arg(m_place.fullName(), base::visible(file), base::visible(prefix)),
                                 Words::tr("Ask the one who set up this computer."))
                          .error();
}

base::Task<base::Result<oci::Descriptor>> Repository::resolve(QString identifier, std::stop_token stop)
{
    return resolveAt(m_place, std::move(identifier), std::move(stop));
}

base::Task<base::Result<QByteArray>> Repository::fetchManifest(oci::Descriptor wanted, std::stop_token stop)
{
    return fetchManifestFrom(m_place, std::move(wanted), std::move(stop));
}

base::Task<base::Result<content::ReaderPtr>> Repository::openBlob(oci::Descriptor wanted, std::stop_token stop)
{
    return openBlobAt(m_place, std::move(wanted), std::move(stop));
}

base::Task<base::Result<content::Tail>> Repository::openBlobFrom(oci::Descriptor wanted, qint64 offset,
                                                                 std::stop_token stop)
{
    return openBlobTail(m_place, std::move(wanted), offset, std::move(stop));
}

base::Task<base::Result<bool>> Repository::hasBlob(oci::Descriptor wanted, std::stop_token stop)
{
    return hasBlobAt(m_place, std::move(wanted), std::move(stop));
}

base::Task<base::Result<void>> Repository::pushBlob(oci::Descriptor content, content::ReaderPtr bytes,
                                                    content::Progress progress, std::stop_token stop)
{
    return uploadBlob(m_place, std::move(content), std::move(bytes), std::move(progress), std::move(stop));
}

base::Task<base::Result<bool>> Repository::mountBlob(oci::Descriptor content, QString fromRepository,
                                                     std::stop_token stop)
{
    return mountBlobFrom(m_place, std::move(content), std::move(fromRepository), std::move(stop));
}

base::Task<base::Result<void>> Repository::pushManifest(oci::Descriptor content, QByteArray bytes, std::stop_token stop)
{
    const QString identifier = content.digest.toString();
    return storeManifest(m_place, std::move(content), std::move(bytes), identifier, std::move(stop));
}

base::Task<base::Result<void>> Repository::tag(oci::Descriptor content, QByteArray bytes, QString tag,
                                               std::stop_token stop)
{
    return storeManifest(m_place, std::move(content), std::move(bytes), std::move(tag), std::move(stop));
}

base::Task<base::Result<QStringList>> Repository::tags(std::stop_token stop)
{
    return listTags(m_place, std::move(stop));
}

base::Task<base::Result<content::Referrers>> Repository::referrers(oci::Digest subject, std::stop_token stop)
{
    return listReferrers(m_place, self(), std::move(subject), std::move(stop));
}

base::Task<base::Result<content::Referrers::Source>>
Repository::pushReferrer(oci::Descriptor content, QByteArray bytes, oci::Descriptor subject, std::stop_token stop)
{
    return putReferrer(m_place, self(), std::move(content), std::move(bytes), std::move(subject), std::move(stop));
}

QString Repository::blobAddress(oci::Digest digest) const
{
    const QString path = m_place.path(QStringLiteral("blobs/") + digest.toString());
    return m_place.host->likelyOrigin().url(path).toString(QUrl::FullyEncoded);
}

base::Task<base::Result<content::ServerFields>> Repository::serverFields(std::stop_token stop)
{
    return serverFieldsOf(m_place, std::move(stop));
}

} // namespace colophon::registry
