// SPDX-License-Identifier: Apache-2.0
#pragma once

// The images a demo registry starts with. They are made in code, unpack with any tool, and are the same every time;
// only manifests that name urls depend on where the registry listens, and the signatures of the one that is signed are
// made anew.

#include "demo/demoregistry.h"
#include "demo/store.h"

namespace colophon::demo {

struct DemoContent
{
    QList<DemoReference> references;
    QByteArray vendorKey; // PEM, of whoever signed the signed one
};

// Adds them, and the vendor's files their urls lead to. `host` is host:port of the registry, `keepsList` whether it
// lists referrers itself.
DemoContent addDemoImages(Store &store, const QString &host, bool keepsList);

} // namespace colophon::demo
