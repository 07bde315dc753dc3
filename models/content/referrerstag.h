// SPDX-License-Identifier: Apache-2.0
#pragma once

// Referrers in a registry that keeps no list of them: the list is an index under a tag made of the subject's digest,
// and whoever pushes a referrer adds it there (distribution-spec, "Referrers Tag Schema"). Once for all Targets.

#include "content/target.h"

namespace colophon::content {

// Without such a tag there are none. InvalidData where it names something other than an index.
base::Task<base::Result<Referrers>> referrersByTag(TargetPtr target, oci::Digest subject, std::stop_token stop);

// Adds an entry, unless it is there; all others stay byte for byte. There is no lock: what somebody else adds in the
// meantime is read and kept, and where they overwrite ours it is added once more. Conflict where that does not help.
base::Task<base::Result<void>> addReferrerByTag(TargetPtr target, oci::Descriptor entry, oci::Digest subject,
                                                std::stop_token stop);

// Pushes a manifest by its digest and adds it.
base::Task<base::Result<Referrers::Source>> pushReferrerByTag(TargetPtr target, oci::Descriptor content,
                                                              QByteArray bytes, oci::Descriptor subject,
                                                              std::stop_token stop);

} // namespace colophon::content
