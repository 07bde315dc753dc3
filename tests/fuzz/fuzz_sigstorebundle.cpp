// SPDX-License-Identifier: Apache-2.0
// sigstore bundles and the statements in them: whatever is read is complete, and comes back the same from what is
// written of it.
#include "signing/sigstorebundle.h"
#include "signing/statement.h"

#include <cstdint>
#include <cstdlib>

using namespace colophon;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto bundle = signing::SigstoreBundle::read(bytes);
    if (!bundle) {
        if (bundle.error().message.isEmpty())
            std::abort();
        return 0;
    }
    const signing::DsseEnvelope &envelope = bundle->envelope;
    if (envelope.signature.isEmpty() || !envelope.signedBytes().endsWith(envelope.payload))
        std::abort();
    const auto json = oci::JsonDocument::parse(envelope.toJson(), bytes.size() * 4 + 1024);
    const auto again = json ? signing::DsseEnvelope::read(json->root())
                            : base::Result<signing::DsseEnvelope>(base::fail(json.error()));
    if (!again || again->payload != envelope.payload || again->payloadType != envelope.payloadType ||
        again->signature != envelope.signature)
        std::abort();
    const auto statement = signing::Statement::read(envelope.payload);
    if (statement && statement->predicateType.isEmpty())
        std::abort();
    return 0;
}
