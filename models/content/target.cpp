// SPDX-License-Identifier: Apache-2.0
#include "content/target.h"

#include "content/referrerstag.h"

namespace colophon::content {

base::Task<base::Result<Tail>> Fetcher::openBlobFrom(oci::Descriptor wanted, qint64 /*offset*/, std::stop_token stop)
{
    return fromItsStart(openBlob(std::move(wanted), std::move(stop)));
}

TargetPtr Target::self()
{
    TargetPtr shared = weak_from_this().lock();
    return shared ? shared : TargetPtr(TargetPtr(), this);
}

base::Task<base::Result<Referrers>> Target::referrers(oci::Digest subject, std::stop_token stop)
{
    return referrersByTag(self(), std::move(subject), std::move(stop));
}

base::Task<base::Result<Referrers::Source>> Target::pushReferrer(oci::Descriptor content, QByteArray bytes,
                                                                 oci::Descriptor subject, std::stop_token stop)
{
    return pushReferrerByTag(self(), std::move(content), std::move(bytes), std::move(subject), std::move(stop));
}

base::Task<base::Result<ServerFields>> Target::serverFields(std::stop_token /*stop*/) { co_return ServerFields(); }

} // namespace colophon::content
