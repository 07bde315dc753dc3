// SPDX-License-Identifier: Apache-2.0
#pragma once

// What clients and registries will make of an image, as findings: of the image as it is, and of one that is about to be
// pushed. Pure; names, rules and remarks come from the data.

#include "behaviour/registryidentity.h"
#include "behaviour/summary.h"
#include "document/edit.h"
#include "document/findings.h"

#include <functional>

namespace colophon::behaviour {

// The layers of an image by kind. `derived` has the same layers at the same places, but for what was removed.
QList<LayerGroup> groupsOf(const document::ImageTree &original, const document::ImageTree &derived,
                           const QList<document::NodePath> &layers);
QList<LayerGroup> groupsOf(const document::ImageTree &tree); // of all its layers, unedited

// Marked types that some programs take for ordinary ones, with the repair.
QList<document::Finding> findingsOf(const Knowledge &knowledge, const document::ImageTree &tree);

// Which of these clients cannot pull an image of these layers from everywhere: because they ask the addresses first and
// give up where these fail, or because they never ask them; and of which copies nobody can, since these clients leave
// layers behind that have no address. The findings are said to be of that place.
QList<document::Finding> findingsForCustomers(const Knowledge &knowledge, const QList<Line> &clients,
                                              const QList<LayerGroup> &groups, const document::NodePath &place);

// Where it is, or is to go: the registry's name, and what it was recognised as.
struct Place
{
    QString registry;
    RegistryIdentity identity;
    bool operator==(const Place &) const = default;
};
// Whether the destination takes it, who will not be able to pull it, and where a layer is marked anew what is thought
// of that today. `clients` are those that count. Nothing of an image without marks.
QList<document::Finding> findingsBeforePush(const Knowledge &knowledge, const QList<Line> &clients,
                                            const document::ImageTree &original, const document::DerivedImage &derived,
                                            const Place &destination);

// The same, still to be told what the registry says of itself: what a push plan asks. A registry among the lines is
// what somebody says the destination is, should it not be recognised.
std::function<QList<document::Finding>(const QList<std::pair<QString, QString>> &)>
adviceFor(const Knowledge &knowledge, const QList<Line> &lines, const document::ImageTree &original,
          const document::DerivedImage &derived, const QString &registry);

} // namespace colophon::behaviour
