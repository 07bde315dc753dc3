// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/plain.h"

#include "base/plaintext.h"
#include "widgets/common/symbols.h"
#include "widgets/common/tones.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>
#include <QTextLayout>
#include <QtMath>

namespace colophon::widgets {

QLabel *plainLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::NoTextInteraction);
    setPlainText(label, text);
    return label;
}

QLabel *selectableLabel(const QString &text, QWidget *parent)
{
    QLabel *label = plainLabel(text, parent);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFocusPolicy(Qt::ClickFocus); // not in the way of Tab: there may be many
    return label;
}

void setPlainText(QLabel *label, const QString &text)
{
    label->setTextFormat(Qt::PlainText);
    label->setText(base::visible(text));
}

void setPlainToolTip(QWidget *widget, const QString &text) { widget->setToolTip(items::toolTip(text)); }

QFont fixedFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const QFont around = QApplication::font();
    if (around.pointSizeF() > 0)
        font.setPointSizeF(around.pointSizeF());
    else
        font.setPixelSize(around.pixelSize());
    return font;
}

QToolButton *symbolButton(items::Symbol symbol, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(symbolIcon(symbol));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAccessibleName(name);
    setPlainToolTip(button, name);
    return button;
}

ElidedLabel::ElidedLabel(QWidget *parent, Qt::TextElideMode mode)
    : QLabel(parent)
    , m_mode(mode)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ElidedLabel::setFullText(const QString &text)
{
    m_full = items::oneLine(text, 4096);
    setText(m_full); // what screen readers read
    setPlainToolTip(this, m_full);
    updateGeometry();
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 4, QLabel::minimumSizeHint().height()};
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_full) + 2 * margin() + 2, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRect inside = contentsRect().adjusted(margin(), margin(), -margin(), -margin());
    style()->drawItemText(&painter, inside, int(alignment()) | Qt::TextSingleLine, palette(), isEnabled(),
                          fontMetrics().elidedText(m_full, m_mode, inside.width()), foregroundRole());
}

ValueLabel::ValueLabel(const QString &text, QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    auto *copy = new QAction(tr("&Copy"), this);
    addAction(copy);
    connect(copy, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(this->text()); });
    setValue(text);
}

void ValueLabel::setValue(const QString &text)
{
    setText(base::visible(text));
    updateGeometry();
}

// Lays the text out in this width and draws it if there is something to draw with; the height.
int ValueLabel::layOut(int width, QPainter *painter) const
{
    QTextLayout layout(text(), font());
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.beginLayout();
    qreal y = 0;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += line.height();
    }
    layout.endLayout();
    if (painter)
        layout.draw(painter, {0, 0});
    return qCeil(y);
}

int ValueLabel::heightForWidth(int width) const { return std::max(layOut(width, nullptr), fontMetrics().height()); }

QSize ValueLabel::minimumSizeHint() const { return {fontMetrics().averageCharWidth() * 8, fontMetrics().height()}; }

QSize ValueLabel::sizeHint() const
{
    const int width = std::min(fontMetrics().horizontalAdvance(text()) + 2, 240);
    return {width, heightForWidth(width)};
}

void ValueLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, foregroundRole()));
    layOut(width(), &painter);
}

DigestLabel::DigestLabel(QWidget *parent)
    : QWidget(parent)
    , m_label(plainLabel({}, this))
    , m_copy(symbolButton(items::Symbol::Copy, tr("Copy the whole digest"), this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_label);
    row->addWidget(m_copy);
    row->addStretch(1);
    m_label->setWordWrap(false);
    m_label->setFont(fixedFont());
    connect(m_copy, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_digest.toString());
        Q_EMIT copied(m_digest.toString());
    });
    setDigest({});
}

void DigestLabel::setDigest(const oci::Digest &digest)
{
    m_digest = digest;
    setPlainText(m_label, digest.isNull() ? QStringLiteral("–") : digest.shortForm());
    setPlainToolTip(m_label, digest.toString());
    m_label->setAccessibleName(digest.toString());
    m_copy->setVisible(!digest.isNull());
}

namespace {
constexpr int badgePadding = 6;
constexpr int badgeSymbol = 16;
} // namespace

Badge::Badge(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Badge::setAppearance(const items::Appearance &appearance)
{
    m_appearance = appearance;
    setAccessibleName(appearance.word);
    setPlainToolTip(this, appearance.help);
    setVisible(!appearance.word.isEmpty());
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    const int symbol = m_appearance.symbol == items::Symbol::None ? 0 : badgeSymbol + 4;
    return {fontMetrics().horizontalAdvance(m_appearance.word) + symbol + 2 * badgePadding,
            std::max(fontMetrics().height(), badgeSymbol) + 4};
}

void Badge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ToneColors colors = colorsOf(m_appearance.tone, palette());
    if (colors.background.isValid()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.background);
        painter.drawRoundedRect(rect(), 4, 4);
    }
    QRect inside = rect().adjusted(badgePadding, 0, -badgePadding, 0);
    if (m_appearance.symbol != items::Symbol::None) {
        painter.drawPixmap(inside.left(), (height() - badgeSymbol) / 2,
                           symbolPixmap(m_appearance.symbol, colors.text, badgeSymbol, devicePixelRatioF()));
        inside.setLeft(inside.left() + badgeSymbol + 4);
    }
    painter.setPen(colors.text);
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, m_appearance.word);
}

} // namespace colophon::widgets
