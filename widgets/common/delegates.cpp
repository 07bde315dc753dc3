// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/delegates.h"

#include "items/imagetreemodel.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QApplication>
#include <QPainter>

namespace colophon::widgets {

using items::Symbol;
using items::Tone;

namespace {
constexpr int padding = 4;
constexpr int symbolSize = 16;

struct Drawn
{
    QStyleOptionViewItem option;
    QStyle *style;
    bool selected;
};

// The cell without its text and symbol: background, selection, focus.
Drawn drawCell(QPainter *painter, const QStyleOptionViewItem &prepared)
{
    QStyleOptionViewItem option = prepared;
    QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    QStyleOptionViewItem empty = option;
    empty.text.clear();
    empty.icon = {};
    empty.features &= ~QStyleOptionViewItem::HasDecoration;
    style->drawControl(QStyle::CE_ItemViewItem, &empty, painter, option.widget);
    return {option, style, option.state.testFlag(QStyle::State_Selected)};
}

QColor plainText(const QStyleOptionViewItem &option, bool selected)
{
    const QPalette::ColorGroup group = !option.state.testFlag(QStyle::State_Enabled) ? QPalette::Disabled
                                       : option.state.testFlag(QStyle::State_Active) ? QPalette::Active
                                                                                     : QPalette::Inactive;
    return option.palette.color(group, selected ? QPalette::HighlightedText : QPalette::Text);
}
} // namespace

void strikeIfGone(QStyleOptionViewItem *option, const QModelIndex &index)
{
    if (!index.data(items::GoneRole).toBool())
        return;
    option->font.setStrikeOut(true);
    option->palette.setColor(QPalette::Text, colorsOf(Tone::Muted, option->palette).text);
}

SymbolDelegate::SymbolDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void SymbolDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->textElideMode = Qt::ElideRight;
    const auto tone = Tone(index.data(items::ToneRole).toInt());
    if (const auto symbol = Symbol(index.data(items::SymbolRole).toInt()); symbol != Symbol::None) {
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->decorationSize = {symbolSize, symbolSize};
        option->icon = symbolIcon(symbol, tone);
    }
    if (tone != Tone::Plain)
        option->palette.setColor(QPalette::Text, colorsOf(tone, option->palette).text);
    strikeIfGone(option, index);
}

void SymbolDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    if (!m_imageTree || index.column() != items::ImageTreeModel::ImageColumn)
        return;
    if (index.data(items::ImageTreeModel::EditedRole).toBool()) {
        const QColor color = colorsOf(Tone::Edited, option.palette).text;
        painter->fillRect(QRect(option.rect.left(), option.rect.top() + 1, 3, option.rect.height() - 2), color);
    }
}

BadgeDelegate::BadgeDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void BadgeDelegate::paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const
{
    QStyleOptionViewItem prepared = given;
    initStyleOption(&prepared, index);
    const Drawn cell = drawCell(painter, prepared);
    const QStyleOptionViewItem &option = cell.option;
    if (option.text.isEmpty())
        return;
    const auto tone = Tone(index.data(items::ToneRole).toInt());
    const auto symbol = Symbol(index.data(items::SymbolRole).toInt());
    const ToneColors colors = colorsOf(tone, option.palette);
    const QColor text = tone == Tone::Plain ? plainText(option, cell.selected) : colors.text;
    // Also in a selected row the badge keeps its own background: its contrast is part of the table.
    const bool boxed = colors.background.isValid();
    const QColor ink = boxed || !cell.selected ? text : plainText(option, true);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(option.font);
    const QFontMetrics metrics(option.font);
    const int height = std::min(option.rect.height() - 2, std::max(metrics.height(), symbolSize) + 2);
    const int symbolWidth = symbol == Symbol::None ? 0 : symbolSize + padding;
    const int room = option.rect.width() - 2 * padding;
    const int width = std::min(room, metrics.horizontalAdvance(option.text) + 1 + symbolWidth + 2 * padding);
    const QRect box(option.rect.left() + padding, option.rect.top() + (option.rect.height() - height) / 2, width,
                    height);
    if (boxed) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.background);
        painter->drawRoundedRect(box, 4, 4);
    }
    QRect inside = box.adjusted(padding, 0, -padding, 0);
    if (symbol != Symbol::None) {
        painter->drawPixmap(inside.left(), option.rect.top() + (option.rect.height() - symbolSize) / 2,
                            symbolPixmap(symbol, ink, symbolSize, painter->device()->devicePixelRatio()));
        inside.setLeft(inside.left() + symbolWidth);
    }
    painter->setPen(ink);
    painter->drawText(inside, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                      metrics.elidedText(option.text, Qt::ElideRight, inside.width()));
    painter->restore();
}

