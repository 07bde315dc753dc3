// SPDX-License-Identifier: Apache-2.0
#pragma once

// The image under a `.sig` tag as bytes: its manifest, one layer for each signature, and the configuration that goes
// with it. An existing one is spliced, never written anew, so that signatures and annotations of others survive
// whatever wrote them.

#include "base/result.h"
#include "oci/manifest.h"

#include <QByteArray>

#include <optional>

namespace colophon::signing {

struct SignatureImage
{
    QByteArray manifest;
    QByteArray config;
};

// `existing` (or an image without signatures) with one more layer: the payload, signed. Refuses what does not look like
// a list of signatures, for it would be destroyed.
base::Result<SignatureImage> withSignature(const std::optional<oci::Manifest> &existing, const oci::Descriptor &payload,
                                           const QByteArray &signature);

} // namespace colophon::signing
