// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every form that is written and read, for whoever puts signing together. Both of cosign's are written by default:
// where any bundle is attached to an image cosign looks for no other form, and containers/image reads the tag form
// alone.

#include "content/signer.h"
#include "signing/certificatechain.h"
#include "signing/keys.h"
#include "signing/notationtrust.h"
#include "signing/trust.h"

#include <optional>

namespace colophon::signing {

// The forms that these words of `--format` mean, each once; no word means "cosign", which is both. Usage for others.
base::Result<QStringList> formsMeant(const QStringList &formats);

// One for each form, in this order. Notation needs the certificates of the key: Usage says which of its rules they
// break.
base::Result<content::Signers> signersFor(const SigningKey &key, const QStringList &forms,
                                          const CertificateChain &chain = {});
// Both of cosign's.
content::Signers cosignSigners(const SigningKey &key);

// All forms that are read. Whom notation may trust is a matter of its own.
std::shared_ptr<content::Verifier> verifierOf(const Trust &trust, const std::optional<NotationTrust> &notation = {});

} // namespace colophon::signing
