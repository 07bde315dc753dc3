// SPDX-License-Identifier: Apache-2.0
#pragma once

// Blobs read from a registry (distribution-spec, "Pulling blobs"): as streams that are checked on the way.

#include "registry/repository.h"

namespace colophon::registry {

base::Task<base::Result<content::ReaderPtr>> openBlobAt(Repository::Place place, oci::Descriptor wanted,
                                                        std::stop_token stop);
base::Task<base::Result<content::Tail>> openBlobTail(Repository::Place place, oci::Descriptor wanted, qint64 offset,
                                                     std::stop_token stop);
base::Task<base::Result<bool>> hasBlobAt(Repository::Place place, oci::Descriptor wanted, std::stop_token stop);

} // namespace colophon::registry
