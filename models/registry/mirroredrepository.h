// SPDX-License-Identifier: Apache-2.0
#pragma once

// One image, read where registries.conf has it read: its mirrors in their order, its own place last. The first that
// knows it serves the rest of it. Only for reading: tags are listed and everything is written at its own registry.

#include "content/target.h"

#include <functional>

namespace colophon::registry {

class MirroredRepository final : public content::Target
{
public:
    struct Source
    {
        content::TargetPtr target;
        QString place; // "mirror.example/app", to say who answered
    };
    // `own` is the repository as the image names it; `sources` are not empty. `say` gets a sentence when a source
    // answers or fails; it may be null.
    MirroredRepository(content::TargetPtr own, QList<Source> sources, std::function<void(const QString &)> say);

    QString registry() const override { return m_state->own->registry(); }
    QString repository() const override { return m_state->own->repository(); }
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
    QString blobAddress(oci::Digest digest) const override { return m_state->own->blobAddress(digest); }
    base::Task<base::Result<content::ServerFields>> serverFields(std::stop_token stop) override
    {
        return m_state->own->serverFields(std::move(stop));
    }

private:
    struct State
    {
        content::TargetPtr own;
        QList<Source> sources; // what failed before the first that answered is gone
        std::function<void(const QString &)> say;
        bool hasAnswered = false;
    };
    template <class T, class Ask>
    static base::Task<base::Result<T>> ask(std::shared_ptr<State> state, Ask ask, std::stop_token stop);

    std::shared_ptr<State> m_state;
};

} // namespace colophon::registry
