// SPDX-License-Identifier: Apache-2.0
#pragma once

// Letting a tag name another manifest where nobody else's change may get lost. No registry compares and swaps: the tag
// is read right before and right after.

#include "content/target.h"

#include <optional>

namespace colophon::transfer {

struct TagMove
{
    enum class Why { Push, Restore }; // for the words
    content::TargetPtr target;
    oci::Reference reference; // with the tag
    oci::Descriptor to;
    QByteArray bytes;     // of what it is to name
    oci::Digest expected; // what it names as far as we know; null: nothing
    bool force = false;   // whatever it names
    Why why = Why::Push;
};

struct TagMoved
{
    base::Result<void> done;           // the tag names it
    oci::Digest before;                // what it named right before; null: nothing
    bool wasThere = false;             // it named it already, and nothing was asked for
    bool isAsked = false;              // from here on the old manifest may have lost its name
    bool isKnown = false;              // and we have seen whether it has
    std::optional<base::Error> unread; // set, but what it names now could not be read back
};

base::Task<TagMoved> moveTag(TagMove move, std::stop_token stop);

} // namespace colophon::transfer
