// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stream that goes on where it broke off: what is left is opened anew from the byte reached so far (RFC 9110 §14,
// Range). Whether the whole is what it should be is for the verified() around it to say.

#include "content/reader.h"

namespace colophon::content {

// The rest of the same bytes from this offset on, or the whole where that cannot be had.
using OpenRest = std::function<base::Task<base::Result<Tail>>(qint64 offset, std::stop_token stop)>;

// Goes on after Network and Timeout failures, as long as the stream gets on between them: `most` times in a row without
// a whole block it fails with the last failure. What was opened anew from the start is passed over as far as it was
// read already. Reopening it as a whole is asked of `first`.
ReaderPtr resuming(ReaderPtr first, OpenRest rest, std::stop_token stop, int most = 5);

} // namespace colophon::content
