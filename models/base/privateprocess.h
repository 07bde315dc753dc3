// SPDX-License-Identifier: Apache-2.0
#pragma once

// A program that holds passwords keeps its memory to itself: it leaves no core file, neither on disk nor
// with a collector of crashes, and other processes of the same user cannot read it (prctl(2), PR_SET_DUMPABLE). To be
// called before any secret is there.

namespace colophon::base {

void keepMemoryPrivate();

} // namespace colophon::base
