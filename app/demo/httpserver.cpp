// SPDX-License-Identifier: Apache-2.0
#include "demo/httpserver.h"

#include <netinet/tcp.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <list>
#include <thread>

namespace colophon::demo {

namespace {

constexpr int keepAliveSeconds = 60;
constexpr int ioSeconds = 60;

thread_local bool closing = false;

// A socket as the library wants it, with a buffer: the library reads heads byte by byte.
class SocketStream final : public httplib::Stream
{
public:
    explicit SocketStream(socket_t socket)
        : m_socket(socket)
    {
    }

    // Whether another request begins within the time a connection is kept.
    bool waitForRequest() { return m_begin < m_end || (wait(POLLIN, keepAliveSeconds) && fill() > 0); }

    // Ends our side and reads what still comes, for a short while.
    void readAway()
    {
        ::shutdown(m_socket, SHUT_WR);
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
        while (std::chrono::steady_clock::now() < end && wait(POLLIN, 1) && fill() > 0) {
        }
    }

    bool is_readable() const override { return m_begin < m_end || wait(POLLIN, ioSeconds); }
    bool is_writable() const override { return wait(POLLOUT, ioSeconds); }

    ssize_t read(char *to, size_t size) override
    {
        if (m_begin == m_end) {
            if (!wait(POLLIN, ioSeconds))
                return -1;
            if (const ssize_t got = fill(); got <= 0)
                return got;
        }
        const size_t taken = std::min(size, m_end - m_begin);
        std::memcpy(to, m_buffer.data() + m_begin, taken);
        m_begin += taken;
        return static_cast<ssize_t>(taken);
    }

    ssize_t write(const char *from, size_t size) override
    {
        if (!is_writable())
            return -1;
        return ::send(m_socket, from, size, MSG_NOSIGNAL);
    }

    void get_remote_ip_and_port(std::string &ip, int &port) const override
    {
        ip = "127.0.0.1";
        port = 0;
    }
    void get_local_ip_and_port(std::string &ip, int &port) const override { get_remote_ip_and_port(ip, port); }
    socket_t socket() const override { return m_socket; }

private:
    bool wait(short what, int seconds) const
    {
        pollfd one{m_socket, what, 0};
        return ::poll(&one, 1, seconds * 1000) > 0;
    }
    ssize_t fill()
    {
        const ssize_t got = ::recv(m_socket, m_buffer.data(), m_buffer.size(), 0);
        m_begin = 0;
        m_end = static_cast<size_t>(std::max<ssize_t>(0, got));
        return got;
    }

    socket_t m_socket;
    std::array<char, 64UZ * 1024> m_buffer;
    size_t m_begin = 0;
    size_t m_end = 0;
};

class ThreadPerConnection final : public httplib::TaskQueue
{
public:
    void enqueue(std::function<void()> work) override
    {
        m_threads.remove_if([](Entry &entry) { return entry.done->load(); }); // joins what has ended
        auto done = std::make_shared<std::atomic<bool>>(false);
        m_threads.push_back({done, std::jthread([work = std::move(work), done] {
                                 work();
                                 *done = true;
                             })});
    }
    void shutdown() override { m_threads.clear(); }

private:
    struct Entry
    {
        std::shared_ptr<std::atomic<bool>> done;
        std::jthread thread;
    };
    std::list<Entry> m_threads;
};

} // namespace

HttpServer::HttpServer()
{
    new_task_queue = [] { return new ThreadPerConnection; };
    set_keep_alive_timeout(keepAliveSeconds);
    set_keep_alive_max_count(1'000'000);
    set_payload_max_length(std::numeric_limits<size_t>::max());
    // Not the library's SO_REUSEPORT: two registries on one port would share its connections without a word.
    set_socket_options([](socket_t socket) {
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
}

void HttpServer::closeAfter(httplib::Response &response)
{
    closing = true;
    response.set_header("Connection", "close");
}

void HttpServer::stopNow()
{
    m_stopping = true;
    {
        const std::scoped_lock lock(m_mutex);
        for (const socket_t socket : m_open)
            ::shutdown(socket, SHUT_RDWR);
    }
    stop();
}

bool HttpServer::process_and_close_socket(socket_t socket)
{
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    {
        const std::scoped_lock lock(m_mutex);
        m_open.insert(socket);
    }
    SocketStream stream(socket);
    closing = false;
    while (!m_stopping && !closing && stream.waitForRequest()) {
        bool closed = false;
        const auto leaveRangesAlone = [](httplib::Request &request) {
            request.ranges.clear();
            request.headers.erase("Accept-Encoding"); // bytes are sent as they are
        };
        if (!process_request(stream, false, closed, leaveRangesAlone) || closed)
            break;
    }
    if (closing)
        stream.readAway(); // closing over unread bytes would take the answer back
    const std::scoped_lock lock(m_mutex);
    m_open.erase(socket);
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return true;
}

} // namespace colophon::demo
