// SPDX-License-Identifier: Apache-2.0
#include "registry/blobs.h"

#include "content/resumingreader.h"
#include "registry/ranges.h"
#include "registry/words.h"

namespace colophon::registry {

namespace {

using base::ErrorKind;
using Place = Repository::Place;

Occasion readingBlob(const Place &place, const oci::Digest &digest)
{
    Occasion occasion = place.occasion(Words::tr("read blob %1 of %2").arg(digest.shortForm(), place.fullName()));
    occasion.missing = Words::tr("%1 does not have the blob %2 in the repository %3.")
                           .arg(place.host->name(), digest.toString(), place.name);
    return occasion;
}

base::Task<base::Result<Answer>> askForBlob(Place place, Errand errand, oci::Digest digest, std::stop_token stop)
{
    const QString path = place.path(QStringLiteral("blobs/") + digest.toString());
    const Access access = place.pull();
    co_return co_await Place::ask(place, errand, path, QString(), access, stop);
}

base::Error wrongLength(const Place &place, const Occasion &occasion, const oci::Descriptor &wanted, qint64 actual)
{
    return problem(ErrorKind::InvalidData, occasion,
                   Words::tr("%1 has the blob %2 with %3 bytes where the manifest says %4.")
                       .arg(place.host->name(), wanted.digest.toString())
                       .arg(actual)
                       .arg(wanted.size),
                   Words::tr("The manifest and the blob do not belong together."));
}

// The whole blob. `goesOn`: over broken connections, by ranges.
base::Task<base::Result<content::ReaderPtr>> openWhole(Place place, oci::Descriptor wanted, bool goesOn,
                                                       std::stop_token stop)
{
    const Occasion occasion = readingBlob(place, wanted.digest);
    if (wanted.digest.isNull())
        co_return base::fail(problem(ErrorKind::Usage, occasion, Words::tr("A blob without a digest.")));
    auto answer = co_await askForBlob(place, Errand(), wanted.digest, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(occasion.operation));
    if (answer->status() != 200) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        co_return base::fail(error);
    }
    const qint64 length = answer->response.contentLength;
    if (length >= 0 && wanted.size >= 0 && length != wanted.size)
        co_return base::fail(wrongLength(place, occasion, wanted, length));
    content::ReaderPtr bytes = std::move(answer->response.body);
    if (goesOn) {
        auto rest = [place, wanted](qint64 offset, std::stop_token token) {
            return openBlobTail(place, wanted, offset, token);
        };
        bytes = content::resuming(std::move(bytes), rest, stop);
    }
    bytes = content::verified(std::move(bytes), wanted, wanted.digest.shortForm());
    auto again = [place, wanted](std::stop_token token) { return openBlobAt(place, wanted, token); };
    co_return content::reopenable(std::move(bytes), again);
}

} // namespace

base::Task<base::Result<content::ReaderPtr>> openBlobAt(Place place, oci::Descriptor wanted, std::stop_token stop)
{
    return openWhole(std::move(place), std::move(wanted), true, std::move(stop));
}

base::Task<base::Result<content::Tail>> openBlobTail(Repository::Place place, oci::Descriptor wanted, qint64 offset,
                                                     std::stop_token stop)
{
    const Occasion occasion = readingBlob(place, wanted.digest);
    if (offset <= 0 || offset >= wanted.size || wanted.digest.isNull())
        co_return co_await content::fromItsStart(openWhole(place, wanted, false, stop));
    Errand errand;
    errand.headers.set("Range", restFrom(offset));
    auto answer = co_await askForBlob(place, errand, wanted.digest, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(occasion.operation));
    if (isRest(answer->response, offset, wanted.size)) {
        content::Tail tail;
        tail.startsAt = offset;
        tail.bytes = std::move(answer->response.body);
        co_return std::move(tail);
    }
    const int status = answer->status();
    if (status != 200 && status != 206 && status != 416) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        co_return base::fail(error);
    }
    // It gives the whole, or something else than was asked for: then from the start, and with all its checks.
    answer->response.body.reset();
    co_return co_await content::fromItsStart(openWhole(place, wanted, false, stop));
}

base::Task<base::Result<bool>> hasBlobAt(Place place, oci::Descriptor wanted, std::stop_token stop)
{
    Occasion occasion = readingBlob(place, wanted.digest);
    occasion.operation = Words::tr("look for blob %1 in %2").arg(wanted.digest.shortForm(), place.fullName());
    if (wanted.digest.isNull())
        co_return base::fail(problem(ErrorKind::Usage, occasion, Words::tr("A blob without a digest.")));
    Errand head;
    head.method = "HEAD";
    auto answer = co_await askForBlob(place, head, wanted.digest, stop);
    if (answer && (answer->status() == 405 || (answer->status() == 403 && !answer->atHome))) {
        // Storage behind the registry whose addresses are signed for GET alone: one byte tells as much.
        Errand oneByte;
        oneByte.headers.set("Range", "bytes=0-0");
        answer = co_await askForBlob(place, oneByte, wanted.digest, stop);
    }
    if (!answer)
        co_return base::fail(answer.error().withOperation(occasion.operation));
    const int status = answer->status();
    if (status == 404)
        co_return false;
    if (status != 200 && status != 206) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        co_return base::fail(error);
    }
    const qint64 length = answer->response.contentLength;
    if (status == 200 && length >= 0 && wanted.size >= 0 && length != wanted.size)
        co_return base::fail(wrongLength(place, occasion, wanted, length));
    co_return true;
}

} // namespace colophon::registry
