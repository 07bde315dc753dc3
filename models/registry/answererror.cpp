// SPDX-License-Identifier: Apache-2.0
#include "registry/answererror.h"

#include "base/plaintext.h"
#include "registry/retryafter.h"
#include "registry/words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace colophon::registry {

namespace {

using base::ErrorKind;

constexpr int longestWords = 300; // characters of the registry's own message that are of use to a person

ErrorKind kindOf(int status, bool writing)
{
    switch (status) {
    case 401:
        return ErrorKind::Unauthorized;
    case 403:
    case 407:
    case 451:
        return ErrorKind::Denied;
    case 404:
    case 410:
        return ErrorKind::NotFound;
    case 409:
    case 412:
    case 423: // how registries say that a tag is immutable
        return writing ? ErrorKind::Denied : ErrorKind::Failed;
    case 413:
        return ErrorKind::TooLarge;
    default:
        return status < 400 ? ErrorKind::Protocol : ErrorKind::Failed;
    }
}

// "registry.example: manifest unknown (MANIFEST_UNKNOWN)." as an appendix to our own sentence.
QString inItsWords(const WireError &wire)
{
    const QString code = base::visible(wire.code, 64);
    const QString message = base::visible(wire.message, longestWords).trimmed();
    if (message.isEmpty() && code.isEmpty())
        return {};
    if (message.isEmpty() || message.compare(code, Qt::CaseInsensitive) == 0)
        return Words::tr(" It says: %1.").arg(code);
    return code.isEmpty() ? Words::tr(" It says: \"%1\".").arg(message)
                          : Words::tr(" It says: \"%1\" (%2).").arg(message, code);
}

// "Signed in as vendor (from ~/.docker/config.json for registry.example)"
QString signedIn(const ShownCredential &shown)
{
    return shown.user.isEmpty() ? Words::tr("Signed in with a token (%1)").arg(shown.source)
                                : Words::tr("Signed in as %1 (%2)").arg(base::visible(shown.user), shown.source);
}

// What became of the scopes that were asked for, as far as there were any.
QString scopesOf(const ShownCredential &shown)
{
    if (shown.asked.isEmpty() || shown.asked == shown.granted)
        return {};
    return shown.granted.isEmpty() ? Words::tr(" The token service was asked for \"%1\".").arg(shown.asked)
                                   : Words::tr(" The token service was asked for \"%1\" and grants \"%2\".")
                                         .arg(shown.asked, shown.granted);
}

void explainUnauthorized(base::Error &error, const Occasion &occasion)
{
    const QString where =
        occasion.repository.isEmpty() ? occasion.registry : occasion.registry + u'/' + occasion.repository;
    if (occasion.shown.source.isEmpty()) {
        error.message = occasion.repository.isEmpty()
                            ? Words::tr("%1 wants a user name and a password.").arg(occasion.registry)
                            : Words::tr("%1 wants a user name and a password for %2, or there is no such repository.")
                                  .arg(occasion.registry, where);
        if (!occasion.shown.trouble.isEmpty())
            error.message += u' ' + occasion.shown.trouble;
        error.hint = Words::tr("Sign in to %1 and try again.").arg(occasion.registry);
        return;
    }
    error.message =
        Words::tr("%1, and %2 still refuses access to %3.").arg(signedIn(occasion.shown), occasion.registry, where) +
        scopesOf(occasion.shown);
    error.hint = occasion.writing
                     ? Words::tr("Check that the password still holds and that this account may push there, or sign in "
                                 "as somebody else.")
                     : Words::tr("Check that the password still holds and that this account may read there, or sign in "
                                 "as somebody else.");
}

QString retryHint(const http::Headers &headers)
{
    const auto after = retryAfter(headers.value("Retry-After"), QDateTime::currentDateTimeUtc());
    constexpr qint64 minute = 60;
    constexpr qint64 hour = 60 * minute;
    constexpr qint64 day = 24 * hour;
    if (!after || after->count() > 30 * day) // nobody means that
        return Words::tr("Wait a while and try again.");
    const qint64 seconds = after->count();
    // Rounded up: whoever comes early is refused again.
    const auto inUnits = [seconds](qint64 unit) { return QString::number((seconds + unit - 1) / unit); };
    if (seconds <= 1)
        return Words::tr("Try again in a moment.");
    if (seconds <= 2 * minute)
        return Words::tr("Try again in %1 seconds.").arg(seconds);
    if (seconds <= 2 * hour)
        return Words::tr("Try again in %1 minutes.").arg(inUnits(minute));
    return seconds <= 2 * day ? Words::tr("Try again in %1 hours.").arg(inUnits(hour))
                              : Words::tr("Try again in %1 days.").arg(inUnits(day));
}

} // namespace

base::Error problem(base::ErrorKind kind, const Occasion &occasion, const QString &message, const QString &hint)
{
    base::Error error;
    error.kind = kind;
    error.operation = occasion.operation;
    error.message = message;
    error.hint = hint;
    return error;
}

