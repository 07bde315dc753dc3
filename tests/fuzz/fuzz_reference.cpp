// SPDX-License-Identifier: Apache-2.0
// References: what is taken is shown and read again as the same, and nothing of it can leave its place in an address.
#include "oci/reference.h"

#include <cstdint>
#include <cstdlib>

using colophon::oci::Reference;

namespace {

bool isPlain(const QString &text, const char *more)
{
    return std::all_of(text.cbegin(), text.cend(), [more](QChar c) {
        return c.unicode() < 0x80 &&
               (QChar::isLetterOrNumber(c.unicode()) || QByteArrayView(more).contains(c.toLatin1()));
    });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto reference = Reference::parsePasted(text);
    if (!reference) {
        if (reference.error().message.isEmpty() || reference.error().hint.isEmpty())
            std::abort();
        return 0;
    }
    const auto again = Reference::parse(reference->toString());
    if (!again || *again != *reference)
        std::abort();
    if (reference->host().isEmpty() || reference->port() > 65535 || !isPlain(reference->registry(), "-.:[]") ||
        !isPlain(reference->repository(), "-._/") || reference->repository().contains(QStringLiteral("..")) ||
        !isPlain(reference->tag(), "-._") || reference->tag().size() > 128 || reference->repository().size() > 255)
        std::abort();
    return 0;
}
