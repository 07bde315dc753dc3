// SPDX-License-Identifier: Apache-2.0
#pragma once

// Referrers as a registry lists them itself, and by the tag where it does not (distribution-spec, "Listing Referrers",
// "Pushing Manifests with Subject"). Which of the two it is, is remembered for the registry.

#include "registry/repository.h"

namespace colophon::registry {

// `self` is the repository at that place.
base::Task<base::Result<content::Referrers>> listReferrers(Repository::Place place, content::TargetPtr self,
                                                           oci::Digest subject, std::stop_token stop);
base::Task<base::Result<content::Referrers::Source>> putReferrer(Repository::Place place, content::TargetPtr self,
                                                                 oci::Descriptor content, QByteArray bytes,
                                                                 oci::Descriptor subject, std::stop_token stop);

} // namespace colophon::registry
