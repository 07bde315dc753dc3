// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text as one word of an sh command line, whatever is in it.

#include <QString>

namespace colophon::base {

inline QString shellQuoted(QString text)
{
    text.replace(QLatin1Char('\''), QLatin1String("'\\''"));
    return QLatin1Char('\'') + text + QLatin1Char('\'');
}

} // namespace colophon::base
