// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files a person names or keeps: certificates, trust policies. Read whole, and never more than they can be.

#include "base/result.h"

#include <QByteArray>
#include <QString>

namespace colophon::signing {

// Usage where there is no such file or it is none (a device or pipe may never end), TooLarge beyond `longest` bytes.
base::Result<QByteArray> readSmallFile(const QString &path, qint64 longest);

} // namespace colophon::signing
