// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a registry asks for in WWW-Authenticate (RFC 9110 §11.6.1): one scheme with its parameters. Parsed strictly:
// what is taken from here decides where a password goes.

#include "base/result.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>

namespace colophon::registry::auth {

class Challenge
{
public:
    // All challenges of one field line; several may stand in it. InvalidData where it breaks the grammar, says a
    // parameter twice or holds control characters.
    static base::Result<QList<Challenge>> parse(const QByteArray &field);
    // The one we answer among all lines: the first Bearer with a realm, else the first Basic. Lines that do not parse
    // are passed over. Nothing where no scheme is known to us.
    static std::optional<Challenge> best(const QList<QByteArray> &fields);

    QByteArray scheme() const { return m_scheme; } // lower case
    bool isBasic() const { return m_scheme == "basic"; }
    bool isBearer() const { return m_scheme == "bearer"; }
    bool has(const QByteArray &name) const { return m_parameters.contains(name); }
    QString parameter(const QByteArray &name) const { return m_parameters.value(name); } // name in lower case
    // Whether it asks for the same at the same place: scopes and error words come and go with the requests.
    bool isSameDoor(const Challenge &other) const
    {
        return m_scheme == other.m_scheme && parameter("realm") == other.parameter("realm") &&
               parameter("service") == other.parameter("service");
    }
    QByteArray token68() const { return m_token68; }

    bool operator==(const Challenge &) const = default;

private:
    friend class ChallengeScanner;
    QByteArray m_scheme;
    QByteArray m_token68;
    QMap<QByteArray, QString> m_parameters;
};

} // namespace colophon::registry::auth
