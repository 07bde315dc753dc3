// SPDX-License-Identifier: Apache-2.0
#include "widgets/common/symbols.h"

#include "widgets/common/tones.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QImageReader>
#include <QPainter>
#include <QPixmapCache>

// In a static library the resources are not registered by themselves; the macro wants to stand outside of namespaces.
static void registerSymbols() { Q_INIT_RESOURCE(icons); }

namespace colophon::widgets {

using items::Symbol;

namespace {
struct File
{
    Symbol symbol;
    const char *name;
};

constexpr File files[] = {
    {Symbol::Layer, "layer"},     {Symbol::Image, "image"},     {Symbol::Index, "index"},
    {Symbol::Config, "config"},   {Symbol::Tag, "tag"},         {Symbol::Attestation, "attestation"},
    {Symbol::Signature, "sign"},  {Symbol::Address, "address"}, {Symbol::Ok, "ok"},
    {Symbol::Warning, "warning"}, {Symbol::Blocked, "blocked"}, {Symbol::Information, "information"},
    {Symbol::Failed, "failed"},   {Symbol::Waiting, "waiting"}, {Symbol::Unknown, "unknown"},
    {Symbol::Lock, "lock"},       {Symbol::Unlock, "unlock"},   {Symbol::Undo, "undo"},
    {Symbol::Redo, "redo"},       {Symbol::Push, "push"},       {Symbol::Sign, "sign"},
    {Symbol::Probe, "probe"},     {Symbol::Copy, "copy"},       {Symbol::Close, "close"},
    {Symbol::Open, "open"},       {Symbol::Add, "add"},         {Symbol::Remove, "remove"},
    {Symbol::Up, "up"},           {Symbol::Down, "down"},       {Symbol::Search, "search"},
    {Symbol::Reload, "reload"},   {Symbol::Back, "back"},       {Symbol::Forward, "forward"},
};

// Chooses the colour when it paints, so that one icon serves light, dark, disabled and selected.
class SymbolEngine final : public QIconEngine
{
public:
    SymbolEngine(Symbol symbol, items::Tone tone)
        : m_symbol(symbol)
        , m_tone(tone)
    {
    }

    QIconEngine *clone() const override { return new SymbolEngine(m_symbol, m_tone); }
    QString key() const override { return QStringLiteral("ColophonSymbol"); }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1);
    }
    // `size` is in device pixels here.
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        return symbolPixmap(m_symbol, color(mode), std::min(size.width(), size.height()));
    }
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const int side = std::min(rect.width(), rect.height());
        const QPixmap pixmap = symbolPixmap(m_symbol, color(mode), side, painter->device()->devicePixelRatio());
        painter->drawPixmap(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, pixmap);
    }

private:
    QColor color(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        if (mode == QIcon::Selected)
            return palette.color(QPalette::Active, QPalette::HighlightedText);
        if (m_tone == items::Tone::Plain)
            return palette.color(QPalette::Active, QPalette::ButtonText);
        return colorsOf(m_tone, palette).text;
    }
    Symbol m_symbol;
    items::Tone m_tone;
};
} // namespace

QString symbolFile(Symbol symbol)
{
    for (const File &file : files) {
        if (file.symbol == symbol)
            return QStringLiteral(":/colophon/icons/%1.svg").arg(QLatin1String(file.name));
    }
    return {};
}

QIcon symbolIcon(Symbol symbol, items::Tone tone)
{
    return symbol == Symbol::None ? QIcon() : QIcon(new SymbolEngine(symbol, tone));
}

QPixmap symbolPixmap(Symbol symbol, const QColor &color, int size, qreal devicePixelRatio)
{
    const QString file = symbolFile(symbol);
    if (file.isEmpty() || size <= 0)
        return {};
    const int pixels = qRound(size * devicePixelRatio);
    const QString key =
        QStringLiteral("colophon/%1/%2/%3/%4").arg(int(symbol)).arg(color.rgba()).arg(pixels).arg(devicePixelRatio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    registerSymbols();
    QImageReader reader(file);
    reader.setScaledSize({pixels, pixels});
    QImage image = reader.read();
    if (image.isNull())
        return {};
    image = image.convertToFormat(QImage::Format_ARGB32_Premultiplied);
    QPainter painter(&image);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(image.rect(), color);
    painter.end();
    pixmap = QPixmap::fromImage(image);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

} // namespace colophon::widgets
