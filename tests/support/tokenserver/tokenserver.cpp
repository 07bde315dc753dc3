// SPDX-License-Identifier: Apache-2.0
#include "support/tokenserver/tokenserver.h"

#include "support/canary/canary.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrlQuery>

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace colophon::test {

namespace {

// What docker-registry adds to the life of a token, for clocks that differ.
constexpr int leeway = 60;

QByteArray encoded(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray json(const QJsonObject &object) { return QJsonDocument(object).toJson(QJsonDocument::Compact); }

BIO *reading(const QByteArray &pem) { return BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())); }

QByteArray derOf(const QByteArray &pemCertificate)
{
    BIO *in = reading(pemCertificate);
    X509 *certificate = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
    QByteArray der(i2d_X509(certificate, nullptr), '\0');
    auto *out = reinterpret_cast<unsigned char *>(der.data());
    i2d_X509(certificate, &out);
    X509_free(certificate);
    BIO_free(in);
    return der;
}

// ES256 (RFC 7518 §3.4): the two numbers side by side, not in DER.
QByteArray es256(const QByteArray &text, const QByteArray &pemKey)
{
    BIO *in = reading(pemKey);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    QByteArray der(256, '\0');
    std::size_t size = 256;
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
    EVP_DigestSign(context, reinterpret_cast<unsigned char *>(der.data()), &size,
                   reinterpret_cast<const unsigned char *>(text.constData()), static_cast<std::size_t>(text.size()));
    const auto *at = reinterpret_cast<const unsigned char *>(der.constData());
    ECDSA_SIG *signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size));
    QByteArray raw(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), reinterpret_cast<unsigned char *>(raw.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), reinterpret_cast<unsigned char *>(raw.data()) + 32, 32);
    ECDSA_SIG_free(signature);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(in);
    return raw;
}

} // namespace

TokenServer::TokenServer(Settings settings)
    : m_identity(m_authority.issue(TestAuthority::Kind::Good))
    , m_settings(std::move(settings))
    , m_server(std::make_unique<FaultServer>())
{
    m_server->always("GET", QStringLiteral("/token.*"),
                     [this](const RecordedRequest &request) { return answerGet(request); });
    m_server->alwaysWhole("POST", QStringLiteral("/token.*"),
                          [this](const RecordedRequest &request) { return answerPost(request); });
}

QString TokenServer::realm() const { return m_server->url(QStringLiteral("/token")).toString(); }

void TokenServer::change(Settings settings)
{
    const QMutexLocker lock(&m_mutex);
    m_settings = std::move(settings);
}

QList<TokenServer::Issue> TokenServer::issued() const
{
    const QMutexLocker lock(&m_mutex);
    return m_issued;
}

QByteArray TokenServer::refreshTokenFor(const QString &user) const
{
    return "refresh-" COLOPHON_CANARY "-" + user.toUtf8();
}

Answer TokenServer::answerGet(const RecordedRequest &request)
{
    const QMutexLocker lock(&m_mutex);
    const QUrlQuery query(QUrl::fromEncoded(request.target));
    QString user;
    if (request.has("Authorization")) {
        const QByteArray pair = QByteArray::fromBase64(request.header("Authorization").mid(6));
        user = QString::fromUtf8(pair.left(pair.indexOf(':')));
        const bool isKnown = m_settings.users.contains(user) && !user.isEmpty();
        if (!isKnown || m_settings.users.value(user).password.toUtf8() != pair.mid(pair.indexOf(':') + 1))
            return answer(401, R"({"details":"incorrect username or password"})");
    } else if (!m_settings.users.contains(user)) {
        return answer(401, R"({"details":"authentication required"})");
    }
    return grant(user, query.allQueryItemValues(QStringLiteral("scope"), QUrl::FullyDecoded), false);
}

Answer TokenServer::answerPost(const RecordedRequest &request)
{
    const QMutexLocker lock(&m_mutex);
    if (m_settings.refusesPost != 0)
        return answer(m_settings.refusesPost, "no");
    const QUrlQuery form(QString::fromLatin1(request.body));
    const auto value = [&form](const char *name) {
        return form.queryItemValue(QLatin1String(name), QUrl::FullyDecoded);
    };
    if (value("grant_type") != QLatin1String("refresh_token") || value("client_id").isEmpty())
        return answer(400, R"({"error":"unsupported_grant_type"})");
    for (auto it = m_settings.users.cbegin(); it != m_settings.users.cend(); ++it) {
        if (value("refresh_token").toUtf8() == refreshTokenFor(it.key()))
            return grant(it.key(), value("scope").split(u' '), true);
    }
    return answer(401, R"({"error":"invalid_grant"})");
}

Answer TokenServer::grant(const QString &user, const QStringList &scopes, bool byRefreshToken)
{
    m_issued.append({user, scopes, byRefreshToken});
    const auto &rights = m_settings.users[user].rights;
    QJsonArray access;
    for (const QString &scope : scopes) {
        const QStringList parts = scope.split(u':');
        QJsonArray actions;
        const QStringList may = rights.value(parts.value(1), rights.value(QStringLiteral("*")));
        for (const QString &action : parts.value(2).split(u',')) {
            if (may.contains(action))
                actions.append(action);
        }
        access.append(QJsonObject{{QStringLiteral("type"), parts.value(0)},
                                  {QStringLiteral("name"), parts.value(1)},
                                  {QStringLiteral("actions"), actions}});
    }
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const QByteArray claims = json({{QStringLiteral("iss"), issuer()},
                                    {QStringLiteral("sub"), user},
                                    {QStringLiteral("aud"), service()},
                                    {QStringLiteral("exp"), now + m_settings.trueLife - leeway},
                                    {QStringLiteral("nbf"), now - 3600},
                                    {QStringLiteral("iat"), now},
                                    {QStringLiteral("jti"), QStringLiteral(COLOPHON_CANARY "-%1").arg(m_issued.size())},
                                    {QStringLiteral("access"), access}});
    QJsonObject said{
        {byRefreshToken ? QStringLiteral("access_token") : QStringLiteral("token"), QString::fromLatin1(sign(claims))}};
    if (m_settings.saidLife > 0)
        said.insert(QStringLiteral("expires_in"), m_settings.saidLife);
    if (m_settings.givesRefreshTokens && !user.isEmpty())
        said.insert(QStringLiteral("refresh_token"), QString::fromLatin1(refreshTokenFor(user)));
    return answer(200, json(said)).with("Content-Type", "application/json");
}

QByteArray TokenServer::sign(const QByteArray &claims) const
{
    const QByteArray header =
        json({{QStringLiteral("typ"), QStringLiteral("JWT")},
              {QStringLiteral("alg"), QStringLiteral("ES256")},
              {QStringLiteral("x5c"), QJsonArray{QString::fromLatin1(derOf(m_identity.certificate).toBase64())}}});
    const QByteArray text = encoded(header) + '.' + encoded(claims);
    return text + '.' + encoded(es256(text, m_identity.key));
}

} // namespace colophon::test
