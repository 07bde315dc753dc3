// SPDX-License-Identifier: Apache-2.0
#include "registry/upload.h"

#include "registry/words.h"

#include <QTimer>

namespace colophon::registry {

namespace {

using base::ErrorKind;

constexpr int longestGoodbye = 1'000; // milliseconds that a failed or cancelled upload may still take to be tidied up

// Where the session is. The registry may name another host for it; the rules for that are the courier's, all but one:
// from an encrypted registry no upload goes to an unencrypted place.
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

base::Task<void> deleteSession(Repository::Place place, QUrl session)
{
    std::stop_source tooLong;
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &timer, [tooLong]() mutable { tooLong.request_stop(); });
    timer.start(longestGoodbye);
    Errand errand;
    errand.method = "DELETE";
    errand.url = session;
    const QStringList scopes = place.push();
    auto answer = co_await RegistryHost::ask(place.host, errand, scopes, tooLong.get_token());
    if (answer)
        co_await drain(std::move(answer->response.body));
}

} // namespace

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

base::Task<base::Result<void>> uploadBlob(Repository::Place place, oci::Descriptor content, content::ReaderPtr bytes,
                                          content::Progress progress, std::stop_token stop)
{
    const QString registry = place.host->name();
    const QString shown = content.digest.shortForm();
    Occasion occasion = place.occasion(Words::tr("upload blob %1 to %2").arg(shown, place.fullName()));
    occasion.writing = true;
    occasion.missing = Words::tr("%1 has no repository %2 and makes none by itself.").arg(registry, place.name);
    const QStringList scopes = place.push();

    Errand open;
    open.method = "POST";
    open.bytes = QByteArray();
    auto opened = co_await Repository::Place::ask(place, open, place.path(QStringLiteral("blobs/uploads/")), QString(),
                                                  scopes, stop);
    if (!opened)
        co_return base::fail(opened.error().withOperation(occasion.operation));
    if (opened->status() != 202) {
        base::Error error = co_await errorOf(std::move(*opened), occasion);
        co_return base::fail(error);
    }
    auto session = sessionOf(*opened, registry);
    if (!session)
        co_return base::fail(session.error().withOperation(occasion.operation));
    co_await drain(std::move(opened->response.body));

    Errand put;
    put.method = "PUT";
    put.url = withDigest(*session, content.digest);
    put.headers.set("Content-Type", "application/octet-stream");
    // Our own check stands before the registry's: what is wrong already here never becomes a whole upload there.
    content::ReaderPtr checked = content::verified(std::move(bytes), content, shown);
    put.stream = std::make_shared<StreamedBody>(std::move(checked), content.size, progress);
    auto answer = co_await RegistryHost::ask(place.host, put, scopes, stop);
    base::Result<void> done;
    if (!answer) {
        done = base::fail(answer.error().withOperation(occasion.operation));
    } else if (answer->status() != 201) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        if (error.kind == ErrorKind::NotFound) {
            error.message = Words::tr("%1 no longer knows the upload it had begun.").arg(registry);
            error.hint = Words::tr("Push again.");
        }
        done = base::fail(error);
    } else {
        const QByteArray said = answer->response.headers.value("Docker-Content-Digest").trimmed();
        if (!said.isEmpty() && said != content.digest.toLatin1()) {
            base::Error error;
            error.kind = ErrorKind::InvalidData;
            error.operation = occasion.operation;
            error.message = Words::tr("%1 stored the blob under another digest than %2.").arg(registry, shown);
            co_return base::fail(error);
        }
        co_await drain(std::move(answer->response.body));
        co_return base::Result<void>{};
    }
    co_await deleteSession(place, *session);
    co_return done;
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
    QStringList scopes = place.push();
    scopes.append(RegistryHost::pullScope(fromRepository));
    auto answer = co_await Repository::Place::ask(place, errand, place.path(QStringLiteral("blobs/uploads/")), query,
                                                  scopes, stop);
    if (!answer)
        co_return base::fail(answer.error().withOperation(occasion.operation));
    const int status = answer->status();
    if (status == 201) {
        co_await drain(std::move(answer->response.body));
        co_return true;
    }
    if (status == 202) {
        // It opened an upload instead. Whoever uploads opens one of his own, so this one is closed.
        auto session = sessionOf(*answer, registry);
        co_await drain(std::move(answer->response.body));
        if (session)
            co_await deleteSession(place, *session);
        co_return false;
    }
    if (status == 429 || status >= 500 || status < 400) {
        base::Error error = co_await errorOf(std::move(*answer), occasion);
        co_return base::fail(error);
    }
    co_return false; // not allowed, or not known how: the upload says what is the matter, if anything is
}

} // namespace colophon::registry
