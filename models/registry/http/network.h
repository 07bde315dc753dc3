// SPDX-License-Identifier: Apache-2.0
#pragma once

// What lies between a host's name and a socket, as a seam: a test gives name services that lie and change their minds,
// and addresses that this machine does not have.

#include <QHostAddress>
#include <QList>
#include <QString>

#include <functional>

namespace colophon::registry::http {

struct Network
{
    // The addresses of a name, each time it is looked up; none: as the system says.
    std::function<QList<QHostAddress>(const QString &host)> lookUp = {};
    // Where a connection to an address really leads; none: to that address.
    std::function<QHostAddress(const QHostAddress &address)> route = {};
};

} // namespace colophon::registry::http
