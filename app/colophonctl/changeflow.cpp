// SPDX-License-Identifier: Apache-2.0
#include "colophonctl/changeflow.h"

#include "base/plaintext.h"
#include "behaviour/outlook.h"
#include "colophonctl/changedlines.h"
#include "transfer/listattachments.h"
#include "transfer/openimage.h"
#include "transfer/pushcommands.h"
#include "transfer/pushimage.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Change)
};

// What the command line says, read before anything is asked of a registry.
struct Order
{
    oci::Reference source;
    oci::Reference destination;
    QList<oci::Platform> platforms;
    content::Signers signers;
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

base::Result<Order> orderOf(SessionPtr session, const ChangeOptions &options)
{
    Order order;
    const auto source = session->reference(options.reference);
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
    if (const auto signedIn = session->signIn(order.destination.registry()); !signedIn)
        return base::fail(signedIn.error());
    auto signers = session->signersOf(options.signing);
    if (!signers)
        return base::fail(signers.error());
    order.signers = std::move(*signers);
    return order;
}

transfer::PushRequest requestOf(const Order &order, const ChangeOptions &options, const transfer::OpenImage &open,
                                document::DerivedImage derived)
{
    transfer::PushRequest request;
    request.source = open.reference();
    request.destination = order.destination;
    request.original = open.tree();
    request.derived = std::move(derived);
    request.force = options.force;
    request.probe = !options.noProbe;
    request.indexOnly = options.signing.indexOnly;
    request.signingKeys = content::inWords(order.signers);
    request.signingForms = content::formsOf(order.signers);
    request.reattachSboms = options.reattachSboms;
    request.backupTag = QString::fromStdString(options.backupTag);
    if (options.backup && request.backupTag.isEmpty())
        request.backupTag = transfer::backupTagFor(request.destination.tag(), QDateTime::currentDateTimeUtc());
    const behaviour::Knowledge knowledge = behaviour::Knowledge::shipped();
    request.advise = behaviour::adviceFor(knowledge, commonLines(knowledge, behaviour::Party::Kind::Client),
                                          request.original, request.derived, request.destination.registry());
    return request;
}

void showJson(Printer &printer, const Order &order, const transfer::PushReport &report, const QStringList &notes)
{
    QJsonObject json = asTyped(report.toJson(), order.source);
    json.insert(QStringLiteral("notes"), QJsonArray::fromStringList(notes));
    printer.json(json);
}

// Of a plan that was done: the steps that did something, and what to look after.
QStringList newsOf(const transfer::PushPlan &plan)
{
    QStringList lines;
    for (const transfer::PlanStep &step : plan.steps)
        if (step.outcome != transfer::Outcome::Skipped)
            lines.append(step.toText());
    for (const document::Finding &finding : plan.findings)
        if (finding.severity == document::Finding::Severity::Warn)
            lines.append(transfer::textOf(finding));
    return lines;
}

// Whether the tag itself is what somebody else has moved, found out before the push or in it; a backup's tag that is
// taken is no such thing.
bool isTagMoved(const transfer::PushPlan &plan)
{
    const transfer::PushRequest &request = plan.request;
    if (plan.isBlocked())
        return request.destination == request.source.withDigest({}) && plan.tagBefore != plan.before;
    return std::ranges::any_of(plan.steps, [&request](const transfer::PlanStep &step) {
        return step.kind == transfer::StepKind::Tag && step.tag == request.destination.tag() &&
               step.outcome == transfer::Outcome::Failed;
    });
}

base::Error withWayOut(const base::Error &error, const transfer::PushPlan &plan)
{
    if (error.kind != base::ErrorKind::Conflict || !isTagMoved(plan))
        return error;
    return error.withHintAdded(
        Text::tr("Run it again to start from what the tag names now, or give --force to replace that."));
}

// What became of it, or with `all` what is planned: what changes, the steps, the findings and the digests.
void show(Printer &printer, const transfer::PushReport &report, bool all)
{
    if (printer.isQuiet() && !all) // a plan is what was asked for
        return;
    const transfer::PushPlan &plan = report.plan;
    const QStringList changes = changedLines(plan.request.original, plan.request.derived);
    for (const QString &line : changes)
        printer.text(line);
    const QStringList lines = all ? plan.toText().split(QLatin1Char('\n'), Qt::SkipEmptyParts) : newsOf(plan);
    for (const QString &line : lines)
        printer.text(base::visible(line));
    printer.text(Text::tr("before  %1").arg(plan.before.toString()));
    printer.text(Text::tr("after   %1").arg(plan.after.toString()));
    for (const QString &note : report.notes)
        printer.text(base::visible(note));
}

// What is attached to the manifests that change. Where that cannot be found out it is said, and a push that is to take
// something of it along does not begin.
base::Task<base::Result<document::Attachments>> attachmentsOf(SessionPtr session, bool areNeeded,
                                                              content::TargetPtr source, document::ImageTree tree,
                                                              document::DerivedImage derived)
{
    QList<document::NodePath> changing = derived.removed;
    for (const document::Change &change : std::as_const(derived.changes))
        changing.append(change.path);
    if (changing.isEmpty())
        co_return document::Attachments();
    transfer::ListAttachments list(source, std::move(tree), changing);
    const auto listed = co_await perform(session, &list);
    if (!listed && (areNeeded || listed.error().kind == base::ErrorKind::Cancelled))
        co_return base::fail(listed.error());
    document::Attachments found;
    if (listed)
        found = list.attachments();
    else
        found.remarks.append(listed.error().message);
    for (const QString &remark : std::as_const(found.remarks))
        session->printer().remark(base::visible(remark));
    co_return found;
}

// Said where the option finds nothing to do.
void remarkOnSboms(Printer &printer, const transfer::PushPlan &plan)
{
    const bool isAny = std::ranges::any_of(
        plan.steps, [](const transfer::PlanStep &step) { return step.kind == transfer::StepKind::Attachment; });
    if (plan.request.reattachSboms && !isAny)
        printer.remark(
            Text::tr("--reattach-sboms: there is no unsigned SBOM that could be attached to the new digest."));
}

} // namespace