QSize BadgeDelegate::sizeHint(const QStyleOptionViewItem &given, const QModelIndex &index) const
{
    QStyleOptionViewItem option = given;
    initStyleOption(&option, index);
    const QFontMetrics metrics(option.font);
    const bool hasSymbol = index.data(items::SymbolRole).toInt() != int(Symbol::None);
    return {metrics.horizontalAdvance(option.text) + (hasSymbol ? symbolSize + padding : 0) + 4 * padding,
            std::max(metrics.height(), symbolSize) + 6};
}

TwoLineDelegate::TwoLineDelegate(int secondLineRole, int secondToneRole, QObject *parent)
    : SymbolDelegate(parent)
    , m_secondLineRole(secondLineRole)
    , m_secondToneRole(secondToneRole)
{
}

void TwoLineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const
{
    QStyleOptionViewItem prepared = given;
    initStyleOption(&prepared, index);
    const Drawn cell = drawCell(painter, prepared);
    const QStyleOptionViewItem &option = cell.option;
    const QFontMetrics metrics(option.font);
    const auto tone = Tone(index.data(m_secondToneRole).toInt());
    const QColor name = plainText(option, cell.selected);
    const QColor second = cell.selected || tone == Tone::Plain ? name : colorsOf(tone, option.palette).text;

    painter->save();
    painter->setFont(option.font);
    QRect room = option.rect.adjusted(padding, padding, -padding, -padding);
    const auto symbol = Symbol(index.data(items::SymbolRole).toInt());
    if (symbol != Symbol::None) {
        painter->drawPixmap(room.left(), room.top() + (metrics.height() - symbolSize) / 2,
                            symbolPixmap(symbol, name, symbolSize, painter->device()->devicePixelRatio()));
        room.setLeft(room.left() + symbolSize + padding);
    }
    const auto line = [&](int number, const QColor &ink, const QString &text) {
        painter->setPen(ink);
        painter->drawText(QRect(room.left(), room.top() + number * metrics.height(), room.width(), metrics.height()),
                          Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                          metrics.elidedText(text, Qt::ElideRight, room.width()));
    };
    line(0, name, option.text);
    line(1, second, index.data(m_secondLineRole).toString());
    painter->restore();
}

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int height = 2 * QFontMetrics(option.font).height() + 2 * padding;
    return {SymbolDelegate::sizeHint(option, index).width(), height};
}

SizeBarDelegate::SizeBarDelegate(int shareRole, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_shareRole(shareRole)
{
}

void SizeBarDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    strikeIfGone(option, index);
}

namespace {
// Wide enough for every size we write, so that bars and numbers line up in all rows.
int numberWidth(const QFontMetrics &metrics) { return metrics.horizontalAdvance(QStringLiteral("888.8 MB")); }
constexpr int barWidth = 48;
} // namespace

void SizeBarDelegate::paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const
{
    QStyleOptionViewItem prepared = given;
    initStyleOption(&prepared, index);
    const Drawn cell = drawCell(painter, prepared);
    const QStyleOptionViewItem &option = cell.option;
    const QFontMetrics metrics(option.font);
    const QRect inside = option.rect.adjusted(padding, 0, -padding, 0);
    const QColor ink = plainText(option, cell.selected);
    painter->save();
    painter->setFont(option.font);
    painter->setPen(ink);
    painter->drawText(inside, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                      metrics.elidedText(option.text, Qt::ElideLeft, inside.width()));
    const QVariant share = index.data(m_shareRole);
    const int right = inside.right() - numberWidth(metrics) - padding;
    const int room = std::min(barWidth, right - inside.left());
    if (share.isValid() && share.toDouble() >= 0 && room >= 12) {
        const int width = std::clamp(qRound(share.toDouble() * room), 2, room);
        const QRect track(right - room + 1, inside.center().y() - 3, room, 7);
        QColor soft = ink;
        soft.setAlphaF(0.12F);
        painter->fillRect(track, soft);
        QColor strong = ink;
        strong.setAlphaF(0.55F);
        painter->fillRect(QRect(track.left(), track.top(), width, track.height()), strong);
    }
    painter->restore();
}

QSize SizeBarDelegate::sizeHint(const QStyleOptionViewItem &given, const QModelIndex &index) const
{
    QStyleOptionViewItem option = given;
    initStyleOption(&option, index);
    const QFontMetrics metrics(option.font);
    return {numberWidth(metrics) + barWidth + 3 * padding, std::max(metrics.height(), symbolSize) + 6};
}

} // namespace colophon::widgets
