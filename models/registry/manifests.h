// SPDX-License-Identifier: Apache-2.0
#pragma once

// Manifests and indexes in a registry (distribution-spec, "Pulling manifests", "Pushing Manifests"): bytes that are
// what their digest says, in both directions.

#include "registry/repository.h"

namespace colophon::registry {

base::Task<base::Result<oci::Descriptor>> resolveAt(Repository::Place place, QString identifier, std::stop_token stop);
base::Task<base::Result<QByteArray>> fetchManifestFrom(Repository::Place place, oci::Descriptor wanted,
                                                       std::stop_token stop);
// `identifier` is a tag or the digest. Gives the answer's OCI-Subject field: whose referrer the registry has listed it
// as; empty where it did not.
base::Task<base::Result<QByteArray>> putManifest(Repository::Place place, oci::Descriptor content, QByteArray bytes,
                                                 QString identifier, std::stop_token stop);
// The same for who does not care about that.
base::Task<base::Result<void>> storeManifest(Repository::Place place, oci::Descriptor content, QByteArray bytes,
                                             QString identifier, std::stop_token stop);

} // namespace colophon::registry
