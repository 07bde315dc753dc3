// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an address answered, as a person is told: what it means for whoever pulls the image, and what to do about it.

#include "content/urlfetcher.h"
#include "items/appearance.h"

namespace colophon::items {

// The verdict's word, in the tone of what comes with it too; `help` is meaningOf().
Appearance appearanceOf(const content::UrlProbe &probe);
// What was found and what follows from it, in plain sentences.
QString meaningOf(const content::UrlProbe &probe);
// Whether the host, as it is written, is one that only this machine or its own network reaches.
bool isPrivateHost(const QString &host);

} // namespace colophon::items
