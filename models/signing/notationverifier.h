// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks the notation signatures of an image by a trust policy and its trust stores. Nothing is asked of anybody but
// the registry: neither revocation nor time stamps are checked, and that is said.

#include "content/signer.h"
#include "signing/notationtrust.h"

#include <optional>

namespace colophon::signing {

class NotationVerifier final : public content::Verifier
{
public:
    // Without somebody to trust, signatures are found and their integrity is checked, but nothing is verified.
    explicit NotationVerifier(std::optional<NotationTrust> trust = {});
    base::Task<base::Result<content::VerifyReport>> verify(content::TargetPtr target, oci::Descriptor subject,
                                                           std::stop_token stop) override;

private:
    std::shared_ptr<const NotationTrust> m_trust;
};

} // namespace colophon::signing
