// SPDX-License-Identifier: Apache-2.0
#pragma once

// What clients say on the wire, to whom and in which order: three hosts with names and https. Two of them stand before
// real registries and pass everything on, one serves the addresses that layers name.

#include "support/faultserver/faultserver.h"

#include <QHash>
#include <QList>
#include <QMutex>
#include <QString>

#include <atomic>
#include <memory>

namespace colophon::test {

enum class Side { Source, Target, Addresses };

struct Passed
{
    Side side;
    QByteArray method;
    QByteArray path; // with the query
    bool hasAuthorization = false;
    int status = 0;  // what was answered
    QByteArray body; // of the request
};

// The requests of all three hosts in one order.
class Wire
{
public:
    qsizetype add(Passed passed);
    void setStatus(qsizetype at, int status);
    qsizetype size() const;
    QList<Passed> since(qsizetype at) const;

private:
    mutable QMutex m_mutex;
    QList<Passed> m_passed;
};

// How the host of the addresses answers.
enum class Address {
    Good,
    Missing, // 404
    Denied,  // 401, asking for a password
    Broken,  // 500
    Wrong,   // 200 with other bytes of the same length
    Dead,    // the connection ends without an answer
};
const char *word(Address address); // as in the name of an operation

class Hosts
{
public:
    // `source` and `target` are ports of registries on loopback that speak plain http. The source wants credentials.
    Hosts(quint16 source, quint16 target);

    QString host(Side side) const; // "source.example:40123"
    QString caFile() const { return m_authority.caFile(); }
    const Wire &wire() const { return *m_wire; }

    static QString user() { return QStringLiteral("customer"); }
    static QString password() { return QStringLiteral("of-the-source"); }

    // Whether the source asks for credentials, as it does from the beginning.
    void setGuarded(bool guarded) { *m_isGuarded = guarded; }
    // From now on both registries take any manifest for this repository, as some registries do and those behind them
    // do not, and show it again. `tag`: what is there from the beginning, at the source.
    void takeAnything(const QString &repository, const QByteArray &type, const QByteArray &manifest,
                      const QString &tag);
    // What a registry took in this way; empty: nothing.
    QByteArray taken(Side side, const QString &repository, const QString &tag) const;
    // What an address serves from now on; its path is "/" and the digest.
    void setAddress(const QString &digest, const QByteArray &bytes, Address how);

private:
    struct Table;
    struct Taken;
    void passOn(FaultServer &host, Side side, quint16 port);
    void serveAddresses();

    TestAuthority m_authority;
    std::shared_ptr<Wire> m_wire = std::make_shared<Wire>();
    std::shared_ptr<std::atomic_bool> m_isGuarded = std::make_shared<std::atomic_bool>(true);
    std::shared_ptr<Table> m_table;
    std::shared_ptr<Taken> m_taken;
    std::unique_ptr<FaultServer> m_source;
    std::unique_ptr<FaultServer> m_target;
    std::unique_ptr<FaultServer> m_addresses;
};

} // namespace colophon::test
