// SPDX-License-Identifier: Apache-2.0

// `tags`: the tags of a repository, one a line, in the registry's order.

#include "base/plaintext.h"
#include "colophonctl/verb.h"

#include <QJsonArray>

namespace colophon::ctl {

namespace {

base::Task<base::Result<int>> tags(SessionPtr session, std::string repository)
{
    const auto reference = oci::Reference::parseRepository(QString::fromStdString(repository));
    if (!reference)
        co_return base::fail(reference.error());
    if (const auto signedIn = session->signIn(reference->registry()); !signedIn)
        co_return base::fail(signedIn.error());
    const content::TargetPtr target = session->target(*reference);
    const auto names = co_await target->tags(session->stopToken());
    if (!names)
        co_return base::fail(names.error());
    if (session->printer().isJson()) {
        session->printer().json({{QStringLiteral("repository"), reference->name()},
                                 {QStringLiteral("tags"), QJsonArray::fromStringList(*names)}});
        co_return exitDone;
    }
    for (const QString &name : *names)
        session->printer().text(base::visible(name));
    co_return exitDone;
}

class TagsVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand("tags", "List the tags of a repository");
        verb->add_option("REPOSITORY", m_repository, "registry/repository")->required();
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return tags(std::move(session), m_repository); }

private:
    std::string m_repository;
};

} // namespace

std::unique_ptr<Verb> makeTags() { return std::make_unique<TagsVerb>(); }

} // namespace colophon::ctl
