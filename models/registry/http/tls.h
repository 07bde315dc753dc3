// SPDX-License-Identifier: Apache-2.0
#pragma once

// How Colophon speaks TLS: 1.2 or later, the system's authorities and the one file that was given, no exceptions and no
// "ignore". And what to tell a person when it fails (catalogue C12).

#include "base/result.h"

#include <QSslConfiguration>
#include <QSslError>

namespace colophon::registry::http {

base::Result<QSslConfiguration> tlsConfiguration(const QString &caFile);

// `errors` are what the handshake complained of, `reason` is the socket's own text where it complained of nothing.
base::Error tlsError(const QString &host, const QList<QSslError> &errors, const QString &reason);

} // namespace colophon::registry::http
