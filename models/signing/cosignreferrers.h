// SPDX-License-Identifier: Apache-2.0
#pragma once

// What cosign attaches to an image by its subject: sigstore bundles, which are signatures or attestations, and the
// older form that keeps the tag form's layers. As cosign does, every referrer is looked at, whatever the list says of
// it.

#include "content/signer.h"
#include "signing/cosigncheck.h"
#include "signing/statementcheck.h"

namespace colophon::signing {

// One of the referrers, and what is in it. Those that are nothing of cosign's have neither.
struct CosignReferrer
{
    oci::Descriptor manifest;
    QList<content::SignatureCheck> signatures;
    QList<content::AttestationCheck> attestations;
    // That these are in the one layer of this manifest.
    void isIn(const oci::Descriptor &entry);
    // Among the signatures or the attestations, as its statement says. What could not be read so far is what whoever
    // attached it calls it: it is not verified either way, but no large SBOM makes a signature that failed.
    void take(StatementCheck found, const QString &predicateType);
};

// Each of these referrers, in their order. An error: nothing can be said.
base::Task<base::Result<QList<CosignReferrer>>> cosignAmong(QList<oci::Descriptor> referrers, Expected expected,
                                                            content::TargetPtr target, std::stop_token stop);

// Checks one bundle, in this order: type, size, payload by digest, bundle, envelope, statement, who signed it, and that
// the statement means this image. An attestation is put among the attestations: cosign would take it for a signature.
// `predicateType` is what its manifest calls it, if anything.
base::Task<base::Result<CosignReferrer>> checkBundle(oci::Descriptor layer, QString predicateType, Expected expected,
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
