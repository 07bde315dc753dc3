// SPDX-License-Identifier: Apache-2.0

// `mark` and `unmark`: give layers of an image a marking, push the edited image and, with a key, sign it. The one keeps
// a layer where it is and names an address, the other takes it into the registry.

#include "base/plaintext.h"
#include "colophonctl/verb.h"
#include "document/edit.h"
#include "document/selection.h"
#include "transfer/openimage.h"
#include "transfer/pushcommands.h"
#include "transfer/pushimage.h"

#include <QCoreApplication>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Mark)
};

struct Options
{
    bool mark = true; // or unmark
    std::string reference;
    std::vector<std::string> layers;
    std::vector<std::string> urls;
    std::vector<std::string> platforms;
    std::string destination;
    bool dryRun = false;
    bool force = false;
    bool noProbe = false;
    bool backup = false;
    std::string backupTag;
    std::string commands; // "curl", "regctl"; empty: it is pushed
    SigningOptions signing;
};

// What the command line says, read before anything is asked of a registry.
struct Order
{
    oci::Reference source;
    oci::Reference destination;
    QList<oci::Platform> platforms;
    Session::Signers signers;
};

// Where the edited image goes. A place named without a tag takes the source's; a source named by digest alone has none.
base::Result<oci::Reference> destinationOf(const oci::Reference &source, const std::string &given)
{
    const auto within = [&source](const QString &name) -> base::Result<oci::Reference> {
        auto repository = oci::Reference::parseRepository(name);
        if (!repository || source.tag().isEmpty())
            return repository;
        return repository->withTag(source.tag());
    };
    const QString text = QString::fromStdString(given);
    if (text.isEmpty())
        return within(source.name());
    if (oci::Reference::parseRepository(text))
        return within(text);
    auto destination = oci::Reference::parse(text);
    if (destination && !destination->digest().isNull())
        return base::fail(base::ErrorKind::Usage,
                          Text::tr("--to cannot name a digest: the edited image gets a digest of its own."),
                          Text::tr("Name a tag, or the repository alone to keep the tag."));
    return destination;
}

base::Result<Order> orderOf(SessionPtr session, const Options &options)
{
    Order order;
    const auto source = oci::Reference::parse(QString::fromStdString(options.reference));
    if (!source)
        return base::fail(source.error());
    order.source = *source;
    const auto destination = destinationOf(order.source, options.destination);
    if (!destination)
        return base::fail(destination.error());
    order.destination = *destination;
    const auto platforms = platformsOf(options.platforms);
    if (!platforms)
        return base::fail(platforms.error());
    order.platforms = *platforms;
    for (const std::string &address : options.urls) { // a wrong one is said before anything is fetched
        const auto filled = document::filledIn(QString::fromStdString(address), order.source.registry(),
                                               order.source.repository(), oci::Digest::of(QByteArrayView()));
        if (!filled)
            return base::fail(filled.error());
    }
    if (const auto signedIn = session->signIn(order.destination.registry()); !signedIn)
        return base::fail(signedIn.error());
    auto signers = session->signersOf(options.signing);
    if (!signers)
        return base::fail(signers.error());
    order.signers = std::move(*signers);
    return order;
}

// The addresses of a layer that is marked: the templates filled in, else those it has, else the blob's own.
base::Result<QStringList> addressesOf(const oci::Descriptor &layer, const std::vector<std::string> &templates,
                                      const content::Target &source)
{
    if (templates.empty())
        return layer.urls.isEmpty() ? QStringList{source.blobAddress(layer.digest)} : layer.urls;
    QStringList addresses;
    for (const std::string &each : templates) {
        auto address =
            document::filledIn(QString::fromStdString(each), source.registry(), source.repository(), layer.digest);
        if (!address)
            return base::fail(address.error());
        addresses.append(std::move(*address));
    }
    return addresses;
}

