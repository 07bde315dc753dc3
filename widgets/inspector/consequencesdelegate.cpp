// SPDX-License-Identifier: Apache-2.0
#include "widgets/inspector/consequencesdelegate.h"

#include "items/consequencesmodel.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QApplication>
#include <QPainter>
#include <QTreeView>

namespace colophon::widgets {

using items::ConsequencesModel;
using items::Symbol;
using items::Tone;

namespace {
constexpr int padding = 4;
constexpr int symbolSize = 16;

// Draws, or only measures where there is no painter. All of them return the height they take.
class Pen
{
public:
    Pen(QPainter *painter, const QStyleOptionViewItem &option, bool isSelected)
        : m_painter(painter)
        , m_option(option)
        , m_isSelected(isSelected)
    {
    }

    QColor ink(Tone tone) const
    {
        if (m_isSelected)
            return m_option.palette.color(QPalette::Active, QPalette::HighlightedText);
        return tone == Tone::Plain ? m_option.palette.color(QPalette::Active, QPalette::Text)
                                   : colorsOf(tone, m_option.palette).text;
    }

    int text(const QRect &room, const QString &text, Tone tone = Tone::Plain, bool isBold = false) const
    {
        if (text.isEmpty())
            return 0;
        QFont font = m_option.font;
        font.setBold(isBold);
        const QFontMetrics metrics(font);
        const QRect all = metrics.boundingRect(QRect(0, 0, room.width(), 100'000), Qt::TextWordWrap, text);
        if (m_painter) {
            m_painter->setFont(font);
            m_painter->setPen(ink(tone));
            m_painter->drawText(QRect(room.topLeft(), QSize(room.width(), all.height())), Qt::TextWordWrap, text);
        }
        return all.height();
    }

    // A symbol and a word on the background of their meaning, which stays what it is in a selected row; what was before
    // an edit is struck through.
    int badge(const QRect &room, const QString &word, Tone tone, Symbol symbol, bool isGone = false) const
    {
        QFont font = m_option.font;
        font.setStrikeOut(isGone);
        const QFontMetrics metrics(font);
        const int height = std::max(metrics.height(), symbolSize) + 2;
        if (!m_painter)
            return height;
        const ToneColors colors = colorsOf(tone, m_option.palette);
        const bool isBoxed = colors.background.isValid();
        const QColor color = isBoxed ? colors.text : ink(tone);
        const int symbolWidth = symbol == Symbol::None ? 0 : symbolSize + padding;
        const int width = std::min(room.width(), metrics.horizontalAdvance(word) + 1 + symbolWidth + 2 * padding);
        const QRect box(room.left() - (isBoxed ? 0 : padding), room.top(), width, height);
        if (isBoxed) {
            m_painter->setPen(Qt::NoPen);
            m_painter->setBrush(colors.background);
            m_painter->drawRoundedRect(box, 4, 4);
        }
        QRect inside = box.adjusted(padding, 0, -padding, 0);
        if (symbol != Symbol::None) {
            m_painter->drawPixmap(inside.left(), box.top() + (height - symbolSize) / 2,
                                  symbolPixmap(symbol, color, symbolSize, m_painter->device()->devicePixelRatio()));
            inside.setLeft(inside.left() + symbolWidth);
        }
        m_painter->setFont(font);
        m_painter->setPen(color);
        m_painter->drawText(inside, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                            metrics.elidedText(word, Qt::ElideRight, inside.width()));
        return height;
    }

private:
    QPainter *m_painter;
    const QStyleOptionViewItem &m_option;
    bool m_isSelected;
};
} // namespace

ConsequencesDelegate::ConsequencesDelegate(QTreeView *view)
    : QStyledItemDelegate(view)
    , m_view(view)
{
}

int ConsequencesDelegate::drawConsequence(QPainter *painter, const QStyleOptionViewItem &option,
                                          const QModelIndex &index, const QRect &room) const
{
    const Pen pen(painter, option, option.state.testFlag(QStyle::State_Selected));
    const auto at = [&room](int y) { return QRect(room.left(), room.top() + y, room.width(), room.height()); };
    int y = pen.text(room, index.data().toString(), Tone::Plain, true) + 2;
    if (const QString before = index.data(ConsequencesModel::BeforeRole).toString(); !before.isEmpty())
        y += pen.badge(at(y), before, Tone::Muted, Symbol::None, true);
    y += pen.badge(at(y), index.data(ConsequencesModel::OutcomeRole).toString(),
                   Tone(index.data(items::ToneRole).toInt()), Symbol(index.data(items::SymbolRole).toInt())) +
         2;
    y += pen.text(at(y), index.data(ConsequencesModel::SentenceRole).toString());
    const QString certainty = index.data(ConsequencesModel::CertaintyRole).toString();
    const bool isCaveat = index.data(ConsequencesModel::CaveatRole).toBool();
    if (m_explains && index == m_view->currentIndex())
        y += pen.text(at(y), index.data(ConsequencesModel::WhyRole).toString(), isCaveat ? Tone::Warning : Tone::Muted);
    else if (isCaveat)
        y += pen.badge(at(y), certainty, Tone::Warning, Symbol::Warning);
    else
        y += pen.text(at(y), certainty, Tone::Muted);
    return y;
}

int ConsequencesDelegate::draw(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index,
                               const QRect &room) const
{
    using Kind = ConsequencesModel::RowKind;
    const auto kind = Kind(index.data(ConsequencesModel::RowKindRole).toInt());
    if (kind == Kind::Consequence)
        return drawConsequence(painter, option, index, room);
    const Pen pen(painter, option, option.state.testFlag(QStyle::State_Selected));
    const bool isHeading = kind == Kind::Group || (kind == Kind::Registry && index.model()->hasChildren(index));
    if (isHeading)
        return pen.text(room, index.data().toString(), Tone::Plain, true);
    int y = 0;
    if (kind == Kind::Notice)
        y = 2 + pen.badge(room, index.data(ConsequencesModel::OutcomeRole).toString(),
                          Tone(index.data(items::ToneRole).toInt()), Symbol(index.data(items::SymbolRole).toInt()));
    for (const QString &sentence : index.data().toString().split(QLatin1Char('\n')))
        y += pen.text(room.translated(0, y), sentence) + padding;
    return y - padding;
}

void ConsequencesDelegate::paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const
{
    QStyleOptionViewItem option = given;
    initStyleOption(&option, index);
    option.text.clear();
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &option, painter, option.widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    draw(painter, option, index, option.rect.adjusted(padding, padding, -padding, -padding));
    painter->restore();
}

QSize ConsequencesDelegate::sizeHint(const QStyleOptionViewItem &given, const QModelIndex &index) const
{
    QStyleOptionViewItem option = given;
    initStyleOption(&option, index);
    int depth = m_view->rootIsDecorated() ? 1 : 0;
    for (QModelIndex above = index.parent(); above.isValid(); above = above.parent())
        ++depth;
    const int width = std::max(120, m_view->viewport()->width() - depth * m_view->indentation() - 2 * padding);
    return {width, draw(nullptr, option, index, QRect(0, 0, width, 0)) + 2 * padding};
}

} // namespace colophon::widgets
