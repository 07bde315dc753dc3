// SPDX-License-Identifier: Apache-2.0
#pragma once

// Looks for the credential of a repository where people have it: in the keychain, in the files of other tools, with
// their helper programs. The first that has one wins. What cannot be used is said, once, and only a file that was named
// or a helper that fails stops the search: going on there could mean to sign in as somebody else.

#include "base/task.h"
#include "content/credentialstore.h"
#include "registry/auth/credentialhelper.h"
#include "registry/auth/credentialplaces.h"

#include <QStringList>

#include <functional>
#include <memory>

namespace colophon::registry::auth {

class CredentialFinder
{
public:
    using Found = std::optional<FoundCredential>;

    CredentialFinder(CredentialPlaces places, std::shared_ptr<content::CredentialStore> store,
                     std::chrono::milliseconds helpersPatience);

    // Who is told what could not be used.
    void setWarned(std::function<void(const QString &)> warned) { m_warned = std::move(warned); }

    // What could not be used so far, each once.
    const QStringList &troubles() const { return m_troubles; }

    // `registry` as in a Reference. Nothing: anonymous.
    static base::Task<base::Result<Found>> find(std::shared_ptr<CredentialFinder> self, QString registry,
                                                QString repository, std::stop_token stop);

private:
    base::Result<std::optional<CredentialFile>> read(const CredentialPlaces::File &file, bool mustExist);
    static base::Task<base::Result<Found>> findInFiles(std::shared_ptr<CredentialFinder> self,
                                                       QList<CredentialPlaces::File> files, QString registry,
                                                       QString repository, std::stop_token stop);
    // `shown` says that the helper keeps it.
    static base::Task<base::Result<Found>> askHelper(std::shared_ptr<CredentialFinder> self,
                                                     CredentialFile::Helper named, QString shown, QString registry,
                                                     std::stop_token stop);
    static base::Task<base::Result<Found>> findIn(std::shared_ptr<CredentialFinder> self, CredentialFile file,
                                                  QString shown, QString registry, QString repository,
                                                  std::stop_token stop);
    void warn(const QString &text);

    CredentialPlaces m_places;
    std::shared_ptr<content::CredentialStore> m_store;
    std::chrono::milliseconds m_patience;
    std::function<void(const QString &)> m_warned;
    QStringList m_troubles;
};

} // namespace colophon::registry::auth
