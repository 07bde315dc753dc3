// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which layers an image has from another one it was built upon: "everything that comes from Microsoft's base image".

#include "document/selection.h"

namespace colophon::document {

// The leading layers of each image the platforms pick that are the base's of the same platform: by digest, else by
// diff_id, which says the same where a layer was compressed anew. Like a selection of `all`: types without a pair are
// passed by, the same content is taken along wherever it stands. The notes say what was recognised how, and which
// images do not stand on the base. Usage where no image does.
base::Result<Selection> layersFromBase(const ImageTree &image, const ImageTree &base,
                                       const QList<oci::Platform> &platforms = {});

} // namespace colophon::document
