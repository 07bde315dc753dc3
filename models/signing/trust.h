// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whom signatures in cosign's forms are believed from: public keys, and roots that certificates may lead to. No
// transparency log is asked, so a certificate tells who signed, but never when.

#include "content/signer.h"
#include "signing/certificate.h"
#include "signing/keys.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>

namespace colophon::signing {

struct Trust
{
    QList<PublicKey> keys;
    QList<Certificate> roots;
    QDateTime now; // when certificates must be valid; null: at the moment of asking
};

// What a signature is over, and what it came with.
struct SignedBytes
{
    QByteArray message;
    QByteArray signature;
    QList<QByteArray> certificates; // DER, the leaf first; may be empty
};

// What a certificate says of itself, for reports.
content::SigningCertificate summaryOf(const Certificate &leaf);

// Who made it: fills key, algorithm, certificate, verdict and reason. What the message means is for the caller to say.
content::SignatureCheck madeBy(content::SignatureCheck check, const SignedBytes &bytes, const Trust &trust);

} // namespace colophon::signing
