// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file in which tools keep the credentials for registries: docker's config.json, the auth.json of podman, skopeo and
// buildah (containers-auth.json(5)), and docker's ~/.dockercfg of old. Parsed from bytes, looked up by registry and
// repository; never written.

#include "base/result.h"
#include "registry/auth/foundcredential.h"

#include <QJsonObject>

#include <optional>

namespace colophon::registry::auth {

class CredentialFile
{
public:
    enum class Format {
        Docker,     // auths, credHelpers, credsStore
        Containers, // auths, also for a part of a registry, and credHelpers
        Legacy,     // auths alone, at the top
    };

    // InvalidData where it is no such file; what is in an entry matters only to who asks for it. No text of the file is
    // ever part of the error.
    static base::Result<CredentialFile> parse(const QByteArray &json, Format format);

    // Which program keeps the credential of this registry, and the name under which it does.
    struct Helper
    {
        QString name; // "secretservice"; not judged yet
        QString server;
        bool operator==(const Helper &) const = default;
    };
    std::optional<Helper> helperFor(const QString &registry) const;

    // The entry for this repository: the most specific key first, then the registry under its other names. Nothing
    // where there is none, or only the mark of a helper; InvalidData where it cannot be read. `source` is left empty.
    base::Result<std::optional<FoundCredential>> find(const QString &registry, const QString &repository) const;

    // Whether there is a secret in it, so that nobody else should be able to read it.
    bool holdsSecrets() const;

private:
    QString keyOf(const QString &registry, const QString &repository) const;

    Format m_format = Format::Docker;
    QJsonObject m_auths;
    QJsonObject m_helpers;
    QString m_store;
};

} // namespace colophon::registry::auth
