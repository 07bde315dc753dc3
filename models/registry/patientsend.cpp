// SPDX-License-Identifier: Apache-2.0
// Sending a request until it is answered: which failures pass by waiting, and which requests may be sent twice
// (RFC 9110, section 9.2.2).
#include "registry/answererror.h"
#include "registry/courier.h"
#include "registry/retryafter.h"
#include "registry/words.h"

namespace colophon::registry {

namespace {

using base::ErrorKind;
using retry::Setback;

// Nothing was done, says the answer.
bool isRefusal(int status) { return status == 429 || status == 503; }

// Something went wrong, and whether anything was done is not known.
bool isFault(int status) { return status == 408 || status == 500 || status == 502 || status == 504; }

bool mayRepeat(const Errand &errand)
{
    return errand.repeat != Repeat::Never && !(errand.stream && errand.stream->isTouched());
}

// Doing it twice is like doing it once.
bool isHarmless(const Errand &errand)
{
    const bool byMethod = errand.method == "GET" || errand.method == "HEAD" || errand.method == "DELETE";
    return errand.repeat == Repeat::Always || (errand.repeat == Repeat::ByMethod && byMethod);
}

// Reads a 500 to see whether it has a code of the specification: then it is an answer like any other, however it is
// numbered. What was read is put back.
base::Task<bool> hasCode(Answer *answer)
{
    auto body = co_await content::readAll(std::move(answer->response.body), base::limits::errorBody);
    const QByteArray read = body ? *body : QByteArray();
    answer->response.body = content::readerOf(read);
    co_return !WireError::parse(read, answer->response.headers.value("Content-Type")).code.isEmpty();
}

base::Task<std::optional<Setback>> setbackOf(Errand errand, base::Result<Answer> *answer, bool hasAnswered,
                                             QDateTime today)
{
    if (!mayRepeat(errand))
        co_return std::nullopt;
    const QString host = errand.url.host();
    Setback setback;
    if (!*answer) {
        if (answer->error().kind != ErrorKind::Network || !hasAnswered || !isHarmless(errand))
            co_return std::nullopt;
        setback.isBroken = true;
        setback.reason = Words::tr("the connection to %1 broke off").arg(host);
        co_return setback;
    }
    const int status = (*answer)->status();
    if (!isRefusal(status) && !(isFault(status) && isHarmless(errand)))
        co_return std::nullopt;
    if (status == 500) {
        const bool isAnswer = co_await hasCode(&**answer);
        if (isAnswer)
            co_return std::nullopt;
    }
    setback.reason = status == 429   ? Words::tr("%1 gets too many requests (429)").arg(host)
                     : status == 503 ? Words::tr("%1 is not ready (503)").arg(host)
                                     : Words::tr("%1 has a fault (%2)").arg(host).arg(status);
    setback.asked = retryAfter((*answer)->response.headers.value("Retry-After"), today);
    co_return setback;
}

} // namespace

base::Task<base::Result<Answer>> Courier::send(std::shared_ptr<Courier> courier, Errand errand, Terms terms,
                                               std::stop_token stop)
{
    if (errand.repeat == Repeat::Farewell)
        co_return co_await follow(courier, errand, terms, stop);
    const std::shared_ptr<retry::Pacer> pacer = courier->m_pacer;
    const QString host = errand.url.authority(QUrl::FullyEncoded);
    for (int attempt = 1;; ++attempt) {
        auto pass = co_await retry::Pacer::enter(pacer, host, !errand.stream, stop);
        if (!pass)
            co_return base::fail(pass.error());
        auto answer = co_await follow(courier, errand, terms, stop);
        auto setback = co_await setbackOf(errand, &answer, pacer->hasAnswered(host), pacer->clock()->today());
        if (!setback) {
            if (answer)
                pacer->wentWell(*pass);
            else
                pacer->leave(*pass);
            co_return std::move(answer);
        }
        if (!co_await retry::Pacer::waitAfter(pacer, *pass, attempt, *setback, stop)) {
            if (stop.stop_requested())
                co_return base::cancelled();
            co_return std::move(answer);
        }
        if (answer)
            co_await drain(std::move(answer->response.body));
    }
}

} // namespace colophon::registry
