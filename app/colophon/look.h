// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the window looks where no desktop says so: Fusion, a calm palette, a font of a readable size. A desktop's own
// palette and font are left alone.

class QApplication;
class QPalette;

namespace colophon {

QPalette lightPalette();
QPalette darkPalette();
// Applies all of it, or nothing where a desktop session has its own.
void applyLook(QApplication &application);

} // namespace colophon
