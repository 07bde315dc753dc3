// SPDX-License-Identifier: Apache-2.0
#pragma once

// The simple-signing payload: the JSON that cosign's tag form signs (containers/image docs/containers-signature.5.md).
// It names the image by digest and the repository it was signed for. Stored bytes are signed bytes.

#include "base/result.h"
#include "oci/digest.h"

#include <QByteArray>
#include <QString>

namespace colophon::signing {

struct SimpleSigning
{
    QString identity; // critical.identity.docker-reference
    QString digest;   // critical.image.docker-manifest-digest
    QString type;     // critical.type

    bool isCosign() const;
};

// The bytes cosign would write: `repository` is registry/repository without tag and digest.
QByteArray simpleSigningPayload(const QString &repository, const oci::Digest &image);

// As strict as containers/image: exactly these members, each once, whatever their order.
base::Result<SimpleSigning> readSimpleSigning(const QByteArray &payload);

// Whether an identity (registry/repository, perhaps with a tag) names this repository. Docker Hub has two names.
bool namesRepository(const QString &identity, const QString &repository);

} // namespace colophon::signing
