// SPDX-License-Identifier: Apache-2.0
#include "registry/http/pool.h"

#include "registry/http/tls.h"

#include <algorithm>

namespace colophon::registry::http {

namespace {
constexpr std::chrono::seconds keptFor{45}; // less than common servers wait before they close
}

ConnectionPool::Lease &ConnectionPool::Lease::operator=(Lease &&other) noexcept
{
    if (this != &other) {
        end();
        m_pool = std::move(other.m_pool);
        m_key = std::move(other.m_key);
    }
    return *this;
}

void ConnectionPool::Lease::end()
{
    if (const Ptr pool = std::exchange(m_pool, nullptr))
        pool->release(m_key);
}

void ConnectionPool::Lease::endWith(Connection::Ptr connection)
{
    if (m_pool)
        m_pool->keep(m_key, std::move(connection));
    end();
}

base::Task<base::Result<ConnectionPool::Lease>> ConnectionPool::lease(Ptr self, Key key, std::stop_token stop)
{
    if (self->m_isShut || stop.stop_requested())
        co_return base::cancelled();
    {
        Line &line = self->m_lines[key];
        if (line.leased < std::max(1, self->m_options.connectionsPerOrigin)) {
            ++line.leased;
            co_return Lease(self, key);
        }
    }
    auto waiter = std::make_shared<Waiter>();
    self->m_lines[key].waiters.push_back(waiter);
    RingOnStop ring(stop, waiter->bell);
    while (!waiter->isGranted && !self->m_isShut && !stop.stop_requested())
        co_await waiter->bell.event();
    Lease granted;
    if (waiter->isGranted)
        granted = Lease(self, key);
    if (self->m_isShut || stop.stop_requested())
        co_return base::cancelled();
    co_return std::move(granted);
}

void ConnectionPool::release(const Key &key)
{
    Line &line = m_lines[key];
    while (!line.waiters.empty()) {
        const auto next = line.waiters.front().lock();
        line.waiters.pop_front();
        if (next) {
            next->isGranted = true; // the place changes hands
            next->bell.ring();
            return;
        }
    }
    --line.leased;
}

Connection::Ptr ConnectionPool::make(const Key &key)
{
    auto connection = std::make_shared<Connection>(key.endpoint);
    std::erase_if(m_connections, [](const auto &each) { return each.expired(); });
    m_connections.push_back(connection);
    return connection;
}

Connection::Ptr ConnectionPool::takeIdle(const Key &key, const AddressCheck &allowed)
{
    Line &line = m_lines[key];
    while (!line.idle.empty()) {
        Connection::Ptr connection = std::move(line.idle.back());
        line.idle.pop_back();
        connection->bell().otherwise = {};
        connection->bell().ringNever();
        if (connection->isQuiet() && connection->isAllowed(allowed))
            return connection;
        connection->kill();
    }
    return {};
}

void ConnectionPool::keep(const Key &key, Connection::Ptr connection)
{
    if (m_isShut || !connection->isQuiet()) {
        connection->kill();
        return;
    }
    // Whatever it says from now on ends it: its close, bytes nobody asked for, or its age.
    connection->bell().otherwise = [weak = weak_from_this(), key, raw = connection.get(),
                                    until = QDeadlineTimer(keptFor)] {
        const Ptr pool = weak.lock();
        if (pool && (until.hasExpired() || !raw->isQuiet()))
            pool->forget(key, raw);
    };
    connection->bell().ringAt(QDeadlineTimer(keptFor));
    m_lines[key].idle.push_back(std::move(connection));
}

void ConnectionPool::forget(const Key &key, const Connection *connection)
{
    std::erase_if(m_lines[key].idle, [connection](const Connection::Ptr &each) { return each.get() == connection; });
}

base::Result<QSslConfiguration> ConnectionPool::tls(const TlsMaterialPtr &material)
{
    if (!m_tls) {
        base::Result<QSslConfiguration> made = tlsConfiguration(m_options.caFile);
        if (!made)
            return made;
        m_tls = std::move(*made);
    }
    return material ? withMaterial(*m_tls, *material) : *m_tls;
}

void ConnectionPool::shut()
{
    m_isShut = true;
    std::vector<std::weak_ptr<Connection>> connections = std::exchange(m_connections, {});
    std::vector<std::weak_ptr<Waiter>> waiters;
    for (auto &[key, line] : m_lines) {
        line.idle.clear();
        waiters.insert(waiters.end(), line.waiters.begin(), line.waiters.end());
        line.waiters.clear();
    }
    for (const auto &each : connections) {
        if (const auto connection = each.lock())
            connection->kill();
    }
    // Everything is dead; what is woken now may end in any order.
    for (const auto &each : waiters) {
        if (const auto waiter = each.lock())
            waiter->bell.strike();
    }
    for (const auto &each : connections) {
        if (const auto connection = each.lock())
            connection->bell().strike();
    }
}

} // namespace colophon::registry::http
