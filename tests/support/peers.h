// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the other programs stand that a test compares us with: those built from source (crane, regctl, oras, cosign …)
// in the folder COLOPHON_PEERS, else in colophon/peers/bin of the user's cache, else anything of that name on PATH.

#include <QString>

namespace colophon::test {

// The program's path; empty where there is none.
QString peer(const QString &name);

} // namespace colophon::test

// At the head of a test function: where `path` is empty the test is skipped, naming what is missing, or fails where
// peers are required.
#ifdef COLOPHON_REQUIRE_PEERS
#define COLOPHON_NEEDS(path, name)                                                                                     \
    do {                                                                                                               \
        if ((path).isEmpty())                                                                                          \
            QFAIL("the program '" name "' is not there");                                                              \
    } while (false)
#else
#define COLOPHON_NEEDS(path, name)                                                                                     \
    do {                                                                                                               \
        if ((path).isEmpty())                                                                                          \
            QSKIP("the program '" name "' is not there");                                                              \
    } while (false)
#endif
#define COLOPHON_NEED_PEER(name) COLOPHON_NEEDS(colophon::test::peer(QStringLiteral(name)), name)
