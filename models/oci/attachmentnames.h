// SPDX-License-Identifier: Apache-2.0
#pragma once

// The names by which whatever is attached to an image is found and read: cosign's tags, and the annotations that
// signatures and attestations carry. What a customer looks for, so never to be spelled twice.

#include "oci/digest.h"

#include <QLatin1String>
#include <QString>
#include <QStringList>

namespace colophon::oci {

// A tag has at most 128 characters (distribution-spec, "Pulling manifests").
inline constexpr qsizetype longestTag = 128;

// The tag under which cosign keeps the signatures of this manifest, `sha256-….sig`. Empty for a digest that is too long
// for a tag, as every sha512 is.
QString signatureTag(const Digest &about);
// The one under which it keeps the attestations, `sha256-….att`; likewise.
QString attestationTag(const Digest &about);
// All tags under which cosign keeps what it attaches to it: .sig, .att, .sbom. None for a digest that is too long.
QStringList attachmentTags(const Digest &about);

// Of a layer that is a cosign signature: the signature, the certificate it was made with, and that one's issuers.
inline constexpr QLatin1String signatureAnnotation("dev.cosignproject.cosign/signature");
inline constexpr QLatin1String certificateAnnotation("dev.sigstore.cosign/certificate");
inline constexpr QLatin1String chainAnnotation("dev.sigstore.cosign/chain");
// Of a manifest that holds a sigstore bundle: what is in the bundle, and what that says.
inline constexpr QLatin1String bundleContentAnnotation("dev.sigstore.bundle.content");
inline constexpr QLatin1String bundlePredicateAnnotation("dev.sigstore.bundle.predicateType");
// Of a notation signature's manifest: the fingerprints of its certificates.
inline constexpr QLatin1String thumbprintsAnnotation("io.cncf.notary.x509chain.thumbprint#S256");
// When it was made (image-spec, "Pre-Defined Annotation Keys").
inline constexpr QLatin1String createdAnnotation("org.opencontainers.image.created");

} // namespace colophon::oci
