// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/tones.h"

#include <QGuiApplication>
#include <QWidget>

#include <cmath>

namespace colophon::widgets {

using items::Tone;

namespace {
struct Row
{
    Tone tone;
    QRgb text, background, darkText, darkBackground;
};

constexpr Row table[] = {
    {Tone::NonDistributable, 0x8A3B00, 0xFFF3E6, 0xFFB97A, 0x3A2410},
    {Tone::Warning, 0x7A5B00, 0xFFF8DB, 0xF2D16B, 0x352C0C},
    {Tone::Error, 0xA1121F, 0xFDECEE, 0xFF9AA2, 0x3B1216},
    {Tone::Good, 0x1B6B35, 0xE9F7EE, 0x8ADBA4, 0x10301B},
    {Tone::Edited, 0x1F4FA3, 0xE8F0FE, 0x9DBEFF, 0x13233F},
};
} // namespace

bool isDark(const QPalette &palette) { return palette.color(QPalette::Active, QPalette::Window).lightness() < 128; }

ToneColors colorsOf(Tone tone, const QPalette &palette)
{
    const bool dark = isDark(palette);
    for (const Row &row : table) {
        if (row.tone == tone)
            return {QColor(dark ? row.darkText : row.text), QColor(dark ? row.darkBackground : row.background)};
    }
    if (tone == Tone::Muted) // greyer than the text, and still readable on a list's background
        return {dark ? QColor(0xA8A8A8) : QColor(0x666666), {}};
    return {palette.color(QPalette::Active, QPalette::Text), {}};
}

double contrast(const QColor &a, const QColor &b)
{
    const auto luminance = [](const QColor &color) {
        const auto linear = [](double channel) {
            return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
    };
    const double one = luminance(a) + 0.05;
    const double other = luminance(b) + 0.05;
    return std::max(one, other) / std::min(one, other);
}

QColor tintStrip(QWidget *strip, items::Tone tone, const QList<QWidget *> &words)
{
    const ToneColors colors = colorsOf(tone, QGuiApplication::palette());
    QPalette background;
    if (colors.background.isValid())
        background.setColor(QPalette::Window, colors.background);
    strip->setPalette(background);
    QPalette foreground = background;
    foreground.setColor(QPalette::WindowText, colors.text);
    for (QWidget *each : words)
        each->setPalette(foreground);
    return colors.text;
}

} // namespace colophon::widgets
