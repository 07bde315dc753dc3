// SPDX-License-Identifier: Apache-2.0
#pragma once

// What signatures are made of, on its way to a repository and back: small blobs, and the list of what refers to an
// image.

#include "content/referrerstag.h"

namespace colophon::signing {

// Uploads a blob unless it is there.
base::Task<base::Result<void>> pushIfMissing(content::TargetPtr target, oci::Descriptor content, QByteArray bytes,
                                             std::stop_token stop);

// A blob by its descriptor, whoever serves it; TooLarge beyond limits::signaturePayload. `what` names it in the texts:
// "The payload".
base::Task<base::Result<QByteArray>> fetchPayload(content::TargetPtr target, oci::Descriptor content, QString what,
                                                  std::stop_token stop);

// Whether an error is a verdict on what was found, as against: it could not be looked at.
bool isAboutContent(base::ErrorKind kind);

// As content::everyReferrer(). A list that is wrong itself is none, and its `excess` says so: what it holds could have
// been anything.
base::Task<base::Result<content::EveryReferrer>> referrersToVerify(content::TargetPtr target, oci::Digest subject,
                                                                   std::stop_token stop);

} // namespace colophon::signing
