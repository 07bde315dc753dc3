// SPDX-License-Identifier: Apache-2.0
// Link fields, one a line: what is found stood between the brackets of a link, and is an address that can be asked
// about.
#include "registry/links.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QUrl base(QStringLiteral("https://r.example/v2/a/tags/list?n=2"));
    const auto next = colophon::registry::nextPage(bytes.split('\n'), base);
    if (next && (!next->isValid() || next->isRelative() || !bytes.contains('<') || !bytes.contains('>') ||
                 !bytes.toLower().contains("next")))
        std::abort();
    return 0;
}
