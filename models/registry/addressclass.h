// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far an address reaches: an address named by somebody else (a redirect, an upload location, a token
// service, a layer url) may be of the class of the registry that named it or wider, never narrower. Otherwise a public
// registry could make us ask the machines behind our own firewall.

#include "registry/http/transport.h"

#include <QHostAddress>
#include <QSet>

namespace colophon::registry {

enum class AddressClass {
    Special, // link-local (cloud metadata lives there), unspecified, multicast, reserved: nobody is sent there
    Loopback,
    Private, // RFC 1918, unique local, carrier-grade NAT
    Public,
};

// IPv4 inside IPv6 (mapped, NAT64, 6to4) is judged by the IPv4 address.
AddressClass classOf(const QHostAddress &address);
QString nameOf(AddressClass addressClass);

// Whether something of class `from` may name an address of class `to`.
bool mayName(AddressClass from, AddressClass to);

// What a person allows beyond that rule.
struct Lifted
{
    bool everything = false;
    QSet<QHostAddress> addresses = {}; // or these
};

// The check for connections to addresses named by `registry`, which is of class `from`. Without its name nobody is told
// that it could be allowed.
http::AddressCheck checkNamedBy(AddressClass from, const Lifted &lifted, const QString &registry);

// The check for what is trusted without encryption because it never leaves this machine: a name like "x.localhost" is a
// promise that a name server need not keep.
http::AddressCheck checkLoopback();

// The check for a secret that travels unencrypted: on this machine it may.
http::AddressCheck checkInClear();

// Both, where there are two.
http::AddressCheck checkBoth(http::AddressCheck one, http::AddressCheck other);

} // namespace colophon::registry
