// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a signed in-toto statement is about an image, and who signed it: the same wherever its envelope is kept, in a
// sigstore bundle or under cosign's older `.att` tag. Pure.

#include "content/signer.h"
#include "signing/cosigncheck.h"
#include "signing/dsse.h"

#include <QByteArray>
#include <QList>

namespace colophon::signing {

struct StatementCheck
{
    content::SignatureCheck check;
    QString predicateType = {}; // empty: it could not be read that far
    bool isSignature = false;   // else it says something else about the image
    content::AttestationCheck asAttestation() const;
};

// In this order: type, statement, who signed it, and that the statement means this image. `hint` names the key that it
// says it was made with; nobody is believed for that.
StatementCheck checkStatement(content::SignatureCheck check, const DsseEnvelope &envelope,
                              const QList<QByteArray> &certificates, const QString &hint, const Expected &expected);

} // namespace colophon::signing
