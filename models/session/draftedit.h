// SPDX-License-Identifier: Apache-2.0
#pragma once

// One edit as a draft writes it down. A new kind of edit needs one DraftedKind in the .cpp and nothing else; without it
// the program does not compile, so that no edit is forgotten in drafts.

#include "document/edit.h"

#include <QJsonObject>

#include <optional>

namespace colophon::session {

// {"kind": "set-marking", "place": "/layers/0", …}
QJsonObject toJson(const document::Edit &edit);
// Nothing for a kind this version does not know, or for members that are none of it.
std::optional<document::Edit> editFromJson(const QJsonObject &object);

document::Edit movedTo(document::Edit edit, const document::NodePath &place);
// Whether both do the same, each at its own place.
bool isSameElsewhere(const document::Edit &a, const document::Edit &b);
// Whether it is about a content wherever that stands, as a marking is, and not about one place.
bool isOfContent(const document::Edit &edit);

// Whether it holds a user name or password. A new address never does, but one the image came with may.
bool holdsCredentials(const document::Edit &edit);

} // namespace colophon::session
