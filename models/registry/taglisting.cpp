// SPDX-License-Identifier: Apache-2.0
#include "registry/taglisting.h"

#include "registry/paging.h"
#include "registry/words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace colophon::registry {

namespace {

using base::ErrorKind;

const QString pageSize = QStringLiteral("n=1000"); // what docker-registry allows at most

base::Error listingProblem(const Occasion &occasion, ErrorKind kind, const QString &message)
{
    base::Error error;
    error.kind = kind;
    error.operation = occasion.operation;
    error.message = message;
    error.hint = Words::tr("A tag can still be opened by its name.");
    return error;
}

base::Result<QStringList> tagsIn(const QByteArray &json, const Occasion &occasion)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    const QJsonValue tags = document.object().value(QLatin1String("tags"));
    // docker-registry says null for a repository whose last tag is gone.
    if (!document.isObject() || !(tags.isArray() || tags.isNull() || tags.isUndefined())) {
        return base::fail(
            listingProblem(occasion, ErrorKind::Protocol,
                           Words::tr("%1 answered with something that is no list of tags.").arg(occasion.registry)));
    }
    QStringList all;
    for (const auto &each : tags.toArray()) {
        if (each.isString())
            all.append(each.toString());
    }
    return all;
}

} // namespace

base::Task<base::Result<QStringList>> listTags(Repository::Place place, std::stop_token stop)
{
    Occasion occasion = place.occasion(Words::tr("list the tags of %1").arg(place.fullName()));
    occasion.missing = Words::tr("%1 has no repository %2.").arg(place.host->name(), place.name);
    auto origin = co_await Repository::Place::origin(place, stop);
    if (!origin)
        co_return base::fail(origin.error().withOperation(occasion.operation));
    const QString path = place.path(QStringLiteral("tags/list"));
    const Access access = place.pull();
    QUrl page = origin->url(path, pageSize);
    QStringList all;
    QSet<QString> seen;
    Paging paging(occasion, *origin, Words::tr("list of tags"));
    for (bool isFirst = true;; isFirst = false) {
        if (all.size() > base::limits::tags) {
            co_return base::fail(listingProblem(occasion, ErrorKind::TooLarge,
                                                Words::tr("%1 lists more tags than are read.").arg(occasion.registry)));
        }
        Errand errand;
        errand.url = page;
        auto answer = co_await RegistryHost::ask(place.host, errand, access, stop);
        if (!answer)
            co_return base::fail(answer.error().withOperation(occasion.operation));
        if (answer->status() == 400 && isFirst && page.hasQuery()) { // does not like the page size
            co_await drain(std::move(answer->response.body));
            page = origin->url(path);
            continue;
        }
        if (answer->status() != 200) {
            base::Error error = co_await errorOf(std::move(*answer), occasion);
            co_return base::fail(error);
        }
        const QList<QByteArray> links = answer->response.headers.values("Link");
        auto body = co_await content::readAll(std::move(answer->response.body), base::limits::tagsPage);
        if (!body)
            co_return base::fail(body.error().withOperation(occasion.operation));
        auto found = tagsIn(*body, occasion);
        if (!found)
            co_return base::fail(found.error());
        bool progressed = found->isEmpty();
        for (const QString &each : *found) {
            if (seen.contains(each))
                continue;
            progressed = true;
            seen.insert(each);
            all.append(each);
        }
        const auto next = paging.after(page, links, progressed);
        if (!next)
            co_return base::fail(listingProblem(occasion, next.error().kind, next.error().message));
        if (!*next)
            co_return all;
        page = **next;
    }
}

} // namespace colophon::registry
