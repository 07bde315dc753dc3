// SPDX-License-Identifier: Apache-2.0
#pragma once

// A Target that hands everything on to another one. Whoever derives from it says only what is different.

#include "content/target.h"

namespace colophon::content {

class PassingTarget : public Target
{
public:
    QString registry() const override { return m_next->registry(); }
    QString repository() const override { return m_next->repository(); }
    base::Task<base::Result<oci::Descriptor>> resolve(QString identifier, std::stop_token stop) override;
    base::Task<base::Result<QByteArray>> fetchManifest(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<ReaderPtr>> openBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<Tail>> openBlobFrom(oci::Descriptor wanted, qint64 offset, std::stop_token stop) override;
    base::Task<base::Result<bool>> hasBlob(oci::Descriptor wanted, std::stop_token stop) override;
    base::Task<base::Result<void>> pushBlob(oci::Descriptor content, ReaderPtr bytes, Progress progress,
                                            std::stop_token stop) override;
    base::Task<base::Result<bool>> mountBlob(oci::Descriptor content, QString fromRepository,
                                             std::stop_token stop) override;
    base::Task<base::Result<void>> pushManifest(oci::Descriptor content, QByteArray bytes,
                                                std::stop_token stop) override;
    base::Task<base::Result<void>> tag(oci::Descriptor content, QByteArray bytes, QString tag,
                                       std::stop_token stop) override;
    base::Task<base::Result<QStringList>> tags(std::stop_token stop) override;
    QString blobAddress(oci::Digest digest) const override { return m_next->blobAddress(std::move(digest)); }
    base::Task<base::Result<Referrers>> referrers(oci::Digest subject, std::stop_token stop) override;
    base::Task<base::Result<Referrers::Source>> pushReferrer(oci::Descriptor content, QByteArray bytes,
                                                             oci::Descriptor subject, std::stop_token stop) override;
    base::Task<base::Result<ServerFields>> serverFields(std::stop_token stop) override;

protected:
    explicit PassingTarget(TargetPtr next)
        : m_next(std::move(next))
    {
    }
    const TargetPtr &next() const { return m_next; }

private:
    TargetPtr m_next;
};

} // namespace colophon::content
