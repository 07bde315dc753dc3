// SPDX-License-Identifier: Apache-2.0
#pragma once

// All tags of a repository, page by page (distribution-spec, "Listing Tags").

#include "registry/repository.h"

namespace colophon::registry {

// In the registry's order, each once. Pages that lead to another origin or in a circle are refused.
base::Task<base::Result<QStringList>> listTags(Repository::Place place, std::stop_token stop);

} // namespace colophon::registry
