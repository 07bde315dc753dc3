// SPDX-License-Identifier: Apache-2.0
#include "registry/referrerlisting.h"

#include "base/bytesize.h"
#include "base/limits.h"
#include "base/plaintext.h"
#include "content/referrerstag.h"
#include "registry/manifests.h"
#include "registry/paging.h"
#include "registry/words.h"

namespace colophon::registry {

namespace {

using base::ErrorKind;
using content::Referrers;
using Place = Repository::Place;

// What registries say that know of no such address. 404 is the specification's; the others are older than it.
bool saysThereIsNoList(int status)
{
    return status == 404 || status == 400 || status == 405 || status == 406 || status == 501;
}

bool isWebPage(const http::Headers &headers)
{
    return headers.value("Content-Type").trimmed().toLower().startsWith("text/html");
}

// The list as the registry keeps it; nothing where it keeps none.
base::Task<base::Result<std::optional<Referrers>>> askForReferrers(Place place, oci::Digest subject,
                                                                   std::stop_token stop)
{
    const Occasion occasion =
        place.occasion(Words::tr("list the attachments of %1@%2").arg(place.fullName(), subject.toString()));
    auto origin = co_await Place::origin(place, stop);
    if (!origin)
        co_return base::fail(origin.error().withOperation(occasion.operation));
    const Access access = place.pull();
    Paging paging(occasion, *origin, Words::tr("list of attachments"));
    Referrers all;
    all.source = Referrers::Source::Api;
    QSet<oci::Digest> seen;
    qint64 bytes = 0;
    QUrl page = origin->url(place.path(QStringLiteral("referrers/") + subject.toString()));
    for (bool isFirst = true;; isFirst = false) {
        Errand errand;
        errand.url = page;
        errand.headers.set("Accept", oci::MediaType::ociIndex().toString().toLatin1());
        auto answer = co_await RegistryHost::ask(place.host, errand, access, stop);
        if (!answer)
            co_return base::fail(answer.error().withOperation(occasion.operation));
        const int status = answer->status();
        if (status != 200) {
            const base::Error error = co_await errorOf(std::move(*answer), occasion);
            if (!isFirst || !saysThereIsNoList(status))
                co_return base::fail(error);
            // A repository that is not there says nothing about the others, nor does a digest it does not like.
            const bool isGeneral = status != 400 && error.wireCode != QLatin1String("NAME_UNKNOWN");
            if (isGeneral && !place.host->listsReferrers())
                place.host->setListsReferrers(false);
            co_return std::optional<Referrers>();
        }
        if (isFirst && isWebPage(answer->response.headers)) { // for any address it does not know
            co_await drain(std::move(answer->response.body));
            co_return std::optional<Referrers>();
        }
        const QList<QByteArray> links = answer->response.headers.values("Link");
        auto body = co_await content::readAll(std::move(answer->response.body), base::limits::manifest);
        if (!body)
            co_return base::fail(body.error().withOperation(occasion.operation));
        bytes += body->size();
        if (bytes > base::limits::attached)
            co_return base::fail(problem(ErrorKind::TooLarge, occasion,
                                         Words::tr("Its list of attachments is longer than the %1 that are read.")
                                             .arg(base::humanSize(base::limits::attached))));
        const auto index = oci::ImageIndex::parse(*body, oci::MediaType::ociIndex());
        if (!index) {
            co_return base::fail(problem(index.error().kind, occasion,
                                         Words::tr("What %1 gives as list of attachments is none: %2")
                                             .arg(occasion.registry, index.error().message)));
        }
        const auto found = content::referrersIn(*index, Referrers::Source::Api);
        if (!found)
            co_return base::fail(found.error().withOperation(occasion.operation));
        bool brought = found->manifests.isEmpty();
        for (const oci::Descriptor &each : found->manifests) {
            if (seen.contains(each.digest))
                continue;
            brought = true;
            seen.insert(each.digest);
            all.manifests.append(each);
        }
        if (all.manifests.size() > base::limits::referrers) {
            co_return base::fail(problem(
                ErrorKind::TooLarge, occasion,
                Words::tr("It has more than %1 attachments, which are not read.").arg(base::limits::referrers)));
        }
        const auto next = paging.after(page, links, brought);
        if (!next)
            co_return base::fail(next.error());
        if (!*next)
            break;
        page = **next;
    }
    place.host->setListsReferrers(true);
    co_return std::optional(std::move(all));
}

} // namespace

base::Task<base::Result<Referrers>> listReferrers(Place place, content::TargetPtr self, oci::Digest subject,
                                                  std::stop_token stop)
{
    if (place.host->listsReferrers().value_or(true)) {
        auto listed = co_await askForReferrers(place, subject, stop);
        if (!listed)
            co_return base::fail(listed.error());
        if (*listed)
            co_return std::move(**listed);
    }
    co_return co_await content::referrersByTag(std::move(self), std::move(subject), std::move(stop));
}

base::Task<base::Result<Referrers::Source>> putReferrer(Place place, content::TargetPtr self, oci::Descriptor content,
                                                        QByteArray bytes, oci::Descriptor subject, std::stop_token stop)
{
    const auto entry = content::referrerEntry(content, bytes, subject);
    if (!entry)
        co_return base::fail(entry.error());
    const auto listedFor = co_await putManifest(place, content, bytes, content.digest.toString(), stop);
    if (!listedFor)
        co_return base::fail(listedFor.error());
    if (listedFor->isEmpty()) {
        const auto added = co_await content::addReferrerByTag(self, *entry, subject.digest, stop);
        if (!added)
            co_return base::fail(added.error());
        co_return Referrers::Source::Tag;
    }
    if (*listedFor != subject.digest.toLatin1()) {
        const Occasion occasion =
            place.occasion(Words::tr("attach %1 to %2@%3")
                               .arg(content.digest.shortForm(), place.fullName(), subject.digest.toString()));
        co_return base::fail(problem(ErrorKind::InvalidData, occasion,
                                     Words::tr("%1 attached it to %2 instead.")
                                         .arg(occasion.registry, base::visible(QString::fromLatin1(*listedFor), 200))));
    }
    place.host->setListsReferrers(true);
    co_return Referrers::Source::Api;
}

} // namespace colophon::registry
