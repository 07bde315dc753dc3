// SPDX-License-Identifier: Apache-2.0
#pragma once

// Scheme, host and port: what a credential is bound to (RFC 6454). Two addresses that differ in any of them are
// strangers.

#include <QString>
#include <QUrl>

namespace colophon::registry {

struct Origin
{
    QString scheme; // "http" or "https"
    QString host;   // lower case, as QUrl gives it
    int port = 0;   // never the scheme's default left out

    static Origin of(const QUrl &url);
    bool isNull() const { return host.isEmpty(); }
    bool isEncrypted() const { return scheme == QLatin1String("https"); }
    QUrl url(const QString &encodedPath, const QString &encodedQuery = {}) const;
    QString toString() const; // "https://registry.example", with the port where it is not the default

    bool operator==(const Origin &) const = default;
};

} // namespace colophon::registry
