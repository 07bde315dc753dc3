// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signs an image of the demo registry before it opens, in both of cosign's forms and with a statement of how it was
// built, by a key that is made for that and forgotten: nobody can sign in its name afterwards.

#include "demo/store.h"
#include "oci/descriptor.h"

namespace colophon::demo {

// `host` is host:port of the registry, `keepsList` whether it lists referrers itself. Gives the public key as PEM;
// empty where there is no randomness.
QByteArray signImage(Store &store, const QString &host, const QString &repository, const oci::Descriptor &image,
                     bool keepsList);

} // namespace colophon::demo
