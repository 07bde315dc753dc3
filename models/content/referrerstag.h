// SPDX-License-Identifier: Apache-2.0
#pragma once

// Referrers in a registry that keeps no list of them: the list is an index under a tag made of the subject's digest,
// and whoever pushes a referrer adds it there (distribution-spec, "Referrers Tag Schema"). Once for all Targets.

#include "content/target.h"

#include <QSet>

#include <optional>

namespace colophon::content {

// Without such a tag there are none. InvalidData where it names something other than an index.
base::Task<base::Result<Referrers>> referrersByTag(TargetPtr target, oci::Digest subject, std::stop_token stop);

// All that refer to a subject, wherever that is written down.
struct EveryReferrer
{
    QList<oci::Descriptor> manifests;
    QSet<oci::Digest> unlisted; // of these the ones that stand under the tag alone, though the registry keeps a list
    std::optional<base::Error> excess; // TooLarge: more stands there than is read, and none of that is among these
};
// As Target::referrers(). Where the registry keeps the list, those under the tag as well: they were attached before it
// did so, and not every registry takes them over. Whatever else stands under the tag there is of no importance.
base::Task<base::Result<EveryReferrer>> everyReferrer(TargetPtr target, oci::Digest subject, std::stop_token stop);
// What is to be said of those that the registry's own list does not have. A sentence.
QString unlistedInWords(const oci::Digest &subject);

// Adds an entry, unless it is there; all others stay byte for byte. There is no lock: what somebody else adds in the
// meantime is read and kept, and where they overwrite ours it is added once more. Conflict where that does not help.
base::Task<base::Result<void>> addReferrerByTag(TargetPtr target, oci::Descriptor entry, oci::Digest subject,
                                                std::stop_token stop);

// Pushes a manifest by its digest and adds it.
base::Task<base::Result<Referrers::Source>> pushReferrerByTag(TargetPtr target, oci::Descriptor content,
                                                              QByteArray bytes, oci::Descriptor subject,
                                                              std::stop_token stop);

} // namespace colophon::content
