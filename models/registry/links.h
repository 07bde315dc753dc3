// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Link field by which a listing goes on (RFC 8288; distribution-spec, "Listing Tags").

#include <QByteArray>
#include <QList>
#include <QUrl>

#include <optional>

namespace colophon::registry {

// The target of the first link with rel="next" among these field lines, resolved against `base`. It is not yet judged.
std::optional<QUrl> nextPage(const QList<QByteArray> &fields, const QUrl &base);

} // namespace colophon::registry
