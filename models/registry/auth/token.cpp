// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/token.h"

#include "registry/words.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace colophon::registry::auth {

namespace {

constexpr qint64 shortest = 60; // seconds; also where the answer says nothing usable (the specification's default)
constexpr qint64 longest = 3600;

bool fitsIntoAHeader(const QByteArray &text)
{
    return !text.isEmpty() && std::ranges::all_of(text, [](char c) { return c >= '!' && c <= '~'; });
}

} // namespace

bool Token::isExpired(Clock::time_point now) const
{
    const auto margin = std::min(std::chrono::seconds(5), life / 4);
    return now < received || now - received >= life - margin;
}

base::Result<Token> Token::parse(const QByteArray &json, Clock::time_point now)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isObject()) {
        return base::fail(base::ErrorKind::InvalidData,
                          Words::tr("The token service answered with something that is no JSON object."));
    }
    const QJsonObject object = document.object();
    QByteArray text = object.value(QLatin1String("token")).toString().toUtf8();
    if (text.isEmpty())
        text = object.value(QLatin1String("access_token")).toString().toUtf8();
    if (text.isEmpty())
        return base::fail(base::ErrorKind::InvalidData, Words::tr("The token service's answer holds no token."));
    if (!fitsIntoAHeader(text)) {
        return base::fail(base::ErrorKind::InvalidData,
                          Words::tr("The token service gave a token with characters that do not belong there."));
    }
    Token token;
    token.text = base::Secret(std::move(text));
    token.received = now;
    const qint64 seconds = object.value(QLatin1String("expires_in")).toInteger(shortest);
    token.life = std::chrono::seconds(seconds <= 0 ? shortest : std::min(seconds, longest));
    return token;
}

} // namespace colophon::registry::auth
