// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whom signatures in cosign's forms are believed from: public keys, and whom certificates name that lead to certain
// roots. No transparency log is asked, so a certificate tells who signed, but never when.

#include "content/signer.h"
#include "signing/certificate.h"
#include "signing/keys.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>

namespace colophon::signing {

// Who of all those that some roots vouch for is believed. With public roots that is everybody who ever signed in to
// them, so nobody is as long as nobody is named.
struct CertificateTerms
{
    // Said so that it cannot be meant by accident: whoever the roots vouch for.
    static constexpr QLatin1String anybody{"*"};

    // Mail addresses, URIs, host names …, compared letter by letter (Certificate::names); or `anybody`.
    QStringList identities;
    // Who vouched for that: OpenID providers, or the issuing authority where there is none. Empty: does not matter.
    QStringList issuers;

    bool operator==(const CertificateTerms &) const = default;
};

struct Trust
{
    QList<PublicKey> keys;
    QList<Certificate> roots;
    QDateTime now = {}; // when certificates must be valid; null: at the moment of asking
    CertificateTerms terms = {};
    bool onlyAsWritten = false; // believes keys only in their writtenScheme()

    // Believes this key alone, and only in the way it signs here. A signature that is believed so needs no second one;
    // one in another way does, for the verifiers we sign for may refuse it.
    static Trust asWrittenBy(const PublicKey &key);
};

// What a signature is over, and what it came with.
struct SignedBytes
{
    QByteArray message;
    QByteArray signature;
    QList<QByteArray> certificates; // DER, the leaf first; may be empty
};

// Whether one of the keys made it.
bool isBelieved(const SignedBytes &bytes, const Trust &trust);

// What a certificate says of itself, for reports.
content::SigningCertificate summaryOf(const Certificate &leaf);

// Who made it: fills key, algorithm, certificate, verdict and reason. What the message means is for the caller to say.
content::SignatureCheck madeBy(content::SignatureCheck check, const SignedBytes &bytes, const Trust &trust);

} // namespace colophon::signing
