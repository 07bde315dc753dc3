// SPDX-License-Identifier: Apache-2.0
#pragma once

// What signers and verifiers of cosign's forms share: finding the signatures of an image, and checking one
// simple-signing layer.

#include "content/referrerstag.h"
#include "content/signer.h"
#include "oci/manifest.h"
#include "signing/forms.h"
#include "signing/trust.h"

#include <QList>

#include <optional>

namespace colophon::signing {

// The manifest under this tag now; nothing where there is no such tag, or no name for one (an empty tag). InvalidData,
// TooLarge: it is no list of signatures.
base::Task<base::Result<std::optional<oci::Manifest>>> signaturesUnder(QString tag, content::TargetPtr target,
                                                                       std::stop_token stop);

// The certificates that a layer under one of cosign's tags came with, the leaf first: PEM in its annotations. What
// cannot be read there is as good as none.
QList<QByteArray> certificatesOf(const oci::Descriptor &layer);

// What a signature is checked against.
struct Expected
{
    oci::Descriptor subject;
    QString repository; // registry/repository it must have been signed for
    Trust trust;
};

// Checks one layer, in this order: type, size, payload by digest, payload as JSON, who signed it, and that the payload
// means this image in this repository. An Error only where nothing can be said: no connection, cancelled.
base::Task<base::Result<content::SignatureCheck>> checkLayer(oci::Descriptor layer, QString form, Expected expected,
                                                             content::TargetPtr target, std::stop_token stop);

// Of one that stands only under the tag of referrers, in a registry that keeps the list itself: says so.
template <class Check>
void foundUnlisted(Check &check, const oci::Digest &subject)
{
    check.kept.tag = content::referrersTag(subject);
    check.reason = (check.reason + QLatin1Char(' ') + content::unlistedInWords(subject)).trimmed();
}

// A verdict that is no: for this reason.
content::SignatureCheck failed(content::SignatureCheck check, const QString &reason);

} // namespace colophon::signing
