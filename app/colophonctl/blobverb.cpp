// SPDX-License-Identifier: Apache-2.0

// `blob`: a verified copy of one layer's blob in a file, e.g. to put it on one's own server.

#include "base/bytesize.h"
#include "base/plaintext.h"
#include "colophonctl/verb.h"
#include "document/selection.h"
#include "document/titles.h"
#include "transfer/openimage.h"
#include "transfer/saveblob.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>

namespace colophon::ctl {

namespace {

using document::NodePath;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Blob)
};

struct Options
{
    std::string reference;
    std::vector<std::string> layers;
    std::vector<std::string> platforms;
    std::string file;
    bool force = false;
};

// One content, and everywhere it stands among what was selected.
struct Content
{
    oci::Descriptor layer; // with the addresses of all its places
    QList<NodePath> places;
};

base::Result<Content> contentOf(const document::ImageTree &tree, const QList<NodePath> &layers)
{
    QList<Content> contents;
    for (const NodePath &path : layers) {
        const oci::Descriptor layer = *tree.descriptor(path);
        const auto known =
            std::ranges::find_if(contents, [&layer](const Content &each) { return each.layer.digest == layer.digest; });
        if (known == contents.end()) {
            contents.append({layer, {path}});
            continue;
        }
        known->places.append(path);
        known->layer.urls += layer.urls;
        known->layer.urls.removeDuplicates();
    }
    if (contents.size() == 1)
        return contents.constFirst();
    const document::Titles titles(tree);
    QStringList candidates;
    for (const Content &each : std::as_const(contents))
        candidates.append(Text::tr("%1 (%2, %3)")
                              .arg(titles.name(each.places.constFirst()), each.layer.digest.shortForm(),
                                   base::humanSize(each.layer.size)));
    return base::fail(base::ErrorKind::Usage,
                      Text::tr("A file takes one layer, and %1 different ones are selected.").arg(contents.size()),
                      Text::tr("Choose one by its digest: %1.").arg(document::enumerated(candidates)));
}

QJsonObject toJson(const oci::Reference &reference, const Content &content, const QString &file,
                   const transfer::SaveBlob &saving)
{
    QJsonArray layers;
    for (const NodePath &path : content.places)
        layers.append(path.toString());
    return {{QStringLiteral("reference"), reference.toString()},
            {QStringLiteral("layers"), layers},
            {QStringLiteral("digest"), content.layer.digest.toString()},
            {QStringLiteral("size"), content.layer.size},
            {QStringLiteral("file"), file},
            {QStringLiteral("from"), saving.cameFrom().isEmpty() ? QJsonValue() : QJsonValue(saving.cameFrom())},
            {QStringLiteral("resumedAt"), saving.resumedAt()}};
}

QString toText(const Content &content, const QString &file, const transfer::SaveBlob &saving)
{
    QString line =
        Text::tr("%1  %2  %3")
            .arg(content.layer.digest.toString(), base::humanSize(content.layer.size), base::visible(file, 500));
    if (saving.cameFrom().isEmpty())
        return line + Text::tr("  was here already, and is whole");
    line += Text::tr("  from %1").arg(base::visible(saving.cameFrom()));
    if (saving.resumedAt() > 0)
        line += Text::tr(", resumed at %1 bytes").arg(saving.resumedAt());
    return line;
}

base::Task<base::Result<int>> blob(SessionPtr session, Options options)
{
    const auto reference = session->reference(options.reference);
    if (!reference)
        co_return base::fail(reference.error());
    const auto platforms = platformsOf(options.platforms);
    if (!platforms)
        co_return base::fail(platforms.error());
    if (const auto signedIn = session->signIn(reference->registry()); !signedIn)
        co_return base::fail(signedIn.error());
    const content::TargetPtr source = session->target(*reference);
    transfer::OpenImage open(source, *reference);
    const auto opened = co_await perform(session, &open);
    if (!opened)
        co_return base::fail(opened.error());
    const auto selected = document::selectLayers(open.tree(), toStrings(options.layers), *platforms,
                                                 document::Purpose::Probe); // any type will do
    if (!selected)
        co_return base::fail(selected.error());
    Printer &printer = session->printer();
    for (const QString &note : selected->notes)
        printer.remark(base::visible(note));
    const auto content = contentOf(open.tree(), selected->layers);
    if (!content)
        co_return base::fail(content.error());

    transfer::SaveBlob::Request request;
    request.source = source;
    request.urls = session->urlFetcher(*reference);
    request.layer = content->layer;
    request.file = QString::fromStdString(options.file);
    request.replace = options.force;
    transfer::SaveBlob saving(request);
    const auto saved = co_await perform(session, &saving);
    if (!saved) {
        const bool stays = !options.force && QFileInfo::exists(request.file) && !QFileInfo(request.file).isDir();
        co_return base::fail(stays ? saved.error().withHintAdded(Text::tr("--force replaces it.")) : saved.error());
    }
    if (printer.isJson())
        printer.json(toJson(*reference, *content, request.file, saving));
    else if (!printer.isQuiet())
        printer.text(toText(*content, request.file, saving));
    co_return exitDone;
}

class BlobVerb final : public Verb
{
public:
    CLI::App *addTo(CLI::App &app) override
    {
        CLI::App *verb = app.add_subcommand("blob", "Save a verified copy of one layer's blob");
        addReference(*verb, m_options.reference);
        addLayers(*verb, m_options.layers, true);
        addPlatforms(*verb, m_options.platforms);
        verb->add_option("-o,--output", m_options.file,
                         "The file; what has come of it stands in FILE.part until it is whole, and is not fetched anew")
            ->type_name("FILE")
            ->required();
        verb->add_flag("--force", m_options.force, "Replace FILE if it is there");
        return verb;
    }
    base::Task<base::Result<int>> run(SessionPtr session) override { return blob(std::move(session), m_options); }

private:
    Options m_options;
};

} // namespace

std::unique_ptr<Verb> makeBlob() { return std::make_unique<BlobVerb>(); }

} // namespace colophon::ctl
