// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where notation keeps a signature (notaryproject signature-specification, "Storage"): an image manifest with one
// layer, the envelope, whose subject is what is signed. Form A says what it is by its config's type, form B by its
// artifactType; both are read, form A is written, because it is found in registries that overlook artifactType too.

#include "content/target.h"
#include "oci/manifest.h"
#include "signing/certificatechain.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>

namespace colophon::signing {

// The config of form A and the artifactType of form B.
const oci::MediaType &notationSignatureType(); // application/vnd.cncf.notary.signature
const oci::MediaType &joseEnvelopeType();      // application/jose+json
const oci::MediaType &coseEnvelopeType();      // application/cose

// The manifest of form A, as notation-go writes it; its config is `{}`.
QByteArray notationManifest(const oci::Descriptor &envelope, const oci::Descriptor &subject,
                            const CertificateChain &chain, const QDateTime &signingTime);

struct FoundNotation
{
    oci::Descriptor manifest;
    oci::Descriptor envelope;
    QString problem; // why there is no envelope to look at: a sentence; mostly empty
};

// The notation signatures among these referrers of a subject, by their own manifests: what the list says of them is
// not trusted.
base::Task<base::Result<QList<FoundNotation>>> notationAmong(content::TargetPtr target,
                                                             QList<oci::Descriptor> referrers, oci::Descriptor subject,
                                                             std::stop_token stop);

// The envelope by its descriptor. InvalidData, TooLarge and NotFound are about the signature; others about the way.
base::Task<base::Result<QByteArray>> fetchEnvelope(content::TargetPtr target, oci::Descriptor envelope,
                                                   std::stop_token stop);

} // namespace colophon::signing
