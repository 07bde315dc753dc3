// SPDX-License-Identifier: Apache-2.0
#include "registry/auth/credentialfinder.h"

#include "base/limits.h"
#include "base/plaintext.h"
#include "registry/words.h"

#include <QFile>
#include <QFileInfo>

namespace colophon::registry::auth {

namespace {

using base::ErrorKind;

QString unusable(const QString &shown, const QString &why)
{
    return Words::tr("The credentials in %1 cannot be used: %2").arg(shown, why);
}

} // namespace

CredentialFinder::CredentialFinder(CredentialPlaces places, std::shared_ptr<content::CredentialStore> store,
                                   std::chrono::milliseconds helpersPatience)
    : m_places(std::move(places))
    , m_store(std::move(store))
    , m_patience(helpersPatience)
{
}

void CredentialFinder::warn(const QString &text)
{
    if (m_troubles.contains(text))
        return;
    m_troubles.append(text);
    if (m_warned)
        m_warned(text);
}

base::Result<std::optional<CredentialFile>> CredentialFinder::read(const CredentialPlaces::File &place, bool mustExist)
{
    const QString shown = m_places.shown(place.path);
    const QFileInfo info(place.path);
    if (!info.exists() && !mustExist)
        return std::nullopt;
    QFile file(place.path);
    if (info.exists() && !info.isFile()) // opening a pipe could wait for ever
        return base::fail(ErrorKind::InvalidData, unusable(shown, Words::tr("It is no file.")));
    if (!file.open(QIODevice::ReadOnly))
        return base::fail(ErrorKind::InvalidData, unusable(shown, file.errorString() + u'.'));
    QByteArray bytes = file.read(base::limits::credentialFile + 1);
    if (bytes.size() > base::limits::credentialFile)
        return base::fail(ErrorKind::TooLarge, unusable(shown, Words::tr("It is larger than 1 MiB.")));
    if (bytes.trimmed().isEmpty())
        return std::nullopt; // as tools leave it when the last login is gone
    auto parsed = CredentialFile::parse(bytes, place.format);
    const base::Secret wiped(std::move(bytes));
    if (!parsed)
        return base::fail(parsed.error().kind, unusable(shown, parsed.error().message));
    constexpr auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther;
    if (parsed->holdsSecrets() && (info.permissions() & others))
        warn(Words::tr("Other users of this computer can read the passwords in %1; `chmod 600` keeps them out.")
                 .arg(shown));
    return std::optional(std::move(*parsed));
}

base::Task<base::Result<CredentialFinder::Found>> CredentialFinder::askHelper(std::shared_ptr<CredentialFinder> self,
                                                                              CredentialFile::Helper named,
                                                                              QString shown, QString registry,
                                                                              std::stop_token stop)
{
    const CredentialHelper helper{named.name, self->m_places.programs, self->m_patience};
    auto kept = co_await CredentialHelper::get(helper, named.server, stop);
    if (!kept) {
        base::Error error = kept.error();
        if (error.kind == ErrorKind::Unauthorized)
            error.message += u' ' + Words::tr("%1 says that it keeps the credential for %2.").arg(shown, registry);
        co_return base::fail(error);
    }
    if (*kept) {
        (*kept)->source = Words::tr("from %1 via helper %2").arg(shown, named.name);
        (*kept)->key = registry;
    }
    co_return std::move(*kept);
}

base::Task<base::Result<CredentialFinder::Found>> CredentialFinder::findIn(std::shared_ptr<CredentialFinder> self,
                                                                           CredentialFile file, QString shown,
                                                                           QString registry, QString repository,
                                                                           std::stop_token stop)
{
    if (const auto named = file.helperFor(registry)) {
        auto kept = co_await askHelper(self, *named, shown, registry, stop);
        if (!kept || *kept)
            co_return kept;
    }
    auto entry = file.find(registry, repository);
    if (!entry)
        co_return base::fail(entry.error().kind, unusable(shown, entry.error().message));
    if (*entry)
        (*entry)->source = Words::tr("from %1").arg(shown);
    co_return Found(*entry);
}

base::Task<base::Result<CredentialFinder::Found>> CredentialFinder::find(std::shared_ptr<CredentialFinder> self,
                                                                         QString registry, QString repository,
                                                                         std::stop_token stop)
{
    if (self->m_store) {
        auto kept = co_await self->m_store->find(registry, stop);
        if (stop.stop_requested())
            co_return base::cancelled();
        if (!kept) {
            self->warn(kept.error().text());
        } else if (*kept) {
            FoundCredential found;
            found.user = (*kept)->user;
            found.password = (*kept)->password;
            found.source = Words::tr("from the keychain");
            co_return Found(found);
        }
    }
    if (!self->m_places.named.isEmpty()) {
        const CredentialPlaces::File place{self->m_places.named, CredentialFile::Format::Containers};
        auto file = self->read(place, true);
        if (!file)
            co_return base::fail(file.error());
        if (!*file)
            co_return Found();
        co_return co_await findIn(self, **file, self->m_places.shown(place.path), registry, repository, stop);
    }
    if (!self->m_places.document.trimmed().isEmpty()) {
        const QString shown = QStringLiteral("DOCKER_AUTH_CONFIG");
        const auto file = CredentialFile::parse(self->m_places.document, CredentialFile::Format::Docker);
        if (!file) {
            self->warn(unusable(shown, file.error().message));
        } else {
            auto found = file->find(registry, repository); // it has no helpers
            if (!found)
                self->warn(unusable(shown, found.error().message));
            else if (*found) {
                (*found)->source = Words::tr("from %1").arg(shown);
                co_return std::move(*found);
            }
        }
    }
    // What registries.conf orders is podman's; Docker's files do not go by it.
    QList<CredentialPlaces::File> podmans;
    QList<CredentialPlaces::File> others;
    for (const CredentialPlaces::File &file : std::as_const(self->m_places.files))
        (file.format == CredentialFile::Format::Containers ? podmans : others).append(file);
    QStringList order = self->m_places.order;
    if (order.isEmpty())
        order.append(CredentialPlaces::podmansFiles());
    for (const QString &next : std::as_const(order)) {
        if (next != CredentialPlaces::podmansFiles()) {
            const CredentialFile::Helper helper{next, registry};
            const QString shown = self->m_places.shown(self->m_places.orderedBy);
            auto kept = co_await askHelper(self, helper, shown, registry, stop);
            if (!kept || *kept)
                co_return kept;
            continue;
        }
        auto found = co_await findInFiles(self, podmans, registry, repository, stop);
        if (!found || *found)
            co_return found;
    }
    co_return co_await findInFiles(self, others, registry, repository, stop);
}

base::Task<base::Result<CredentialFinder::Found>> CredentialFinder::findInFiles(std::shared_ptr<CredentialFinder> self,
                                                                                QList<CredentialPlaces::File> files,
                                                                                QString registry, QString repository,
                                                                                std::stop_token stop)
{
    for (const CredentialPlaces::File &place : std::as_const(files)) {
        auto file = self->read(place, false);
        if (!file) {
            self->warn(file.error().message);
            continue;
        }
        if (!*file)
            continue;
        auto found = co_await findIn(self, **file, self->m_places.shown(place.path), registry, repository, stop);
        if (!found && found.error().kind == ErrorKind::InvalidData) {
            self->warn(found.error().message);
            continue;
        }
        if (!found || *found)
            co_return found;
    }
    co_return Found();
}

} // namespace colophon::registry::auth
