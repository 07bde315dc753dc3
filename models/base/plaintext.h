// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text from outside made safe to show: control characters, escape sequences and the marks that reorder or hide text
// become visible, and nothing is longer than a person can use. It stays plain text: no markup is made or removed.

#include <QString>

namespace colophon::base {

// Whether a character reorders the text around it or is not seen itself: bidirectional marks and controls, zero-width
// characters, invisible operators, line and paragraph separators, BOM.
bool isHidden(char16_t c);

// C0, DEL and C1 as \uXXXX; what isHidden() as ⟨U+XXXX⟩; cut with "…" after `longest`.
QString visible(const QString &outside, int longest = 4096);

} // namespace colophon::base
