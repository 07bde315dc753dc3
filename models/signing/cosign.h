// SPDX-License-Identifier: Apache-2.0
#pragma once

// cosign's forms together. Both are written by default: where any bundle is attached to an image cosign looks for no
// other form, and containers/image reads the tag form alone.

#include "content/signer.h"
#include "signing/keys.h"
#include "signing/trust.h"

namespace colophon::signing {

// The forms that these words of `--format` mean, each once; no word means "cosign", which is both. Usage for others.
base::Result<QStringList> signatureForms(const QStringList &formats);
// cosignLegacyForm or cosignBundleForm.
std::shared_ptr<content::Signer> cosignSigner(const QString &form, const SigningKey &key);
// Both.
content::Signers cosignSigners(const SigningKey &key);
// All forms that are read.
QList<std::shared_ptr<content::Verifier>> cosignVerifiers(const Trust &trust);

} // namespace colophon::signing
