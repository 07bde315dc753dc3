// SPDX-License-Identifier: Apache-2.0
#pragma once

// How Colophon speaks TLS: 1.2 or later, the system's authorities, the one file that was given and what the host's own
// folder holds; no "ignore". And what to tell a person when it fails.

#include "base/result.h"

#include <QSslConfiguration>
#include <QSslError>
#include <QSslKey>

#include <memory>

namespace colophon::registry::http {

// What belongs to one host: authorities beside the system's, and who we are there.
struct TlsMaterial
{
    QList<QSslCertificate> authorities;
    QList<QSslCertificate> chain; // of the client, its own certificate first; empty: none
    QSslKey key = {};
};
using TlsMaterialPtr = std::shared_ptr<const TlsMaterial>;

base::Result<QSslConfiguration> tlsConfiguration(const QString &caFile);
QSslConfiguration withMaterial(QSslConfiguration configuration, const TlsMaterial &material);

// `errors` are what the handshake complained of, `reason` is the socket's own text where it complained of nothing.
base::Error tlsError(const QString &host, const QList<QSslError> &errors, const QString &reason);
// The same errors, each once, as sentences.
QStringList problemsOf(const QString &host, const QList<QSslError> &errors);
bool isRevoked(const QList<QSslError> &errors);

// What a server says by closing that wants to know who we are: in the words of OpenSSL's alerts.
bool asksForAClientCertificate(const QString &reason);
base::Error clientCertificateError(const QString &host, bool oneWasShown);

} // namespace colophon::registry::http
