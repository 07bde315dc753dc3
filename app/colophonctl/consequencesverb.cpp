// SPDX-License-Identifier: Apache-2.0

// `consequences`: what clients and registries do with the layers of an image because of how they are marked.

#include "base/plaintext.h"
#include "behaviour/outlook.h"
#include "colophonctl/verb.h"
#include "document/selection.h"
#include "transfer/openimage.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace colophon::ctl {

namespace {

using behaviour::Consequence;
using behaviour::Knowledge;
using behaviour::LayerGroup;
using behaviour::Party;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Consequences)
};

struct Options
{
    std::string reference;
    std::vector<std::string> layers;
    std::vector<std::string> clients;
    std::string registry;
    bool why = false;
};

// Who is asked about: fixed before anything is asked of a registry, but for the registry itself.
struct Question
{
    QList<behaviour::Line> clients;
    std::optional<behaviour::RegistryIdentity> registry; // as a person says
};

base::Result<Question> questionOf(const Knowledge &knowledge, const Options &options)
{
    Question question;
    const QStringList names = toStrings(options.clients);
    if (names.isEmpty()) {
        question.clients = behaviour::commonLines(knowledge, Party::Kind::Client);
    } else if (names == QStringList(QStringLiteral("all"))) {
        question.clients = behaviour::linesOf(knowledge, Party::Kind::Client);
    } else {
        const auto lines = behaviour::linesNamed(knowledge, Party::Kind::Client, names);
        if (!lines)
            return base::fail(lines.error());
        question.clients = *lines;
    }
    if (!options.registry.empty()) {
        const auto registry = behaviour::registryNamed(knowledge, QString::fromStdString(options.registry));
        if (!registry)
            return base::fail(registry.error());
        question.registry = *registry;
    }
    return question;
}

// A kind of layer of this image: the group, and the first layer that is of it.
struct Kind
{
    LayerGroup group;
    document::NodePath firstLayer;
};

QList<Kind> kindsOf(const document::ImageTree &tree, const QList<document::NodePath> &layers)
{
    QList<Kind> kinds;
    for (const LayerGroup &group : behaviour::groupsOf(tree, tree, layers)) {
        const auto first = std::ranges::find_if(layers, [&](const document::NodePath &layer) {
            return behaviour::LayerKind::of(*tree.descriptor(layer)) == group.after;
        });
        kinds.append({group, first == layers.end() ? document::NodePath() : *first});
    }
    return kinds;
}

QJsonObject toJson(const Consequence &each, const Kind &kind)
{
    QJsonArray sources;
    for (const behaviour::Source &source : each.row.sources)
        sources.append(QJsonObject{{QStringLiteral("repo"), source.repo},
                                   {QStringLiteral("path"), source.path},
                                   {QStringLiteral("ref"), source.ref}});
    return {{QStringLiteral("client"), each.line.party},
            {QStringLiteral("versions"), each.line.name},
            {QStringLiteral("operation"), behaviour::nameOf(each.row.operation)},
            {QStringLiteral("option"), orNull(each.row.option)},
            {QStringLiteral("layer"), kind.firstLayer.toString()},
            {QStringLiteral("layers"), kind.group.layers()},
            {QStringLiteral("marking"), oci::nameOf(each.layer.marking)},
            {QStringLiteral("outcome"), behaviour::nameOf(each.row.outcome)},
            {QStringLiteral("sentence"), each.row.sentence},
            {QStringLiteral("rule"), orNull(each.row.rule.inWords())},
            {QStringLiteral("certainty"), behaviour::nameOf(each.row.certainty)},
            {QStringLiteral("executed"), QJsonArray::fromStringList(each.row.executed)},
            {QStringLiteral("ran"), QJsonArray::fromStringList(each.row.ran)},
            {QStringLiteral("date"), each.row.date},
            {QStringLiteral("source"), sources}};
}

// How well it is known, with the day it is from if there is one.
QString certaintyOf(const behaviour::Row &row)
{
    const QString known = behaviour::certaintyInWords(row);
    return row.date.isEmpty() ? known : Text::tr("%1, %2").arg(known, behaviour::dateInWords(row.date));
}

// "2 layers, non-distributable (Docker type)"
QString headline(const Kind &kind)
{
    const QString what = kind.group.after.inWords();
    return kind.group.layers() == 1 ? Text::tr("1 layer, %1").arg(what)
                                    : Text::tr("%1 layers, %2").arg(kind.group.layers()).arg(what);
}

