// SPDX-License-Identifier: Apache-2.0
#pragma once

// What checking signatures gave, as the window tells it: a word with its tone, and a sentence that says how we know.
// Nothing is called verified that was not, and no log is claimed to have been asked.

#include "content/signer.h"
#include "items/appearance.h"

namespace colophon::items {

// Of one signature: "Verified", "Failed", "Not verified" of what came with a certificate nobody vouches for here, or
// "Not checked". The help is the check's own reason.
Appearance appearanceOf(const content::SignatureCheck &check);
// The same of a statement somebody signed.
Appearance appearanceOf(const content::AttestationCheck &check);
// Of all signatures of one manifest, as a badge: "Verified with k.pub", "Not signed", …
Appearance appearanceOf(const content::VerifyReport &report);
// The same in a word or two, for a table: "Verified", "Not signed", "Not checked", …
Appearance briefAppearanceOf(const content::VerifyReport &report);

// "k.pub" of "k.pub · ECDSA P-256 · SHA256:…"; of what was made with a certificate, whom it names.
QString signerInWords(const content::SignatureCheck &check);
// What it is good for: the repository it names, or the digest alone in any repository.
QString boundToInWords(const content::SignatureCheck &check);
// "cosign tag", "notation", …: of the forms that reports and attachments name; others as they are.
QString formInWords(const QString &form);

} // namespace colophon::items
