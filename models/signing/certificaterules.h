// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the Notary Project wants of the certificates that sign (notaryproject signature-specification, "Certificate
// Requirements"), checked without asking anybody: each violation is one plain sentence. Nothing: all is well.

#include "signing/certificatechain.h"

#include <QDateTime>
#include <QStringList>

namespace colophon::signing {

// Of the chain itself: order, issuers, a self-signed root at its end, what leaf and authorities may be used for, keys,
// hashes, the names and policies that authorities are constrained to. A single self-signed certificate is judged as a
// leaf. Time is another question.
QStringList chainProblems(const CertificateChain &chain);
// Which certificates are not valid at that moment.
QStringList validityProblems(const CertificateChain &chain, const QDateTime &when);
// Whether a leaf may sign code at all, whatever its chain: also for what cosign signs with certificates.
QStringList leafProblems(const Certificate &leaf);

} // namespace colophon::signing
