// SPDX-License-Identifier: Apache-2.0
#include "registry/streamupload.h"

#include "registry/ranges.h"
#include "registry/words.h"

#include <QTimer>

#include <chrono>

namespace colophon::registry {

namespace {

using base::ErrorKind;

// For the end of the body and its answer, once it is stopped. Nobody waits for that.
constexpr std::chrono::milliseconds goodOrder{1'000};

// A body that ends early, in good order, when it is stopped or its source fails; `why` then says so.
class EndingBody final : public content::Reader
{
public:
    EndingBody(content::ReaderPtr inner, std::shared_ptr<std::optional<base::Error>> why, std::stop_token stop)
        : m_inner(std::move(inner))
        , m_why(std::move(why))
        , m_stop(std::move(stop))
    {
    }
    base::Task<base::Result<QByteArray>> read() override
    {
        if (m_stop.stop_requested()) {
            *m_why = base::cancelled().error();
            co_return QByteArray();
        }
        base::Result<QByteArray> block = co_await m_inner->read();
        if (!block) {
            *m_why = block.error();
            co_return QByteArray();
        }
        co_return block;
    }

private:
    content::ReaderPtr m_inner;
    std::shared_ptr<std::optional<base::Error>> m_why;
    std::stop_token m_stop;
};

// Follows a stop after a while: what is under way may end in good order, but not for long.
class LateStop
{
public:
    explicit LateStop(std::stop_token stop)
        : m_link(std::move(stop), [context = &m_context, late = m_late] {
            QMetaObject::invokeMethod(
                context,
                [context, late] { QTimer::singleShot(goodOrder, context, [late]() mutable { late.request_stop(); }); },
                Qt::QueuedConnection);
        })
    {
    }
    std::stop_token token() const { return m_late.get_token(); }

private:
    QObject m_context;
    std::stop_source m_late;
    std::stop_callback<std::function<void()>> m_link; // last: it goes before what it points at
};

// An upload that goes on to its end in good order when whoever waits for it leaves.
struct Sending
{
    http::Bell bell;
    std::optional<base::Result<void>> done;
};

base::Detached finish(std::shared_ptr<Sending> sending, base::Task<base::Result<void>> work,
                      std::shared_ptr<Farewells> farewells)
{
    farewells->begin();
    base::Result<void> done = co_await work;
    sending->done = std::move(done);
    sending->bell.ring();
    farewells->end();
}

base::Task<base::Result<void>> sendAsStream(Repository::Place place, oci::Descriptor content,
                                            std::shared_ptr<ChunkSource> source, UploadSession session,
                                            content::Progress progress, std::stop_token stop)
{
    const Occasion occasion = uploading(place, content.digest);
    const auto why = std::make_shared<std::optional<base::Error>>();
    const LateStop late(stop);
    Errand patch;
    patch.method = "PATCH";
    patch.url = session.url;
    patch.headers.set("Content-Type", "application/octet-stream");
    content::ReaderPtr whole = ChunkSource::next(source, content.size);
    content::ReaderPtr body = std::make_unique<EndingBody>(std::move(whole), why, stop);
    patch.stream = std::make_shared<StreamedBody>(std::move(body), -1, progress);
    const Access access = place.push();
    auto answer = co_await RegistryHost::ask(place.host, patch, access, late.token());
    base::Result<void> done;
    if (answer && (answer->status() == 202 || answer->status() == 201 || answer->status() == 204)) {
        if (answer->response.headers.has("Location")) {
            const auto moved = sessionOf(*answer, place.host->name());
            if (moved)
                session.url = *moved;
            else
                done = base::fail(moved.error().withOperation(occasion.operation));
        }
        co_await drain(std::move(answer->response.body));
    } else if (answer) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        done = base::fail(error);
    } else {
        done = base::fail(answer.error().withOperation(occasion.operation));
    }
    if (why->has_value())
        done = base::fail((*why)->withOperation(occasion.operation));
    else if (stop.stop_requested())
        done = base::cancelled();
    if (done) {
        Errand put;
        put.method = "PUT";
        put.url = withDigest(session.url, content.digest);
        put.bytes = QByteArray();
        auto closed = co_await RegistryHost::ask(place.host, put, access, stop);
        done = co_await judgeClosing(std::move(closed), occasion, content.digest);
    }
    if (!done && !isBrokenOff(done))
        endSession(place, session.url);
    co_return done;
}

} // namespace

base::Task<base::Result<void>> uploadAsStream(Repository::Place place, oci::Descriptor content,
                                              std::shared_ptr<ChunkSource> source, UploadSession session,
                                              content::Progress progress, std::stop_token stop)
{
    const auto sending = std::make_shared<Sending>();
    const std::shared_ptr<Farewells> farewells = place.host->farewells();
    finish(sending,
           sendAsStream(std::move(place), std::move(content), std::move(source), std::move(session),
                        std::move(progress), stop),
           farewells);
    const http::RingOnStop onStop(stop, sending->bell);
    while (!sending->done && !stop.stop_requested())
        co_await sending->bell.event();
    if (!sending->done)
        co_return base::cancelled();
    co_return base::Result<void>(*sending->done);
}

} // namespace colophon::registry
