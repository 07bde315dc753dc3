// SPDX-License-Identifier: Apache-2.0
#pragma once

// Our own symbols (resources/icons), monochrome: drawn in the colour of the text around them, or of a meaning, at every
// size.

#include "items/appearance.h"

#include <QIcon>
#include <QPixmap>

namespace colophon::widgets {

// Follows the palette when it changes: the colour is chosen when it is painted.
QIcon symbolIcon(items::Symbol symbol, items::Tone tone = items::Tone::Plain);
// One picture in one colour. `size` in device-independent pixels.
QPixmap symbolPixmap(items::Symbol symbol, const QColor &color, int size, qreal devicePixelRatio = 1);
// The file in the resources; empty for None.
QString symbolFile(items::Symbol symbol);

} // namespace colophon::widgets
