// SPDX-License-Identifier: Apache-2.0
#pragma once

// One registry as we know it: under which scheme it answers, what it asks for, who we are there, and the tokens we got.
// Everything about credentials is here, and leaves only in requests to this registry's own origin or its token service.

#include "content/connector.h"
#include "registry/account.h"
#include "registry/answererror.h"
#include "registry/auth/challenge.h"
#include "registry/auth/credentialfinder.h"
#include "registry/courier.h"
#include "registry/farewells.h"

#include <QHash>
#include <QSet>
#include <QStringList>

#include <optional>

namespace colophon::registry {

// What a request wants: to be let into a repository, for these scopes.
struct Access
{
    QString repository;
    QStringList scopes;
    bool mayDelete = false; // something of ours is to be deleted, so that the registry may want a token for that

    QString key() const { return scopes.join(u' ') + (mayDelete ? QStringLiteral(" delete") : QString()); }
};

// The source of a credential that was typed.
QString givenByHand();

class RegistryHost
{
public:
    // What all registries of a client share.
    struct Shared
    {
        std::shared_ptr<Courier> courier;
        std::shared_ptr<auth::CredentialFinder> finder; // none: only what is given by hand
        content::Attendant attendant;
        std::shared_ptr<Farewells> farewells = std::make_shared<Farewells>();
    };

    // `name` is the registry as in a Reference: "docker.io", "localhost:5000".
    RegistryHost(QString name, ClientOptions options, std::shared_ptr<Shared> shared);

    QString name() const { return m_name; }
    const std::shared_ptr<Farewells> &farewells() const { return m_shared->farewells; }
    // From now on, for all its repositories; what was obtained as somebody else is forgotten. Without a user,
    // credentials are looked for again.
    void signIn(content::Credential credential);
    void signInAs(const RegistryHost &other);
    // Also without encryption, where https does not come about: as the one who configured this computer says.
    void allowPlainHttp() { m_options.plainHttp = true; }
    bool allowsPlainHttp() const { return m_options.plainHttp; }
    // It and its images may lead to this address, although it lies in a narrower network.
    void allowAddress(const QHostAddress &address) { m_allowedAddresses.insert(address); }
    Lifted lifted() const { return {m_options.allowPrivateUrls, m_allowedAddresses}; }
    // The class of the address it was reached at, or that its name tells without asking anybody.
    std::optional<AddressClass> addressClass() const;
    // Where it answers, or most probably will: for addresses that are only shown.
    Origin likelyOrigin() const;

    // Finds out where it answers and whether it is a registry, once.
    static base::Task<base::Result<Origin>> discover(std::shared_ptr<RegistryHost> self, std::stop_token stop);
    // What it answered to that question; empty before.
    const content::ServerFields &serverFields() const { return m_serverFields; }
    // One request to it, with whatever authorization it wants for this; refreshed where it is refused. Any answer comes
    // back, also a 401.
    static base::Task<base::Result<Answer>> ask(std::shared_ptr<RegistryHost> self, Errand errand, Access access,
                                                std::stop_token stop);

    // Whether it lets in by tokens, which can be had anew when one has died.
    bool usesTokens() const { return m_challenge && m_challenge->isBearer(); }

    // Bytes a chunk, where uploads go in chunks: from the options, or learnt from what it refused. 0: as it likes.
    qint64 chunkSize() const { return m_chunkSize; }
    void setChunkSize(qint64 bytes) { m_chunkSize = bytes; }
    // Whether it refuses uploads in one piece, whatever their size.
    bool refusesWholeBlobs() const { return m_refusesWholeBlobs; }
    void setRefusesWholeBlobs() { m_refusesWholeBlobs = true; }
    // Whether a blob that it took over from another repository was seen to be there.
    bool isProvenToMount() const { return m_isProvenToMount; }
    void setProvenToMount() { m_isProvenToMount = true; }
    // Whether it keeps lists of referrers itself; nothing as long as that did not show.
    std::optional<bool> listsReferrers() const { return m_listsReferrers; }
    void setListsReferrers(bool lists) { m_listsReferrers = lists; }

private:
    struct Grant
    {
        base::Secret authorization; // empty: none
        QString words;              // for the log
        AccountPtr account;         // none: nobody was asked who we are
        ShownCredential shown;
        int token = 0;        // serial of the token used
        bool isFresh = false; // nothing newer to be had
    };

