// SPDX-License-Identifier: Apache-2.0
#pragma once

// Uploads that were stopped and are being ended in good order on the other side, after those who stopped them have
// left. Who is about to leave altogether, such as a program at its end, waits for them a moment.

#include "registry/http/bell.h"

#include <chrono>
#include <memory>
#include <vector>

namespace colophon::registry {

class Farewells
{
public:
    void begin() { ++m_open; }
    void end();
    // Until all have ended, but not longer than this.
    static base::Task<void> settle(std::shared_ptr<Farewells> self, std::chrono::milliseconds longest);

private:
    int m_open = 0;
    std::vector<http::Bell *> m_waiting;
};

} // namespace colophon::registry
