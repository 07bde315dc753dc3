// SPDX-License-Identifier: Apache-2.0
#include "registry/uploadsession.h"

#include "registry/ranges.h"
#include "registry/words.h"

#include <QTimer>

namespace colophon::registry {

namespace {

using base::ErrorKind;

constexpr int longestGoodbye = 1'000; // milliseconds that tidying up after an upload may take

} // namespace

Occasion uploading(const Repository::Place &place, const oci::Digest &digest)
{
    Occasion occasion = place.occasion(Words::tr("upload blob %1 to %2").arg(digest.shortForm(), place.fullName()));
    occasion.writing = true;
    occasion.missing =
        Words::tr("%1 has no repository %2 and makes none by itself.").arg(place.host->name(), place.name);
    return occasion;
}

base::Result<QUrl> sessionOf(const Answer &answer, const QString &registry)
{
    const auto location = locationOf(answer.response.headers, answer.url);
    if (!location) {
        return base::fail(
            ErrorKind::Protocol,
            Words::tr("%1 accepts the upload without saying where to (no usable Location).").arg(registry));
    }
    if (answer.url.scheme() == QLatin1String("https") && location->scheme() != QLatin1String("https")) {
        return base::fail(ErrorKind::Denied,
                          Words::tr("%1 wants the upload to go to an unencrypted address at %2, which is refused.")
                              .arg(registry, location->host()));
    }
    return *location;
}

QUrl withDigest(const QUrl &session, const oci::Digest &digest)
{
    QUrl url = session;
    QString query = session.query(QUrl::FullyEncoded);
    if (!query.isEmpty() && !query.endsWith(u'&'))
        query += u'&';
    query += QStringLiteral("digest=") + QString::fromLatin1(QUrl::toPercentEncoding(digest.toString()));
    url.setQuery(query, QUrl::StrictMode);
    return url;
}

base::Task<base::Result<UploadSession>> openSession(Repository::Place place, Occasion occasion, std::stop_token stop)
{
    Errand open;
    open.method = "POST";
    open.bytes = QByteArray();
    open.repeat = Repeat::Always; // a session that nobody uses is forgotten
    const Access access = place.push();
    auto opened = co_await Repository::Place::ask(place, open, place.path(QStringLiteral("blobs/uploads/")), QString(),
                                                  access, stop);
    if (!opened)
        co_return base::fail(opened.error().withOperation(occasion.operation));
    if (opened->status() != 202) {
        base::Error error = co_await errorOf(std::move(*opened), occasion);
        co_return base::fail(error);
    }
    const auto url = sessionOf(*opened, place.host->name());
    if (!url)
        co_return base::fail(url.error().withOperation(occasion.operation));
    UploadSession session;
    session.url = *url;
    session.shortestChunk =
        std::max<qint64>(0, opened->response.headers.value("OCI-Chunk-Min-Length").trimmed().toLongLong());
    co_await drain(std::move(opened->response.body));
    co_return session;
}

base::Task<std::optional<UploadSession>> askSession(Repository::Place place, QUrl session, std::stop_token stop)
{
    Errand errand;
    errand.url = session;
    const Access access = place.push();
    auto answer = co_await RegistryHost::ask(place.host, errand, access, stop);
    if (!answer || (answer->status() != 204 && answer->status() != 202 && answer->status() != 200))
        co_return std::nullopt;
    const std::optional<qint64> received = receivedIn(answer->response.headers.value("Range"));
    if (!received)
        co_return std::nullopt;
    UploadSession found;
    found.url = session;
    found.received = *received;
    if (answer->response.headers.has("Location")) {
        const auto moved = sessionOf(*answer, place.host->name());
        if (!moved)
            co_return std::nullopt;
        found.url = *moved;
    }
    co_await drain(std::move(answer->response.body));
    co_return found;
}

base::Detached endSession(Repository::Place place, QUrl session)
{
    const std::shared_ptr<Farewells> farewells = place.host->farewells();
    farewells->begin();
    std::stop_source tooLong;
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &timer, [tooLong]() mutable { tooLong.request_stop(); });
    timer.start(longestGoodbye);
    Errand errand;
    errand.method = "DELETE";
    errand.url = session;
    errand.repeat = Repeat::Farewell;
    Access access = place.push();
    access.mayDelete = true;
    auto answer = co_await RegistryHost::ask(place.host, errand, access, tooLong.get_token());
    if (answer)
        co_await drain(std::move(answer->response.body));
    farewells->end();
}

bool isBrokenOff(const base::Error &failure)
{
    return failure.httpStatus == 0 && (failure.kind == ErrorKind::Network || failure.kind == ErrorKind::Timeout);
}

base::Task<base::Result<void>> judgeClosing(base::Result<Answer> answer, Occasion occasion, oci::Digest digest)
{
    if (!answer)
        co_return base::fail(answer.error().withOperation(occasion.operation));
    if (answer->status() != 201) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        if (error.kind == ErrorKind::NotFound) {
            error.message = Words::tr("%1 no longer knows the upload it had begun.").arg(occasion.registry);
            error.hint = Words::tr("Push again.");
        }
        co_return base::fail(error);
    }
    const QByteArray said = answer->response.headers.value("Docker-Content-Digest").trimmed();
    co_await drain(std::move(answer->response.body));
    if (!said.isEmpty() && said != digest.toLatin1()) {
        const QString message =
            Words::tr("%1 stored the blob under another digest than %2.").arg(occasion.registry, digest.shortForm());
        co_return base::fail(problem(ErrorKind::InvalidData, occasion, message));
    }
    co_return base::Result<void>{};
}

} // namespace colophon::registry
