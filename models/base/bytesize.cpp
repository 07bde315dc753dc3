// SPDX-License-Identifier: Apache-2.0
#include "base/bytesize.h"

#include <QLocale>

namespace colophon::base {

QString humanSize(qint64 bytes)
{
    return QLocale::c().formattedDataSize(bytes, bytes < 10'000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

} // namespace colophon::base
