// SPDX-License-Identifier: Apache-2.0
#include "behaviour/registryidentity.h"

#include "base/plaintext.h"
#include "behaviour/summary.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::RegistryIdentity)
};

constexpr qsizetype longestValue = 1'000; // of a header field that is looked at

// "www-authenticate" as the specifications write it.
QString asWritten(const QString &header)
{
    QString text = header;
    bool starts = true;
    for (QChar &c : text) {
        if (starts)
            c = c.toUpper();
        starts = c == QLatin1Char('-');
    }
    return text.replace(QLatin1String("Www-"), QLatin1String("WWW-"))
        .replace(QLatin1String("Jfrog"), QLatin1String("JFrog"));
}

struct Match
{
    const Party *party = nullptr;
    QString header;
    std::optional<Version> version;
};

std::optional<Match> match(const Party &party, const QList<std::pair<QString, QString>> &fields)
{
    for (const Recognition &known : party.recognition) {
        const QRegularExpression pattern(known.pattern, QRegularExpression::CaseInsensitiveOption);
        for (const auto &[name, value] : fields) {
            if (name != known.header)
                continue;
            const QRegularExpressionMatch found = pattern.match(value.left(longestValue));
            if (found.hasMatch())
                return Match{&party, known.header, Version::read(found.captured(QStringLiteral("version")))};
        }
    }
    return std::nullopt;
}

// By a person, lines of one registry.
RegistryIdentity saidToBe(const Knowledge &knowledge, const QList<Line> &lines)
{
    RegistryIdentity identity;
    identity.lines = lines;
    const Party *party = knowledge.party(lines.constFirst().party);
    identity.name = lines.size() == 1 || !party ? lines.constFirst().name : party->name;
    return identity;
}
} // namespace

QString RegistryIdentity::inWords(const QString &registry) const
{
    const QString who = base::visible(registry, 200);
    if (isKnown())
        return evidence.isEmpty() ? Text::tr("%1 is %2, as you say.").arg(who, name)
                                  : Text::tr("%1 is %2, by %3.").arg(who, name, evidence);
    if (!candidates.isEmpty())
        return Text::tr("%1 is not recognised: what it sends fits %2.").arg(who, orList(candidates));
    return Text::tr("%1 is not recognised: it sends nothing that tells which registry it is.").arg(who);
}

RegistryIdentity recognise(const Knowledge &knowledge, const QList<std::pair<QString, QString>> &fields)
{
    QList<Match> matches;
    for (const Party &party : knowledge.parties())
        if (party.kind == Party::Kind::Registry)
            if (const auto found = match(party, fields))
                matches.append(*found);
    RegistryIdentity identity;
    if (matches.size() > 1)
        for (const Match &each : std::as_const(matches))
            identity.candidates.append(each.party->name);
    if (matches.size() != 1)
        return identity;
    const Match &found = matches.constFirst();
    identity.lines = linesOf(*found.party, found.version);
    identity.name = found.party->name;
    if (found.version)
        identity.name += QLatin1Char(' ') + found.version->toString();
    identity.evidence = Text::tr("its %1 header").arg(asWritten(found.header));
    return identity;
}

RegistryIdentity orChosen(const RegistryIdentity &recognised, const Knowledge &knowledge, const QList<Line> &chosen)
{
    QList<Line> lines = chosen;
    lines.removeIf([](const Line &line) { return line.kind != Party::Kind::Registry; });
    const bool isOne =
        std::ranges::none_of(lines, [&](const Line &line) { return line.party != lines.constFirst().party; });
    return recognised.isKnown() || lines.isEmpty() || !isOne ? recognised : saidToBe(knowledge, lines);
}

base::Result<RegistryIdentity> registryNamed(const Knowledge &knowledge, const QString &name)
{
    const auto lines = linesNamed(knowledge, Party::Kind::Registry, {name});
    if (!lines)
        return base::fail(lines.error());
    return saidToBe(knowledge, *lines);
}

} // namespace colophon::behaviour
