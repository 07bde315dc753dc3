// SPDX-License-Identifier: Apache-2.0

// `sign`: signs an image that is in a registry, as it is: every platform of an index first, then the index.

#include "base/plaintext.h"
#include "colophonctl/verb.h"
#include "document/selection.h"
#include "document/titles.h"
#include "transfer/openimage.h"
#include "transfer/pushplan.h"

#include <QCoreApplication>

namespace colophon::ctl {

namespace {

using document::NodePath;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Sign)
};

struct Options
{
    std::string reference;
    std::vector<std::string> platforms;
    SigningOptions signing;
};

// What is signed, children before their index.
base::Result<QList<NodePath>> subjectsOf(const document::ImageTree &tree, const Options &options)
{
    if (options.signing.indexOnly) {
        if (!options.platforms.empty())
            return base::fail(base::ErrorKind::Usage, Text::tr("--index-only and --platform contradict each other."));
        return QList<NodePath>{NodePath::root()};
    }
    const auto platforms = platformsOf(options.platforms);
    if (!platforms)
        return base::fail(platforms.error());
    auto subjects = document::selectImages(tree, *platforms);
    if (!subjects || !platforms->isEmpty())
        return subjects;
    QList<NodePath> indexes;
    const QList<NodePath> manifests = tree.manifests();
    for (const NodePath &path : manifests)
        if (tree.node(path)->role == document::ImageNode::Role::Index)
            indexes.prepend(path); // the root is first in the tree and last here
    return *subjects + indexes;
}

transfer::PushReport reportOf(const transfer::OpenImage &open, const QList<NodePath> &subjects)
{
    transfer::PushReport report;
    report.plan.request.source = open.reference();
    report.plan.request.destination = open.reference();
    report.plan.before = report.plan.after = open.tree().root().descriptor.digest;
    for (const NodePath &path : subjects) {
        transfer::PlanStep step;
        step.kind = transfer::StepKind::Signature;
        step.path = path;
        step.descriptor = open.tree().node(path)->descriptor;
        report.plan.steps.append(step);
    }
    return report;
}

base::Task<base::Result<void>> signOne(SessionPtr session, content::TargetPtr target, QString repository,
                                       content::Signers signers, transfer::PlanStep *step)
{
    const oci::Descriptor subject = step->descriptor;
    session->printer().activity(Text::tr("Signing %1").arg(subject.digest.shortForm()));
    const auto done = co_await content::signWith(signers, target, repository, subject, session->stopToken());
    if (!done) {
        step->outcome = transfer::Outcome::Failed;
        step->reason = done.error().message;
        co_return base::fail(done.error());
    }
    step->outcome = transfer::Outcome::Copied;
    step->reason = Text::tr("Signed with %1.").arg(document::enumerated(content::inWords(signers)));
    co_return base::Result<void>();
}

void show(Printer &printer, const oci::Reference &typed, const transfer::PushReport &report,
          const document::ImageTree &tree)
{
    if (printer.isJson()) {
        printer.json(asTyped(report.toJson(), typed));
        return;
    }
    if (printer.isQuiet())
        return;
    QList<QStringList> rows;
    for (const transfer::PlanStep &step : report.plan.steps)
        rows.append({step.descriptor.digest.toString(), base::visible(tree.node(step.path)->title()),
                     base::visible(step.reason)});
    for (const QString &line : aligned(rows))
        printer.text(line);
}

base::Task<base::Result<int>> sign(SessionPtr session, Options options)
{
    const auto reference = session->reference(options.reference);
    if (!reference)
        co_return base::fail(reference.error());
    if (const auto signedIn = session->signIn(reference->registry()); !signedIn)
        co_return base::fail(signedIn.error());
    const auto signers = session->signersOf(options.signing);
    if (!signers)
        co_return base::fail(signers.error());
    const content::TargetPtr target = session->target(*reference);
    transfer::OpenImage open(target, *reference);
    const auto opened = co_await perform(session, &open);
    if (!opened)
        co_return base::fail(opened.error());
    const auto subjects = subjectsOf(open.tree(), options);
    if (!subjects)
        co_return base::fail(subjects.error());

    transfer::PushReport report = reportOf(open, *subjects);
    base::Result<void> done;
    for (qsizetype i = 0; i < report.plan.steps.size() && done; ++i)
        done = co_await signOne(session, target, reference->name(), *signers, &report.plan.steps[i]);
    report.pushed = done.has_value();
    if (done || session->printer().isJson())
        show(session->printer(), *reference, report, open.tree());
    if (!done)
        co_return base::fail(done.error());
    co_return exitDone;
}

class SignVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand("sign", "Sign an image: every platform and the index");
        addReference(*verb, m_options.reference);
        addPlatforms(*verb, m_options.platforms);
        addSigning(*verb, m_options.signing, true);
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return sign(std::move(session), m_options); }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeSign() { return std::make_unique<SignVerb>(); }

} // namespace colophon::ctl
