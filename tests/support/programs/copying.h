// SPDX-License-Identifier: Apache-2.0
#pragma once

// An image copied from one registry on loopback to another by somebody else's client, as its users do.

#include "support/dockerregistry/dockerregistry.h"
#include "support/peers.h"
#include "support/programs/programs.h"

namespace colophon::test {

// `client` is skopeo, crane, regctl or oras; an index is copied with everything it names.
Ran copyImage(const QString &client, const QString &source, const QString &target,
              const QProcessEnvironment &environment);

} // namespace colophon::test

// At the head of a test function; `client` is such a QString.
#define COLOPHON_NEED_CLIENT(client)                                                                                   \
    do {                                                                                                               \
        if ((client) == QLatin1String("skopeo"))                                                                       \
            COLOPHON_NEED_PROGRAM("skopeo");                                                                           \
        if ((client) == QLatin1String("crane"))                                                                        \
            COLOPHON_NEED_PEER("crane");                                                                               \
        if ((client) == QLatin1String("regctl"))                                                                       \
            COLOPHON_NEED_PEER("regctl");                                                                              \
        if ((client) == QLatin1String("oras"))                                                                         \
            COLOPHON_NEED_PEER("oras");                                                                                \
    } while (false)
