// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Dead Simple Signing Envelope (secure-systems-lab/dsse, protocol and envelope): a payload with its type, and one
// signature over both.

#include "base/result.h"
#include "oci/jsondocument.h"

#include <QByteArray>
#include <QString>

namespace colophon::signing {

struct DsseEnvelope
{
    QString payloadType;
    QByteArray payload;
    QByteArray signature;

    // What is signed: the pre-authentication encoding of type and payload.
    QByteArray signedBytes() const;
    QByteArray toJson() const;
    // InvalidData, as a sentence. Envelopes with several signatures are refused, as sigstore's verifiers do.
    static base::Result<DsseEnvelope> read(const oci::JsonValue &envelope);
};

} // namespace colophon::signing
