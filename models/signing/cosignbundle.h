// SPDX-License-Identifier: Apache-2.0
#pragma once

// cosign's newer form, which cosign 3 writes by itself: a sigstore bundle attached to the image by its subject. It
// names the image by digest alone, so that it may be copied to another repository with it.

#include "content/signer.h"
#include "signing/keys.h"

namespace colophon::signing {

class CosignBundleSigner final : public content::Signer
{
public:
    explicit CosignBundleSigner(SigningKey key);
    QString form() const override;
    QString keyDescription() const override;
    base::Task<base::Result<QList<content::SignatureWritten>>>
    sign(content::TargetPtr target, QString repository, oci::Descriptor subject, std::stop_token stop) override;

private:
    SigningKey m_key;
};

} // namespace colophon::signing
