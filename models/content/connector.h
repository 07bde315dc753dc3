// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the window and the command reach registries without knowing how that is done: the main programs plug in the real
// client, tests a MemoryStore.

#include "base/task.h"
#include "content/credential.h"
#include "content/target.h"
#include "content/urlfetcher.h"
#include "oci/reference.h"

#include <functional>
#include <memory>
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

class Connector
{
public:
    virtual ~Connector() = default;
    // The repository a reference names. Connects to nothing yet.
    virtual TargetPtr target(const oci::Reference &reference) = 0;
    // The one client for layer urls; knows no credentials.
    virtual std::shared_ptr<UrlFetcher> urlFetcher() = 0;
    // Gives credentials for a registry (host[:port]) from now on; without a user, what was given or found is forgotten
    // and looked for anew.
    virtual void signIn(const QString &registry, Credential credential) = 0;
    virtual void setAttendant(Attendant /*attendant*/) {}
};

} // namespace colophon::content
