// SPDX-License-Identifier: Apache-2.0
#include "colophon/lookstyle.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace colophon {

namespace {
// Fusion draws focus, default buttons and progress in the colour of selected rows, which is pale here.
class WithAccent
{
public:
    explicit WithAccent(const QStyleOption *option)
        : m_option(const_cast<QStyleOption *>(option))
    {
        if (!m_option)
            return;
        m_before = m_option->palette;
        m_option->palette.setColor(QPalette::Highlight, m_before.color(QPalette::Link));
        m_option->palette.setColor(QPalette::HighlightedText, m_before.color(QPalette::Base));
    }
    ~WithAccent()
    {
        if (m_option)
            m_option->palette = m_before;
    }
    WithAccent(const WithAccent &) = delete;
    WithAccent &operator=(const WithAccent &) = delete;

private:
    QStyleOption *m_option;
    QPalette m_before;
};
} // namespace

LookStyle::LookStyle()
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
{
}

int LookStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_HeaderMargin:
        return 8;
    case PM_FocusFrameHMargin:
        return 6;
    case PM_TabBarTabHSpace:
        return 12; // the four of the inspector fit at the smallest size of the window
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

QSize LookStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents,
                                  const QWidget *widget) const
{
    QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    switch (type) {
    case CT_PushButton:
        return {size.width() + 16, std::max(size.height(), 32)};
    case CT_LineEdit:
    case CT_ComboBox:
        return {size.width(), std::max(size.height(), 32)};
    case CT_TabBarTab:
        return {size.width() + 4, std::max(size.height(), 32)};
    case CT_MenuItem:
        return {size.width() + 16, std::max(size.height(), 28)};
    case CT_ToolButton:
        return size.expandedTo({28, 28});
    default:
        return size;
    }
}

void LookStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                            const QWidget *widget) const
{
    if (element == CE_Splitter) {
        painter->fillRect(option->rect, option->palette.color(QPalette::Mid));
        return;
    }
    const bool selects = element == CE_ItemViewItem || element == CE_MenuItem || element == CE_ComboBoxLabel;
    if (selects) {
        QProxyStyle::drawControl(element, option, painter, widget);
        return;
    }
    const WithAccent accent(option);
    QProxyStyle::drawControl(element, option, painter, widget);
}

void LookStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                              const QWidget *widget) const
{
    if (element == PE_PanelItemViewItem || element == PE_PanelItemViewRow) {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        return;
    }
    if (element == PE_FrameFocusRect && (!widget || qobject_cast<const QAbstractItemView *>(widget))) {
        // A line around the row, not a veil over its badges. A tree view names no widget here.
        painter->setPen(option->palette.color(QPalette::Link));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    }
    const WithAccent accent(option);
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void LookStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                   const QWidget *widget) const
{
    const WithAccent accent(option);
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

} // namespace colophon