base::Result<document::EditSet> editsOf(const Options &options, const document::ImageTree &tree,
                                        const QList<document::NodePath> &layers, const content::Target &source)
{
    QList<document::Edit> edits;
    for (const document::NodePath &path : layers) {
        document::SetMarking edit{path, options.mark, {}};
        const auto layer = tree.descriptor(path);
        if (options.mark && layer) {
            auto addresses = addressesOf(*layer, options.urls, source);
            if (!addresses)
                return base::fail(addresses.error());
            edit.urls = std::move(*addresses);
        }
        edits.append(edit);
    }
    return document::EditSet().with(edits);
}

void say(Printer &printer, const QStringList &lines)
{
    for (const QString &line : lines)
        printer.remark(base::visible(line));
}

// Which layers are marked otherwise than before.
QStringList changesOf(const transfer::PushRequest &request)
{
    QList<QStringList> rows;
    const QList<document::NodePath> layers = request.original.layers();
    for (const document::NodePath &path : layers) {
        const auto before = request.original.descriptor(path);
        const auto after = request.derived.tree.descriptor(path);
        if (!before || !after || (before->mediaType == after->mediaType && before->urls == after->urls))
            continue;
        rows.append({path.toString(), after->digest.shortForm(),
                     Text::tr("%1 → %2").arg(oci::nameOf(before->marking()), oci::nameOf(after->marking())),
                     base::visible(after->urls.join(QLatin1Char(' ')))});
    }
    return aligned(rows);
}

// What became of it, or with `all` what is planned: the layers, the steps and the digests.
void show(Printer &printer, const oci::Reference &typed, const transfer::PushReport &report, bool all)
{
    if (printer.isJson())
        return printer.json(asTyped(report.toJson(), typed));
    if (printer.isQuiet() && !all) // a plan is what was asked for
        return;
    const transfer::PushPlan &plan = report.plan;
    const QStringList changes = changesOf(plan.request);
    for (const QString &change : changes)
        printer.text(change);
    const QStringList steps =
        plan.toText().split(QLatin1Char('\n'), Qt::SkipEmptyParts); // a line a step, then blockers
    for (qsizetype i = 0; i < steps.size(); ++i)
        if (all || i >= plan.steps.size() || plan.steps[i].outcome != transfer::Outcome::Skipped)
            printer.text(base::visible(steps[i]));
    printer.text(Text::tr("before  %1").arg(plan.before.toString()));
    printer.text(Text::tr("after   %1").arg(plan.after.toString()));
    for (const QString &note : report.notes)
        printer.text(base::visible(note));
}

void showUnchanged(Printer &printer, const oci::Reference &typed, transfer::PushReport report)
{
    report.pushed = true; // the destination has it already
    if (printer.isJson())
        printer.json(asTyped(report.toJson(), typed));
    else if (!printer.isQuiet())
        printer.text(Text::tr("Nothing had to change: %1 is %2.")
                         .arg(base::visible(report.plan.request.destination.toString()), report.plan.after.toString()));
}

