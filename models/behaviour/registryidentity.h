// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which registry answers: by the header fields it sends and nothing else, or by what a person says. Where that is not
// enough it is not known, and said so.

#include "behaviour/consequences.h"

#include <utility>

namespace colophon::behaviour {

struct RegistryIdentity
{
    QList<Line> lines;      // the versions it may be; empty: not recognised
    QString name;           // "Harbor"
    QString evidence;       // in words: "its WWW-Authenticate header"; empty: a person said so
    QStringList candidates; // names, where what it sends fits several

    bool operator==(const RegistryIdentity &) const = default;
    bool isKnown() const { return !lines.isEmpty(); }
    // "registry.example is Harbor, by its WWW-Authenticate header.", or that and why it is not known.
    QString inWords(const QString &registry) const;
};

// By what it answered with: names in small letters, and values.
RegistryIdentity recognise(const Knowledge &knowledge, const QList<std::pair<QString, QString>> &fields);
// What it was recognised as; where it was not, the registry among the lines that somebody has chosen, if that is one
// alone.
RegistryIdentity orChosen(const RegistryIdentity &recognised, const Knowledge &knowledge, const QList<Line> &chosen);
// By what a person calls it.
base::Result<RegistryIdentity> registryNamed(const Knowledge &knowledge, const QString &name);

} // namespace colophon::behaviour
