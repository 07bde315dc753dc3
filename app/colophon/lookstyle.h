// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fusion with more air: buttons, fields and rows on an 8-pixel grid, text of headers and cells in line, panes parted by
// a line, and one accent for focus and progress beside the pale colour of selected rows.

#include <QProxyStyle>

namespace colophon {

class LookStyle final : public QProxyStyle
{
    Q_OBJECT
public:
    LookStyle();

    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents,
                           const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;
};

} // namespace colophon
