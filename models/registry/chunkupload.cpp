// SPDX-License-Identifier: Apache-2.0
#include "registry/chunkupload.h"

#include "registry/ranges.h"
#include "registry/words.h"

namespace colophon::registry {

namespace {

using base::ErrorKind;

// What it takes to send the next chunk, and what was done already to come through.
struct Work
{
    Repository::Place place;
    oci::Descriptor content;
    Occasion occasion;
    std::shared_ptr<ChunkSource> source;
    UploadSession session;
    qint64 chunk = 0;
    content::Progress progress;
    qint64 resumedAt = -1;     // bytes that were there when it was gone on with after a failure the last time
    bool mayBeLimited = false; // the size is a suspicion: it is known once this goes well
    qint64 renewedAt = -1;     // bytes that were there when a token died the last time
    bool hasBegunAnew = false;

    bool isComplete() const { return session.received >= content.size; }
};
using WorkPtr = std::shared_ptr<Work>;

struct Failure
{
    base::Error error;
    int status = 0;
};
using Step = std::expected<void, Failure>;

Failure failureOf(base::Error error, const Occasion &occasion)
{
    const int status = error.httpStatus;
    return {std::move(error).withOperation(occasion.operation), status};
}

// Whether the same may go well a second time.
bool mayPass(const Failure &failure)
{
    const ErrorKind kind = failure.error.kind;
    const int status = failure.status;
    if (status == 0)
        return kind == ErrorKind::Network || kind == ErrorKind::Timeout || kind == ErrorKind::Protocol;
    return status < 400 || status == 401 || status == 404 || status == 408 || status == 416 || status >= 500;
}

base::Task<Step> sendChunk(WorkPtr work, std::stop_token stop)
{
    const qint64 offset = work->session.received;
    const qint64 length = std::min(work->chunk, work->content.size - offset);
    Errand patch;
    patch.method = "PATCH";
    patch.url = work->session.url;
    patch.headers.set("Content-Type", "application/octet-stream");
    patch.headers.set("Content-Range", chunkRange(offset, length));
    const content::Progress whole = work->progress;
    content::Progress part = [whole, offset](qint64 bytes) {
        if (whole)
            whole(offset + bytes);
    };
    content::ReaderPtr bytes = ChunkSource::next(work->source, length);
    patch.stream = std::make_shared<StreamedBody>(std::move(bytes), length, part);
    const Access access = work->place.push();
    auto answer = co_await RegistryHost::ask(work->place.host, patch, access, stop);
    if (!answer)
        co_return std::unexpected(failureOf(answer.error(), work->occasion));
    const int status = answer->status();
    if (status != 202 && status != 201 && status != 204) {
        base::Error error = co_await errorOf(std::move(*answer), work->occasion);
        co_return std::unexpected(Failure{error, status});
    }
    if (answer->response.headers.has("Location")) {
        const auto moved = sessionOf(*answer, work->place.host->name());
        if (!moved)
            co_return std::unexpected(Failure{moved.error().withOperation(work->occasion.operation), 403});
        work->session.url = *moved;
    }
    std::optional<qint64> received = receivedIn(answer->response.headers.value("Range"));
    co_await drain(std::move(answer->response.body));
    if (!received) {
        const auto asked = co_await askSession(work->place, work->session.url, stop);
        if (asked)
            received = asked->received;
    }
    const qint64 expected = offset + length;
    // Where it says nothing at all, the digest has the last word.
    if (received && *received != expected && !(expected == 1 && *received == 0)) {
        const QString message = Words::tr("%1 has %2 bytes of the upload where %3 were sent.")
                                    .arg(work->place.host->name())
                                    .arg(*received)
                                    .arg(expected);
        const base::Error error = problem(ErrorKind::Protocol, work->occasion, message);
        co_return std::unexpected(Failure{error, 0});
    }
    work->session.received = expected;
    // What the socket said last may be a little less: an answer can come before TLS has counted its own bytes off.
    if (whole)
        whole(expected);
    co_return Step{};
}

// A session from which the upload can go on: the same one where it says how far it is, otherwise a new one.
base::Task<Step> goOn(WorkPtr work, bool anew, std::stop_token stop)
{
    const qint64 most = std::min(work->content.size, work->session.received + work->chunk);
    std::optional<UploadSession> same;
    if (!anew)
        same = co_await askSession(work->place, work->session.url, stop);
    if (same && same->received <= most) {
        work->session.url = same->url;
        work->session.received = same->received;
    } else {
        endSession(work->place, work->session.url);
        auto opened = co_await openSession(work->place, work->occasion, stop);
        if (!opened)
            co_return std::unexpected(failureOf(opened.error(), work->occasion));
        work->session = *opened;
    }
    auto moved = co_await ChunkSource::moveTo(work->source, work->session.received, stop);
    if (!moved)
        co_return std::unexpected(failureOf(moved.error(), work->occasion));
    if (!*moved) {
        const QString message = Words::tr("The upload to %1 broke off, and its source can be read only once.")
                                    .arg(work->place.host->name());
        const base::Error error = problem(ErrorKind::Failed, work->occasion, message, Words::tr("Push again."));
        co_return std::unexpected(Failure{error, 0});
    }
    co_return Step{};
}

// After a failure: how to go on, if at all. The failure comes back where it is final.
base::Task<Step> recover(WorkPtr work, Failure failure, std::stop_token stop)
{
    if (stop.stop_requested() || work->source->failure())
        co_return std::unexpected(failure);
    // It may break as often as it likes, as long as something arrives in between.
    const bool isStuck = work->session.received <= work->resumedAt;
    // A limit on the way: smaller chunks for this blob and those after it. It breaks off again and again where who has
    // the limit closes without reading on, which can take his answer back.
    const bool isSuspect = isStuck && isBrokenOff(failure.error);
    if (failure.status == 413 || isSuspect) {
        const qint64 smaller = std::max(work->chunk / 4, work->session.shortestChunk);
        if (smaller >= work->chunk || smaller < std::min(smallestChunk, work->chunk))
            co_return std::unexpected(failure);
        if (isSuspect)
            work->mayBeLimited = true;
        else
            work->place.host->setChunkSize(smaller);
        work->resumedAt = -1;
        endSession(work->place, work->session.url);
        auto opened = co_await openSession(work->place, work->occasion, stop);
        if (!opened)
            co_return std::unexpected(failureOf(opened.error(), work->occasion));
        work->session = *opened;
        work->chunk = smaller;
        auto moved = co_await ChunkSource::moveTo(work->source, 0, stop);
        if (!moved || !*moved)
            co_return std::unexpected(failure);
        co_return Step{};
    }
    // A token may have died just after another failure.
    const bool isRenewal = failure.status == 401 && work->session.received > work->renewedAt;
    if ((isStuck && !isRenewal) || !mayPass(failure))
        co_return std::unexpected(failure);
    if (isRenewal)
        work->renewedAt = work->session.received;
    else
        work->resumedAt = work->session.received;
    auto going = co_await goOn(work, false, stop);
    co_return going;
}

base::Task<Step> sendAll(WorkPtr work, std::stop_token stop)
{
    while (!work->isComplete()) {
        auto sent = co_await sendChunk(work, stop);
        if (sent)
            continue;
        auto recovered = co_await recover(work, sent.error(), stop);
        if (!recovered)
            co_return recovered;
    }
    co_return Step{};
}

// What a registry says when it has put the pieces together wrongly, or lost them.
bool isBrokenSession(const base::Error &error)
{
    return error.httpStatus == 404 || error.httpStatus == 416 || error.wireCode == QLatin1String("DIGEST_INVALID") ||
           error.wireCode == QLatin1String("BLOB_UPLOAD_INVALID");
}

} // namespace

class ChunkSource::Part final : public content::Reader
{
public:
    Part(std::shared_ptr<ChunkSource> source, qint64 length)
        : m_source(std::move(source))
        , m_left(length)
    {
    }
    base::Task<base::Result<QByteArray>> read() override
    {
        base::Result<QByteArray> block = co_await take(m_source, m_left);
        if (block)
            m_left -= block->size();
        co_return block;
    }

private:
    std::shared_ptr<ChunkSource> m_source;
    qint64 m_left;
};

ChunkSource::ChunkSource(content::ReaderPtr bytes)
    : m_reader(std::move(bytes))
{
}

content::ReaderPtr ChunkSource::next(std::shared_ptr<ChunkSource> source, qint64 length)
{
    return std::make_unique<Part>(std::move(source), length);
}

base::Task<base::Result<QByteArray>> ChunkSource::take(std::shared_ptr<ChunkSource> source, qint64 most)
{
    if (most <= 0)
        co_return QByteArray();
    source->m_isTouched = true;
    if (source->m_rest.isEmpty()) {
        base::Result<QByteArray> block = co_await source->m_reader->read();
        if (!block) {
            source->m_failure = block.error();
            co_return base::fail(block.error());
        }
        source->m_rest = std::move(*block);
    }
    QByteArray part = source->m_rest.left(most);
    source->m_rest = source->m_rest.size() > most ? source->m_rest.sliced(most) : QByteArray();
    source->m_at += part.size();
    co_return part;
}

base::Task<base::Result<bool>> ChunkSource::moveTo(std::shared_ptr<ChunkSource> source, qint64 offset,
                                                   std::stop_token stop)
{
    if (source->m_at > offset) {
        auto again = co_await source->m_reader->reopened(stop);
        if (!again)
            co_return base::fail(again.error());
        if (!*again)
            co_return false;
        source->m_reader = std::move(*again);
        source->m_rest.clear();
        source->m_at = 0;
    }
    while (source->m_at < offset) {
        auto skipped = co_await take(source, offset - source->m_at);
        if (!skipped)
            co_return base::fail(skipped.error());
        if (skipped->isEmpty() || stop.stop_requested())
            break;
    }
    if (stop.stop_requested())
        co_return base::cancelled();
    co_return source->m_at == offset;
}

base::Task<base::Result<void>> uploadInChunks(Repository::Place place, oci::Descriptor content,
                                              std::shared_ptr<ChunkSource> source, UploadSession session,
                                              ChunkSize chunk, content::Progress progress, std::stop_token stop)
{
    auto work = std::make_shared<Work>();
    work->place = place;
    work->content = content;
    work->occasion = uploading(place, content.digest);
    work->source = source;
    work->session = session;
    work->chunk = std::max(chunk.bytes, session.shortestChunk);
    work->mayBeLimited = chunk.isSuspicion;
    work->progress = progress;
    base::Result<void> done;
    for (;;) {
        auto sent = co_await sendAll(work, stop);
        if (!sent) {
            done = base::fail(source->failure() ? source->failure()->withOperation(work->occasion.operation)
                                                : sent.error().error);
            break;
        }
        Errand put;
        put.method = "PUT";
        put.url = withDigest(work->session.url, content.digest);
        put.bytes = QByteArray();
        const Access access = place.push();
        auto answer = co_await RegistryHost::ask(place.host, put, access, stop);
        done = co_await judgeClosing(std::move(answer), work->occasion, content.digest);
        if (done) {
            if (work->mayBeLimited)
                place.host->setChunkSize(work->chunk);
            co_return base::Result<void>{};
        }
        if (work->hasBegunAnew || !isBrokenSession(done.error()) || stop.stop_requested())
            break;
        work->hasBegunAnew = true;
        auto again = co_await goOn(work, true, stop);
        if (!again)
            break; // the first failure tells more
    }
    endSession(place, work->session.url);
    co_return done;
}

} // namespace colophon::registry
