// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folders certs.d in which other container tools look for what belongs to one host (containers-certs.d(5)): *.crt
// are authorities beside the system's, X.cert with X.key is who we are there. The first folder counts that has the
// host, written exactly as it is typed: "registry.example" and "registry.example:443" are two.

#include "registry/http/tls.h"

#include <QHash>
#include <QStringList>

namespace colophon::registry::trust {

class CertificateFolders
{
public:
    // Of the user first, then of the system; of containers first, then Docker's.
    static QStringList standard();
    explicit CertificateFolders(QStringList folders = {});

    // For the registry of that name ("docker.io", "localhost:5000"). Null: nothing is there for it. Tls names the file
    // that is missing or cannot be used.
    base::Result<http::TlsMaterialPtr> ofRegistry(const QString &name);
    // For another place that it names, or, without a name, that a layer's address names: the authorities of both, but
    // nothing that says who we are.
    base::Result<http::TlsMaterialPtr> ofPlace(const QString &host, int port, const QString &namedBy);

private:
    base::Result<http::TlsMaterial> read(const QString &name) const;

    QStringList m_folders;
    QHash<QString, http::TlsMaterialPtr> m_known; // what is the same stays the same: connections go by it
};

} // namespace colophon::registry::trust
