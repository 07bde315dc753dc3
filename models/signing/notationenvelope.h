// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JWS envelope of a notation signature (notaryproject signature-envelope-jws): flattened JSON, of which `protected`
// and `payload` are signed. Written as notation-go writes it, read strictly; reading trusts nothing of it yet.

#include "base/result.h"
#include "oci/descriptor.h"
#include "signing/certificatechain.h"
#include "signing/jws.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace colophon::signing {

struct NotationEnvelope
{
    QByteArray signedBytes; // protected "." payload, as they stand
    QByteArray signature;
    QString algorithm;               // `alg`, whatever it says
    QDateTime signingTime;           // UTC, whole seconds
    std::optional<QDateTime> expiry; // UTC
    QList<QByteArray> certificates;  // x5c, as DER
    QString mediaType;               // targetArtifact
    QString digest;
    qint64 size = 0;
};

// InvalidData in a sentence: what is missing, not allowed or, being critical, not understood.
base::Result<NotationEnvelope> readNotationEnvelope(const QByteArray &json);

// What is to be signed, and the envelope around it.
QByteArray notationSignedBytes(JwsAlgorithm algorithm, const QDateTime &signingTime, const oci::Descriptor &subject);
QByteArray notationEnvelope(const QByteArray &signedBytes, const QByteArray &signature, const CertificateChain &chain);

} // namespace colophon::signing
