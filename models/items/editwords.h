// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the edits of an image amount to, in a few words for the change bar.

#include "editing/imagedocument.h"

#include <QString>

namespace colophon::items {

// "2 layers edited · 1 annotation · OCI format · 1 platform removed", or "No edits". A layer that stands in several
// platforms is one.
QString editsInWords(const editing::ImageDocument &document);

// What turning the whole image into that family changes, and what it does not, in plain sentences.
QString familyInWords(const editing::ImageDocument &document, oci::MediaType::Family family);
// Whether doing so would change anything.
bool changesFamily(const editing::ImageDocument &document, oci::MediaType::Family family);

} // namespace colophon::items
