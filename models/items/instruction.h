// SPDX-License-Identifier: Apache-2.0
#pragma once

// A layer's instruction as a person wrote it: what builders put around it in an image's history is taken away.

#include <QString>

namespace colophon::items {

// "/bin/sh -c #(nop) ADD file:1f2e… in / " → "ADD file:1f2e… in /", "/bin/sh -c apt-get update" → "RUN apt-get update",
// "|1 VERSION=3 /bin/sh -c make" → "RUN make", "RUN /bin/sh -c make # buildkit" → "RUN make". One line.
QString readableInstruction(const QString &createdBy);

} // namespace colophon::items
