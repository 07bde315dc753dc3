// SPDX-License-Identifier: Apache-2.0
#include "behaviour/consequences.h"

#include "base/plaintext.h"
#include "behaviour/summary.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>
#include <QUrl>

#include <algorithm>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Consequences)
};

Line lineOf(const Party &party, const VersionRange &range) { return {party.id, range.id, range.name, party.kind}; }

// Of a version that nobody has looked at.
Line lineOf(const Party &party, const Version &version)
{
    return {party.id, QString(), party.name + QLatin1Char(' ') + version.toString(), party.kind};
}

template <class Fits>
QList<Line> linesThat(const Knowledge &knowledge, Party::Kind kind, Fits fits)
{
    QList<Line> lines;
    for (const Party &party : knowledge.parties()) {
        for (const VersionRange &range : party.ranges)
            if (party.kind == kind && fits(party, range))
                lines.append(lineOf(party, range));
    }
    return lines;
}

// Where nobody has looked at a version.
Row notLookedAt(const Party &party, const Line &line, Operation operation)
{
    Row row;
    row.operation = operation;
    row.sentence = Text::tr("What %1 does was not looked at: it is outside of the versions known of %2.")
                       .arg(line.name, party.name);
    return row;
}

// As it is known of this layer and these versions.
Row rowOf(const Party &party, const Line &line, const Row &row, const LayerKind &layer)
{
    Row known = row.ofLayer(layer);
    const VersionRange *range = party.range(line.range);
    known.executed.removeIf([range](const QString &run) {
        const auto version = Version::read(run);
        return range && version && !range->contains(*version);
    });
    return known;
}

QString hostOf(const QString &url)
{
    const QUrl parsed(url);
    const bool isWeb = parsed.scheme() == QLatin1String("http") || parsed.scheme() == QLatin1String("https");
    return isWeb && !parsed.host().isEmpty() ? parsed.host() : QString();
}
} // namespace

QList<Line> linesOf(const Knowledge &knowledge, Party::Kind kind)
{
    return linesThat(knowledge, kind, [](const Party &, const VersionRange &) { return true; });
}

QList<Line> commonLines(const Knowledge &knowledge, Party::Kind kind)
{
    return linesThat(knowledge, kind,
                     [](const Party &party, const VersionRange &range) { return party.isCommon && !range.isPast; });
}

QList<Line> linesOf(const Party &party, const std::optional<Version> &version)
{
    QList<Line> lines;
    for (const VersionRange &range : party.ranges)
        if (!version || range.meets(*version))
            lines.append(lineOf(party, range));
    if (lines.isEmpty() && version)
        lines.append(lineOf(party, *version));
    return lines;
}

base::Result<QList<Line>> linesNamed(const Knowledge &knowledge, Party::Kind kind, const QStringList &names)
{
    QList<Line> lines;
    const auto add = [&](const Line &line) {
        if (!lines.contains(line))
            lines.append(line);
    };
    for (const QString &given : names) {
        const qsizetype at = given.indexOf(QLatin1Char('@'));
        const QString name = at < 0 ? given : given.first(at);
        const std::optional<Version> version = at < 0 ? std::nullopt : Version::read(given.sliced(at + 1));
        if (at >= 0 && !version)
            return base::fail(base::ErrorKind::Usage,
                              Text::tr("“%1” names no version behind the @.").arg(base::visible(given, 100)));
        bool isKnown = false;
        const auto is = [&](const QString &text) { return name.compare(text, Qt::CaseInsensitive) == 0; };
        const bool isOne = std::ranges::any_of(knowledge.parties(), [&](const Party &party) {
            return party.kind == kind && (is(party.id) || is(party.name));
        });
        for (const Party &party : knowledge.parties()) {
            if (party.kind != kind)
                continue;
            const bool whole =
                is(party.id) || is(party.name) || (!isOne && !party.product.isEmpty() && is(party.product));
            const auto range = std::ranges::find_if(
                party.ranges, [&](const VersionRange &each) { return is(lineOf(party, each).id()); });
            const bool isLine = range != party.ranges.end();
            if (isLine && (!version || range->meets(*version)))
                add(lineOf(party, *range));
            else if (whole || isLine) // the version is more than the line
                for (const Line &line : linesOf(party, version))
                    add(line);
            isKnown = isKnown || whole || isLine;
        }
        if (!isKnown) {
            QStringList known;
            for (const Party &party : knowledge.parties())
                if (party.kind == kind)
                    known.append(party.id);
            return base::fail(base::ErrorKind::Usage,
                              kind == Party::Kind::Client
                                  ? Text::tr("Nothing is known of a client “%1”.").arg(base::visible(name, 100))
                                  : Text::tr("Nothing is known of a registry “%1”.").arg(base::visible(name, 100)),
                              Text::tr("Known are: %1.").arg(known.join(QLatin1String(", "))));
        }
    }
    return lines;
}

