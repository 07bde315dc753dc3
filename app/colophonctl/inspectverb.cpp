// SPDX-License-Identifier: Apache-2.0

// `inspect`: what an image consists of and how its layers are marked, or the exact bytes of one manifest.

#include "base/plaintext.h"
#include "behaviour/outlook.h"
#include "colophonctl/imagereport.h"
#include "colophonctl/verb.h"
#include "document/selection.h"
#include "transfer/listattachments.h"
#include "transfer/openimage.h"

#include <QCoreApplication>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Inspect)
};

struct Options
{
    std::string reference;
    std::string platform;
    bool raw = false;
};

// What is attached to what is shown. Where that cannot be asked it is said and left out: it is an extra.
base::Task<base::Result<void>> findAttachments(SessionPtr session, content::TargetPtr target,
                                               std::shared_ptr<ImageReport> report)
{
    QList<document::NodePath> shown;
    const QList<document::NodePath> manifests = report->tree.manifests();
    for (const document::NodePath &path : manifests)
        if (path.entries.mid(0, report->top.entries.size()) == report->top.entries)
            shown.append(path);
    transfer::ListAttachments list(target, report->tree, shown);
    const auto listed = co_await perform(session, &list);
    if (!listed && listed.error().kind == base::ErrorKind::Cancelled)
        co_return base::fail(listed.error());
    report->attachments = list.attachments();
    QStringList remarks = report->attachments.remarks;
    if (!listed)
        remarks.append(listed.error().message);
    if (report->attachments.isCut)
        remarks.append(Text::tr("There is more attached to this image than is read."));
    for (const QString &remark : std::as_const(remarks))
        session->printer().remark(base::visible(remark));
    co_return base::Result<void>();
}

base::Task<base::Result<int>> showRaw(SessionPtr session, content::TargetPtr target, QString identifier)
{
    auto resolved = co_await target->resolve(identifier, session->stopToken());
    if (!resolved)
        co_return base::fail(resolved.error());
    auto bytes = co_await target->fetchManifest(*resolved, session->stopToken());
    if (!bytes)
        co_return base::fail(bytes.error());
    session->printer().bytes(*bytes);
    co_return exitDone;
}

base::Task<base::Result<int>> inspect(SessionPtr session, Options options)
{
    const auto reference = session->reference(options.reference);
    if (!reference)
        co_return base::fail(reference.error());
    std::vector<std::string> wanted;
    if (!options.platform.empty())
        wanted.push_back(options.platform);
    const auto platforms = platformsOf(wanted);
    if (!platforms)
        co_return base::fail(platforms.error());
    if (const auto signedIn = session->signIn(reference->registry()); !signedIn)
        co_return base::fail(signedIn.error());
    const content::TargetPtr target = session->readingTarget(*reference);
    if (options.raw && wanted.empty()) {
        auto shown = co_await showRaw(session, target, reference->identifier());
        co_return shown;
    }

    transfer::OpenImage open(target, *reference);
    const auto opened = co_await perform(session, &open);
    if (!opened)
        co_return base::fail(opened.error());
    const auto report = std::make_shared<ImageReport>();
    report->reference = reference->toString();
    report->name = reference->name();
    report->tree = open.tree();
    if (!wanted.empty()) {
        const auto picked = document::selectImages(report->tree, *platforms);
        if (!picked)
            co_return base::fail(picked.error());
        report->top = picked->constFirst();
        report->reference =
            report->name + QLatin1Char('@') + report->tree.node(report->top)->descriptor.digest.toString();
    }
    if (options.raw) {
        session->printer().bytes(report->tree.node(report->top)->bytes());
        co_return exitDone;
    }
    report->findings =
        document::findingsOf(report->tree) + behaviour::findingsOf(behaviour::Knowledge::shipped(), report->tree);
    const auto found = co_await findAttachments(session, target, report);
    if (!found)
        co_return base::fail(found.error());
    if (session->printer().isJson()) {
        session->printer().json(report->toJson());
    } else {
        const QStringList lines = report->toText();
        for (const QString &line : lines)
            session->printer().text(line);
    }
    co_return exitDone;
}

class InspectVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand("inspect", "Show an image, its layers and how they are marked");
        addReference(*verb, m_options.reference);
        verb->add_option("--platform", m_options.platform, "Only this platform: os[(os.version)]/arch[/variant]")
            ->type_name("P");
        verb->add_flag("--raw", m_options.raw, "The exact bytes of the manifest or index");
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return inspect(std::move(session), m_options); }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeInspect() { return std::make_unique<InspectVerb>(); }

} // namespace colophon::ctl
