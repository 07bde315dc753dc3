// SPDX-License-Identifier: Apache-2.0
#include "registry/upload.h"

#include "registry/blobs.h"
#include "registry/chunkupload.h"
#include "registry/streamupload.h"
#include "registry/words.h"

namespace colophon::registry {

namespace {

using base::ErrorKind;

// The size of the chunks in which to send a blob that was refused in one piece; 0: it would not help.
qint64 chunkAfter(const base::Error &refusal, qint64 size, qint64 shortest)
{
    const int status = refusal.httpStatus;
    qint64 chunk = std::max(usualChunk, shortest);
    // Somewhere is a limit, of which all that is known is that it is below the size. What breaks off again and again
    // may be one, too: who closes without reading on can take his answer back with it.
    if (status == 413 || isBrokenOff(refusal)) {
        while (chunk >= size && chunk / 4 >= std::max(smallestChunk, shortest))
            chunk /= 4;
        return chunk < size ? chunk : 0;
    }
    if (status == 416) // it wants to be told which part of the blob comes
        return chunk;
    // The registry's own code says what is wrong with the blob; without one it is the manner that it does not like.
    const bool isManner =
        refusal.wireCode.isEmpty() || refusal.wireCode == QLatin1String("UNSUPPORTED") || status == 405;
    return isManner && (status == 400 || status == 405 || status == 411) ? chunk : 0;
}

// With the closing PUT. When it fails, the session is gone.
base::Task<base::Result<void>> uploadAtOnce(Repository::Place place, oci::Descriptor content,
                                            std::shared_ptr<ChunkSource> source, UploadSession session,
                                            content::Progress progress, std::stop_token stop)
{
    Errand put;
    put.method = "PUT";
    put.url = withDigest(session.url, content.digest);
    put.headers.set("Content-Type", "application/octet-stream");
    content::ReaderPtr all = ChunkSource::next(source, content.size);
    put.stream = std::make_shared<StreamedBody>(std::move(all), content.size, progress);
    const Access access = place.push();
    auto answer = co_await RegistryHost::ask(place.host, put, access, stop);
    base::Result<void> done =
        co_await judgeClosing(std::move(answer), uploading(place, content.digest), content.digest);
    if (!done && !isBrokenOff(done))
        endSession(place, session.url);
    co_return done;
}

// Once more from the start, in chunks, where the refusal is one that this may help against; otherwise the refusal comes
// back.
base::Task<base::Result<void>> inChunksAfter(Repository::Place place, oci::Descriptor content,
                                             std::shared_ptr<ChunkSource> source, base::Error refusal, qint64 shortest,
                                             content::Progress progress, std::stop_token stop)
{
    const qint64 chunk = content.size > 0 ? chunkAfter(refusal, content.size, shortest) : 0;
    if (chunk <= 0 || stop.stop_requested() || source->failure())
        co_return base::fail(refusal);
    auto moved = co_await ChunkSource::moveTo(source, 0, stop);
    if (!moved || !*moved) {
        refusal.hint = Words::tr("It may take the blob in smaller pieces, but the source can be read only once: push "
                                 "again.");
        if (refusal.httpStatus == 413)
            place.host->setChunkSize(chunk);
        co_return base::fail(refusal);
    }
    if (refusal.httpStatus == 413)
        place.host->setChunkSize(chunk);
    else if (refusal.httpStatus != 0)
        place.host->setRefusesWholeBlobs();
    const Occasion occasion = uploading(place, content.digest);
    auto anew = co_await openSession(place, occasion, stop);
    if (!anew)
        co_return base::fail(anew.error());
    const ChunkSize size{chunk, isBrokenOff(refusal)};
    co_return co_await uploadInChunks(place, content, source, *anew, size, progress, stop);
}

// Goes on with an upload that broke off, from where the registry says that it is; where it does not say, in a new
// session from the start. `broken` is what comes back where neither can be done.
base::Task<base::Result<void>> goOnWith(Repository::Place place, oci::Descriptor content,
                                        std::shared_ptr<ChunkSource> source, UploadSession session, base::Error broken,
                                        content::Progress progress, std::stop_token stop)
{
    const auto known = co_await askSession(place, session.url, stop);
    if (known && known->received > 0 && known->received <= content.size) {
        auto moved = co_await ChunkSource::moveTo(source, known->received, stop);
        if (moved && *moved) {
            const ChunkSize size{usualChunk};
            co_return co_await uploadInChunks(place, content, source, *known, size, progress, stop);
        }
    }
    endSession(place, known ? known->url : session.url);
    if (stop.stop_requested())
        co_return base::cancelled();
    auto moved = co_await ChunkSource::moveTo(source, 0, stop);
    if (!moved || !*moved)
        co_return base::fail(broken);
    const Occasion occasion = uploading(place, content.digest);
    auto anew = co_await openSession(place, occasion, stop);
    if (!anew)
        co_return base::fail(anew.error());
    base::Result<void> done;
    if (content.size <= streamedFrom)
        done = co_await uploadAtOnce(place, content, source, *anew, progress, stop);
    else
        done = co_await uploadAsStream(place, content, source, *anew, progress, stop);
    if (isBrokenOff(done))
        endSession(place, anew->url);
    if (done || content.size <= streamedFrom)
        co_return done;
    const base::Error again = done.error();
    co_return co_await inChunksAfter(place, content, source, again, anew->shortestChunk, progress, stop);
}

} // namespace

base::Task<base::Result<void>> uploadBlob(Repository::Place place, oci::Descriptor content, content::ReaderPtr bytes,
                                          content::Progress progress, std::stop_token stop)
{
    const Occasion occasion = uploading(place, content.digest);
    auto session = co_await openSession(place, occasion, stop);
    if (!session)
        co_return base::fail(session.error());
    // Our own check stands before the registry's: what is wrong already here never becomes a whole upload there.
    content::ReaderPtr checked = content::verified(std::move(bytes), content, content.digest.shortForm());
    auto source = std::make_shared<ChunkSource>(std::move(checked));
    qint64 chunk = place.host->chunkSize();
    if (chunk <= 0 && (session->shortestChunk > 0 || place.host->refusesWholeBlobs()))
        chunk = usualChunk;
    chunk = std::max(chunk, session->shortestChunk);
    const bool isWhole = chunk <= 0 || (content.size <= chunk && !place.host->refusesWholeBlobs());
    if (!isWhole && content.size > 0) {
        const ChunkSize size{chunk};
        co_return co_await uploadInChunks(place, content, source, *session, size, progress, stop);
    }

    base::Result<void> done;
    for (bool isRenewed = false;; isRenewed = true) {
        if (content.size > streamedFrom)
            done = co_await uploadAsStream(place, content, source, *session, progress, stop);
        else
            done = co_await uploadAtOnce(place, content, source, *session, progress, stop);
        // The session was opened, so what is refused now is a token that died since; the next one is a new one.
        const bool isRenewable = !done && done.error().httpStatus == 401 && place.host->usesTokens();
        if (!isRenewable || isRenewed || stop.stop_requested() || source->failure())
            break;
        auto moved = co_await ChunkSource::moveTo(source, 0, stop);
        if (!moved || !*moved)
            break;
        session = co_await openSession(place, occasion, stop);
        if (!session)
            co_return base::fail(session.error());
    }
    if (done)
        co_return base::Result<void>{};
    if (isBrokenOff(done)) {
        if (stop.stop_requested() || source->failure()) {
            endSession(place, session->url);
            co_return done;
        }
        const base::Error broken = done.error();
        co_return co_await goOnWith(place, content, source, *session, broken, progress, stop);
    }
    const base::Error refusal = done.error();
    co_return co_await inChunksAfter(place, content, source, refusal, session->shortestChunk, progress, stop);
}

base::Task<base::Result<bool>> mountBlobFrom(Repository::Place place, oci::Descriptor content, QString fromRepository,
                                             std::stop_token stop)
{
    const QString registry = place.host->name();
    const Occasion occasion = place.occasion(
        Words::tr("take blob %1 over from %2/%3").arg(content.digest.shortForm(), registry, fromRepository));
    const auto encoded = [](const QString &text) { return QString::fromLatin1(QUrl::toPercentEncoding(text, "/")); };
    Errand errand;
    errand.method = "POST";
    errand.bytes = QByteArray();
    const QString query = QStringLiteral("mount=") + encoded(content.digest.toString()) + QStringLiteral("&from=") +
                          encoded(fromRepository);
    Access access = place.push();
    access.scopes.append(auth::pullScope(fromRepository));
    auto answer = co_await Repository::Place::ask(place, errand, place.path(QStringLiteral("blobs/uploads/")), query,
                                                  access, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(occasion.operation));
    const int status = answer->status();
    if (status == 201) {
        co_await drain(std::move(answer->response.body));
        if (place.host->isProvenToMount())
            co_return true;
        // Some say so and have nothing: once, it has to show the blob.
        auto isThere = co_await hasBlobAt(place, content, stop);
        if (isThere && *isThere)
            place.host->setProvenToMount();
        co_return isThere;
    }
    if (status == 202) {
        // It opened an upload instead. Whoever uploads opens one of his own, so this one is closed.
        auto session = sessionOf(*answer, registry);
        co_await drain(std::move(answer->response.body));
        if (session)
            endSession(place, *session);
        co_return false;
    }
    if (status == 429 || status >= 500 || status < 400) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        co_return base::fail(error);
    }
    co_return false; // not allowed, or not known how: the upload says what is the matter, if anything is
}

} // namespace colophon::registry
