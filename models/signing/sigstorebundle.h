// SPDX-License-Identifier: Apache-2.0
#pragma once

// sigstore's bundle (sigstore/protobuf-specs, sigstore_bundle.proto, version 0.3 as JSON): an envelope and what it is
// verified with. As an OCI artifact it is the one layer of a manifest whose subject is what was signed.

#include "base/result.h"
#include "oci/descriptor.h"
#include "oci/mediatype.h"
#include "signing/dsse.h"
#include "signing/keys.h"
#include "signing/statement.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

namespace colophon::signing {

// Of any version, also of those that are not read.
bool isSigstoreBundle(const oci::MediaType &type);
// Version 0.3 and later, as cosign demands for an image.
bool isReadSigstoreBundle(const oci::MediaType &type);

struct SigstoreBundle
{
    DsseEnvelope envelope;
    QString hint;                   // names the public key: base64 of the SHA-256 of its SubjectPublicKeyInfo
    QList<QByteArray> certificates; // DER, the leaf first; without them it was a key

    // InvalidData, as a sentence; also for bundles of other content than an envelope.
    static base::Result<SigstoreBundle> read(const QByteArray &bytes);
};

QString hintOf(const PublicKey &key);
// The bytes of the bundle, and of the manifest that attaches it to the subject. Its config is `{}`.
QByteArray sigstoreBundle(const DsseEnvelope &envelope, const PublicKey &key);
QByteArray sigstoreBundleManifest(const oci::Descriptor &bundle, const oci::Descriptor &config,
                                  const oci::Descriptor &subject, const QDateTime &created,
                                  const QString &predicateType = QString(cosignSignPredicate));

} // namespace colophon::signing
