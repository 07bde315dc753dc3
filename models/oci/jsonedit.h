// SPDX-License-Identifier: Apache-2.0
#pragma once

// Edits of a JSON document as splices, each as small as it can be and written as its neighbours are: several changes of
// one object at once, elements taken out of an array, and texts changed in the middle.

#include "oci/jsondocument.h"

#include <QSet>

#include <utility>

namespace colophon::oci {

struct MemberChange
{
    QString name;
    std::optional<QByteArray> raw; // the new value as it is written; nothing: the member goes
};

// Sets and removes members of one object together: what is new goes behind the last member. Changes of one object must
// be made in one call, or their splices would meet.
QList<Splice> membersChanged(const JsonValue &object, const QList<MemberChange> &changes);
// Takes elements out of an array.
QList<Splice> elementsRemoved(const JsonValue &array, const QSet<qsizetype> &positions);
// Puts an element behind the last one of an array, in the white space its neighbour came with.
QList<Splice> elementAdded(const JsonValue &array, const QByteArray &raw);
// Turns a string into another, leaving the beginning and the end they share as they are spelled.
QList<Splice> stringChanged(const JsonValue &string, const QString &now);
// How the object of strings `members` would be written as a new member of `object`.
QByteArray rawStringObject(const JsonValue &object, const QList<std::pair<QString, QString>> &members);

} // namespace colophon::oci
