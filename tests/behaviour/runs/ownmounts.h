// SPDX-License-Identifier: Apache-2.0
#pragma once

// Daemons and podman keep things in fixed places of the machine (a key in /etc/docker, locks in /dev/shm,
// /opt/containerd) whatever folders they are given. Here they find empty places of their own there, which end with the
// test program, and so do the mounts of one that is killed.

#include <QString>

namespace colophon::test {

// For this program's main thread and everything that it starts. What went wrong; empty: nothing. Needs root.
QString takeOwnMounts();
bool isRoot();

} // namespace colophon::test

#ifdef COLOPHON_REQUIRE_PEERS
#define COLOPHON_NEED_ROOT()                                                                                           \
    do {                                                                                                               \
        if (!colophon::test::isRoot())                                                                                 \
            QFAIL("this needs root");                                                                                  \
    } while (false)
#else
#define COLOPHON_NEED_ROOT()                                                                                           \
    do {                                                                                                               \
        if (!colophon::test::isRoot())                                                                                 \
            QSKIP("this needs root");                                                                                  \
    } while (false)
#endif
