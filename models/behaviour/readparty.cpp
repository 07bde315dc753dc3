// SPDX-License-Identifier: Apache-2.0
#include "behaviour/formobject.h"
#include "behaviour/knowledge.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Knowledge)
};

Source readSource(FormObject &object)
{
    return {object.text(QStringLiteral("repo")), object.text(QStringLiteral("path")),
            object.text(QStringLiteral("ref"))};
}

QList<Source> readSources(FormObject &parent, bool required)
{
    const QString name = QStringLiteral("sources");
    QList<Source> sources;
    parent.forEach(name, parent.list(name, required, true),
                   [&](FormObject &object) { sources.append(readSource(object)); });
    return sources;
}

void readRanges(FormObject &top, Party *party)
{
    const QString name = QStringLiteral("versions");
    top.forEach(name, top.list(name), [&](FormObject &object) {
        VersionRange range;
        range.id = object.text(QStringLiteral("id"));
        range.name = object.text(QStringLiteral("name"), false);
        range.min = object.version(QStringLiteral("min"));
        range.below = object.version(QStringLiteral("below"));
        range.isPast = object.flag(QStringLiteral("past"));
        range.note = object.text(QStringLiteral("note"), false);
        if (range.min && range.below && *range.min >= *range.below)
            object.fail(Text::tr("it ends before it begins"));
        if (party->range(range.id))
            object.fail(Text::tr("there are two of that id"));
        if (!party->ranges.isEmpty()) {
            const VersionRange &before = party->ranges.constLast();
            if (!before.below || !range.min || *range.min < *before.below)
                object.fail(Text::tr("it overlaps the one before it"));
        }
        party->ranges.append(range);
    });
    for (VersionRange &range : party->ranges) {
        if (range.name.isEmpty() && party->ranges.size() > 1)
            top.fail(Text::tr("versions/%1 has no name").arg(range.id));
        if (range.name.isEmpty())
            range.name = party->name;
    }
}

Rule readRule(FormObject &group)
{
    Rule rule;
    const QString name = QStringLiteral("rule");
    if (!group.has(name))
        return rule;
    FormObject object = group.object(name);
    rule.decides = object.word<Decides>(QStringLiteral("decides"), false).value_or(Decides::Nothing);
    rule.order = object.word<Order>(QStringLiteral("order"), false).value_or(Order::Unsaid);
    rule.fallback = object.word<Fallback>(QStringLiteral("fallback"), false).value_or(Fallback::Unsaid);
    object.end();
    return rule;
}

void readKind(FormObject &object, Row *row)
{
    const QString marking = object.text(QStringLiteral("marking"), false);
    for (const LayerKind &kind : LayerKind::all())
        if (oci::nameOf(kind.marking) == marking)
            row->marking = kind.marking;
    if (!marking.isEmpty() && !row->marking)
        object.fail(Text::tr("“%1” is no marking").arg(marking));
    const auto isDocker = object.either(QStringLiteral("family"), QStringLiteral("docker"), QStringLiteral("oci"));
    if (isDocker)
        row->family = *isDocker ? oci::MediaType::Family::Docker : oci::MediaType::Family::Oci;
    row->compressions = object.texts(QStringLiteral("compression"), false);
    static const QStringList known{QStringLiteral("none"), QStringLiteral("gzip"), QStringLiteral("zstd")};
    for (const QString &each : std::as_const(row->compressions))
        if (!known.contains(each))
            object.fail(Text::tr("“%1” is no compression").arg(each));
}

