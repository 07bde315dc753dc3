// SPDX-License-Identifier: Apache-2.0
// Digests: what is taken is exactly an algorithm that can be verified and its digits, letter for letter.
#include "oci/digest.h"

#include <cstdint>
#include <cstdlib>

using colophon::oci::Digest;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto digest = Digest::parse(text);
    if (!digest)
        return 0;
    const qsizetype digits = digest->algorithm() == Digest::Algorithm::Sha256 ? 64 : 128;
    const QString hex = digest->hex();
    if (digest->toString() != text || hex.size() != digits ||
        text != (digits == 64 ? QStringLiteral("sha256:") : QStringLiteral("sha512:")) + hex ||
        Digest::fromHash(QByteArray::fromHex(hex.toLatin1()), digest->algorithm()) != *digest)
        std::abort();
    return 0;
}
