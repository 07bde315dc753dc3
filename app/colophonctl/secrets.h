// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where passwords and passphrases come from: the first lines of stdin, the environment, or a terminal without echo.
// Never a command line. They go nowhere but into a Secret.

#include "base/result.h"
#include "base/secret.h"

namespace colophon::ctl {

// One line of stdin without its end; each call reads the next. Usage where stdin has ended before it.
base::Result<base::Secret> lineFromStdin(const QString &what);

// Asks on the controlling terminal, which need not be stdin. Usage where there is none.
base::Result<base::Secret> askOnTerminal(const QString &question);

} // namespace colophon::ctl
