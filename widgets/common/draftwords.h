// SPDX-License-Identifier: Apache-2.0
#pragma once

// How unsent edits are spoken of: what a draft holds, what of it still applies, and what became of it.

#include "session/draftstore.h"

namespace colophon::widgets::draftwords {

// "3 edits". Edits of one content, wherever it stands, are one.
QString countOf(const session::Draft &draft);
// "registry/app:1.4"
QString nameOf(const oci::Reference &reference);
// "You have unsent edits of registry/app:1.4 from 10:42 (3 edits)."
QString offer(const session::StoredDraft &stored);
// "Another window is editing registry/app:1.4 too …"
QString elsewhere(const session::Draft &draft);
// Before they are put on another image: "All of your 3 edits apply to it."
QString rebasePreview(const session::Draft &draft, const session::Rebased &rebase);
// And after: "2 of 3 edits of registry/app:1.4 are back …"
QString restored(const session::Draft &draft, const session::Rebased &rebase);

} // namespace colophon::widgets::draftwords
