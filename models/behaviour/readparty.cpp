// SPDX-License-Identifier: Apache-2.0
#include "behaviour/knowledge.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <QUrl>

namespace colophon::behaviour {

namespace {
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(colophon::behaviour::Knowledge)
};

// The members of one object, each asked for once; what is left over is an error. The first error counts.
class Object
{
public:
    Object(const QJsonValue &value, QString place, QString *error)
        : m_object(value.toObject())
        , m_place(std::move(place))
        , m_error(error)
    {
        if (!value.isObject())
            fail(Text::tr("is no object"));
    }

    QString text(const QString &name, bool required = true)
    {
        const QJsonValue value = take(name, required);
        if (!value.isUndefined() && (!value.isString() || value.toString().trimmed().isEmpty()))
            fail(Text::tr("“%1” is no text").arg(name));
        return value.toString();
    }
    int number(const QString &name) { return take(name, true).toInt(); }
    bool flag(const QString &name)
    {
        const QJsonValue value = take(name, false);
        if (!value.isUndefined() && !value.isBool())
            fail(Text::tr("“%1” is neither true nor false").arg(name));
        return value.toBool();
    }
    QJsonArray list(const QString &name, bool required = true, bool mayBeEmpty = false)
    {
        const QJsonValue value = take(name, required);
        const QJsonArray array = value.toArray();
        if (!value.isUndefined() && (!value.isArray() || (array.isEmpty() && !mayBeEmpty)))
            fail(Text::tr("“%1” is no list, or an empty one").arg(name));
        return array;
    }
    QStringList texts(const QString &name, bool required = true)
    {
        QStringList texts;
        for (const QJsonValue value : list(name, required)) {
            if (!value.isString() || value.toString().isEmpty() || texts.contains(value.toString()))
                fail(Text::tr("“%1” has what is no text, or the same one twice").arg(name));
            texts.append(value.toString());
        }
        return texts;
    }
    template <class T>
    std::optional<T> word(const QString &name, bool required = true)
    {
        const QString spelled = text(name, required);
        const std::optional<T> word = readWord<T>(spelled);
        if (!word && !spelled.isEmpty())
            fail(Text::tr("“%1” may not be “%2”").arg(name, spelled));
        return word;
    }
    std::optional<Version> version(const QString &name)
    {
        const QString spelled = text(name, false);
        const std::optional<Version> version = Version::readStrictly(spelled);
        if (!version && !spelled.isEmpty())
            fail(Text::tr("“%1” is no version: %2").arg(name, spelled));
        return version;
    }
    QString date(const QString &name, bool required)
    {
        const QString spelled = text(name, required);
        if (!spelled.isEmpty() && dateInWords(spelled).isEmpty())
            fail(Text::tr("“%1” is no date: %2").arg(name, spelled));
        return spelled;
    }
    // A page to read on: nothing but http and https is ever shown as one.
    QString link(const QString &name, bool required)
    {
        const QString spelled = text(name, required);
        const QUrl url(spelled, QUrl::StrictMode);
        const bool isWeb = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
        if (!spelled.isEmpty() && (!isWeb || url.host().isEmpty() || !url.userInfo().isEmpty()))
            fail(Text::tr("“%1” is no address of a page: %2").arg(name, spelled));
        return spelled;
    }
    QString sentence(const QString &name)
    {
        const QString sentence = text(name);
        if (!sentence.endsWith(QLatin1Char('.')))
            fail(Text::tr("the sentence does not end"));
        return sentence;
    }
    Object object(const QString &name) { return {take(name, true), m_place + QLatin1Char('/') + name, m_error}; }
    bool has(const QString &name) const { return m_object.contains(name); }

