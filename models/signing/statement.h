// SPDX-License-Identifier: Apache-2.0
#pragma once

// The in-toto statement (in-toto/attestation, spec/v1/statement.md): which things are meant, and what is said of them.
// cosign says of an image that it is signed; anything else is an attestation.

#include "base/result.h"
#include "oci/digest.h"

#include <QByteArray>
#include <QLatin1String>
#include <QList>
#include <QString>

namespace colophon::signing {

inline constexpr QLatin1String inTotoPayloadType("application/vnd.in-toto+json");
inline constexpr QLatin1String cosignSignPredicate("https://sigstore.dev/cosign/sign/v1");

struct Statement
{
    QString predicateType;
    QList<oci::Digest> subjects; // those with an algorithm we know

    bool isSignature() const { return predicateType == cosignSignPredicate; }
    static base::Result<Statement> read(const QByteArray &payload);
};

// "This is signed", with the bytes cosign would write.
QByteArray signStatement(const oci::Digest &subject);

} // namespace colophon::signing
