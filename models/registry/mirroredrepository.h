// SPDX-License-Identifier: Apache-2.0
#pragma once

// One image, read where registries.conf has it read: its mirrors in their order, its own place last. The first that
// knows it serves the rest of it. Only for reading: tags are listed and everything is written at its own registry.

#include "content/passingtarget.h"

#include <functional>

namespace colophon::registry {

class MirroredRepository final : public content::PassingTarget
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

    base::Task<base::Result<oci::Descriptor>> resolve(QString identifier, std::stop_token stop) override;
    base::Task<base::Result<QByteArray>> fetchManifest(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<content::ReaderPtr>> openBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<content::Tail>> openBlobFrom(oci::Descriptor wanted, qint64 offset,
                                                         std::stop_token stop) override;
    base::Task<base::Result<bool>> hasBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<content::Referrers>> referrers(oci::Digest subject, std::stop_token stop) override;

private:
    struct State
    {
        QList<Source> sources; // what failed before the first that answered is gone
        std::function<void(const QString &)> say;
        bool hasAnswered = false;
    };
    template <class T, class Ask>
    static base::Task<base::Result<T>> ask(std::shared_ptr<State> state, Ask ask, std::stop_token stop);

    std::shared_ptr<State> m_state;
};

} // namespace colophon::registry
