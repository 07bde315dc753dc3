// SPDX-License-Identifier: Apache-2.0
#pragma once

// cosign's tag form: the signature of `sha256:…` is an image tagged `sha256-….sig` in the same repository whose layers
// are simple-signing payloads (containers-signature.5; the bytes as cosign 2.6.5 and 3.1.3 write them).

#include "signing/cosignsigner.h"

namespace colophon::signing {

class CosignLegacySigner final : public CosignSigner
{
public:
    explicit CosignLegacySigner(SigningKey key);
};

class CosignLegacyVerifier final : public content::Verifier
{
public:
    // Where nobody is trusted what is there is reported as NotChecked.
    explicit CosignLegacyVerifier(Trust trust);
    base::Task<base::Result<content::VerifyReport>> verify(content::TargetPtr target, oci::Descriptor subject,
                                                           std::stop_token stop) override;

private:
    Trust m_trust;
};

} // namespace colophon::signing
