// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rules of a registry that stand against a push: tags that may not move, room that is used up, times in which nothing
// is written. There is no interface to ask for them; they are recognised by what the registry answers, and explained.

#include "base/error.h"
#include "oci/reference.h"

#include <QStringList>

namespace colophon::transfer {

enum class RegistryPolicy {
    None,         // the answer speaks of no such rule
    ImmutableTag, // the tag exists and may not be moved
    Locked,       // the image, tag or repository is locked, or the registry is full: it does not say which
    Quota,        // no room, or too many images
    ReadOnly,     // nothing may be written at the moment
    Retention,    // something is held for a time and may not be replaced
};
QString nameOf(RegistryPolicy policy); // "immutable-tag", …

// What the answer to a writing request says, from its status, its code and the registry's own words in the message.
RegistryPolicy policyOf(const base::Error &refusal);
// The refusal as Denied with what to do next, where it is such a rule; else unchanged. `destination` with the tag,
// `tagBefore` is what that names still.
base::Error withPolicyExplained(const base::Error &refusal, const oci::Reference &destination,
                                const oci::Digest &tagBefore);

// A tag to push to in place of this one: "1.4" → "1.4-2", then "1.4-3"; none of `taken`.
QString anotherTag(const QString &tag, const QStringList &taken = {});

} // namespace colophon::transfer
