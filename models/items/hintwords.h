// SPDX-License-Identifier: Apache-2.0
#pragma once

// What to do next, as the window says it: hints are written for the command too, and name its options.

#include <QString>

namespace colophon::items {

// A hint, or a reason with one behind it, with every sentence that names an option of the command replaced by what the
// same person can do in the window.
QString wordsInWindow(const QString &text);

} // namespace colophon::items
