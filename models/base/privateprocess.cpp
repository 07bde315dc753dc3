// SPDX-License-Identifier: Apache-2.0
#include "base/privateprocess.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace colophon::base {

void keepMemoryPrivate()
{
    // The limit is inherited by helpers, which hold secrets too; where cores go into a pipe it does not count, and the
    // other one does.
    constexpr rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

} // namespace colophon::base
