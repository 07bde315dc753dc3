// SPDX-License-Identifier: Apache-2.0
#pragma once

// cpp-httplib's server with what a registry needs changed: a thread for each connection and no limit on how often one
// is used again (clients keep eight of them), stop() that ends open connections at once, and ranges left to the
// handlers, because the library answers an unsatisfiable one with 206 and a wrapped length.

#include <httplib.h>

#include <mutex>
#include <set>

namespace colophon::demo {

class HttpServer final : public httplib::Server
{
public:
    HttpServer();

    // Ends the connection after this answer, and says so in it: the request's body was not read to the end. Called on
    // the thread of the request.
    static void closeAfter(httplib::Response &response);

    void stopNow();
    bool isStopping() const { return m_stopping; }

private:
    bool process_and_close_socket(socket_t socket) override;

    std::atomic<bool> m_stopping = false;
    std::mutex m_mutex;
    std::set<socket_t> m_open;
};

} // namespace colophon::demo
