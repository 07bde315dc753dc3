// SPDX-License-Identifier: Apache-2.0

// `tag`: lets a tag name an image the repository holds already. With the digest a report names it is the way back from
// a push.

#include "base/plaintext.h"
#include "colophonctl/verb.h"
#include "transfer/restoretag.h"

#include <QCoreApplication>

namespace colophon::ctl {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Tag)
};

struct Options
{
    std::string reference;
    std::string tag;
    std::string ifNames;
    bool force = false;
};

QJsonValue jsonOf(const oci::Digest &digest) { return digest.isNull() ? QJsonValue() : QJsonValue(digest.toString()); }

base::Result<transfer::RestoreTag::Request> requestOf(const oci::Reference &image, const Options &options)
{
    transfer::RestoreTag::Request request;
    const QString tag = QString::fromStdString(options.tag);
    const auto named = oci::Reference::parse(QString(image.name() + QLatin1Char(':') + tag));
    if (!named || named->tag() != tag || !named->digest().isNull())
        return base::fail(base::ErrorKind::Usage, Text::tr("“%1” is not a tag.").arg(base::visible(tag, 200)));
    request.tag = *named;
    request.force = options.force;
    if (!options.ifNames.empty()) {
        const auto digest = oci::Digest::parse(QString::fromStdString(options.ifNames));
        if (!digest)
            return base::fail(digest.error());
        request.expected = *digest;
    }
    return request;
}

base::Task<base::Result<int>> tag(SessionPtr session, Options options)
{
    const auto image = session->reference(options.reference);
    if (!image)
        co_return base::fail(image.error());
    auto request = requestOf(*image, options);
    if (!request)
        co_return base::fail(request.error());
    if (const auto signedIn = session->signIn(image->registry()); !signedIn)
        co_return base::fail(signedIn.error());
    const content::TargetPtr target = session->target(*image);
    const auto named = co_await target->resolve(image->identifier(), session->stopToken());
    if (!named)
        co_return base::fail(named.error());
    request->to = named->digest;

    transfer::RestoreTag restoring(target, *request);
    const auto done = co_await perform(session, &restoring);
    if (!done)
        co_return base::fail(done.error());
    const transfer::RestoreTag::Outcome &outcome = restoring.outcome();
    Printer &printer = session->printer();
    if (printer.isJson()) {
        printer.json({{QStringLiteral("reference"), request->tag.toString()},
                      {QStringLiteral("before"), jsonOf(outcome.before)},
                      {QStringLiteral("after"), jsonOf(request->to)},
                      {QStringLiteral("pushed"), outcome.changed}});
        co_return exitDone;
    }
    if (printer.isQuiet())
        co_return exitDone;
    if (!outcome.changed)
        printer.text(Text::tr("Nothing had to change: %1 is %2.").arg(request->tag.toString(), request->to.toString()));
    else if (outcome.before.isNull())
        printer.text(Text::tr("%1 is new and names %2.").arg(request->tag.toString(), request->to.toString()));
    else
        printer.text(Text::tr("%1 names %2 now; it named %3 before.")
                         .arg(request->tag.toString(), request->to.toString(), outcome.before.toString()));
    if (!outcome.note.isEmpty())
        printer.remark(base::visible(outcome.note));
    co_return exitDone;
}

class TagVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand("tag", "Let a tag name an image of the same repository: the way back");
        addReference(*verb, m_options.reference);
        verb->add_option("TAG", m_options.tag, "The tag that is to name it")->required();
        verb->add_option("--if-names", m_options.ifNames, "Only if TAG names this now")->type_name("DIGEST");
        verb->add_flag("--force", m_options.force, "Also if TAG names something else by then");
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return tag(std::move(session), m_options); }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeTag() { return std::make_unique<TagVerb>(); }

} // namespace colophon::ctl
