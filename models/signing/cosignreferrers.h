// SPDX-License-Identifier: Apache-2.0
#pragma once

// What cosign attaches to an image by its subject: sigstore bundles, which are signatures or attestations, and the
// older form that keeps the tag form's layers. As cosign does, every referrer is looked at, whatever the list says of
// it.

#include "content/signer.h"
#include "signing/cosigncheck.h"

namespace colophon::signing {

// One of the referrers, and what is in it. Those that are nothing of cosign's have neither.
struct CosignReferrer
{
    oci::Descriptor manifest;
    QList<content::SignatureCheck> signatures;
    QList<content::AttestationCheck> attestations;
    // That these are in the one layer of this manifest.
    void isIn(const oci::Descriptor &entry);
};

// All that Target::referrers() lists. InvalidData, TooLarge: they cannot be listed. Other errors: nothing can be said.
base::Task<base::Result<QList<CosignReferrer>>> cosignReferrers(Expected expected, content::TargetPtr target,
                                                                std::stop_token stop);

// Checks one bundle, in this order: type, size, payload by digest, bundle, envelope, statement, who signed it, and that
// the statement means this image. An attestation is put among the attestations: cosign would take it for a signature.
base::Task<base::Result<CosignReferrer>> checkBundle(oci::Descriptor layer, Expected expected,
                                                     content::TargetPtr target, std::stop_token stop);

class CosignReferrersVerifier final : public content::Verifier
{
public:
    explicit CosignReferrersVerifier(Trust trust);
    base::Task<base::Result<content::VerifyReport>> verify(content::TargetPtr target, oci::Descriptor subject,
                                                           std::stop_token stop) override;

private:
    Trust m_trust;
};

} // namespace colophon::signing