QStringList toText(const QList<Consequence> &consequences, const Kind &kind, bool why)
{
    QStringList lines;
    lines << QString() << headline(kind);
    QList<QStringList> rows;
    for (const Consequence &each : consequences) {
        const QString operation =
            each.row.option.isEmpty()
                ? behaviour::inWords(each.row.operation)
                : Text::tr("%1 (%2)").arg(behaviour::inWords(each.row.operation), each.row.option);
        rows.append({each.line.name, operation, behaviour::inWords(each.row.outcome), certaintyOf(each.row)});
    }
    const QStringList table = aligned(rows, QStringLiteral("  "));
    for (qsizetype i = 0; i < table.size(); ++i) {
        lines << table[i] << QStringLiteral("    ") + consequences[i].row.sentence;
        if (!why)
            continue;
        if (const QString rule = consequences[i].row.rule.inWords(); !rule.isEmpty())
            lines << QStringLiteral("    ") + rule;
        if (!consequences[i].row.executed.isEmpty())
            lines << QStringLiteral("    ") + Text::tr("Run: %1.").arg(behaviour::runInWords(consequences[i].row));
        for (const behaviour::Source &source : consequences[i].row.sources)
            lines << QStringLiteral("    ") + source.inWords();
    }
    return lines;
}

base::Task<base::Result<int>> consequences(SessionPtr session, Options options)
{
    const Knowledge knowledge = Knowledge::shipped();
    const auto question = questionOf(knowledge, options);
    if (!question)
        co_return base::fail(question.error());
    const auto reference = session->reference(options.reference);
    if (!reference)
        co_return base::fail(reference.error());
    if (const auto signedIn = session->signIn(reference->registry()); !signedIn)
        co_return base::fail(signedIn.error());
    const content::TargetPtr target = session->readingTarget(*reference);
    transfer::OpenImage open(target, *reference);
    const auto opened = co_await perform(session, &open);
    if (!opened)
        co_return base::fail(opened.error());
    QList<document::NodePath> layers = open.tree().layers();
    if (!options.layers.empty()) {
        const auto selected =
            document::selectLayers(open.tree(), toStrings(options.layers), {}, document::Purpose::Probe);
        if (!selected)
            co_return base::fail(selected.error());
        layers = selected->layers;
    }
    const behaviour::RegistryIdentity registry =
        question->registry ? *question->registry : behaviour::recognise(knowledge, open.serverFields());

    const QList<Kind> kinds = kindsOf(open.tree(), layers);
    QList<LayerGroup> groups;
    for (const Kind &kind : kinds)
        groups.append(kind.group);
    const QStringList summary = behaviour::summaryOf(knowledge, question->clients, groups);
    const QList<document::Finding> findings =
        behaviour::findingsForCustomers(knowledge, question->clients, groups,
                                        kinds.isEmpty() ? document::NodePath::root() : kinds.constFirst().firstLayer);
    const QString whichRegistry = registry.inWords(reference->registry());
    QJsonArray rows;
    QStringList lines{base::visible(reference->toString())};
    lines << summary;
    for (const document::Finding &finding : findings)
        lines << Text::tr("Warning: %1").arg(document::inWords(finding));
    lines << whichRegistry;
    if (!registry.isKnown())
        lines.last() += QLatin1Char(' ') + Text::tr("Say what it is with --registry.");
    if (layers.isEmpty())
        lines << Text::tr("The image has no layers.");
    for (const Kind &kind : kinds) {
        const QList<Consequence> all = behaviour::consequencesOf(
            knowledge, linesFor(knowledge, question->clients, {kind.group}) + registry.lines, kind.group.after);
        for (const Consequence &each : all)
            rows.append(toJson(each, kind));
        // What is not marked is treated like any layer; that is shown to who asks for it.
        const bool isAside = options.layers.empty() && kind.group.after.marking == oci::Marking::Distributable &&
                             kinds.constFirst().group.after.marking != oci::Marking::Distributable;
        lines << (isAside ? QStringList{QString(),
                                        Text::tr("%1; --layer shows what is done with them.").arg(headline(kind))}
                          : toText(all, kind, options.why));
    }
    Printer &printer = session->printer();
    if (printer.isJson()) {
        QJsonArray asJson;
        for (const document::Finding &finding : findings)
            asJson.append(document::toJson(finding));
        printer.json({{QStringLiteral("reference"), reference->toString()},
                      {QStringLiteral("summary"), summary.join(QLatin1Char(' '))},
                      {QStringLiteral("registry"), whichRegistry},
                      {QStringLiteral("findings"), asJson},
                      {QStringLiteral("rows"), rows}});
    } else {
        for (const QString &line : std::as_const(lines))
            printer.text(line);
    }
    co_return exitDone;
}

class ConsequencesVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand("consequences",
                                            "What clients and registries do with the layers because of their marking");
        addReference(*verb, m_options.reference);
        addLayers(*verb, m_options.layers, false);
        verb->add_option(
                "--client", m_options.clients,
                "Only these: a client, a product, either at the beginning of a version (docker@28, ctr@1.7); all")
            ->type_name("NAME")
            ->allow_extra_args(false);
        verb->add_option("--registry", m_options.registry, "What REF's registry is, if it is not recognised")
            ->type_name("NAME");
        verb->add_flag("--why", m_options.why, "Also the rule behind each, what was run or read, and where");
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override
    {
        return consequences(std::move(session), m_options);
    }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeConsequences() { return std::make_unique<ConsequencesVerb>(); }

} // namespace colophon::ctl
