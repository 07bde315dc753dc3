// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether an envelope is what a trust policy asks for. Pure: nothing is fetched, and the time is given.

#include "content/signer.h"
#include "signing/forms.h"
#include "signing/notationenvelope.h"
#include "signing/notationtrust.h"

namespace colophon::signing {

struct SoundEnvelope
{
    NotationEnvelope envelope;
    CertificateChain chain;
};

// Integrity: a readable envelope whose algorithm is its certificate's, signed with that certificate's key, with a chain
// that may sign code, over just this subject. The error's message says which of these is not so. Puts what is known
// by then into `check`. Trusts nobody.
base::Result<SoundEnvelope> soundEnvelope(const QByteArray &json, const oci::Descriptor &subject,
                                          content::SignatureCheck &check);

// What a policy says on top of that.
struct NotationTerms
{
    NotationStatement statement;
    QList<Certificate> authorities;
    QDateTime now;
};
// `check` as soundEnvelope() left it, with the verdict. What the policy only logs is told, and does not change it; but
// nobody whom the policy does not trust is ever called verified.
content::SignatureCheck judgedNotation(content::SignatureCheck check, const SoundEnvelope &sound,
                                       const NotationTerms &terms);

} // namespace colophon::signing
