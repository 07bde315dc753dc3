// SPDX-License-Identifier: Apache-2.0
#pragma once

// Images as trees, with the sizes, instructions and texts of real ones and no blobs behind them: for models and views.

#include "document/imagetree.h"
#include "oci/reference.h"

#include <QString>

namespace colophon::test {

// linux/amd64: ADD base (foreign, one url), RUN install (ordinary), COPY app (half-marked); linux/arm64: the same base,
// and a layer whose instruction is unknown; an attestation. Docker types, indented as Docker writes.
document::ImageTree vendorImage();
// One manifest on one line, with this many layers (ordinary, gzip).
document::ImageTree flatImage(int layers);
// One manifest in which every text is `text`: instruction, annotations, url, author, os.
document::ImageTree imageSaying(const QString &text);
oci::Reference vendorReference();

} // namespace colophon::test
