// SPDX-License-Identifier: Apache-2.0
#pragma once

// Compares what clients and registries were seen to do (watch.h) with the data that the program shows.

#include "base/result.h"
#include "behaviour/knowledge.h"

#include <QJsonObject>
#include <QList>
#include <QSet>
#include <QStringList>

namespace colophon::test {

// One line of a family's file.
struct Observation
{
    QJsonObject facts;
    QString text(const char *member) const { return facts.value(QLatin1String(member)).toString(); }
    behaviour::LayerKind kind() const;
    bool isFault() const { return facts.contains(QLatin1String("address")); } // an address failed
    QString cell() const; // all that tells it from others, in one line
    // Only client, operation and marking, as a (Docker's), b (OCI's), c (unfetchable), d (half-marked) or e (ordinary):
    // whatever the version, the option, the rest of the type. Empty where an address failed: that is a rule, no cell.
    QString strictCell() const;
};

// Of one family; an error where it has not run to its end.
base::Result<QList<Observation>> readObservations(const QString &file);

// Where data and observations differ, one sentence each: another outcome; an observation that the data knows no row
// for, or does not call executed; and a row that is called executed, of a version that was at hand, without having
// been.
QStringList disagreements(const behaviour::Knowledge &knowledge, const QList<Observation> &observations);

// What rows say was executed and nobody here is able to: "podman 4.3.1".
QSet<QString> notAtHand(const behaviour::Knowledge &knowledge, const QList<Observation> &observations);

} // namespace colophon::test