base::Task<base::Result<int>> change(SessionPtr session, Options options)
{
    const auto order = orderOf(session, options);
    if (!order)
        co_return base::fail(order.error());
    const content::TargetPtr source = session->target(order->source);
    const content::TargetPtr destination = session->target(order->destination);
    Printer &printer = session->printer();

    transfer::OpenImage open(source, order->source);
    const auto opened = co_await perform(session, &open);
    if (!opened)
        co_return base::fail(opened.error());
    const auto selection = document::selectLayers(open.tree(), toStrings(options.layers), order->platforms);
    if (!selection)
        co_return base::fail(selection.error());
    say(printer, selection->passedBy + selection->notes);
    const auto edits = editsOf(options, open.tree(), selection->layers, *source);
    if (!edits)
        co_return base::fail(edits.error());
    auto derived = document::apply(open.tree(), *edits);
    if (!derived)
        co_return base::fail(derived.error());

    transfer::PushRequest request;
    request.source = open.reference();
    request.destination = order->destination;
    request.original = open.tree();
    request.derived = std::move(*derived);
    request.force = options.force;
    request.probe = !options.noProbe;
    request.indexOnly = options.signing.indexOnly;
    request.signingKeys = order->signers.descriptions;
    request.backupTag = QString::fromStdString(options.backupTag);
    if (options.backup && request.backupTag.isEmpty())
        request.backupTag = transfer::backupTagFor(request.destination.tag(), QDateTime::currentDateTimeUtc());
    transfer::PreparePush prepare(source, destination, request);
    const auto prepared = co_await perform(session, &prepare);
    if (!prepared)
        co_return base::fail(prepared.error());

    transfer::PushReport planned;
    planned.plan = prepare.plan();
    if (planned.plan.changesNothing() && !planned.plan.isBlocked()) {
        showUnchanged(printer, order->source, planned);
        co_return exitDone;
    }
    if (!options.commands.empty()) {
        const auto tool = options.commands == "regctl" ? transfer::CommandTool::Regctl : transfer::CommandTool::Curl;
        printer.bytes((transfer::commandsOf(planned.plan, tool).join(QLatin1Char('\n')) + QLatin1Char('\n')).toUtf8());
        if (const auto refusal = planned.plan.refusal())
            co_return base::fail(*refusal);
        co_return exitDone;
    }
    if (options.dryRun) {
        planned.notes = {Text::tr("Nothing was done (--dry-run).")};
        show(printer, order->source, planned, true);
        if (const auto refusal = planned.plan.refusal())
            co_return base::fail(*refusal);
        co_return exitDone;
    }

    transfer::PushImage push(source, destination, session->urlFetcher(), order->signers.signers, planned.plan,
                             session->options().jobs);
    const auto pushed = co_await perform(session, &push);
    if (pushed || printer.isJson() || push.report().pushed)
        show(printer, order->source, push.report(), session->options().verbose && !printer.isQuiet());
    if (!pushed)
        co_return base::fail(pushed.error());
    co_return exitDone;
}

class ChangeVerb final : public Verb
{
public:
    explicit ChangeVerb(bool mark) { m_options.mark = mark; }

    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb =
            m_options.mark
                ? app.add_subcommand("mark", "Make layers non-distributable: they stay where they are, at an address")
                : app.add_subcommand("unmark", "Make layers distributable: they are taken into the registry");
        addReference(*verb, m_options.reference);
        addLayers(*verb, m_options.layers, true);
        if (m_options.mark)
            verb->add_option(
                    "--url", m_options.urls,
                    "Where the layers are to be fetched, with {registry} {repository} {digest} {algorithm} {hex} "
                    "filled in; may be given again. Without it a layer keeps its urls, or gets the blob's own "
                    "address in its registry")
                ->type_name("TEMPLATE")
                ->allow_extra_args(false);
        addPlatforms(*verb, m_options.platforms);
        verb->add_option("--to", m_options.destination,
                         "Push there instead of replacing the tag; without a tag of its own it keeps REF's")
            ->type_name("REF");
        verb->add_flag("--dry-run", m_options.dryRun, "Show the plan and do nothing");
        verb->add_flag("--force", m_options.force, "Replace the tag even if it moved since the image was read");
        verb->add_flag("--no-probe", m_options.noProbe, "Do not ask new addresses before the push");
        verb->add_flag("--backup", m_options.backup,
                       "Keep the image the tag names now under TAG-before-DATE-TIME, so that it is not collected");
        verb->add_option("--backup-tag", m_options.backupTag, "Keep it under this tag")->type_name("TAG");
        verb->add_option("--as-commands", m_options.commands,
                         "Push nothing: print the plan as a script of this program (curl, regctl)")
            ->type_name("PROGRAM")
            ->check(CLI::IsMember({"curl", "regctl"}).description(""));
        addSigning(*verb, m_options.signing, false);
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return change(std::move(session), m_options); }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeMark() { return std::make_unique<ChangeVerb>(true); }
std::unique_ptr<Verb> makeUnmark() { return std::make_unique<ChangeVerb>(false); }

} // namespace colophon::ctl