    void fail(const QString &what)
    {
        if (m_error->isEmpty())
            *m_error = m_place.isEmpty() ? what : m_place + QLatin1String(": ") + what;
    }
    void end()
    {
        for (const QString &name : m_object.keys())
            if (!m_asked.contains(name))
                fail(Text::tr("“%1” is not known").arg(name));
    }
    bool hasFailed() const { return !m_error->isEmpty(); }
    const QString &place() const { return m_place; }
    QString *error() const { return m_error; }

private:
    QJsonValue take(const QString &name, bool required)
    {
        m_asked.insert(name);
        const QJsonValue value = m_object.value(name);
        if (required && value.isUndefined())
            fail(Text::tr("“%1” is missing").arg(name));
        return value;
    }

    QJsonObject m_object;
    QString m_place;
    QString *m_error;
    QSet<QString> m_asked;
};

// Each element of a list, with its place.
template <class Read>
void forEach(Object &parent, const QString &name, const QJsonArray &list, Read read)
{
    for (qsizetype i = 0; i < list.size(); ++i) {
        Object element(list[i], QStringLiteral("%1/%2/%3").arg(parent.place(), name).arg(i), parent.error());
        read(element);
        element.end();
    }
}

Source readSource(Object &object)
{
    return {object.text(QStringLiteral("repo")), object.text(QStringLiteral("path")),
            object.text(QStringLiteral("ref"))};
}

QList<Source> readSources(Object &parent, bool required)
{
    const QString name = QStringLiteral("sources");
    QList<Source> sources;
    forEach(parent, name, parent.list(name, required, true),
            [&](Object &object) { sources.append(readSource(object)); });
    return sources;
}

void readRanges(Object &top, Party *party)
{
    const QString name = QStringLiteral("versions");
    forEach(top, name, top.list(name), [&](Object &object) {
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

Rule readRule(Object &group)
{
    Rule rule;
    const QString name = QStringLiteral("rule");
    if (!group.has(name))
        return rule;
    Object object = group.object(name);
    rule.decides = object.word<Decides>(QStringLiteral("decides"), false).value_or(Decides::Nothing);
    rule.order = object.word<Order>(QStringLiteral("order"), false).value_or(Order::Unsaid);
    rule.fallback = object.word<Fallback>(QStringLiteral("fallback"), false).value_or(Fallback::Unsaid);
    object.end();
    return rule;
}

std::optional<bool> readEither(Object &object, const QString &name, const QString &yes, const QString &no)
{
    const QString text = object.text(name, false);
    if (text == yes)
        return true;
    if (text == no)
        return false;
    if (!text.isEmpty())
        object.fail(Text::tr("“%1” may not be “%2”").arg(name, text));
    return std::nullopt;
}

void readKind(Object &object, Row *row)
{
    const QString marking = object.text(QStringLiteral("marking"), false);
    for (const LayerKind &kind : LayerKind::all())
        if (oci::nameOf(kind.marking) == marking)
            row->marking = kind.marking;
    if (!marking.isEmpty() && !row->marking)
        object.fail(Text::tr("“%1” is no marking").arg(marking));
    const auto isDocker = readEither(object, QStringLiteral("family"), QStringLiteral("docker"), QStringLiteral("oci"));
    if (isDocker)
        row->family = *isDocker ? oci::MediaType::Family::Docker : oci::MediaType::Family::Oci;
    row->compressions = object.texts(QStringLiteral("compression"), false);
    static const QStringList known{QStringLiteral("none"), QStringLiteral("gzip"), QStringLiteral("zstd")};
    for (const QString &each : std::as_const(row->compressions))
        if (!known.contains(each))
            object.fail(Text::tr("“%1” is no compression").arg(each));
}

Row readRow(Object &object, Row row, const Party &party)
{
    readKind(object, &row);
    row.outcome = object.word<Outcome>(QStringLiteral("outcome")).value_or(Outcome::NotKnown);
    row.keepsManifest =
        readEither(object, QStringLiteral("manifest"), QStringLiteral("kept"), QStringLiteral("rewritten"));
    row.needsBlob =
        readEither(object, QStringLiteral("blob"), QStringLiteral("required"), QStringLiteral("not required"));
    row.sentence = object.sentence(QStringLiteral("sentence"));
    row.certainty = object.word<Certainty>(QStringLiteral("certainty"), false).value_or(row.certainty);
    row.executed = object.texts(QStringLiteral("executed"), false);
    if (row.executed.isEmpty() == (row.certainty == Certainty::Executed))
        object.fail(Text::tr("“executed” is the certainty of what was run, and lists the versions"));
    for (const QString &run : std::as_const(row.executed)) {
        const std::optional<Version> version = Version::read(run);
        if (!version || std::ranges::none_of(row.ranges, [&](const QString &id) {
                const VersionRange *range = party.range(id);
                return range && range->contains(*version);
            }))
            object.fail(Text::tr("“%1” was run, but is in none of the ranges").arg(run));
    }
    if (const QString date = object.date(QStringLiteral("date"), false); !date.isEmpty())
        row.date = date;
    if (object.has(QStringLiteral("sources")))
        row.sources = readSources(object, true);
    if (row.sources.isEmpty() && row.certainty != Certainty::Unknown)
        object.fail(Text::tr("what is known has a source"));
    if ((row.outcome == Outcome::NotKnown) != (row.certainty == Certainty::Unknown))
        object.fail(Text::tr("“not-known” and “unknown” go together"));
    return row;
}

void readBehaviour(Object &group, Party *party)
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
    forEach(group, name, group.list(name),
            [&](Object &object) { party->rows.append(readRow(object, shared, *party)); });
}

void readRecognition(Object &top, Party *party)
{
    const QString name = QStringLiteral("recognition");
    forEach(top, name, top.list(name, false), [&](Object &object) {
        Recognition known;
        known.header = object.text(QStringLiteral("header"));
        known.pattern = object.text(QStringLiteral("pattern"));
        Object source = object.object(QStringLiteral("source"));
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
} // namespace

namespace {
// A whole file: `read` asks for its members and says what is wrong beyond the form.
template <class Read>
base::Result<void> readFile(const QByteArray &json, const QString &file, Read read)
{
    QJsonParseError syntax;
    const QJsonDocument document = QJsonDocument::fromJson(json, &syntax);
    QString error = syntax.error == QJsonParseError::NoError ? QString() : syntax.errorString();
    Object top(document.isObject() ? QJsonValue(document.object()) : QJsonValue(), QString(), &error);
    if (top.number(QStringLiteral("schema")) != 1)
        top.fail(Text::tr("“schema” is not 1"));
    read(top);
    top.end();
    if (!error.isEmpty())
        return base::fail(base::ErrorKind::InvalidData, Text::tr("%1 is not as it should be: %2.").arg(file, error));
    return {};
}

void readTop(Object &top, Party *filled)
{
    Party &party = *filled;
    party.id = top.text(QStringLiteral("id"));
    party.name = top.text(QStringLiteral("name"));
    const auto isClient = readEither(top, QStringLiteral("kind"), QStringLiteral("client"), QStringLiteral("registry"));
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
    forEach(top, behaviours, top.list(behaviours), [&](Object &group) { readBehaviour(group, &party); });
    if (!top.hasFailed())
        if (const QString gap = coverage(party); !gap.isEmpty())
            top.fail(gap);
}
} // namespace

base::Result<Party> readParty(const QByteArray &json, const QString &file)
{
    Party party;
    const auto read = readFile(json, file, [&](Object &top) { readTop(top, &party); });
    if (!read)
        return base::fail(read.error());
    return party;
}

base::Result<QList<Remark>> readRemarks(const QByteArray &json, const QString &file)
{
    QList<Remark> remarks;
    const QString name = QStringLiteral("remarks");
    const auto read = readFile(json, file, [&](Object &top) {
        forEach(top, name, top.list(name), [&](Object &object) {
            remarks.append({object.text(QStringLiteral("id")), object.sentence(QStringLiteral("sentence")),
                            object.link(QStringLiteral("link"), true), object.date(QStringLiteral("date"), true)});
        });
    });
    if (!read)
        return base::fail(read.error());
    return remarks;
}

} // namespace colophon::behaviour
