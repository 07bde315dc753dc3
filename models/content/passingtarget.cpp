// SPDX-License-Identifier: Apache-2.0
#include "content/passingtarget.h"

namespace colophon::content {

using base::Result;
using base::Task;

Task<Result<oci::Descriptor>> PassingTarget::resolve(QString identifier, std::stop_token stop)
{
    return m_next->resolve(std::move(identifier), std::move(stop));
}

Task<Result<QByteArray>> PassingTarget::fetchManifest(oci::Descriptor wanted, std::stop_token stop)
{
    return m_next->fetchManifest(std::move(wanted), std::move(stop));
}

Task<Result<ReaderPtr>> PassingTarget::openBlob(oci::Descriptor wanted, std::stop_token stop)
{
    return m_next->openBlob(std::move(wanted), std::move(stop));
}

Task<Result<Tail>> PassingTarget::openBlobFrom(oci::Descriptor wanted, qint64 offset, std::stop_token stop)
{
    return m_next->openBlobFrom(std::move(wanted), offset, std::move(stop));
}

Task<Result<bool>> PassingTarget::hasBlob(oci::Descriptor wanted, std::stop_token stop)
{
    return m_next->hasBlob(std::move(wanted), std::move(stop));
}

Task<Result<void>> PassingTarget::pushBlob(oci::Descriptor content, ReaderPtr bytes, Progress progress,
                                           std::stop_token stop)
{
    return m_next->pushBlob(std::move(content), std::move(bytes), std::move(progress), std::move(stop));
}

Task<Result<bool>> PassingTarget::mountBlob(oci::Descriptor content, QString fromRepository, std::stop_token stop)
{
    return m_next->mountBlob(std::move(content), std::move(fromRepository), std::move(stop));
}

Task<Result<void>> PassingTarget::pushManifest(oci::Descriptor content, QByteArray bytes, std::stop_token stop)
{
    return m_next->pushManifest(std::move(content), std::move(bytes), std::move(stop));
}

Task<Result<void>> PassingTarget::tag(oci::Descriptor content, QByteArray bytes, QString tag, std::stop_token stop)
{
    return m_next->tag(std::move(content), std::move(bytes), std::move(tag), std::move(stop));
}

Task<Result<QStringList>> PassingTarget::tags(std::stop_token stop) { return m_next->tags(std::move(stop)); }

Task<Result<Referrers>> PassingTarget::referrers(oci::Digest subject, std::stop_token stop)
{
    return m_next->referrers(std::move(subject), std::move(stop));
}

Task<Result<Referrers::Source>> PassingTarget::pushReferrer(oci::Descriptor content, QByteArray bytes,
                                                            oci::Descriptor subject, std::stop_token stop)
{
    return m_next->pushReferrer(std::move(content), std::move(bytes), std::move(subject), std::move(stop));
}

Task<Result<ServerFields>> PassingTarget::serverFields(std::stop_token stop)
{
    return m_next->serverFields(std::move(stop));
}

} // namespace colophon::content
