// SPDX-License-Identifier: Apache-2.0
#pragma once

// A version as programs number them, "28.0.4" or "0.21", compared number by number. What is not said is zero.

#include <QList>
#include <QString>

#include <compare>
#include <optional>

namespace colophon::behaviour {

class Version
{
public:
    Version() = default;
    // "28", "v0.21.6", "1.6.20~ds1", "29.0.0 (moby v2)": the numbers it begins with; nothing where it does not.
    static std::optional<Version> read(QStringView text);
    // Numbers and dots alone, as the data must say it.
    static std::optional<Version> readStrictly(QStringView text);

    QString toString() const;
    // The first that does not begin with this one: of "4.9" it is "4.10".
    Version next() const;
    std::strong_ordering operator<=>(const Version &other) const;
    bool operator==(const Version &other) const { return (*this <=> other) == 0; }

private:
    QList<int> m_parts;
};

} // namespace colophon::behaviour
