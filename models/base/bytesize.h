// SPDX-License-Identifier: Apache-2.0
#pragma once

// Byte counts as a person reads them: decimal units ("430 MB"), as registries and vendors quote layer sizes.

#include <QString>

namespace colophon::base {

QString humanSize(qint64 bytes);

} // namespace colophon::base
