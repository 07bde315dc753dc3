// SPDX-License-Identifier: Apache-2.0
#include "colophon/look.h"

#include "colophon/lookstyle.h"

#include <QApplication>
#include <QFont>
#include <QPalette>

namespace colophon {

namespace {
struct Shades
{
    QColor window, base, alternate, text, faint, button, light, midlight, mid, dark, shadow, selection, onSelection,
        link, disabled;
};

QPalette paletteOf(const Shades &shades)
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, const QColor &color) { palette.setColor(role, color); };
    set(QPalette::Window, shades.window);
    set(QPalette::WindowText, shades.text);
    set(QPalette::Base, shades.base);
    set(QPalette::AlternateBase, shades.alternate);
    set(QPalette::Text, shades.text);
    set(QPalette::PlaceholderText, shades.faint);
    set(QPalette::Button, shades.button);
    set(QPalette::ButtonText, shades.text);
    set(QPalette::BrightText, shades.onSelection);
    set(QPalette::ToolTipBase, shades.base);
    set(QPalette::ToolTipText, shades.text);
    set(QPalette::Light, shades.light);
    set(QPalette::Midlight, shades.midlight);
    set(QPalette::Mid, shades.mid);
    set(QPalette::Dark, shades.dark);
    set(QPalette::Shadow, shades.shadow);
    set(QPalette::Highlight, shades.selection);
    set(QPalette::HighlightedText, shades.onSelection);
    set(QPalette::Link, shades.link);
    set(QPalette::LinkVisited, shades.link);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, shades.disabled);
    return palette;
}
} // namespace

QPalette lightPalette()
{
    Shades shades;
    shades.window = QColor::fromRgb(0xF5F6F8);
    shades.base = QColor::fromRgb(0xFFFFFF);
    shades.alternate = QColor::fromRgb(0xF8F9FB);
    shades.text = QColor::fromRgb(0x1A1D21);
    shades.faint = QColor::fromRgb(0x5D6570);
    shades.button = QColor::fromRgb(0xF7F8FA);
    shades.light = QColor::fromRgb(0xFFFFFF);
    shades.midlight = QColor::fromRgb(0xE8EBEF);
    shades.mid = QColor::fromRgb(0xCDD2D9);
    shades.dark = QColor::fromRgb(0xA9B0BA);
    shades.shadow = QColor::fromRgb(0x6B7280);
    shades.selection = QColor::fromRgb(0xD6E4FB);
    shades.onSelection = QColor::fromRgb(0x12284C);
    shades.link = QColor::fromRgb(0x1F4FA3);
    shades.disabled = QColor::fromRgb(0x9AA1AB);
    return paletteOf(shades);
}

QPalette darkPalette()
{
    Shades shades;
    shades.window = QColor::fromRgb(0x1E2126);
    shades.base = QColor::fromRgb(0x16181C);
    shades.alternate = QColor::fromRgb(0x1B1E23);
    shades.text = QColor::fromRgb(0xE6E8EB);
    shades.faint = QColor::fromRgb(0x9DA5B0);
    shades.button = QColor::fromRgb(0x2B2F36);
    shades.light = QColor::fromRgb(0x3A3F48);
    shades.midlight = QColor::fromRgb(0x2F343B);
    shades.mid = QColor::fromRgb(0x3A4049);
    shades.dark = QColor::fromRgb(0x0F1114);
    shades.shadow = QColor::fromRgb(0x000000);
    shades.selection = QColor::fromRgb(0x26406B);
    shades.onSelection = QColor::fromRgb(0xF2F5FA);
    shades.link = QColor::fromRgb(0x9DBEFF);
    shades.disabled = QColor::fromRgb(0x6A717B);
    return paletteOf(shades);
}

void applyLook(QApplication &application)
{
    const bool hasDesktop = qEnvironmentVariableIsSet("XDG_CURRENT_DESKTOP") ||
                            qEnvironmentVariableIsSet("QT_STYLE_OVERRIDE") ||
                            qEnvironmentVariableIsSet("QT_QPA_PLATFORMTHEME");
    if (hasDesktop && QGuiApplication::platformName() != QLatin1String("offscreen"))
        return;
    QApplication::setStyle(new LookStyle); // the application owns it
    QApplication::setPalette(lightPalette());
    QFont font = application.font();
    if (font.pointSizeF() < 10)
        font.setPointSizeF(10);
    QApplication::setFont(font);
}

} // namespace colophon
