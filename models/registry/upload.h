// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bringing a blob into a repository (distribution-spec, "Pushing blobs"): POST opens a session at a Location, one PUT
// streams the bytes there and closes it with the digest; in chunks where the registry asks for them, the user wants
// them, or the one PUT was refused; or POST with mount= takes it over from a neighbour. A session that comes to no good
// end is deleted.

#include "registry/repository.h"

namespace colophon::registry {

base::Task<base::Result<void>> uploadBlob(Repository::Place place, oci::Descriptor content, content::ReaderPtr bytes,
                                          content::Progress progress, std::stop_token stop);

base::Task<base::Result<bool>> mountBlobFrom(Repository::Place place, oci::Descriptor content, QString fromRepository,
                                             std::stop_token stop);

} // namespace colophon::registry
