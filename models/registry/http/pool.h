// SPDX-License-Identifier: Apache-2.0
#pragma once

// The kept-alive connections of a Transport, by where they lead, and the queue of those who wait for one. The number of
// connections to one place is bounded by leases: who holds one may have one connection.

#include "registry/http/connection.h"
#include "registry/http/transport.h"

#include <deque>
#include <map>
#include <memory>
#include <vector>

namespace colophon::registry::http {

class ConnectionPool : public std::enable_shared_from_this<ConnectionPool>
{
public:
    using Ptr = std::shared_ptr<ConnectionPool>;

    // A connection made under an address check is never mixed with one made without, nor one made as somebody with one
    // made as nobody.
    struct Key
    {
        Endpoint endpoint;
        bool isChecked = false;
        TlsMaterialPtr tls = {};

        bool operator<(const Key &other) const
        {
            return std::tie(endpoint, isChecked, tls) < std::tie(other.endpoint, other.isChecked, other.tls);
        }
    };

    // The right to one connection, given back when it dies.
    class Lease
    {
    public:
        Lease() = default;
        Lease(Ptr pool, Key key)
            : m_pool(std::move(pool))
            , m_key(std::move(key))
        {
        }
        ~Lease() { end(); }
        Lease(Lease &&other) noexcept
            : m_pool(std::move(other.m_pool))
            , m_key(std::move(other.m_key))
        {
        }
        Lease &operator=(Lease &&other) noexcept;

        void end();
        // Ends the lease and leaves the connection to the next one.
        void endWith(Connection::Ptr connection);

    private:
        Ptr m_pool;
        Key m_key;
    };

    explicit ConnectionPool(TransportOptions options)
        : m_options(std::move(options))
    {
    }

    static base::Task<base::Result<Lease>> lease(Ptr self, Key key, std::stop_token stop);
    // A connection of before that is still good and leads to an allowed address; none: open one.
    Connection::Ptr takeIdle(const Key &key, const AddressCheck &allowed);
    Connection::Ptr make(const Key &key);

    base::Result<QSslConfiguration> tls(const TlsMaterialPtr &material);
    const TransportOptions &options() const { return m_options; }
    bool isShut() const { return m_isShut; }
    // Kills every connection, then wakes whoever waits.
    void shut();

private:
    struct Waiter
    {
        Bell bell;
        bool isGranted = false;
    };
    struct Line
    {
        int leased = 0;
        std::vector<Connection::Ptr> idle; // the youngest last
        std::deque<std::weak_ptr<Waiter>> waiters;
    };

    void release(const Key &key);
    void keep(const Key &key, Connection::Ptr connection);
    void forget(const Key &key, const Connection *connection);

    TransportOptions m_options;
    std::map<Key, Line> m_lines;
    std::vector<std::weak_ptr<Connection>> m_connections;
    std::optional<QSslConfiguration> m_tls;
    bool m_isShut = false;
};

} // namespace colophon::registry::http
