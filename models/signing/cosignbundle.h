// SPDX-License-Identifier: Apache-2.0
#pragma once

// cosign's newer form, which cosign 3 writes by itself: a sigstore bundle attached to the image by its subject. It
// names the image by digest alone, so that it may be copied to another repository with it.

#include "signing/cosignsigner.h"

namespace colophon::signing {

class CosignBundleSigner final : public CosignSigner
{
public:
    explicit CosignBundleSigner(SigningKey key);
};

} // namespace colophon::signing
