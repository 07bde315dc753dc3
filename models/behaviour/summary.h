// SPDX-License-Identifier: Apache-2.0
#pragma once

// What becomes of a whole image in a few plain sentences, made from the data and the image alone.

#include "behaviour/consequences.h"

namespace colophon::behaviour {

// Who leaves layers behind, who uploads them all, who asks which addresses when; one sentence each. Names of which only
// something inferred, reported or nothing is known say so. `groups` as they are after the edit.
QStringList summaryOf(const Knowledge &knowledge, const QList<Line> &clients, const QList<LayerGroup> &groups);

// "a, b and c", "a, b or c".
QString andList(const QStringList &names);
QString orList(const QStringList &names);

} // namespace colophon::behaviour
