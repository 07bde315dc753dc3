// SPDX-License-Identifier: Apache-2.0

// `sign`: signs an image that is in a registry, as it is: every platform of an index first, then the index.

#include "base/plaintext.h"
#include "colophonctl/verb.h"
#include "document/selection.h"
#include "transfer/openimage.h"
#include "transfer/signimage.h"

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
        return transfer::SignImage::subjectsOf(tree, true);
    }
    const auto platforms = platformsOf(options.platforms);
    if (!platforms)
        return base::fail(platforms.error());
    if (platforms->isEmpty())
        return transfer::SignImage::subjectsOf(tree, false);
    return document::selectImages(tree, *platforms);
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

    transfer::SignImage signing(target, *reference, open.tree(), *subjects, *signers);
    const auto done = co_await perform(session, &signing);
    if (done || session->printer().isJson())
        show(session->printer(), *reference, signing.report(), open.tree());
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
