// SPDX-License-Identifier: Apache-2.0
#include "document/nodepath.h"

#include <QStringList>

#include <algorithm>
#include <tuple>

namespace colophon::document {

namespace {
// A decimal number as toString() writes it, so that each path has one text.
std::optional<int> number(const QString &text)
{
    bool isNumber = false;
    const int value = text.toInt(&isNumber);
    if (!isNumber || value < 0 || text != QString::number(value))
        return std::nullopt;
    return value;
}
} // namespace

NodePath NodePath::child(int entry) const
{
    NodePath path{entries, Part::Self, -1};
    path.entries.append(entry);
    return path;
}

NodePath NodePath::config() const { return {entries, Part::Config, -1}; }

NodePath NodePath::layerAt(int number) const { return {entries, Part::Layer, number}; }

NodePath NodePath::manifest() const { return {entries, Part::Self, -1}; }

QString NodePath::toString() const
{
    QString text;
    for (const int entry : entries)
        text += QStringLiteral("/manifests/%1").arg(entry);
    if (part == Part::Config)
        text += QStringLiteral("/config");
    else if (part == Part::Layer)
        text += QStringLiteral("/layers/%1").arg(layer);
    return text.isEmpty() ? QStringLiteral("/") : text;
}

std::optional<NodePath> NodePath::parse(QStringView text)
{
    if (text == u"/")
        return root();
    if (!text.startsWith(u'/'))
        return std::nullopt;
    NodePath path;
    const QStringList steps = text.mid(1).toString().split(QLatin1Char('/'));
    for (qsizetype i = 0; i < steps.size(); i += 2) {
        if (path.part != Part::Self)
            return std::nullopt;
        if (steps[i] == QLatin1String("config") && i + 1 == steps.size())
            return path.config();
        const std::optional<int> at = i + 1 < steps.size() ? number(steps[i + 1]) : std::nullopt;
        if (!at)
            return std::nullopt;
        if (steps[i] == QLatin1String("manifests"))
            path = path.child(*at);
        else if (steps[i] == QLatin1String("layers"))
            path = path.layerAt(*at);
        else
            return std::nullopt;
    }
    return path;
}

// By the standard's algorithms: QList compares numbers by memcmp, which may not be given the null of an empty list.
bool NodePath::operator==(const NodePath &other) const
{
    return part == other.part && layer == other.layer &&
           std::equal(entries.begin(), entries.end(), other.entries.begin(), other.entries.end());
}

bool NodePath::operator<(const NodePath &other) const
{
    const auto order = std::lexicographical_compare_three_way(entries.begin(), entries.end(), other.entries.begin(),
                                                              other.entries.end());
    if (order != 0)
        return order < 0;
    return std::tie(part, layer) < std::tie(other.part, other.layer);
}

} // namespace colophon::document
