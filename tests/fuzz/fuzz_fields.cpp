// SPDX-License-Identifier: Apache-2.0
// Fields with numbers: Range and Content-Range give no negative count, Retry-After no negative wait.
#include "registry/ranges.h"
#include "registry/retryafter.h"

#include <cstdint>
#include <cstdlib>

using namespace colophon::registry;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray field(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (totalIn(field) < -1)
        std::abort();
    const auto received = receivedIn(field);
    if (received && *received < 0)
        std::abort();
    const auto wait = retryAfter(field, QDateTime(QDate(2026, 1, 1), QTime(0, 0), Qt::UTC));
    if (wait && wait->count() < 0)
        std::abort();
    http::Response response;
    response.status = 206;
    response.headers.set("Content-Range", field);
    if (isRest(response, 5, 10) && (totalIn(field) != 10 && !field.contains('*')))
        std::abort();
    return 0;
}
