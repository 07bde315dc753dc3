// SPDX-License-Identifier: Apache-2.0
#pragma once

// A trust policy document, version 1.0 (notaryproject trust-store-trust-policy): which statement is for which
// repository, and what it wants of a signature. Read strictly: a word that is not understood may be one that was meant
// to forbid something.

#include "base/result.h"
#include "signing/certificatename.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

namespace colophon::signing {

// What is checked of a signature, and what a failure means.
enum class NotationStep { Integrity, Authenticity, AuthenticTimestamp, Expiry, Revocation };
enum class NotationAction { Enforce, Log, Skip };
QString nameOf(NotationStep step); // "authenticTimestamp": as policies write it

struct NotationStatement
{
    QString name;
    QStringList scopes; // registry/repository; or "*" alone
    QString level;      // strict, permissive, audit, skip
    QMap<NotationStep, NotationAction> actions;
    bool needsTimestampAlways = true; // verifyTimestamp: always, as against afterCertExpiry
    QStringList authorities;          // names of `ca` trust stores
    bool hasTimestampStore = false;   // names a `tsa` store, so that it wants a time stamp
    bool trustsAnyIdentity = false;
    QList<NameMap> identities; // of x509.subject

    bool skipsAll() const { return actions.value(NotationStep::Integrity) == NotationAction::Skip; }
    bool operator==(const NotationStatement &) const = default;
};

class NotationPolicy
{
public:
    // InvalidData says where and what. `name` is the file's, for the texts.
    static base::Result<NotationPolicy> parse(const QByteArray &json, const QString &name);

    const QList<NotationStatement> &statements() const { return m_statements; }
    // The statement for registry/repository: the one that names it, else the one for all. Null: there is none.
    const NotationStatement *statementFor(const QString &repository) const;

private:
    QList<NotationStatement> m_statements;
};

} // namespace colophon::signing