// What was run: of which versions, with which layers.
void readRun(FormObject &object, Row *row, const Party &party)
{
    row->otherwise = row->certainty;
    row->otherwiseDate = row->date;
    row->certainty = object.word<Certainty>(QStringLiteral("certainty"), false).value_or(row->certainty);
    row->executed = object.texts(QStringLiteral("executed"), false);
    row->ran = object.texts(QStringLiteral("ran"), false);
    const bool wasRun = row->certainty == Certainty::Executed;
    if (row->executed.isEmpty() == wasRun || row->ran.isEmpty() == wasRun)
        object.fail(Text::tr("“executed” is the certainty of what was run; “executed” lists the versions and “ran” the "
                             "layers"));
    for (const QString &run : std::as_const(row->executed)) {
        const std::optional<Version> version = Version::read(run);
        if (!version || std::ranges::none_of(row->ranges, [&](const QString &id) {
                const VersionRange *range = party.range(id);
                return range && range->contains(*version);
            }))
            object.fail(Text::tr("“%1” was run, but is in none of the ranges").arg(run));
    }
    QStringList held;
    for (const LayerKind &kind : LayerKind::all())
        if (row->holdsFor(kind))
            held.append(kind.content());
    bool isWhole = row->family.has_value();
    for (const QString &content : std::as_const(row->ran))
        if (!held.contains(content))
            object.fail(Text::tr("it was run with “%1”, which it does not tell of").arg(content));
    for (const QString &content : std::as_const(held))
        isWhole = isWhole && row->ran.contains(content);
    if (wasRun && !isWhole && row->otherwise == Certainty::Unknown)
        object.fail(Text::tr("nothing is known of the layers it was not run with"));
}

Row readRow(FormObject &object, Row row, const Party &party)
{
    readKind(object, &row);
    row.outcome = object.word<Outcome>(QStringLiteral("outcome")).value_or(Outcome::NotKnown);
    row.keepsManifest = object.either(QStringLiteral("manifest"), QStringLiteral("kept"), QStringLiteral("rewritten"));
    row.needsBlob = object.either(QStringLiteral("blob"), QStringLiteral("required"), QStringLiteral("not required"));
    row.sentence = object.sentence(QStringLiteral("sentence"));
    readRun(object, &row, party);
    if (const QString date = object.date(QStringLiteral("date"), false); !date.isEmpty())
        row.date = date;
    if (object.has(QStringLiteral("sources")))
        row.sources = readSources(object, true);
    if (row.sources.isEmpty() && row.certainty != Certainty::Unknown)
        object.fail(Text::tr("what is known has a source"));
    if ((row.outcome == Outcome::NotKnown) != (row.certainty == Certainty::Unknown))
        object.fail(Text::tr("“not-known” and “unknown” go together"));
    if (row.keepsManifest && (row.outcome == Outcome::Fails || row.outcome == Outcome::Refuses))
        object.fail(Text::tr("“manifest” is said of a manifest that arrives, and here none does"));
    return row;
}

void readBehaviour(FormObject &group, Party *party)
{
    Row shared;
    shared.operation = group.word<Operation>(QStringLiteral("operation")).value_or(Operation::Push);
    shared.ranges = group.texts(QStringLiteral("versions"));
    for (const QString &id : std::as_const(shared.ranges))
        if (!party->range(id))
            group.fail(Text::tr("there are no versions “%1”").arg(id));
    shared.option = group.text(QStringLiteral("option"), false);
    shared.rule = readRule(group);
    shared.sources = readSources(group, true);
    shared.certainty = group.word<Certainty>(QStringLiteral("certainty")).value_or(Certainty::Unknown);
    if (shared.certainty == Certainty::Executed)
        group.fail(Text::tr("single rows are executed, never all"));
    shared.date = group.date(QStringLiteral("date"), true);
    const QString name = QStringLiteral("rows");
    group.forEach(name, group.list(name),
                  [&](FormObject &object) { party->rows.append(readRow(object, shared, *party)); });
}

void readRecognition(FormObject &top, Party *party)
{
    const QString name = QStringLiteral("recognition");
    top.forEach(name, top.list(name, false), [&](FormObject &object) {
        Recognition known;
        known.header = object.text(QStringLiteral("header"));
        known.pattern = object.text(QStringLiteral("pattern"));
        FormObject source = object.object(QStringLiteral("source"));
        known.source = readSource(source);
        source.end();
        if (known.header != known.header.toLower() || !QRegularExpression(known.pattern).isValid())
            object.fail(Text::tr("the header is not in small letters, or the pattern no regular expression"));
        party->recognition.append(known);
    });
}

