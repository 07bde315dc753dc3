// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/token.h"

#include "base/plaintext.h"
#include "registry/words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace colophon::registry::auth {

namespace {

constexpr qint64 shortest = 60; // seconds; also where the answer says nothing usable (the specification's default)
constexpr qint64 longest = 3600;

// What a JWT says about itself (distribution "Token Authentication Implementation"): not verified and not meant for us,
// so good for an explanation and nothing else.
QString accessIn(const QByteArray &jwt)
{
    const QList<QByteArray> parts = jwt.split('.');
    const QByteArray claims = QByteArray::fromBase64(parts.value(1), QByteArray::Base64UrlEncoding);
    const QJsonArray access = QJsonDocument::fromJson(claims).object().value(QLatin1String("access")).toArray();
    QStringList scopes;
    for (const auto &value : access) {
        const QJsonObject each = value.toObject();
        QStringList actions;
        for (const auto &action : each.value(QLatin1String("actions")).toArray())
            actions.append(action.toString());
        scopes.append(each.value(QLatin1String("type")).toString() + u':' +
                      each.value(QLatin1String("name")).toString() + u':' + actions.join(u','));
    }
    return scopes.join(u' ');
}

} // namespace

bool fitsIntoAHeader(const QByteArray &text)
{
    return !text.isEmpty() && std::ranges::all_of(text, [](char c) { return c >= '!' && c <= '~'; });
}

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
    token.granted = object.value(QLatin1String("scope")).toString();
    if (token.granted.isEmpty())
        token.granted = accessIn(text);
    token.granted = base::visible(token.granted, 300);
    token.text = base::Secret(std::move(text));
    QByteArray refresh = object.value(QLatin1String("refresh_token")).toString().toUtf8();
    if (fitsIntoAHeader(refresh))
        token.refreshToken = base::Secret(std::move(refresh));
    token.received = now;
    const qint64 seconds = object.value(QLatin1String("expires_in")).toInteger(shortest);
    token.life = std::chrono::seconds(seconds <= 0 ? shortest : std::min(seconds, longest));
    return token;
}

} // namespace colophon::registry::auth
