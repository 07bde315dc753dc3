// SPDX-License-Identifier: Apache-2.0
#include "content/target.h"

namespace colophon::content {

base::Task<base::Result<Tail>> Fetcher::openBlobFrom(oci::Descriptor wanted, qint64 /*offset*/, std::stop_token stop)
{
    return fromItsStart(openBlob(std::move(wanted), std::move(stop)));
}

base::Task<base::Result<ServerFields>> Target::serverFields(std::stop_token /*stop*/) { co_return ServerFields(); }

} // namespace colophon::content
