// SPDX-License-Identifier: Apache-2.0
#include "support/peers.h"

#include <QDir>
#include <QStandardPaths>

namespace colophon::test {

QString peer(const QString &name)
{
    const QString named = qEnvironmentVariable("COLOPHON_PEERS");
    const QString cache =
        QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + QStringLiteral("/colophon/peers/bin");
    const QString built = QStandardPaths::findExecutable(name, {named.isEmpty() ? cache : named});
    return built.isEmpty() ? QStandardPaths::findExecutable(name) : built;
}

} // namespace colophon::test
