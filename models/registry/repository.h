// SPDX-License-Identifier: Apache-2.0
#pragma once

// One repository in a registry (distribution-spec, "Endpoints"): pull, push, mount, tag and list, each answer checked
// for what it must be before it is used.

#include "content/target.h"
#include "registry/auth/scope.h"
#include "registry/registryhost.h"

namespace colophon::registry {

class Repository final : public content::Target
{
public:
    Repository(std::shared_ptr<RegistryHost> host, QString repository);
    // From now on nothing is asked: `file` says that what begins with `prefix` is not to be used.
    void block(const QString &prefix, const QString &file);

    QString registry() const override { return m_place.host->name(); }
    QString repository() const override { return m_place.name; }
    base::Task<base::Result<oci::Descriptor>> resolve(QString identifier, std::stop_token stop) override;
    base::Task<base::Result<QByteArray>> fetchManifest(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<content::ReaderPtr>> openBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<content::Tail>> openBlobFrom(oci::Descriptor wanted, qint64 offset,
                                                         std::stop_token stop) override;
    base::Task<base::Result<bool>> hasBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<void>> pushBlob(oci::Descriptor content, content::ReaderPtr bytes,
                                            content::Progress progress, std::stop_token stop) override;
    base::Task<base::Result<bool>> mountBlob(oci::Descriptor content, QString fromRepository,
                                             std::stop_token stop) override;
    base::Task<base::Result<void>> pushManifest(oci::Descriptor content, QByteArray bytes,
                                                std::stop_token stop) override;
    base::Task<base::Result<void>> tag(oci::Descriptor content, QByteArray bytes, QString tag,
                                       std::stop_token stop) override;
    base::Task<base::Result<QStringList>> tags(std::stop_token stop) override;
    base::Task<base::Result<content::Referrers>> referrers(oci::Digest subject, std::stop_token stop) override;
    base::Task<base::Result<content::Referrers::Source>>
    pushReferrer(oci::Descriptor content, QByteArray bytes, oci::Descriptor subject, std::stop_token stop) override;
    QString blobAddress(oci::Digest digest) const override;
    base::Task<base::Result<content::ServerFields>> serverFields(std::stop_token stop) override;

    // What its coroutines take along in place of `this`.
    struct Place
    {
        std::shared_ptr<RegistryHost> host;
        QString name;
        std::optional<base::Error> blocked = {};

        QString fullName() const { return host->name() + u'/' + name; }
        QString path(const QString &rest) const { return QStringLiteral("/v2/") + name + u'/' + rest; }
        Access pull() const { return {name, {auth::pullScope(name)}}; }
        Access push() const { return {name, {auth::pushScope(name)}}; }
        Occasion occasion(QString operation) const;
        // Where its registry answers; Denied where it is blocked.
        static base::Task<base::Result<Origin>> origin(Place place, std::stop_token stop);
        // One request to a path of this repository.
        static base::Task<base::Result<Answer>> ask(Place place, Errand errand, QString encodedPath,
                                                    QString encodedQuery, Access access, std::stop_token stop);
    };

private:
    Place m_place;
};

} // namespace colophon::registry
