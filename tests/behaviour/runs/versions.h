// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which version of a client is at hand, and the rows the tests of all clients have in common.

#include "behaviour/runs/markedimage.h"
#include "behaviour/runs/wire.h"

#include <QString>

Q_DECLARE_METATYPE(const colophon::test::Kind *)

namespace colophon::test {

// The first three numbers that the program says of itself; empty where it says none.
QString versionOf(const QString &program, const QStringList &arguments = {QStringLiteral("--version")});

// Kinds of layers: all of them; those of a compression, for clients that take their time; and a row for each.
QList<const Kind *> allKinds();
QList<const Kind *> packedKinds();
void addKinds(const QList<const Kind *> &kinds);
// Some kinds with addresses, and each way in which an address fails.
QList<std::pair<const Kind *, Address>> faults();
void addFaults();

} // namespace colophon::test
