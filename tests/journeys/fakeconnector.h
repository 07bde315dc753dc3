// SPDX-License-Identifier: Apache-2.0
#pragma once

// Registries in memory behind the window's seam: repositories that hold what a test put there, ask for a password where
// it says so, and answer as scripted.

#include "content/connector.h"
#include "support/faketarget/faketarget.h"
#include "support/faketarget/fakeurls.h"

#include <QHash>
#include <QStringList>

namespace colophon::test {

class FakeConnector final : public content::Connector
{
public:
    // The repository, made on first use; `name` is registry/repository.
    std::shared_ptr<FakeTarget> repository(const QString &name);
    content::MemoryStore &store(const QString &name) { return repository(name)->store(); }
    FakeUrls &urls() { return *m_urls; }
    // From now on this registry answers 401 to everybody else.
    void lock(const QString &registry, const QString &user, const QString &password);
    // "registry user", in order; never a password.
    const QStringList &signIns() const { return m_signIns; }

    content::TargetPtr target(const oci::Reference &reference) override;
    std::shared_ptr<content::UrlFetcher> urlFetcher(const oci::Reference & /*namedBy*/) override { return m_urls; }
    void signIn(const QString &registry, content::Credential credential) override;

private:
    struct Lock
    {
        QString user;
        QString password;
        bool isOpen = false;
    };
    QHash<QString, std::shared_ptr<FakeTarget>> m_repositories;
    QHash<QString, Lock> m_locks;
    std::shared_ptr<FakeUrls> m_urls = std::make_shared<FakeUrls>();
    QStringList m_signIns;
};

} // namespace colophon::test
