// SPDX-License-Identifier: Apache-2.0
#pragma once

// cosign's older attestations: an image under the tag `sha256-….att` whose layers are signed in-toto statements, each
// in a DSSE envelope. They say something about the image; none of them is a signature of it.

#include "content/signer.h"
#include "signing/trust.h"

namespace colophon::signing {

class CosignAttestationsVerifier final : public content::Verifier
{
public:
    explicit CosignAttestationsVerifier(Trust trust);
    // Reports attestations alone; too many, or too much of them, are ones that failed, within limits of their own.
    base::Task<base::Result<content::VerifyReport>> verify(content::TargetPtr target, oci::Descriptor subject,
                                                           std::stop_token stop) override;

private:
    Trust m_trust;
};

} // namespace colophon::signing
