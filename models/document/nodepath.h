// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a node stands in an image: the way through the indexes, then the manifest itself, its config or one layer. A
// node's identity is its position, never its digest: the same layer may stand in two places.

#include <QList>
#include <QString>

#include <compare>
#include <optional>

namespace colophon::document {

struct NodePath
{
    enum class Part { Self, Config, Layer }; // Self: the manifest or index

    QList<int> entries; // entry numbers through nested indexes; empty: the root
    Part part = Part::Self;
    int layer = -1; // for Part::Layer

    static NodePath root() { return {}; }
    NodePath child(int entry) const;
    NodePath config() const;
    NodePath layerAt(int number) const;
    NodePath manifest() const; // the manifest or index this belongs to: itself for Self

    bool isLayer() const { return part == Part::Layer; }
    // "/", "/manifests/0", "/manifests/0/config", "/layers/2": as JSON pointers into the documents; stable.
    QString toString() const;
    // The path that toString() wrote so; nothing for any other text.
    static std::optional<NodePath> parse(QStringView text);

    bool operator==(const NodePath &other) const;
    bool operator<(const NodePath &other) const; // document order: an index before what it names
    friend size_t qHash(const NodePath &path, size_t seed = 0) noexcept
    {
        return qHashMulti(seed, path.entries, static_cast<int>(path.part), path.layer);
    }
};

} // namespace colophon::document
