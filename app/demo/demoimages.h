// SPDX-License-Identifier: Apache-2.0
#pragma once

// The images a demo registry starts with. They are made in code, unpack with any tool, and are the same every time;
// only manifests that name urls depend on where the registry listens.

#include "demo/demoregistry.h"
#include "demo/store.h"

namespace colophon::demo {

// Adds them, and the vendor's files their urls lead to. `host` is host:port of the registry.
QList<DemoReference> addDemoImages(Store &store, const QString &host);

} // namespace colophon::demo
