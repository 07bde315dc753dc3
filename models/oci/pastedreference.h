// SPDX-License-Identifier: Apache-2.0
#pragma once

// What people paste where a reference is wanted: the command that pulls the image, the address of its manifest in the
// registry's API, its page at Docker Hub or Quay. Only what can be understood in one way is.

#include <QString>

namespace colophon::oci {

// The reference in it, not yet checked; what is not understood comes back as it is, without the white space around it.
QString referenceIn(QStringView pasted);

} // namespace colophon::oci
