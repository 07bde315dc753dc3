// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs as notation does: a JWS envelope with the certificates of its key, in a manifest of its own that has the signed
// one as its subject.

#include "content/signer.h"
#include "signing/certificatechain.h"
#include "signing/keys.h"

namespace colophon::signing {

class NotationSigner final : public content::Signer
{
public:
    // Checks, before anything moves, that the leaf's key is this one and that the chain may sign code today: Usage with
    // every rule it breaks, a sentence each.
    static base::Result<std::shared_ptr<NotationSigner>> create(SigningKey key, CertificateChain chain);

    QString form() const override;
    QString keyDescription() const override;
    // One sound signature with the same leaf is enough: where there is one already, nothing is written.
    base::Task<base::Result<QList<content::SignatureWritten>>>
    sign(content::TargetPtr target, QString repository, oci::Descriptor subject, std::stop_token stop) override;

private:
    NotationSigner(SigningKey key, CertificateChain chain);
    SigningKey m_key;
    CertificateChain m_chain;
};

} // namespace colophon::signing
