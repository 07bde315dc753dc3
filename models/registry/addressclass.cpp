// SPDX-License-Identifier: Apache-2.0
#include "registry/addressclass.h"

#include "registry/words.h"

#include <array>

namespace colophon::registry {

namespace {

struct Network
{
    quint32 address;
    int bits;
    AddressClass addressClass;
};

// IANA's special-purpose IPv4 addresses; what is not here is public.
constexpr std::array special4{
    Network{0x00000000, 8, AddressClass::Special}, // this network
    Network{0x0A000000, 8, AddressClass::Private},
    Network{0x64400000, 10, AddressClass::Private}, // carrier-grade NAT
    Network{0x7F000000, 8, AddressClass::Loopback},
    Network{0xA9FE0000, 16, AddressClass::Special}, // link-local
    Network{0xAC100000, 12, AddressClass::Private},
    Network{0xC0000000, 24, AddressClass::Special}, // protocol assignments
    Network{0xC0000200, 24, AddressClass::Special}, // documentation
    Network{0xC0A80000, 16, AddressClass::Private},
    Network{0xC6120000, 15, AddressClass::Private}, // benchmarking
    Network{0xC6336400, 24, AddressClass::Special}, // documentation
    Network{0xCB007100, 24, AddressClass::Special}, // documentation
    Network{0xE0000000, 4, AddressClass::Special},  // multicast
    Network{0xF0000000, 4, AddressClass::Special},  // reserved, broadcast
};

AddressClass classOf4(quint32 address)
{
    for (const Network &network : special4) {
        if ((address ^ network.address) >> (32 - network.bits) == 0)
            return network.addressClass;
    }
    return AddressClass::Public;
}

quint32 fourBytes(const Q_IPV6ADDR &bytes, int from)
{
    return quint32(bytes[from]) << 24 | quint32(bytes[from + 1]) << 16 | quint32(bytes[from + 2]) << 8 |
           quint32(bytes[from + 3]);
}

bool zeros(const Q_IPV6ADDR &bytes, int from, int to)
{
    for (int i = from; i < to; ++i) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

AddressClass classOf6(const Q_IPV6ADDR &bytes)
{
    const quint32 first = fourBytes(bytes, 0);
    if (zeros(bytes, 0, 12)) { // ::, ::1 and the old IPv4-compatible form
        const quint32 last = fourBytes(bytes, 12);
        return last == 0 ? AddressClass::Special : last == 1 ? AddressClass::Loopback : classOf4(last);
    }
    if (zeros(bytes, 0, 10) && bytes[10] == 0xFF && bytes[11] == 0xFF)
        return classOf4(fourBytes(bytes, 12));
    if (first == 0x0064FF9B && zeros(bytes, 4, 12)) // NAT64
        return classOf4(fourBytes(bytes, 12));
    if (first >> 16 == 0x2002) // 6to4
        return classOf4(fourBytes(bytes, 2));
    if (first >> 25 == 0xFC >> 1 || first >> 22 == 0xFEC0 >> 6) // unique local; the old site-local
        return AddressClass::Private;
    if (first == 0x20010DB8 || first == 0x20010000) // documentation, Teredo
        return AddressClass::Special;
    return first >> 29 == 1 ? AddressClass::Public : AddressClass::Special; // 2000::/3 is all that is given out
}

} // namespace

AddressClass classOf(const QHostAddress &address)
{
    switch (address.protocol()) {
    case QAbstractSocket::IPv4Protocol:
        return classOf4(address.toIPv4Address());
    case QAbstractSocket::IPv6Protocol:
        return classOf6(address.toIPv6Address());
    default:
        return AddressClass::Special;
    }
}

QString nameOf(AddressClass addressClass)
{
    switch (addressClass) {
    case AddressClass::Special:
        return Words::tr("special-purpose");
    case AddressClass::Loopback:
        return Words::tr("loopback");
    case AddressClass::Private:
        return Words::tr("private");
    case AddressClass::Public:
        return Words::tr("public");
    }
    return {};
}

bool mayName(AddressClass from, AddressClass to)
{
    if (to == AddressClass::Special || to == AddressClass::Public)
        return to == AddressClass::Public || from == AddressClass::Special;
    if (from == AddressClass::Special) // a link-local registry has no business with this machine's own services
        return to != AddressClass::Loopback;
    return static_cast<int>(to) >= static_cast<int>(from);
}

http::AddressCheck checkNamedBy(AddressClass from, const Lifted &lifted, const QString &registry)
{
    return [from, lifted, registry](const QHostAddress &address) -> base::Result<void> {
        const AddressClass to = classOf(address);
        // A name unknown here is left to the proxy: what its network lets it reach is for its operator to say.
        if (mayName(from, to) || lifted.everything || lifted.addresses.contains(address) || address.isNull())
            return {};
        base::Error error;
        error.kind = base::ErrorKind::Denied;
        error.message = Words::tr("The address leads to %1 (%2), and a %3 registry may not lead there.")
                            .arg(address.toString(), nameOf(to), nameOf(from));
        error.hint = Words::tr("If that is meant to be, allow it with --allow-private-urls.");
        if (!registry.isEmpty())
            error.confined = base::Error::Confined{registry, address.toString()};
        return base::fail(error);
    };
}

http::AddressCheck checkLoopback()
{
    return [](const QHostAddress &address) -> base::Result<void> {
        if (classOf(address) == AddressClass::Loopback)
            return {};
        return base::fail(
            base::ErrorKind::Denied,
            Words::tr("The registry's name leads to %1, which is not this machine; without encryption it is not used.")
                .arg(address.toString()),
            Words::tr("If that is meant to be, allow it with --plain-http."));
    };
}

http::AddressCheck checkInClear()
{
    return [](const QHostAddress &address) -> base::Result<void> {
        if (classOf(address) == AddressClass::Loopback)
            return {};
        const QString where = address.isNull() ? Words::tr("a name that only the proxy knows") : address.toString();
        return base::fail(
            base::ErrorKind::Denied,
            Words::tr("The connection to %1 is not encrypted, so no credential is sent there.").arg(where),
            Words::tr("If everybody on the way may know the password, allow it with --plain-http."));
    };
}

http::AddressCheck checkBoth(http::AddressCheck one, http::AddressCheck other)
{
    if (!one || !other)
        return one ? one : other;
    return [one, other](const QHostAddress &address) -> base::Result<void> {
        auto first = one(address);
        return first ? other(address) : first;
    };
}

} // namespace colophon::registry
