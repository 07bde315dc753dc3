// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the window and the command reach registries without knowing how that is done: the main programs plug in the real
// client, tests a MemoryStore.

#include "base/secret.h"
#include "content/certificates.h"
#include "content/target.h"
#include "content/urlfetcher.h"
#include "oci/reference.h"

#include <memory>
#include <optional>

namespace colophon::content {

// A user name and a password or token for one registry.
struct Credential
{
    QString user;
    base::Secret password;
};

// What somebody typed, and what it was taken for where that is more than was typed.
struct NamedImage
{
    oci::Reference reference;
    QString remark; // one sentence; empty: it says it all itself
};

// By what was typed or pasted alone: short names are Docker's.
base::Result<NamedImage> namedAsTyped(const QString &typed);

class Connector
{
public:
    virtual ~Connector() = default;
    // The repository a reference names. Connects to nothing yet.
    virtual TargetPtr target(const oci::Reference &reference) = 0;
    // What a person typed or pasted; short names by what is configured for them. Usage where it could be several.
    virtual base::Result<NamedImage> named(const QString &typed) const { return namedAsTyped(typed); }
    // The one client for layer urls; knows no credentials.
    virtual std::shared_ptr<UrlFetcher> urlFetcher() = 0;
    // Gives credentials for a registry (host[:port]) from now on.
    virtual void signIn(const QString &registry, Credential credential) = 0;

    // The certificate for which a connection with that server (Error::server) was refused last. One who makes no
    // connections has none.
    virtual std::optional<ServerCertificate> refusedCertificate(const QString &) const { return std::nullopt; }
    // From now on this certificate counts for its server and no other; and no longer.
    virtual void accept(const CertificateException &) {}
    virtual void forget(const CertificateException &) {}
};

} // namespace colophon::content