    static base::Task<base::Result<Origin>> findOrigin(std::shared_ptr<RegistryHost> self, std::stop_token stop);
    static base::Task<base::Result<bool>> ping(std::shared_ptr<RegistryHost> self, Origin candidate,
                                               std::stop_token stop);
    static base::Task<base::Result<Grant>> authorize(std::shared_ptr<RegistryHost> self, Access access,
                                                     std::stop_token stop);
    static base::Task<base::Result<AccountPtr>> accountFor(std::shared_ptr<RegistryHost> self, QString repository,
                                                           std::stop_token stop);
    static base::Task<base::Result<AccountPtr>> lookUp(std::shared_ptr<RegistryHost> self, QString repository,
                                                       std::stop_token stop);
    AccountPtr accountWith(std::optional<auth::FoundCredential> credential) const;
    base::Result<Grant> basicGrant(const AccountPtr &account) const;
    void tell(const AccountPtr &account, const QString &repository) const;
    void warnOf(const QStringList &refused, const QString &repository);
    // Whether another attempt has a chance, after this one was refused; what it takes is prepared.
    bool prepareAnother(const Grant &grant, const Access &access, const http::Response &refusal);

    void forgetAccounts();
    static base::Task<base::Result<auth::Token>> fetchToken(std::shared_ptr<RegistryHost> self, AccountPtr account,
                                                            QStringList scopes, std::stop_token stop);
    static base::Task<base::Result<auth::Token>> fetchTokenAs(std::shared_ptr<RegistryHost> self, AccountPtr account,
                                                              auth::Challenge challenge, QStringList scopes,
                                                              std::stop_token stop);
    static base::Task<base::Result<void>> mayUseRealm(std::shared_ptr<RegistryHost> self, AccountPtr account,
                                                      QString realm, std::stop_token stop);
    static base::Task<base::Result<bool>> askAboutRealm(std::shared_ptr<RegistryHost> self, AccountPtr account,
                                                        QString realm, std::stop_token stop);
    base::Result<QUrl> realmOf(const auth::Challenge &challenge) const;
    bool isKnownRealm(const QString &realmHost) const;
    auth::Token::Clock::time_point now() const;
    void learn(const http::Response &response);
    void noteServer(const http::Response &response);
    void notePeer(const http::Response &response);
    Terms terms(const Origin &home) const;
    QList<Origin> candidates() const;

    QString m_name;
    ClientOptions m_options;
    std::shared_ptr<Shared> m_shared;
    std::optional<Origin> m_origin;
    content::ServerFields m_serverFields;
    std::optional<AddressClass> m_class;
    QSet<QHostAddress> m_allowedAddresses;
    std::optional<auth::Challenge> m_challenge;
    AccountPtr m_given;                    // by hand: stands above all that could be found
    QHash<QString, AccountPtr> m_accounts; // by repository, as found
    QHash<QString, std::shared_ptr<SharedWork<AccountPtr>>> m_lookups;
    QHash<QString, bool> m_realms; // hosts, and whether the person allows them
    QHash<QString, std::shared_ptr<SharedWork<bool>>> m_realmQuestions;
    qint64 m_chunkSize;
    bool m_refusesWholeBlobs = false;
    QSet<QString> m_refusedScopes; // that were warned of
    bool m_isProvenToMount = false;
    std::optional<bool> m_listsReferrers;
    int m_identity = 0; // counts signIn(): what was looked up before does not count any more
    int m_nextSerial = 1;
    std::shared_ptr<SharedWork<Origin>> m_discovery = std::make_shared<SharedWork<Origin>>();
};

} // namespace colophon::registry