void addChangeOptions(CLI::App &verb, ChangeOptions &into)
{
    addPlatforms(verb, into.platforms);
    verb.add_option("--to", into.destination,
                    "Push there instead of replacing the tag; without a tag of its own it keeps REF's")
        ->type_name("REF");
    verb.add_flag("--dry-run", into.dryRun, "Show the plan and do nothing");
    verb.add_flag("--force", into.force, "Replace the tag even if it moved since the image was read");
    verb.add_flag("--no-probe", into.noProbe, "Do not ask new addresses before the push");
    verb.add_flag("--backup", into.backup,
                  "Keep the image the tag names now under TAG-before-DATE-TIME, so that it is not collected");
    verb.add_option("--backup-tag", into.backupTag, "Keep it under this tag")->type_name("TAG");
    verb.add_flag("--reattach-sboms", into.reattachSboms,
                  "Attach SBOMs that nobody signed to the edited image too; signatures and provenance never are");
    verb.add_option("--as-commands", into.commands,
                    "Push nothing: print the plan as a script of this program (curl, regctl)")
        ->type_name("PROGRAM")
        ->check(CLI::IsMember({"curl", "regctl"}).description(""));
    addSigning(verb, into.signing, false);
}

base::Task<base::Result<int>> change(SessionPtr session, ChangeOptions options, EditsOf editsOf)
{
    if (!options.commands.empty() && session->options().json)
        co_return base::fail(base::ErrorKind::Usage,
                             Text::tr("--as-commands prints a script, which is no JSON: leave out --json."));
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
    const Opened image{source, open.tree(), order->platforms};
    const auto wanted = co_await editsOf(image);
    if (!wanted)
        co_return base::fail(wanted.error());
    for (const QString &note : wanted->notes)
        printer.remark(base::visible(note));
    auto derived = document::apply(open.tree(), wanted->edits);
    if (!derived)
        co_return base::fail(derived.error());

    const auto attached = co_await attachmentsOf(session, options.reattachSboms, source, open.tree(), *derived);
    if (!attached)
        co_return base::fail(attached.error());

    transfer::PushRequest request = requestOf(*order, options, open, std::move(*derived));
    request.attachments = *attached;
    transfer::PreparePush prepare(source, destination, request);
    const auto prepared = co_await perform(session, &prepare);
    if (!prepared)
        co_return base::fail(prepared.error());

    transfer::PushReport planned;
    planned.plan = prepare.plan();
    remarkOnSboms(printer, planned.plan);
    if (!options.commands.empty()) {
        const auto tool = options.commands == "regctl" ? transfer::CommandTool::Regctl : transfer::CommandTool::Curl;
        printer.bytes((transfer::commandsOf(planned.plan, tool).join(QLatin1Char('\n')) + QLatin1Char('\n')).toUtf8());
        if (const auto refusal = planned.plan.refusal())
            co_return base::fail(withWayOut(*refusal, planned.plan));
        co_return exitDone;
    }
    if (planned.plan.changesNothing() && !planned.plan.isBlocked()) {
        planned.pushed = true; // the destination has it already
        if (printer.isJson())
            showJson(printer, *order, planned, wanted->notes);
        else if (!printer.isQuiet())
            printer.text(Text::tr("Nothing had to change: %1 is %2.")
                             .arg(base::visible(order->destination.toString()), planned.plan.after.toString()));
        co_return exitDone;
    }
    if (options.dryRun) {
        planned.notes = {Text::tr("Nothing was done (--dry-run).")};
        if (printer.isJson())
            showJson(printer, *order, planned, wanted->notes);
        else
            show(printer, planned, true);
        if (const auto refusal = planned.plan.refusal())
            co_return base::fail(withWayOut(*refusal, planned.plan));
        co_return exitDone;
    }

    transfer::PushImage push(source, destination, session->urlFetcher(order->source), order->signers, planned.plan,
                             session->options().jobs);
    const auto pushed = co_await perform(session, &push);
    if (printer.isJson())
        showJson(printer, *order, push.report(), wanted->notes);
    else if (pushed || push.report().pushed)
        show(printer, push.report(), session->options().verbose && !printer.isQuiet());
    if (!pushed)
        co_return base::fail(withWayOut(pushed.error(), push.report().plan));
    co_return exitDone;
}

} // namespace colophon::ctl
