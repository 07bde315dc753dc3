// SPDX-License-Identifier: Apache-2.0
// Envelopes of notation signatures: whatever is read is complete, and none is sound but over the image it is for.
#include "signing/notationcheck.h"

#include <cstdint>
#include <cstdlib>

using namespace colophon;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto envelope = signing::readNotationEnvelope(bytes);
    if (!envelope) {
        if (envelope.error().message.isEmpty())
            std::abort();
        return 0;
    }
    if (envelope->certificates.isEmpty() || envelope->signature.isEmpty() || !envelope->signingTime.isValid() ||
        envelope->signedBytes.count('.') != 1)
        std::abort();
    content::SignatureCheck check;
    // Nobody has signed this one.
    const oci::Descriptor subject = oci::Descriptor::of(oci::MediaType::ociManifest(), "fuzz");
    if (signing::soundEnvelope(bytes, subject, check))
        std::abort();
    return 0;
}
