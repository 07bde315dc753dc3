// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an address answered, as the window tells it: the verdict's word in the tone of what comes with it, and in its
// help what was found, what that means for whoever pulls the image, and what can be done about it here.

#include "content/urlfetcher.h"
#include "items/appearance.h"

namespace colophon::items {

Appearance appearanceOf(const content::UrlProbe &probe);

} // namespace colophon::items
