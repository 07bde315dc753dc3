// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON as other people's programs write it: spacing, line ends, escapes and key order of any kind, by seed. It shares
// no code with the scanner it is there to test.

#include <QByteArray>

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace colophon::test {

// The same numbers everywhere: the standard fixes the engine, not the distributions.
class Dice
{
public:
    explicit Dice(std::uint32_t seed)
        : m_engine(seed)
    {
    }
    int below(int limit) { return static_cast<int>(m_engine() % static_cast<std::uint32_t>(limit)); }
    int from(int least, int most) { return least + below(most - least + 1); }
    bool chance(int percent) { return below(100) < percent; }
    template <class List>
    auto of(const List &list)
    {
        return list[below(static_cast<int>(list.size()))];
    }

private:
    std::mt19937 m_engine;
};

class Json
{
public:
    static Json raw(const QByteArray &text); // a number, true, null …, as it stands
    static Json number(qint64 value) { return raw(QByteArray::number(value)); }
    static Json string(const QByteArray &utf8); // escaped as the style likes
    static Json plain(const QByteArray &ascii); // a string that is never escaped: digests, base64
    static Json object();
    static Json array();
    Json &add(const QByteArray &name, Json value); // to an object
    Json &add(Json value);                         // to an array

    struct Style
    {
        QByteArray newline; // empty: all on one line
        QByteArray indent;
        QByteArray beforeColon;
        QByteArray afterColon;
        QByteArray afterComma; // on one line
        QByteArray leading;    // around the document
        QByteArray trailing;
        bool isIrregular = false;    // any white space anywhere
        bool escapesSlashes = false; // "\/"
        bool escapesLetters = false; // "\u0061"
        bool shufflesMembers = false;
    };
    static Style anyStyle(Dice &dice);
    QByteArray written(const Style &style, Dice &dice) const;

private:
    enum class Kind { Raw, String, Plain, Object, Array };
    void write(QByteArray &out, const Style &style, Dice &dice, int depth) const;
    static QByteArray literal(const QByteArray &utf8, const Style &style, Dice &dice);

    Kind m_kind = Kind::Raw;
    QByteArray m_text;
    std::vector<std::pair<QByteArray, Json>> m_members; // of an array: without names
};

} // namespace colophon::test
