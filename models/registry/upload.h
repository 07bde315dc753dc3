// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bringing a blob into a repository (distribution-spec, "Pushing blobs"): POST opens a session at a Location, one PUT
// streams the bytes there and closes it with the digest; or POST with mount= takes it over from a neighbour. A session
// that comes to no good end is deleted.

#include "registry/repository.h"

namespace colophon::registry {

base::Task<base::Result<void>> uploadBlob(Repository::Place place, oci::Descriptor content, content::ReaderPtr bytes,
                                          content::Progress progress, std::stop_token stop);

base::Task<base::Result<bool>> mountBlobFrom(Repository::Place place, oci::Descriptor content, QString fromRepository,
                                             std::stop_token stop);

// The address of the closing PUT: the session's with the digest added to whatever query it has.
QUrl withDigest(const QUrl &session, const oci::Digest &digest);

} // namespace colophon::registry
