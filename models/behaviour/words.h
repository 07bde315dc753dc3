// SPDX-License-Identifier: Apache-2.0
#pragma once

// The closed sets of words of the behaviour data, as codes: how the files spell them, and how people read them.

#include <QString>
#include <QStringList>

#include <optional>

namespace colophon::behaviour {

// What somebody does with an image.
enum class Operation { Pull, Push, Copy, Save, Load, Build, Edit, Convert, Unpack, PutManifest, Replicate, Proxy };
// What then happens to a layer, or to the image because of it.
enum class Outcome {
    Uploads,
    LeavesBehind,
    Includes,
    FetchesFromRegistry,
    FetchesFromAddresses,
    RegistryThenAddresses,
    IgnoresAddresses,
    Accepts,
    Refuses,
    Fails,
    KeepsMarking,
    RemovesMarking,
    Unpacks,
    NotKnown,
};
// How well it is known; the surest first.
enum class Certainty { Executed, ReadInSource, Documented, Inferred, Unknown };
// The rule behind it.
enum class Decides { Nothing, Type, Urls, Both, Neither }; // which field of a layer decides; Nothing: not said
enum class Order { Unsaid, AddressesFirst, RegistryFirst, Never };
enum class Fallback { Unsaid, AnyFailure, NotFound, NoAnswer, Never }; // when the next place is asked

// As the files and the command's JSON spell them.
QString nameOf(Operation operation);
QString nameOf(Outcome outcome);
QString nameOf(Certainty certainty);
QString nameOf(Decides decides);
QString nameOf(Order order);
QString nameOf(Fallback fallback);
// The other way round; nothing for what is no such word.
template <class T>
std::optional<T> readWord(const QString &name);
// All of them, as the form of the files lists them.
template <class T>
QStringList wordsOf();

// As people read them: "Push", "Leaves it behind", "run by our tests".
QString inWords(Operation operation);
QString inWords(Outcome outcome);
QString inWords(Certainty certainty);

// "2026-11-23" as "23 November 2026", "2021-08" as "August 2021"; empty where it is neither.
QString dateInWords(const QString &date);

} // namespace colophon::behaviour
