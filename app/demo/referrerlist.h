// SPDX-License-Identifier: Apache-2.0
#pragma once

// The list of the manifests that have a subject, as the registry answers it (distribution-spec, "Listing Referrers").

#include "demo/store.h"

namespace colophon::demo {

// The digest of a manifest's subject as it stands there; null: it has none.
QString subjectOf(const QByteArray &manifest);

// An image index of them; `artifactType` picks some, empty: all.
QByteArray referrerList(const QList<StoredManifest> &referrers, const QString &artifactType);

} // namespace colophon::demo
