// SPDX-License-Identifier: Apache-2.0
#include "journeys/fakeconnector.h"

namespace colophon::test {

std::shared_ptr<FakeTarget> FakeConnector::repository(const QString &name)
{
    auto &repository = m_repositories[name];
    if (!repository) {
        const auto reference = oci::Reference::parseRepository(name);
        Q_ASSERT(reference);
        repository = std::make_shared<FakeTarget>(
            std::make_shared<content::MemoryStore>(reference->registry(), reference->repository()));
        repository->setAsynchronous(true);
    }
    return repository;
}

void FakeConnector::lock(const QString &registry, const QString &user, const QString &password)
{
    m_locks.insert(registry, {user, password, false});
}

content::TargetPtr FakeConnector::target(const oci::Reference &reference)
{
    const auto lock = m_locks.constFind(reference.registry());
    if (lock != m_locks.constEnd() && !lock->isOpen) {
        auto closed = std::make_shared<FakeTarget>(
            std::make_shared<content::MemoryStore>(reference.registry(), reference.repository()));
        closed->setAsynchronous(true);
        for (int call = 1; call < 8; ++call)
            closed->failAt(call, base::fail(base::ErrorKind::Unauthorized,
                                            QStringLiteral("%1 wants to know who asks.").arg(reference.registry()),
                                            QStringLiteral("Sign in."))
                                     .error());
        return closed;
    }
    return repository(reference.name());
}

void FakeConnector::signIn(const QString &registry, content::Credential credential)
{
    m_signIns.append(registry + QLatin1Char(' ') + credential.user);
    const auto lock = m_locks.find(registry);
    if (lock != m_locks.end())
        lock->isOpen = credential.user == lock->user && credential.password.reveal() == lock->password.toUtf8();
}

} // namespace colophon::test
