// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the window and the command reach registries without knowing how that is done: the main programs plug in the real
// client, tests a MemoryStore.

#include "base/task.h"
#include "content/certificates.h"
#include "content/credential.h"
#include "content/target.h"
#include "content/urlfetcher.h"
#include "oci/reference.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace colophon::content {

// Which credential a registry was shown, in words that hold no secret.
struct CredentialNotice
{
    QString registry;
    QString repository;
    QString user;   // empty where all that is known is a token
    QString source; // "given by hand", "from ~/.docker/config.json via helper secretservice"
    QString key;    // the entry it stands under there, e.g. "registry.example/vendor"; may be empty
};

// A registry wants its credential to be sent to a token service on another host.
struct RealmQuestion
{
    QString registry;
    QString realm; // the host
    QString user;
    QString source;
};

// What a Connector tells the person it works for, and asks. Called in its own thread; what is left empty is told to
// nobody, and answered with no.
struct Attendant
{
    std::function<void(const CredentialNotice &)> credentialUsed;
    std::function<void(const QString &)> warned; // e.g. that a credential file cannot be read, and why
    std::function<base::Task<bool>(RealmQuestion, std::stop_token)> mayUseRealm; // asked once for each realm
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
    // The client for layer urls that the image of this reference names: how far they may lead is judged by its
    // registry, whatever other registries are in use. Knows no credentials.
    virtual std::shared_ptr<UrlFetcher> urlFetcher(const oci::Reference &namedBy) = 0;
    // Gives credentials for a registry (host[:port]) from now on; without a user, what was given or found is forgotten
    // and looked for anew.
    virtual void signIn(const QString &registry, Credential credential) = 0;
    virtual void setAttendant(Attendant /*attendant*/) {}

    // The certificate for which a connection with that server (Error::server) was refused last. One who makes no
    // connections has none.
    virtual std::optional<ServerCertificate> refusedCertificate(const QString &) const { return std::nullopt; }
    // From now on this certificate counts for its server and no other; and no longer.
    virtual void accept(const CertificateException &) {}
    virtual void forget(const CertificateException &) {}

    // From now on plain http will do for this registry where https does not come about, beyond this computer and for
    // credentials too.
    virtual void allowPlainHttp(const QString & /*registry*/) {}
    virtual bool allowsPlainHttp(const QString & /*registry*/) const { return false; }

    // From now on this registry and its images may lead to this one address, although it lies in a narrower network
    // than the registry. Not for credentials.
    virtual void allowAddress(const base::Error::Confined &) {}
};

} // namespace colophon::content
