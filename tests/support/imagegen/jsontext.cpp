// SPDX-License-Identifier: Apache-2.0
#include "support/imagegen/jsontext.h"

#include <array>
#include <numeric>

namespace colophon::test {

namespace {
QByteArray anySpace(Dice &dice)
{
    static const std::array<QByteArray, 9> spaces{"", "", "", " ", "\t", "\n", "\r\n", "  \r\n\t ", "   "};
    return dice.of(spaces);
}
} // namespace

Json Json::raw(const QByteArray &text)
{
    Json json;
    json.m_text = text;
    return json;
}

Json Json::string(const QByteArray &utf8)
{
    Json json;
    json.m_kind = Kind::String;
    json.m_text = utf8;
    return json;
}

Json Json::plain(const QByteArray &ascii)
{
    Json json;
    json.m_kind = Kind::Plain;
    json.m_text = ascii;
    return json;
}

Json Json::object()
{
    Json json;
    json.m_kind = Kind::Object;
    return json;
}

Json Json::array()
{
    Json json;
    json.m_kind = Kind::Array;
    return json;
}

Json &Json::add(const QByteArray &name, Json value)
{
    m_members.emplace_back(name, std::move(value));
    return *this;
}

Json &Json::add(Json value) { return add(QByteArray(), std::move(value)); }

Json::Style Json::anyStyle(Dice &dice)
{
    Style style;
    switch (dice.below(7)) {
    case 0: // Go's encoder
        break;
    case 1: // Docker's, buildx's
        style.newline = "\n";
        style.indent = dice.chance(50) ? "   " : "  ";
        style.afterColon = " ";
        break;
    case 2:
        style.newline = "\r\n";
        style.indent = dice.chance(50) ? "\t" : "    ";
        style.afterColon = " ";
        break;
    case 3:
        style.newline = "\n";
        style.indent = "\t";
        style.beforeColon = " ";
        style.afterColon = " ";
        break;
    case 4: // Python's
        style.afterColon = " ";
        style.afterComma = " ";
        break;
    case 5:
        style.newline = "\n";
        style.afterColon = "\t";
        break;
    default:
        style.isIrregular = true;
        break;
    }
    if (dice.chance(40))
        style.trailing = dice.chance(50) ? "\n" : " \r\n\t";
    if (dice.chance(10))
        style.leading = dice.chance(50) ? "\n" : "\t \r\n";
    style.escapesSlashes = dice.chance(25);
    style.escapesLetters = dice.chance(15);
    style.shufflesMembers = dice.chance(40);
    return style;
}

QByteArray Json::written(const Style &style, Dice &dice) const
{
    QByteArray out = style.leading;
    write(out, style, dice, 0);
    return out + style.trailing;
}

QByteArray Json::literal(const QByteArray &utf8, const Style &style, Dice &dice)
{
    QByteArray out = "\"";
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isLetter = (c >= 'a' && c <= 'z') || c == '.' || c == '+';
        if (c == '"' || c == '\\')
            out += QByteArray("\\") + c;
        else if (byte < 0x20 || (style.escapesLetters && isLetter && dice.chance(10)))
            out += "\\u00" + QByteArray::number(byte, 16).rightJustified(2, '0');
        else if (c == '/' && style.escapesSlashes)
            out += "\\/";
        else
            out += c;
    }
    return out + '"';
}

void Json::write(QByteArray &out, const Style &style, Dice &dice, int depth) const
{
    switch (m_kind) {
    case Kind::Raw:
        out += m_text;
        return;
    case Kind::Plain:
        out += '"' + m_text + '"';
        return;
    case Kind::String:
        out += literal(m_text, style, dice);
        return;
    case Kind::Object:
    case Kind::Array:
        break;
    }
    const bool isObject = m_kind == Kind::Object;
    const auto lineAt = [&](int level) {
        return style.isIrregular         ? anySpace(dice)
               : style.newline.isEmpty() ? QByteArray()
                                         : style.newline + style.indent.repeated(level);
    };
    std::vector<std::size_t> order(m_members.size());
    std::iota(order.begin(), order.end(), 0);
    if (isObject && style.shufflesMembers) {
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[static_cast<std::size_t>(dice.below(static_cast<int>(i)))]);
    }
    out += isObject ? '{' : '[';
    bool isFirst = true;
    for (const std::size_t i : order) {
        if (!isFirst)
            out += (style.isIrregular ? anySpace(dice) : QByteArray()) + ',' +
                   (style.newline.isEmpty() && !style.isIrregular ? style.afterComma : QByteArray());
        isFirst = false;
        out += lineAt(depth + 1);
        if (isObject) {
            // Names are left unescaped: which of several spellings is meant is not what this is about.
            out += '"' + m_members[i].first + '"';
            out +=
                style.isIrregular ? anySpace(dice) + ':' + anySpace(dice) : style.beforeColon + ':' + style.afterColon;
        }
        m_members[i].second.write(out, style, dice, depth + 1);
    }
    if (!isFirst || style.isIrregular)
        out += lineAt(depth);
    out += isObject ? '}' : ']';
}

} // namespace colophon::test
