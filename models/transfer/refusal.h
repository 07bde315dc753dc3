// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why a registry refuses a manifest, read from our own manifest: docker-registry says the same 500 for a layer without
// an address, an address it does not allow and no allowed addresses at all.

#include "base/error.h"
#include "oci/manifest.h"
#include "oci/reference.h"

namespace colophon::transfer {

// The registry's error for the PUT of `manifest`, explained where the manifest's layers explain it, else unchanged.
// `tagBefore` is what the destination tag names still.
base::Error explained(const base::Error &refusal, const oci::Manifest &manifest, const oci::Reference &destination,
                      const oci::Digest &tagBefore);

} // namespace colophon::transfer