QList<Line> linesWithIds(const Knowledge &knowledge, Party::Kind kind, const QStringList &ids)
{
    QList<Line> lines;
    for (const Line &line : linesOf(knowledge, kind))
        if (ids.contains(line.id()))
            lines.append(line);
    return lines;
}

QList<Consequence> consequencesOf(const Knowledge &knowledge, const QList<Line> &lines, const LayerKind &layer)
{
    QList<Consequence> all;
    for (const Line &line : lines) {
        const Party *party = knowledge.party(line.party);
        if (!party)
            continue;
        QList<Consequence> withOption;
        QSet<Operation> told;
        for (const Row &row : party->rows) {
            if (line.range.isEmpty()) {
                if (row.option.isEmpty() && !told.contains(row.operation))
                    all.append({line, layer, notLookedAt(*party, line, row.operation)});
                told.insert(row.operation);
                continue;
            }
            if (!row.ranges.contains(line.range) || !row.holdsFor(layer))
                continue;
            (row.option.isEmpty() ? all : withOption).append({line, layer, rowOf(*party, line, row, layer)});
        }
        all.append(withOption);
    }
    return all;
}

std::optional<Consequence> consequenceOf(const Knowledge &knowledge, const Line &line, const LayerKind &layer,
                                         Operation operation, const QString &option)
{
    const Party *party = knowledge.party(line.party);
    if (!party)
        return std::nullopt;
    for (const Row &row : party->rows) {
        if (row.operation != operation || row.option != option)
            continue;
        if (line.range.isEmpty())
            return Consequence{line, layer, notLookedAt(*party, line, operation)};
        if (row.ranges.contains(line.range) && row.holdsFor(layer))
            return Consequence{line, layer, rowOf(*party, line, row, layer)};
    }
    return std::nullopt;
}

QString certaintyInWords(const Row &row)
{
    return row.executed.isEmpty() ? inWords(row.certainty) : Text::tr("run with %1").arg(andList(row.executed));
}

QString runInWords(const Row &row)
{
    QStringList kinds;
    for (const auto &[family, name] :
         {std::pair{QLatin1String("docker "), Text::tr("Docker")}, std::pair{QLatin1String("oci "), Text::tr("OCI")}}) {
        QStringList compressions;
        for (const QString &each : row.ran)
            if (each.startsWith(family))
                compressions.append(each.endsWith(QLatin1String(" none")) ? Text::tr("uncompressed")
                                                                          : each.sliced(family.size()));
        if (!compressions.isEmpty())
            kinds.append(Text::tr("%1 type (%2)").arg(name, compressions.join(QLatin1String(", "))));
    }
    const QString versions = row.executed.join(QLatin1String(", "));
    return kinds.isEmpty() ? versions : Text::tr("%1, with layers of %2").arg(versions, andList(kinds));
}

QList<LayerGroup> groupsOf(const QList<oci::Descriptor> &before, const QList<oci::Descriptor> &after,
                           const QList<ImageName> &images)
{
    QList<LayerGroup> groups;
    for (qsizetype i = 0; i < after.size(); ++i) {
        const LayerKind was = LayerKind::of(before.value(i, after[i]));
        const LayerKind is = LayerKind::of(after[i]);
        auto group = std::ranges::find_if(
            groups, [&](const LayerGroup &each) { return each.before == was && each.after == is; });
        if (group == groups.end()) {
            groups.append({was, is, {}, {}, {}});
            group = groups.end() - 1;
        }
        group->contents.insert(after[i].digest);
        if (i < images.size() && !group->images.contains(images[i]))
            group->images.append(images[i]);
        for (const QString &url : after[i].urls) {
            const QString host = hostOf(url);
            if (!host.isEmpty() && !group->hosts.contains(host))
                group->hosts.append(host);
        }
    }
    // What is marked in some way first: that is what is asked about.
    std::ranges::stable_sort(groups, [](const LayerGroup &a, const LayerGroup &b) {
        const auto rank = [](const LayerGroup &group) {
            return group.after.marking == oci::Marking::Distributable ? (group.isChanged() ? 1 : 2) : 0;
        };
        return rank(a) < rank(b);
    });
    return groups;
}

bool concerns(const Party &party, const QString &os)
{
    return party.platform.isEmpty() || os.isEmpty() || party.platform == os;
}

QList<Line> linesFor(const Knowledge &knowledge, const QList<Line> &lines, const QList<LayerGroup> &groups)
{
    QList<Line> those = lines;
    those.removeIf([&](const Line &line) {
        const Party *party = knowledge.party(line.party);
        return party && !groups.isEmpty() && std::ranges::none_of(groups, [&](const LayerGroup &group) {
                   return group.images.isEmpty() || std::ranges::any_of(group.images, [&](const ImageName &image) {
                              return concerns(*party, image.os);
                          });
               });
    });
    return those;
}

} // namespace colophon::behaviour
