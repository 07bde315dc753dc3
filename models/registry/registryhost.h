// SPDX-License-Identifier: Apache-2.0
#pragma once

// One registry as we know it: under which scheme it answers, what it asks for, who we are there, and the tokens we got.
// Everything about credentials is here, and leaves only in requests to this registry's own origin or its token service.

#include "content/connector.h"
#include "registry/answererror.h"
#include "registry/auth/challenge.h"
#include "registry/auth/token.h"
#include "registry/courier.h"
#include "registry/sharedwork.h"

#include <QHash>
#include <QStringList>

#include <optional>

namespace colophon::registry {

class RegistryHost
{
public:
    // `name` is the registry as in a Reference: "docker.io", "localhost:5000".
    RegistryHost(QString name, ClientOptions options, std::shared_ptr<Courier> courier);

    QString name() const { return m_name; }
    // Docker's registry as it stands in a Reference.
    static QString dockerName() { return QStringLiteral("docker.io"); }
    // From now on; what was obtained as somebody else is forgotten.
    void signIn(content::Credential credential);
    // Also without encryption, where https does not come about: as the one who configured this computer says.
    void allowPlainHttp() { m_options.plainHttp = true; }
    QString user() const { return m_credential ? m_credential->user : QString(); }
    // The class of the address it was reached at, or that its name tells without asking anybody.
    std::optional<AddressClass> addressClass() const;
    // Where it answers, or most probably will: for addresses that are only shown.
    Origin likelyOrigin() const;

    // Finds out where it answers and whether it is a registry, once.
    static base::Task<base::Result<Origin>> discover(std::shared_ptr<RegistryHost> self, std::stop_token stop);
    // One request to it, with whatever authorization it wants for these scopes; refreshed once where it is refused. Any
    // answer comes back, also a 401.
    static base::Task<base::Result<Answer>> ask(std::shared_ptr<RegistryHost> self, Errand errand, QStringList scopes,
                                                std::stop_token stop);

    // Bytes a chunk, where uploads go in chunks: from the options, or learnt from what it refused. 0: as it likes.
    qint64 chunkSize() const { return m_chunkSize; }
    void setChunkSize(qint64 bytes) { m_chunkSize = bytes; }
    // Whether it refuses uploads in one piece, whatever their size.
    bool refusesWholeBlobs() const { return m_refusesWholeBlobs; }
    void setRefusesWholeBlobs() { m_refusesWholeBlobs = true; }

    static QString pullScope(const QString &repository);
    static QString pushScope(const QString &repository);

private:
    struct Grant
    {
        base::Secret authorization; // empty: none
        QString words;              // for the log
        int token = 0;              // serial of the token used
        bool isFresh = false;       // nothing newer to be had
    };

    static base::Task<base::Result<Origin>> findOrigin(std::shared_ptr<RegistryHost> self, std::stop_token stop);
    static base::Task<base::Result<bool>> ping(std::shared_ptr<RegistryHost> self, Origin candidate,
                                               std::stop_token stop);
    static base::Task<base::Result<Grant>> authorize(std::shared_ptr<RegistryHost> self, QStringList scopes,
                                                     std::stop_token stop);
    static base::Task<base::Result<auth::Token>> fetchToken(std::shared_ptr<RegistryHost> self, QStringList scopes,
                                                            std::stop_token stop);
    static base::Task<base::Result<auth::Token>> fetchTokenAs(std::shared_ptr<RegistryHost> self,
                                                              auth::Challenge challenge, QStringList scopes,
                                                              std::stop_token stop);
    base::Result<QUrl> tokenAddress(const auth::Challenge &challenge, const QStringList &scopes) const;
    bool mayGiveCredentialTo(const QString &realmHost) const;
    std::optional<auth::Token> knownToken(const QStringList &scopes) const;
    void learn(const http::Response &response);
    void notePeer(const http::Response &response);
    Terms terms(const Origin &home) const;
    QList<Origin> candidates() const;

    QString m_name;
    ClientOptions m_options;
    std::shared_ptr<Courier> m_courier;
    std::optional<Origin> m_origin;
    std::optional<AddressClass> m_class;
    std::optional<auth::Challenge> m_challenge;
    std::optional<content::Credential> m_credential;
    qint64 m_chunkSize;
    bool m_refusesWholeBlobs = false;
    int m_identity = 0; // counts signIn(): what was fetched before belongs to another
    int m_nextSerial = 1;
    QHash<QString, auth::Token> m_tokens; // by scopes, joined
    QHash<QString, std::shared_ptr<SharedWork<auth::Token>>> m_fetching;
    std::shared_ptr<SharedWork<Origin>> m_discovery = std::make_shared<SharedWork<Origin>>();
};

} // namespace colophon::registry
