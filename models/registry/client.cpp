// SPDX-License-Identifier: Apache-2.0
#include "registry/client.h"

#include "registry/anonymousurls.h"
#include "registry/registryhost.h"
#include "registry/registryname.h"
#include "registry/repository.h"

namespace colophon::registry {

struct Client::State
{
    explicit State(ClientOptions clientOptions)
        : options(std::move(clientOptions))
        , shared(std::make_shared<RegistryHost::Shared>())
    {
        shared->courier = std::make_shared<Courier>(options);
        if (options.places || options.keychain)
            shared->finder = std::make_shared<auth::CredentialFinder>(options.places.value_or(auth::CredentialPlaces()),
                                                                      options.keychain, options.helpersPatience);
    }

    ClientOptions options;
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

content::TargetPtr Client::target(const oci::Reference &reference)
{
    return std::make_shared<Repository>(m_state->host(reference.registry()), reference.repository());
}

std::shared_ptr<content::UrlFetcher> Client::urlFetcher()
{
    if (!m_state->urls) {
        const std::weak_ptr<State> weak = m_state;
        m_state->urls = std::make_shared<AnonymousUrls>(m_state->options, [weak] {
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

} // namespace colophon::registry
