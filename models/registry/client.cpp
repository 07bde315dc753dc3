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
        anonymous = std::make_shared<Courier>(options, shared->courier->pacer());
        if (options.places || options.keychain) {
            auth::CredentialPlaces places = options.places.value_or(auth::CredentialPlaces());
            if (options.places) {
                places.order = options.registries.credentialHelpers();
                places.orderedBy = options.registries.helpersFile();
            }
            shared->finder =
                std::make_shared<auth::CredentialFinder>(places, options.keychain, options.helpersPatience);
        }
    }

    ClientOptions options; // all connections share what is accepted
    std::shared_ptr<RegistryHost::Shared> shared;
    std::shared_ptr<Courier> anonymous; // for layer urls; a host that is busy is busy for both
    // A registry may be configured to do without encryption for some of its repositories: for those it is another one,
    // so that nothing of the others, least of all a credential, ever goes their way.
    using Key = std::pair<QString, bool>; // name, isInsecure
    std::map<Key, std::shared_ptr<RegistryHost>> hosts;

    std::shared_ptr<RegistryHost> host(const QString &registry, bool isInsecure = false)
    {
        const Key key(canonicalRegistry(registry), isInsecure);
        auto &host = hosts[key];
        if (host)
            return host;
        host = std::make_shared<RegistryHost>(key.first, options, shared);
        if (isInsecure) {
            const auto usual = this->host(registry);
            host->signInAs(*usual);
            const QSet<QHostAddress> allowed = usual->lifted().addresses;
            for (const QHostAddress &address : allowed)
                host->allowAddress(address);
            host->allowPlainHttp();
        }
        return host;
    }

    // The same registry where it does without encryption for some of its repositories; none: it does for none so far.
    std::shared_ptr<RegistryHost> insecureTwin(const QString &registry) const
    {
        const auto found = hosts.find({canonicalRegistry(registry), true});
        return found == hosts.end() ? nullptr : found->second;
    }

    // The repository's registry as registries.conf has it for this repository.
    std::shared_ptr<RegistryHost> hostOf(const oci::Reference &reference)
    {
        const trust::RegistriesConf::Rule *rule = options.registries.ruleFor(reference);
        const bool isMoved = rule && !rule->place.location.isEmpty() && rule->place.location != rule->prefix;
        return host(reference.registry(), rule && rule->place.isInsecure && !isMoved);
    }

    // It may be blocked there.
    content::TargetPtr repository(const oci::Reference &reference)
    {
        auto made = std::make_shared<Repository>(hostOf(reference), reference.repository());
        const trust::RegistriesConf::Rule *rule = options.registries.ruleFor(reference);
        if (rule && rule->isBlocked)
            made->block(rule->prefix, rule->file);
        return made;
    }

    content::TargetPtr mirror(const oci::Reference &reference, bool isInsecure)
    {
        return std::make_shared<Repository>(host(reference.registry(), isInsecure), reference.repository());
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
            {source.isOwn ? own : m_state->mirror(source.reference, source.isInsecure), source.reference.name()});
    if (sources.isEmpty() || (sources.size() == 1 && sources.constFirst().target == own))
        return own;
    return std::make_shared<MirroredRepository>(own, sources, m_state->options.say);
}

base::Result<content::NamedImage> Client::named(const QString &typed) const
{
    return m_state->options.registries.named(typed);
}

std::shared_ptr<content::UrlFetcher> Client::urlFetcher(const oci::Reference &namedBy)
{
    const auto by = [registry = m_state->hostOf(namedBy)] {
        return AnonymousUrls::NamedBy{registry->name(), registry->addressClass().value_or(AddressClass::Public),
                                      registry->lifted()};
    };
    return std::make_shared<AnonymousUrls>(m_state->anonymous, by);
}

void Client::signIn(const QString &registry, content::Credential credential)
{
    const auto usual = m_state->host(registry);
    usual->signIn(std::move(credential));
    if (const auto insecure = m_state->insecureTwin(registry))
        insecure->signInAs(*usual);
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

void Client::allowAddress(const base::Error::Confined &confined)
{
    const QHostAddress address(confined.address);
    m_state->host(confined.registry)->allowAddress(address);
    if (const auto insecure = m_state->insecureTwin(confined.registry))
        insecure->allowAddress(address);
}

bool Client::allowsPlainHttp(const QString &registry) const
{
    const auto known =
        m_state->hosts.find({canonicalRegistry(registry), false}); // names are asked about while they are typed
    return known == m_state->hosts.end() ? m_state->options.plainHttp : known->second->allowsPlainHttp();
}

} // namespace colophon::registry
