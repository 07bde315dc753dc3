// SPDX-License-Identifier: Apache-2.0
#pragma once

// The real Connector: registries by the OCI distribution specification over our own HTTP transport. Keeps connections,
// credentials and tokens for as long as it lives, each bound to the scheme, host and port it is for.

#include "content/connector.h"
#include "content/credentialstore.h"
#include "content/requestrecord.h"
#include "registry/auth/credentialplaces.h"
#include "registry/http/transport.h"
#include "registry/retry/pacer.h"
#include "registry/trust/registriesconf.h"

#include <QStringList>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace colophon::registry {

struct ClientOptions
{
    http::TransportOptions transport = {};
    bool plainHttp = false;        // also beyond loopback, and for credentials
    bool allowPrivateUrls = false; // layer urls and redirects may lead to narrower address classes
    qint64 chunkSize = 0;          // bytes; larger blobs are uploaded in chunks. 0: only where a registry wants that
    QStringList allowRealms = {};  // hosts of token services that may get credentials although they are elsewhere
    // Where credentials are looked for that nobody gave by hand; none: nowhere.
    std::optional<auth::CredentialPlaces> places = {};
    std::shared_ptr<content::CredentialStore> keychain = {};
    std::chrono::milliseconds helpersPatience{60'000}; // a helper may be asking a person to unlock something
    QStringList certificateFolders = {}; // certs.d, the first that has a host counts; see trust::CertificateFolders
    QList<content::CertificateException> certificateExceptions = {};
    trust::RegistriesConf registries = {};
    // A sentence about where an image is read, for who wants to know.
    std::function<void(const QString &)> say = {};
    retry::PacerOptions patience = {}; // with requests that may be sent again; tokens live by its clock
    content::RequestLog log = {};

    // With the proxies of the environment and the folders of certificates where they are looked for; registries.conf,
    // which may be broken, is read by itself.
    static ClientOptions ofThisComputer();
};

class Client final : public content::Connector
{
public:
    explicit Client(ClientOptions options = {});
    ~Client() override;

    content::TargetPtr target(const oci::Reference &reference) override;
    // The same for who only reads this image: from the mirrors of registries.conf, where it names some. Not for an
    // image that is edited: a mirror may be behind its registry.
    content::TargetPtr readingTarget(const oci::Reference &reference);
    std::shared_ptr<content::UrlFetcher> urlFetcher(const oci::Reference &namedBy) override;
    base::Result<content::NamedImage> named(const QString &typed) const override;
    void signIn(const QString &registry, content::Credential credential) override;
    void setAttendant(content::Attendant attendant) override;
    std::optional<content::ServerCertificate> refusedCertificate(const QString &server) const override;
    void accept(const content::CertificateException &exception) override;
    void forget(const content::CertificateException &exception) override;
    void allowPlainHttp(const QString &registry) override;
    bool allowsPlainHttp(const QString &registry) const override;
    void allowAddress(const base::Error::Confined &confined) override;

    // Before the program ends: until uploads that were stopped are gone from their registries, for a moment at most.
    base::Task<void> settle();

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace colophon::registry
