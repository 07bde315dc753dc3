// SPDX-License-Identifier: Apache-2.0
#include "registry/client.h"

#include "registry/anonymousurls.h"
#include "registry/mirroredrepository.h"
#include "registry/registryhost.h"
#include "registry/registryname.h"
#include "registry/repository.h"
#include "registry/trust/certificatefolders.h"

namespace colophon::registry {

namespace {

ClientOptions withCertificates(ClientOptions options)
{
    if (!options.transport.certificates)
        options.transport.certificates = std::make_shared<http::KnownCertificates>();
    for (const content::CertificateException &exception : std::as_const(options.certificateExceptions))
        options.transport.certificates->accept(exception);
    return options;
}

} // namespace

ClientOptions ClientOptions::ofThisComputer()
{
    ClientOptions options;
    options.transport.proxies = http::ProxySettings::fromEnvironment();
    options.certificateFolders = trust::CertificateFolders::standard();
    return options;
}

struct Client::State
{
    explicit State(ClientOptions clientOptions)
        : options(withCertificates(std::move(clientOptions)))
        , shared(std::make_shared<RegistryHost::Shared>())
    {
        shared->courier = std::make_shared<Courier>(options);
        if (options.places || options.keychain)
            shared->finder = std::make_shared<auth::CredentialFinder>(options.places.value_or(auth::CredentialPlaces()),
                                                                      options.keychain, options.helpersPatience);
    }

    ClientOptions options; // all connections share what is accepted
    std::shared_ptr<RegistryHost::Shared> shared;
    std::map<QString, std::shared_ptr<RegistryHost>> hosts;
    std::shared_ptr<AnonymousUrls> urls;

    std::shared_ptr<RegistryHost> host(const QString &registry)
    {
        auto &host = hosts[canonicalRegistry(registry)];
        if (!host)
            host = std::make_shared<RegistryHost>(canonicalRegistry(registry), options, shared);
        return host;
    }

    // The repository as registries.conf has it: it may be blocked, or may do without encryption.
    content::TargetPtr repository(const oci::Reference &reference)
    {
        const trust::RegistriesConf::Rule *rule = options.registries.ruleFor(reference);
        const bool isMoved = rule && !rule->place.location.isEmpty() && rule->place.location != rule->prefix;
        auto made = repository(reference, rule && rule->place.isInsecure && !isMoved);
        if (rule && rule->isBlocked)
            made->block(rule->prefix, rule->file);
        return made;
    }

    std::shared_ptr<Repository> repository(const oci::Reference &reference, bool isInsecure)
    {
        const auto at = host(reference.registry());
        if (isInsecure)
            at->allowPlainHttp();
        return std::make_shared<Repository>(at, reference.repository());
    }

    // The most permissive among the registries in use: who works with one on this machine may use its addresses.
    AddressClass loosestClass() const
    {
        AddressClass loosest = AddressClass::Public;
        for (const auto &[name, host] : hosts) {
            const AddressClass each = host->addressClass().value_or(AddressClass::Public);
            if (each != AddressClass::Special && each < loosest)
                loosest = each;
        }
        return loosest;
    }
};

Client::Client(ClientOptions options)
    : m_state(std::make_shared<State>(std::move(options)))
{
}

Client::~Client() = default;

base::Task<void> Client::settle()
{
    using namespace std::chrono_literals;
    return Farewells::settle(m_state->shared->farewells, 2s);
}

content::TargetPtr Client::target(const oci::Reference &reference) { return m_state->repository(reference); }

content::TargetPtr Client::readingTarget(const oci::Reference &reference)
{
    content::TargetPtr own = m_state->repository(reference);
    const trust::RegistriesConf::Rule *rule = m_state->options.registries.ruleFor(reference);
    if (!rule || rule->isBlocked)
        return own;
    QList<MirroredRepository::Source> sources;
    for (const auto &source : m_state->options.registries.sourcesOf(reference))
        sources.append(
            {source.isOwn ? own : m_state->repository(source.reference, source.isInsecure), source.reference.name()});
    if (sources.isEmpty() || (sources.size() == 1 && sources.constFirst().target == own))
        return own;
    return std::make_shared<MirroredRepository>(own, sources, m_state->options.say);
}

base::Result<content::NamedImage> Client::named(const QString &typed) const
{
    return m_state->options.registries.named(typed);
}

std::shared_ptr<content::UrlFetcher> Client::urlFetcher()
{
    if (!m_state->urls) {
        const std::weak_ptr<State> weak = m_state;
        m_state->urls = std::make_shared<AnonymousUrls>(m_state->options, m_state->shared->courier->pacer(), [weak] {
            const auto state = weak.lock();
            return state ? state->loosestClass() : AddressClass::Public;
        });
    }
    return m_state->urls;
}

void Client::signIn(const QString &registry, content::Credential credential)
{
    m_state->host(registry)->signIn(std::move(credential));
}

void Client::setAttendant(content::Attendant attendant)
{
    if (m_state->shared->finder)
        m_state->shared->finder->setWarned(attendant.warned);
    m_state->shared->attendant = std::move(attendant);
}

std::optional<content::ServerCertificate> Client::refusedCertificate(const QString &server) const
{
    return m_state->options.transport.certificates->refused(server);
}

void Client::accept(const content::CertificateException &exception)
{
    m_state->options.transport.certificates->accept(exception);
}

void Client::forget(const content::CertificateException &exception)
{
    m_state->options.transport.certificates->forget(exception);
}

void Client::allowPlainHttp(const QString &registry) { m_state->host(registry)->allowPlainHttp(); }

bool Client::allowsPlainHttp(const QString &registry) const
{
    const auto known = m_state->hosts.find(canonicalRegistry(registry)); // names are asked about while they are typed
    return known == m_state->hosts.end() ? m_state->options.plainHttp : known->second->allowsPlainHttp();
}

} // namespace colophon::registry
