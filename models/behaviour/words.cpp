// SPDX-License-Identifier: Apache-2.0
#include "behaviour/words.h"

#include <QCoreApplication>
#include <QDate>
#include <QLocale>

#include <array>
#include <utility>

namespace colophon::behaviour {

namespace {
struct Words
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Words)
};

template <class T>
struct Table;

template <>
struct Table<Operation>
{
    static constexpr std::array rows{
        std::pair{Operation::Push, "push"},           std::pair{Operation::Pull, "pull"},
        std::pair{Operation::Copy, "copy"},           std::pair{Operation::Save, "save"},
        std::pair{Operation::Load, "load"},           std::pair{Operation::Build, "build"},
        std::pair{Operation::Edit, "edit"},           std::pair{Operation::Convert, "convert"},
        std::pair{Operation::Unpack, "unpack"},       std::pair{Operation::PutManifest, "put-manifest"},
        std::pair{Operation::Replicate, "replicate"}, std::pair{Operation::Proxy, "proxy"},
    };
};

template <>
struct Table<Outcome>
{
    static constexpr std::array rows{
        std::pair{Outcome::Uploads, "uploads"},
        std::pair{Outcome::LeavesBehind, "leaves-behind"},
        std::pair{Outcome::Includes, "includes"},
        std::pair{Outcome::FetchesFromRegistry, "fetches-from-registry"},
        std::pair{Outcome::FetchesFromAddresses, "fetches-from-addresses"},
        std::pair{Outcome::RegistryThenAddresses, "registry-then-addresses"},
        std::pair{Outcome::IgnoresAddresses, "ignores-addresses"},
        std::pair{Outcome::Accepts, "accepts"},
        std::pair{Outcome::Refuses, "refuses"},
        std::pair{Outcome::Fails, "fails"},
        std::pair{Outcome::KeepsMarking, "keeps-marking"},
        std::pair{Outcome::RemovesMarking, "removes-marking"},
        std::pair{Outcome::Unpacks, "unpacks"},
        std::pair{Outcome::NotKnown, "not-known"},
    };
};

template <>
struct Table<Certainty>
{
    static constexpr std::array rows{
        std::pair{Certainty::Executed, "executed"},     std::pair{Certainty::ReadInSource, "read in source"},
        std::pair{Certainty::Documented, "documented"}, std::pair{Certainty::Inferred, "inferred"},
        std::pair{Certainty::Unknown, "unknown"},
    };
};

template <>
struct Table<Decides>
{
    static constexpr std::array rows{
        std::pair{Decides::Type, "type"},
        std::pair{Decides::Urls, "urls"},
        std::pair{Decides::Both, "both"},
        std::pair{Decides::Neither, "neither"},
    };
};

template <>
struct Table<Order>
{
    static constexpr std::array rows{
        std::pair{Order::AddressesFirst, "addresses first"},
        std::pair{Order::RegistryFirst, "registry first"},
        std::pair{Order::Never, "never"},
    };
};

template <>
struct Table<Fallback>
{
    static constexpr std::array rows{
        std::pair{Fallback::AnyFailure, "after any failure"},
        std::pair{Fallback::NotFound, "after a 404"},
        std::pair{Fallback::NoAnswer, "after no answer"},
        std::pair{Fallback::Never, "never"},
    };
};

template <class T>
QString spelled(T value)
{
    for (const auto &[each, name] : Table<T>::rows)
        if (each == value)
            return QLatin1String(name);
    return {};
}
} // namespace

QString nameOf(Operation operation) { return spelled(operation); }
QString nameOf(Outcome outcome) { return spelled(outcome); }
QString nameOf(Certainty certainty) { return spelled(certainty); }
QString nameOf(Decides decides) { return spelled(decides); }
QString nameOf(Order order) { return spelled(order); }
QString nameOf(Fallback fallback) { return spelled(fallback); }

template <class T>
std::optional<T> readWord(const QString &name)
{
    for (const auto &[each, known] : Table<T>::rows)
        if (name == QLatin1String(known))
            return each;
    return std::nullopt;
}

template <class T>
QStringList wordsOf()
{
    QStringList words;
    for (const auto &[each, name] : Table<T>::rows)
        words.append(QLatin1String(name));
    return words;
}

#define COLOPHON_WORDS(Type)                                                                                           \
    template std::optional<Type> readWord<Type>(const QString &);                                                      \
    template QStringList wordsOf<Type>();
COLOPHON_WORDS(Operation)
COLOPHON_WORDS(Outcome)
COLOPHON_WORDS(Certainty)
COLOPHON_WORDS(Decides)
COLOPHON_WORDS(Order)
COLOPHON_WORDS(Fallback)
#undef COLOPHON_WORDS

QString inWords(Operation operation)
{
    switch (operation) {
    case Operation::Pull:
        return Words::tr("Pull");
    case Operation::Push:
        return Words::tr("Push");
    case Operation::Copy:
        return Words::tr("Copy");
    case Operation::Save:
        return Words::tr("Save");
    case Operation::Load:
        return Words::tr("Load");
    case Operation::Build:
        return Words::tr("Build");
    case Operation::Edit:
        return Words::tr("Edit");
    case Operation::Convert:
        return Words::tr("Convert");
    case Operation::Unpack:
        return Words::tr("Unpack");
    case Operation::PutManifest:
        return Words::tr("Receive");
    case Operation::Replicate:
        return Words::tr("Replicate");
    case Operation::Proxy:
        return Words::tr("Proxy");
    }
    return {};
}

QString inWords(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Uploads:
        return Words::tr("Uploads it");
    case Outcome::LeavesBehind:
        return Words::tr("Leaves it behind");
    case Outcome::Includes:
        return Words::tr("Takes it along");
    case Outcome::FetchesFromRegistry:
        return Words::tr("Fetches it from the registry");
    case Outcome::FetchesFromAddresses:
        return Words::tr("Fetches it from its addresses");
    case Outcome::RegistryThenAddresses:
        return Words::tr("Asks the registry first, then its addresses");
    case Outcome::IgnoresAddresses:
        return Words::tr("Ignores the addresses");
    case Outcome::Accepts:
        return Words::tr("Accepts it");
    case Outcome::Refuses:
        return Words::tr("Refuses the image");
    case Outcome::Fails:
        return Words::tr("Fails");
    case Outcome::KeepsMarking:
        return Words::tr("Keeps the marking");
    case Outcome::RemovesMarking:
        return Words::tr("Removes the marking");
    case Outcome::Unpacks:
        return Words::tr("Unpacks it");
    case Outcome::NotKnown:
        return Words::tr("Not known");
    }
    return {};
}

QString inWords(Certainty certainty)
{
    switch (certainty) {
    case Certainty::Executed:
        return Words::tr("run by our tests");
    case Certainty::ReadInSource:
        return Words::tr("read in its source");
    case Certainty::Documented:
        return Words::tr("documented");
    case Certainty::Inferred:
        return Words::tr("inferred");
    case Certainty::Unknown:
        return Words::tr("not known");
    }
    return {};
}

QString dateInWords(const QString &date)
{
    const QLocale english(QLocale::English, QLocale::UnitedKingdom);
    const bool month = date.size() == 7;
    const QDate day = QDate::fromString(month ? date + QLatin1String("-01") : date, Qt::ISODate);
    if (!day.isValid() || (!month && date.size() != 10))
        return {};
    return english.toString(day, month ? QStringLiteral("MMMM yyyy") : QStringLiteral("d MMMM yyyy"));
}

} // namespace colophon::behaviour
