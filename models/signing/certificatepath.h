// SPDX-License-Identifier: Apache-2.0
#pragma once

// The way from a leaf to a root somebody trusts (RFC 5280 6), found among certificates in any order.

#include "signing/certificatechain.h"

#include <QDateTime>

namespace colophon::signing {

// Leaf, the intermediates that are needed, and one of the roots, all valid at `when`, with nothing weak on the way. A
// root is whatever is given as one, self-signed or not. CheckFailed says in a sentence why there is no such way; what
// the leaf is for is not asked (leafProblems). Revocation is not checked.
base::Result<CertificateChain> pathToRoots(const Certificate &leaf, const QList<Certificate> &intermediates,
                                           const QList<Certificate> &roots, const QDateTime &when);

// What the certificates of a chain that is right (certificaterules.h) may not vouch for although it is signed so: names
// beyond what its authorities are constrained to, policies they ask for and do not get. A sentence; empty: all is well.
// Time is another question.
QString constraintProblem(const CertificateChain &chain);

} // namespace colophon::signing
