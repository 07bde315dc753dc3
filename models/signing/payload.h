// SPDX-License-Identifier: Apache-2.0
#pragma once

// The small blobs that signatures are made of, on their way to a repository and back.

#include "content/target.h"

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

} // namespace colophon::signing
