// SPDX-License-Identifier: Apache-2.0
#pragma once

// What becomes of a whole image in a few plain sentences, made from the data and the image alone.

#include "behaviour/consequences.h"

namespace colophon::behaviour {

// Who leaves which layers behind, who uploads them all, who can do nothing with the image, who asks which addresses
// when; one sentence each. What clients do as they come: with none of their options. Every client is looked at for
// every kind of layer: it is said to upload the layers only where it does so with all of them, and where one makes it
// fail nothing else is said of that operation. Names of which only something inferred or reported is known say so.
// `groups` as they are after the edit.
QStringList summaryOf(const Knowledge &knowledge, const QList<Line> &clients, const QList<LayerGroup> &groups);

// "a, b and c", "a, b or c".
QString andList(const QStringList &names);
QString orList(const QStringList &names);

} // namespace colophon::behaviour
