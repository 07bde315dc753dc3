// SPDX-License-Identifier: Apache-2.0
#pragma once

// The colours of the few meanings we have, for light and dark, in one table; each at least 4.5:1 on its background.
// Whoever paints asks with the palette at hand, so that a change of palette needs no bookkeeping. Qt 6.4 has no colour
// scheme to ask.

#include "items/appearance.h"

#include <QColor>
#include <QList>
#include <QPalette>

class QWidget;

namespace colophon::widgets {

struct ToneColors
{
    QColor text;
    QColor background; // invalid for Plain and Muted: that of the palette
};

bool isDark(const QPalette &palette);
ToneColors colorsOf(items::Tone tone, const QPalette &palette);
// Paints a strip and the words on it; gives the colour of the words. Only those roles are set, so that the strip still
// hears when the palette around it changes (QEvent::PaletteChange).
QColor tintStrip(QWidget *strip, items::Tone tone, const QList<QWidget *> &words);
// WCAG 2.1 contrast ratio, 1…21.
double contrast(const QColor &a, const QColor &b);

} // namespace colophon::widgets