// Whether each kind of layer is told of exactly once: for each operation, option and range there is one.
QString coverage(const Party &party)
{
    const auto sameCase = [](const Row &a, const Row &b) { return a.operation == b.operation && a.option == b.option; };
    for (const VersionRange &range : party.ranges) {
        for (const Row &example : party.rows) {
            if (!example.option.isEmpty() && !example.ranges.contains(range.id))
                continue; // an option need not be there in every version; the operation itself must be told of
            for (const LayerKind &kind : LayerKind::all()) {
                const auto rows = std::ranges::count_if(party.rows, [&](const Row &row) {
                    return sameCase(row, example) && row.ranges.contains(range.id) && row.holdsFor(kind);
                });
                if (rows != 1)
                    return Text::tr("%1 %2%3: %4 rows tell of a layer that is %5")
                        .arg(range.name, nameOf(example.operation),
                             example.option.isEmpty() ? QString() : QLatin1String(" with ") + example.option,
                             QString::number(rows), kind.inWords());
            }
        }
    }
    return {};
}
// A whole file: `read` asks for its members and says what is wrong beyond the form.
template <class Read>
base::Result<void> readFile(const QByteArray &json, const QString &file, Read read)
{
    QJsonParseError syntax;
    const QJsonDocument document = QJsonDocument::fromJson(json, &syntax);
    QString error = syntax.error == QJsonParseError::NoError ? QString() : syntax.errorString();
    FormObject top(document.isObject() ? QJsonValue(document.object()) : QJsonValue(), QString(), &error);
    if (top.number(QStringLiteral("schema")) != 1)
        top.fail(Text::tr("“schema” is not 1"));
    read(top);
    top.end();
    if (!error.isEmpty())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("%1 is not as it should be: %2.").arg(file, error));
    return {};
}

void readTop(FormObject &top, Party *filled)
{
    Party &party = *filled;
    party.id = top.text(QStringLiteral("id"));
    party.name = top.text(QStringLiteral("name"));
    const auto isClient = top.either(QStringLiteral("kind"), QStringLiteral("client"), QStringLiteral("registry"));
    if (!isClient)
        top.fail(Text::tr("“kind” is missing"));
    party.kind = isClient.value_or(true) ? Party::Kind::Client : Party::Kind::Registry;
    party.product = top.text(QStringLiteral("product"), false);
    party.platform = top.text(QStringLiteral("platform"), false);
    static const QStringList platforms{QString(), QStringLiteral("linux"), QStringLiteral("windows")};
    if (!platforms.contains(party.platform))
        top.fail(Text::tr("“%1” is no platform").arg(party.platform));
    party.isCommon = top.flag(QStringLiteral("common"));
    party.about = top.text(QStringLiteral("about"), false);
    party.link = top.link(QStringLiteral("link"), false);
    readRecognition(top, &party);
    readRanges(top, &party);
    const QString behaviours = QStringLiteral("behaviours");
    top.forEach(behaviours, top.list(behaviours), [&](FormObject &group) { readBehaviour(group, &party); });
    if (!top.hasFailed())
        if (const QString gap = coverage(party); !gap.isEmpty())
            top.fail(gap);
}
} // namespace

base::Result<Party> readParty(const QByteArray &json, const QString &file)
{
    Party party;
    const auto read = readFile(json, file, [&](FormObject &top) { readTop(top, &party); });
    if (!read)
        return base::fail(read.error());
    return party;
}

base::Result<QList<Remark>> readRemarks(const QByteArray &json, const QString &file)
{
    QList<Remark> remarks;
    const QString name = QStringLiteral("remarks");
    const auto read = readFile(json, file, [&](FormObject &top) {
        top.forEach(name, top.list(name), [&](FormObject &object) {
            remarks.append({object.text(QStringLiteral("id")), object.sentence(QStringLiteral("sentence")),
                            object.link(QStringLiteral("link"), true), object.date(QStringLiteral("date"), true)});
        });
    });
    if (!read)
        return base::fail(read.error());
    return remarks;
}

} // namespace colophon::behaviour
