// SPDX-License-Identifier: Apache-2.0
#pragma once

// A token service as registries name it in their challenge (distribution "Token Authentication" and "OAuth2"): users
// with passwords, what each may do where, JWTs signed so that docker-registry verifies them, refresh tokens. How long a
// token is said to hold and how long it really does are two things, as they are in the world.

#include "support/faultserver/faultserver.h"

#include <QMap>
#include <QMutex>
#include <QStringList>

namespace colophon::test {

class TokenServer
{
public:
    struct User
    {
        QString password;
        QMap<QString, QStringList> rights; // repository → actions; "*" is any repository
    };
    struct Settings
    {
        QMap<QString, User> users; // "" is anybody
        int saidLife = 300;        // seconds, as expires_in says; 0: it says nothing
        int trueLife = 300;        // seconds until the registry refuses it
        bool givesRefreshTokens = true;
        int refusesPost = 0; // the status it answers a POST with; 0: it takes it
    };
    struct Issue
    {
        QString user;
        QStringList scopes; // as asked
        bool byRefreshToken = false;
    };

    explicit TokenServer(Settings settings);
    TokenServer(const TokenServer &) = delete;
    TokenServer &operator=(const TokenServer &) = delete;

    QString realm() const; // http, on loopback
    QString service() const { return QStringLiteral("registry.test"); }
    QString issuer() const { return QStringLiteral("tokens.test"); }
    QString roots() const { return m_authority.caFile(); }

    void change(Settings settings);
    QList<Issue> issued() const;
    QByteArray refreshTokenFor(const QString &user) const;
    const FaultServer &server() const { return *m_server; }

private:
    Answer answerGet(const RecordedRequest &request);
    Answer answerPost(const RecordedRequest &request);
    Answer grant(const QString &user, const QStringList &scopes, bool byRefreshToken);
    QByteArray sign(const QByteArray &claims) const;

    TestAuthority m_authority;
    TlsIdentity m_identity;
    mutable QMutex m_mutex;
    Settings m_settings;
    QList<Issue> m_issued;
    std::unique_ptr<FaultServer> m_server; // last: its thread calls us
};

} // namespace colophon::test