WireError WireError::parse(const QByteArray &body, const QByteArray &contentType)
{
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    const QJsonObject first = object.value(QLatin1String("errors")).toArray().first().toObject();
    WireError wire;
    wire.code = first.value(QLatin1String("code")).toString();
    wire.message = first.value(QLatin1String("message")).toString();
    // docker-registry says "unknown error" first and the reason behind it.
    const QJsonArray all = object.value(QLatin1String("errors")).toArray();
    for (qsizetype i = 1; i < all.size() && wire.code == QLatin1String("UNKNOWN"); ++i) {
        wire.code = all.at(i).toObject().value(QLatin1String("code")).toString();
        wire.message = all.at(i).toObject().value(QLatin1String("message")).toString();
    }
    for (const char *name : {"details", "message", "error", "detail"}) { // token services and proxies
        if (wire.message.isEmpty())
            wire.message = object.value(QLatin1String(name)).toString();
    }
    if (wire.message.isEmpty() && object.isEmpty() && contentType.startsWith("text/plain"))
        wire.message = QString::fromUtf8(body.split('\n').constFirst()).trimmed();
    return wire;
}

base::Error errorOf(int status, const http::Headers &headers, const WireError &wire, const Occasion &occasion)
{
    base::Error error;
    error.kind = kindOf(status, occasion.writing);
    error.operation = occasion.operation;
    error.wireCode = base::visible(wire.code, 64);
    error.httpStatus = status;
    const QString words = inItsWords(wire);
    if (status == 401) {
        explainUnauthorized(error, occasion);
    } else if (error.kind == ErrorKind::Denied && status == 403) {
        const bool isAnonymous = occasion.shown.source.isEmpty();
        error.message =
            isAnonymous ? Words::tr("%1 does not allow it.").arg(occasion.registry)
                        : Words::tr("%1, and %2 does not allow it.").arg(signedIn(occasion.shown), occasion.registry) +
                              scopesOf(occasion.shown);
        error.message += words;
        error.hint = isAnonymous ? Words::tr("Sign in with an account that may do it.")
                                 : Words::tr("Use an account that may do it, or ask for the permission.");
    } else if (error.kind == ErrorKind::Denied) {
        error.message =
            Words::tr("%1 refuses to change this (%2); the tag may be immutable.").arg(occasion.registry).arg(status) +
            words;
        error.hint = Words::tr("Push to another tag.");
    } else if (error.kind == ErrorKind::NotFound) {
        error.message = wire.code == QLatin1String("NAME_UNKNOWN") && !occasion.repository.isEmpty()
                            ? Words::tr("%1 has no repository %2.").arg(occasion.registry, occasion.repository)
                        : occasion.missing.isEmpty()
                            ? Words::tr("%1 does not have it (404).").arg(occasion.registry) + words
                            : occasion.missing;
        error.hint = Words::tr("Check the spelling; some registries also say this to accounts that may not look.");
    } else if (error.kind == ErrorKind::TooLarge) {
        error.message = Words::tr("%1 takes nothing this large (413).").arg(occasion.registry) + words;
        error.hint = Words::tr("The limit is the registry's, or that of a proxy before it; ask who runs it.");
    } else if (status == 429) {
        error.message = Words::tr("%1 got too many requests (429).").arg(occasion.registry) + words;
        error.hint = retryHint(headers);
    } else if (status >= 500) {
        error.message = Words::tr("%1 failed on its side (%2).").arg(occasion.registry).arg(status) + words;
        error.hint = status == 503 ? retryHint(headers) : Words::tr("Try again; if it stays so, its log says why.");
    } else if (status >= 400) {
        error.message = Words::tr("%1 refused the request (%2).").arg(occasion.registry).arg(status) + words;
    } else {
        error.message =
            Words::tr("%1 gave an answer that does not belong here (%2).").arg(occasion.registry).arg(status);
        error.hint = Words::tr("Check that the address is a container registry's.");
    }
    return error;
}

base::Task<base::Error> errorOf(Answer answer, Occasion occasion)
{
    QByteArray body;
    while (answer.response.body && body.size() < base::limits::errorBody) {
        auto block = co_await answer.response.body->read();
        if (!block || block->isEmpty())
            break;
        body += *block;
    }
    const WireError wire =
        WireError::parse(body.left(base::limits::errorBody), answer.response.headers.value("Content-Type"));
    if (answer.status() == 401 && !answer.atHome) {
        // Our credential was not shown there, so it says nothing about who we are.
        base::Error error;
        error.kind = base::ErrorKind::Denied;
        error.operation = occasion.operation;
        error.httpStatus = 401;
        error.message = Words::tr("%1 leads to %2, which wants credentials of its own; those of the registry are never "
                                  "passed on.")
                            .arg(occasion.registry, base::visible(answer.url.host()));
        co_return error;
    }
    occasion.shown = answer.shown;
    co_return errorOf(answer.status(), answer.response.headers, wire, occasion);
}

} // namespace colophon::registry
