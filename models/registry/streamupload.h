// SPDX-License-Identifier: Apache-2.0
#pragma once

// A large blob sent as one PATCH in the chunked transfer coding and closed by an empty PUT, as Docker's own client
// does. Unlike a PUT of announced length it can be ended in the middle in good order, so that a cancelled upload can be
// deleted: docker-registry keeps the data of a session whose body broke off, and refuses to delete it.

#include "registry/chunkupload.h"

namespace colophon::registry {

// Blobs up to this size are sent with the closing PUT; they are through before anybody can cancel.
inline constexpr qint64 streamedFrom = 1 * base::limits::MiB;

// Uploads everything from the session's beginning and closes it; when it fails, the session is gone. One that broke
// off is left as it is: it may be gone on with. When it is stopped this returns at once, and the session goes soon
// after (Farewells).
base::Task<base::Result<void>> uploadAsStream(Repository::Place place, oci::Descriptor content,
                                              std::shared_ptr<ChunkSource> source, UploadSession session,
                                              content::Progress progress, std::stop_token stop);

} // namespace colophon::registry
