// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the summary is made of: the clients sorted by what they do with the kinds of layers an image has. Pure.

#include "behaviour/consequences.h"

#include <QMap>

namespace colophon::behaviour {

// Some of the image's kinds, by their place in the list.
using Kinds = QList<qsizetype>;

// One of the images a tag names, and the kinds of its layers.
struct Part
{
    ImageName image;
    Kinds kinds;
};

// Clients that do the same, as one enumeration: where all lines of a client are in it and are known equally well, under
// the client's name.
class Names
{
public:
    void add(const Line &line, const QString &caveat) { m_lines.append({line, caveat}); }
    QStringList all(const Knowledge &knowledge, const QList<Line> &chosen) const;

private:
    QList<std::pair<Line, QString>> m_lines;
};

// Which operations, with whom.
using Ways = QMap<Operation, Names>;

// Where a layer that has addresses is asked for.
struct Asking
{
    Outcome outcome = Outcome::NotKnown; // FetchesFromAddresses, RegistryThenAddresses or IgnoresAddresses
    Fallback fallback = Fallback::Unsaid;
    Kinds kinds;
    bool operator==(const Asking &) const = default;
};

// What cannot be used, because of which layers.
struct Failure
{
    QStringList parts; // names; empty: nothing of it can
    Kinds kinds;
    bool operator==(const Failure &) const = default;
};

struct Manners
{
    template <class Key, class Value>
    using Each = QList<std::pair<Key, Value>>; // in the order of the clients

    Each<Kinds, Ways> leaving; // these stay behind
    Names uploading;           // all of them
    Each<Failure, Ways> failing;
    Each<Kinds, Ways> unknown;
    Each<Asking, Names> asking;
};

// `kinds` without repetition, `parts` at least one. A client is judged by each part that has to do with it for itself:
// where it fails with one it may do well with another.
Manners mannersOf(const Knowledge &knowledge, const QList<Line> &clients, const QList<LayerKind> &kinds,
                  const QList<Part> &parts);

} // namespace colophon::behaviour
